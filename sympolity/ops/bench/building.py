"""Building the index of the benchmark through the product's own indexer, without its tables."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

import tantivy

from sympolity.kit import clock
from sympolity.ops.bench.network import Network
from sympolity.ops.bench.rivals import Rival, row_of
from sympolity.search import indexer, store
from sympolity.search.documents import Document

__all__ = ["Built", "build", "resident_mb"]

Progress = Callable[[str, int, int], None]
HEAP = 200_000_000  # bytes; a larger one than the product's makes fewer segments to merge


SAMPLE = 500  # services whose words are analyzed as the product does; for the others those of a word are made once


@dataclass(frozen=True, slots=True)
class Built:
    """Cost of building. Sizes in MB of 10⁶ bytes. ``making``: inventing the documents, not the product's work;
    ``each_ms``: CPU of one service by the product's own way, of the first :data:`SAMPLE`."""

    documents: int
    vocabulary: int
    seconds: float
    cpu_seconds: float
    making_seconds: float
    each_ms: float
    index_mb: float
    bytes_each: float

    def as_dict(self) -> dict[str, float]:
        return asdict(self)


class _Bench(indexer.Indexer):
    """The indexer, fed by a network instead of by the tables."""

    def fill(self, network: Network, progress: Progress, others: Sequence[Rival]) -> Built:
        begun, cpu, making = time.perf_counter(), time.process_time(), 0.0
        self._begin()
        count = sum(self._add(document, None) for document in network.few())
        documents, first = network.many(), list[tuple[Document, str]]()
        for _ in range(SAMPLE):
            before = time.perf_counter()
            first += islice(documents, 1)
            making += time.perf_counter() - before
        sampled = time.process_time()
        total = sum(self._add(document, None) for document, _ in first)
        each = (time.process_time() - sampled) * 1000 / max(1, len(first))
        aside = self._tell(others, total, first)
        while True:
            before = time.perf_counter()
            batch = list(islice(documents, 250))
            making += time.perf_counter() - before
            if not batch:
                break
            total += sum(self._add(document, tokens) for document, tokens in batch)
            aside += self._tell(others, total, batch)
            progress("index", total, network.services)
        self._words.update(network.words_used())
        self._commit(0)
        (self.root / "current").write_text(self._name, encoding="ascii")
        vocabulary = len(self._words)
        if self._writer is not None:
            self._writer.wait_merging_threads()
        self._sums = store.write_sums(self.folder)
        seconds, cpu_seconds = time.perf_counter() - begun, time.process_time() - cpu
        size = sum(path.stat().st_size for path in self.folder.iterdir())
        return Built(
            count + total,
            vocabulary,
            seconds - making - aside,
            cpu_seconds - making,
            making,
            each,
            size / 1e6,
            size / max(1, total),
        )

    def _tell(self, others: Sequence[Rival], total: int, batch: list[tuple[Document, str]]) -> float:
        """Give the same services to other databases; the seconds that it took."""
        begun = time.perf_counter()
        if others:
            first = total - len(batch)
            rows = [row_of(number, document, tokens) for number, (document, tokens) in enumerate(batch, first)]
            for other in others:
                other.fill(rows)
        return time.perf_counter() - begun

    def _add(self, document: Document, tokens: str | None) -> bool:
        if self._writer is not None:
            self._writer.add_document(indexer.to_engine(document, self._start, tokens))
        if tokens is None:
            self._count(document)
        return True

    def _begin(self) -> None:
        local = clock.now().astimezone(clock.ATHENS)
        self._start = datetime(local.year, local.month, local.day, tzinfo=clock.ATHENS)
        self._name = "g1"
        self.folder.mkdir(parents=True)
        self._writer = tantivy.Index(store.SCHEMA, os.fspath(self.folder)).writer(HEAP, 1)


def build(network: Network, root: Path, progress: Progress, others: Sequence[Rival] = ()) -> Built:
    """Build an index of ``network`` under ``root``, and fill ``others`` with the same services."""
    bench = _Bench(root)
    try:
        return bench.fill(network, progress, others)
    finally:
        bench._release()  # noqa: SLF001 our own subclass; the writer's threads end before the folder goes


def resident_mb() -> float | None:
    """Memory of this process now, in MB; None where the system does not tell (not Linux)."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
