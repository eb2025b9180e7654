"""The index on disk: generations in folders, sums to know that files are whole, one gate to the engine.

    index/current            name of the generation in use
    index/<generation>/      files of the engine, sums.json, words.txt

A generation is never mended in place: a cut file under an open searcher kills the process
(SIGBUS). A missing, damaged or older one is rebuilt beside and swapped.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import tantivy

from sympolity.search import analyzer, columns
from sympolity.search.columns import SCHEMA
from sympolity.search.snapshot import Snapshot

__all__ = ["SCHEMA", "VERSION", "IndexAway", "Reader", "Snapshot", "files_sound", "gate", "write_sums"]

log = logging.getLogger("sympolity.search")
LATE = 3.0  # seconds after which a new state is used though nothing of it was read beforehand
VERSION = f"9.{analyzer.VERSION}.{columns.VERSION}"


class IndexAway(Exception):
    """There is no index that could answer now; it is being rebuilt."""


@contextmanager
def gate(root: Path | None = None, generation: str = "") -> Iterator[None]:
    """The only way to call the engine: its panics are no ``Exception`` and would end the worker.

    A failure is logged, the generation is marked for rebuilding, and IndexAway is raised.
    """
    try:
        yield
    except (IndexAway, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        log.warning("the find index failed (%s); it will be rebuilt", type(error).__name__)
        if root is not None and generation:
            mark_broken(root, generation)
        raise IndexAway from error


def mark_broken(root: Path, generation: str) -> None:
    """Ask the indexer for a new generation."""
    try:
        (root / f"broken-{generation}").touch()
    except OSError:
        log.warning("could not mark index generation %s as broken", generation)


def _segments(folder: Path) -> list[str]:
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    return [segment["segment_id"].replace("-", "") for segment in meta["segments"]]


def _crc(path: Path) -> int:
    value = 0
    with path.open("rb") as handle:
        while block := handle.read(1 << 20):
            value = zlib.crc32(block, value)
    return value


def write_sums(folder: Path, known: dict[str, list[int]] | None = None) -> dict[str, list[int]]:
    """Note size and CRC-32 of the files of the segments in use; only new files are read."""
    known = known or {}
    sums: dict[str, list[int]] = {}
    segments = _segments(folder)
    for path in folder.iterdir():
        if any(path.name.startswith(segment) for segment in segments):
            size = path.stat().st_size
            old = known.get(path.name)
            sums[path.name] = old if old and old[0] == size else [size, _crc(path)]
    text = json.dumps({"version": VERSION, "files": sums})
    temporary = folder / "sums.json.new"
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(folder / "sums.json")
    return sums


def read_sums(folder: Path) -> dict[str, list[int]]:
    """The sums of a generation of our version; IndexAway otherwise."""
    try:
        data = json.loads((folder / "sums.json").read_text(encoding="utf-8"))
        if data["version"] != VERSION:
            raise IndexAway
        return dict(data["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexAway from error


def files_sound(folder: Path, *, read: bool) -> bool:
    """Whether the files in use are whole: sizes, and with ``read`` also their sums."""
    try:
        sums, segments = read_sums(folder), _segments(folder)
        for name, (size, crc) in sums.items():
            if not any(name.startswith(segment) for segment in segments):
                continue
            path = folder / name
            if path.stat().st_size != size or (read and _crc(path) != crc):
                return False
    except (IndexAway, OSError, ValueError, KeyError, TypeError):
        return False
    return True


def current(root: Path) -> str:
    """The name of the generation in use, "" when there is none."""
    try:
        name = (root / "current").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""
    return name if name.isalnum() and len(name) <= 40 else ""


class Reader:
    """The index of this process: opened when asked, followed as it changes.

    A new state has to be read anew: words, areas, names. With :meth:`keep_warm` that is done beside, and readers are
    answered from the state before until it is done; but where something was hidden, the new state holds at once.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._looked = 0.0
        self._warm: Callable[[], object] | None = None
        self._fresh = threading.local()  # the state that this thread makes warm
        self._since = 0.0  # since when a newer state waits

    def snapshot(self) -> Snapshot:
        """The newest state; :class:`IndexAway` when none can be had."""
        fresh: Snapshot | None = getattr(self._fresh, "snapshot", None)
        if fresh is not None:
            return fresh
        with self._lock:
            held = self._snapshot
            name = current(self.root)
            if held is not None and (not name or name == held.stamp[0]):
                held = self._followed(held)
            elif name:
                held = self._opened(name)
            if held is None:
                raise IndexAway
            if held is not self._snapshot:
                self._since = 0.0
            self._snapshot = held
            return held

    def drop(self) -> None:
        """Forget the open index (it turned out to be damaged)."""
        with self._lock:
            self._snapshot = None

    def _meta(self, folder: Path) -> int:
        try:
            return (folder / "meta.json").stat().st_mtime_ns
        except OSError:
            return 0

    def _followed(self, held: Snapshot) -> Snapshot | None:
        # Deleted files stay readable through their mapping; a file that became shorter would
        # kill this process at the next look: it is dropped at once.
        now = time.monotonic()
        if now - self._looked > 0.2:
            self._looked = now
            if self._shrunk(held.folder):
                mark_broken(self.root, held.stamp[0])
                self._snapshot = None
                raise IndexAway
        stamp = self._meta(held.folder)
        if not stamp or stamp == held.stamp[1] or (self._warm is not None and self._may_wait()):
            return held
        return self._newer(held, stamp)

    def _newer(self, held: Snapshot, stamp: int) -> Snapshot:
        with gate(self.root, held.stamp[0]):
            held.index.reload()
            return Snapshot(held.folder, held.index.searcher(), held.index, (held.stamp[0], stamp))

    def _may_wait(self) -> bool:
        """Whether the state before still serves: nothing was hidden, and the new one is not long in coming."""
        self._since = self._since or time.monotonic()
        return time.monotonic() - self._since < LATE and not (self.root / "purge").exists()

    def keep_warm(self, warm: Callable[[], object], pause: float = 0.1) -> None:
        """From now on a thread looks for new states; ``warm`` reads of each what all questions need, before it is used."""
        self._warm = warm

        def watch() -> None:
            while True:
                time.sleep(pause)
                try:
                    self.renew()
                except IndexAway:
                    self.drop()
                except Exception as error:  # noqa: BLE001 the next question opens the new state by itself
                    log.warning("a state of the index could not be read beforehand (%s)", type(error).__name__)

        threading.Thread(target=watch, name="index", daemon=True).start()

    def renew(self) -> bool:
        """Take over the newest state of the generation once it is warm; False when there is none."""
        held = self._snapshot
        stamp = self._meta(held.folder) if held is not None else 0
        if held is None or self._warm is None or not stamp or stamp == held.stamp[1]:
            return False
        fresh = self._fresh.snapshot = self._newer(held, stamp)
        try:
            self._warm()
        finally:
            del self._fresh.snapshot
        with self._lock:
            if self._snapshot is held:
                self._snapshot, self._since = fresh, 0.0
        return True

    def _shrunk(self, folder: Path) -> bool:
        try:
            sums = read_sums(folder)
        except IndexAway:
            return False
        for name, (size, _) in sums.items():
            try:
                if (folder / name).stat().st_size < size:
                    return True
            except OSError:
                continue
        return False

    def _opened(self, name: str) -> Snapshot:
        folder = self.root / name
        if (self.root / f"broken-{name}").exists() or not files_sound(folder, read=True):
            mark_broken(self.root, name)
            raise IndexAway
        with gate(self.root, name):
            stamp = self._meta(folder)
            index = tantivy.Index.open(os.fspath(folder))
            return Snapshot(folder, index.searcher(), index, (name, stamp))
