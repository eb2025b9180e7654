"""Building the index of the benchmark through the product's own indexer, without its tables."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import tantivy

from sympolity.kit import clock
from sympolity.ops.bench.network import Network
from sympolity.search import indexer, store

__all__ = ["Built", "build", "resident_mb"]

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Built:
    """Cost of building. Sizes in MB of 10⁶ bytes; ``making``: inventing the documents, not the product's work."""

    documents: int
    vocabulary: int
    seconds: float
    cpu_seconds: float
    making_seconds: float
    index_mb: float
    bytes_each: float

    def as_dict(self) -> dict[str, float]:
        return asdict(self)


class _Bench(indexer.Indexer):
    """The indexer, fed by a network instead of by the tables."""

    def fill(self, network: Network, progress: Progress) -> Built:
        begun, cpu, making, count = time.perf_counter(), time.process_time(), 0.0, 0
        self._begin()
        documents = network.documents()
        while True:
            before = time.perf_counter()
            document = next(documents, None)
            making += time.perf_counter() - before
            if document is None or self._writer is None:
                break
            self._writer.add_document(indexer.to_engine(document, self._start))
            self._count(document)
            count += 1
            if count % 250 == 0:
                progress("index", count, network.services)
        self._commit(0)
        (self.root / "current").write_text(self._name, encoding="ascii")
        vocabulary = len(self._words)
        if self._writer is not None:
            self._writer.wait_merging_threads()
        self._sums = store.write_sums(self.folder)
        seconds, cpu_seconds = time.perf_counter() - begun, time.process_time() - cpu
        size = sum(path.stat().st_size for path in self.folder.iterdir())
        return Built(count, vocabulary, seconds - making, cpu_seconds, making, size / 1e6, size / max(1, count))

    def _begin(self) -> None:
        local = clock.now().astimezone(clock.ATHENS)
        self._start = datetime(local.year, local.month, local.day, tzinfo=clock.ATHENS)
        self._name = "g1"
        self.folder.mkdir(parents=True)
        self._writer = tantivy.Index(store.SCHEMA, os.fspath(self.folder)).writer(indexer.HEAP, 1)


def build(network: Network, root: Path, progress: Progress) -> Built:
    """Build an index of ``network`` under ``root``."""
    bench = _Bench(root)
    try:
        return bench.fill(network, progress)
    finally:
        bench._release()  # noqa: SLF001 our own subclass; the writer's threads end before the folder goes


def resident_mb() -> float | None:
    """Memory of this process now, in MB; None where the system does not tell (not Linux)."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
