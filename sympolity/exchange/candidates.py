"""Records on their way from the files to proposals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sympolity.exchange.formats.shape import Format, Mapped, Record
from sympolity.exchange.pace import Pace
from sympolity.exchange.surveying import Item, item_of
from sympolity.sharing import queries as proposals
from sympolity.sharing.enums import ProposalState

__all__ = ["Candidate", "batches"]

_SIZE = 8_000_000  # characters of JSON in one batch


@dataclass(slots=True)
class Candidate:
    """A record on its way. ``reason``: why it cannot be used; ``held``: why a person must look first."""

    place: str
    key: str
    item: Item
    readable: bool
    mapped: Mapped | None = None
    data: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    held: str = ""
    known: proposals.Known = field(default_factory=proposals.Known)
    misplaced: bool = False  # it stands, but boundaries that came since say another area

    @property
    def settled(self) -> bool:
        """A version stands, or a person declined this one: whether it is wanted is no question any more."""
        return self.known.standing is not None or self.declined

    @property
    def asked(self) -> str:
        """Why this very record waits before a person already; "" when it does not. It is not asked again."""
        waits = self.known.waiting
        same = waits and waits.state == ProposalState.REVIEW and waits.raw_hash == self.item.raw_hash
        return waits.reason if waits and same and waits.mapped == self.data else ""

    @property
    def declined(self) -> bool:
        last = self.known.last
        return bool(last and last.state == ProposalState.DECLINED and last.raw_hash == self.item.raw_hash)


def batches(form: Format, rows: Iterable[Record], pace: Pace | None = None) -> Iterator[list[tuple[Record, Item]]]:
    """Records in pieces that one write lock (``pace``) and the memory can take."""
    pace = pace or Pace()
    batch: list[tuple[Record, Item]] = []
    size = 0
    for record in rows:
        item = item_of(form, record)
        if batch and (len(batch) >= pace.size or size + item.size > _SIZE):
            yield batch
            batch, size = [], 0
        batch.append((record, item))
        size += item.size
    if batch:
        yield batch
