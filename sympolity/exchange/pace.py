"""How many records are written at once: as many as one write lock of a bearable length takes on this machine."""

from __future__ import annotations

from collections.abc import Sequence

from sympolity.sharing import actions as sharing

__all__ = ["Pace"]

FEWEST = 25  # with fewer the work around a batch would be most of it
LONG = 0.15  # seconds: three fifths of what architecture.md allows, since the next batch may be heavier than the last


class Pace:
    """The size of the next batch, by what the batches before cost."""

    def __init__(self) -> None:
        self.size = sharing.BATCH

    def told(self, records: int, held: Sequence[float]) -> None:
        """``records`` were written; each of their actions ``held`` its lock for so many seconds."""
        longest = max(held, default=0.0)
        if longest > LONG:
            self.size = max(FEWEST, min(self.size, int(records * LONG / longest)))
        elif longest < LONG / 2:
            self.size = min(sharing.BATCH, self.size + self.size // 4 + 1)
