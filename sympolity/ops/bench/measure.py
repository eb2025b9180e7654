"""Samples of wall and CPU time, and what is said of them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil

__all__ = ["Samples", "percentile"]


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile (0 < share ≤ 1): a value that was measured; 0 of nothing."""
    ordered = sorted(values)
    return ordered[ceil(share * len(ordered)) - 1] if ordered else 0.0


@dataclass(slots=True)
class Samples:
    """Milliseconds of one kind of work. CPU is that of the whole process."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @contextmanager
    def take(self) -> Iterator[None]:
        """Measure one piece of work."""
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.cpu.append((time.process_time() - cpu) * 1000)
        self.wall.append((time.perf_counter() - wall) * 1000)

    def figures(self) -> dict[str, float]:
        """Number, and p50, p95, p99 of wall and CPU in milliseconds."""
        found: dict[str, float] = {"asked": len(self.wall)}
        for name, values in (("wall", self.wall), ("cpu", self.cpu)):
            for share in (50, 95, 99):
                found[f"{name}_p{share}"] = percentile(values, share / 100)
        return found
