"""What became of a file: exact counts, and the first lines of each list."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TypeVar

from sympolity.exchange.coverage import Coverage, Home

__all__ = ["FIRST", "OUTCOMES", "Lines", "Refused", "Result"]

# Every record of the files has one of these; "ended" alone counts what is absent from them.
OUTCOMES = ("created", "updated", "returned", "unchanged", "duplicate", "waiting", "declined", "refused", "ended")
FIRST = 1000  # lines of a list that are kept, unless all are asked for

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that was not applied: it waits as an invalid proposal, or in review."""

    place: str
    source_id: str
    reason: str


class Lines(list[T]):
    """The first ``limit`` lines of a list that may be as long as the file (None: all); ``total``: how many there were."""

    def __init__(self, limit: int | None = FIRST) -> None:
        super().__init__()
        self.limit, self.total = limit, 0

    def add(self, line: T) -> None:
        """Count a line; keep it while there is room."""
        self.total += 1
        if self.limit is None or len(self) < self.limit:
            self.append(line)


def _unknown(_key: str) -> Home | None:
    return None


@dataclass(slots=True)
class Result:
    """What became of a file. ``limit``: lines kept of each list, None for all; counts are always exact."""

    limit: int | None = FIRST
    counts: Counter[str] = field(default_factory=Counter)
    records: int = 0
    refused: Lines[Refused] = field(init=False)
    waiting: Lines[Refused] = field(init=False)
    asked: int = 0  # of the waiting: new in this run
    over: int = 0  # records whose last day has passed
    duplicates: Lines[str] = field(init=False)
    notes: Lines[str] = field(init=False)
    updated: Lines[str] = field(init=False)
    fallback: Counter[str] = field(default_factory=Counter)
    page_unknown: list[str] = field(default_factory=list)
    not_whole: str = ""
    seconds: float = 0.0
    coverage: Coverage = field(default_factory=lambda: Coverage(_unknown))

    def __post_init__(self) -> None:
        self.refused, self.waiting = Lines(self.limit), Lines(self.limit)
        self.duplicates, self.notes, self.updated = Lines(self.limit), Lines(self.limit), Lines(self.limit)

    @property
    def accounted(self) -> int:
        """Records of the files that have an outcome: all of them, once the run has ended."""
        return sum(number for name, number in self.counts.items() if name != "ended")
