"""The indexing process of a host: follows the trail into this host's index (visible within 2 s).

The cursor stands as a document in the same commit as its effect. Opening hours stand as
quarter-hour tokens of the next 8 days: every local midnight a new generation is built.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import tantivy
from django.db import Error as DatabaseError
from django.db import close_old_connections

from sympolity.kit import clock
from sympolity.search import analyzer, columns, documents, store, tiles
from sympolity.search.times import Times, epoch_day, times
from sympolity.trail import followers

__all__ = ["Indexer"]

log = logging.getLogger("sympolity.search")
BATCH = 200
STEP = 2000  # entries followed at once
GAP = 1.0  # seconds from the end of one step to the next: each new state costs every web worker what it remembered
HEAP = 50_000_000  # bytes for the writer
_META = "meta:cursor"
_COLUMNS = frozenset(columns.COUNTED.values())


def _midnight(now: datetime) -> datetime:
    local = now.astimezone(clock.ATHENS)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def to_engine(document: documents.Document, start: datetime, tokens: str | None = None) -> tantivy.Document:
    """A document as the engine stores it. Weight: a text of weight 3 stands three times.

    ``tokens``: those of its texts, where they are known already.
    """
    opening = Times() if document.hours is None else times(document.hours, start)
    other = [token for lat, lon in document.points for token in tiles.tokens(lat, lon)]
    if not document.closed:
        other += opening.tokens
    elif opening.known:
        other.append("oh")
    other += [f"l:{lang}" for lang in document.languages]
    facts = {
        "p": [[round(lat, 5), round(lon, 5)] for lat, lon in document.points],
        "h": document.hours,
        "z": document.closed,
        "c": document.call_from,
        "g": document.gone_from,
        "n": document.fresh,
        "l": sorted(document.languages),
        "f": sorted(document.filters),
    }
    fields: dict[str, Any] = {
        "key": [document.key],
        "t": [_tokens(document) if tokens is None else tokens],
        "f": sorted({f"kind:{document.kind}", *document.filters}),
        "x": sorted(set(other)),
        "d": columns.doors_of(document.kind, document.doors, gone=_is_gone(document, start)),
        "facts": [json.dumps(facts, separators=(",", ":")).encode()],
        "card": [json.dumps(document.card, separators=(",", ":"), ensure_ascii=False).encode()],
        **_counted(document.filters),
        **columns.columns(document, opening),
    }
    if document.gone_from is not None:
        fields["gone"] = [max(0, document.gone_from)]
    return tantivy.Document.from_dict(fields, store.SCHEMA)


def _is_gone(document: documents.Document, start: datetime) -> bool:
    return document.gone_from is not None and document.gone_from <= epoch_day(start)


def _tokens(document: documents.Document) -> str:
    text: list[str] = []
    for body, weight in document.texts:
        text += analyzer.tokens(body) * weight
    return " ".join(text)


def _counted(filters: Iterable[str]) -> dict[str, list[str]]:
    """Filters by their column; of a group that has none nothing is counted."""
    found: dict[str, list[str]] = {}
    for name in sorted(filters):
        column = f"c_{name.partition(':')[0]}"
        if column in _COLUMNS:
            found.setdefault(column, []).append(name.partition(":")[2])
    return found


class Indexer:
    """Keeps the index under ``root`` equal to the tables."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._name = ""
        self._writer: tantivy.IndexWriter | None = None
        self._position = 0
        self._start = datetime.fromtimestamp(0, clock.ATHENS)
        self._sums: dict[str, list[int]] = {}
        self._words: Counter[str] = Counter()

    @property
    def folder(self) -> Path:
        return self.root / self._name

    @property
    def _purge(self) -> Path:
        """There as long as files of the index may hold what was hidden."""
        return self.root / "purge"

    def step(self) -> int:
        """Do what is to be done now; the number of trail entries followed."""
        if not self._ready():
            self.rebuild()
            return 0
        entries = followers.after(self._position, STEP)
        if any(entry.verb in documents.PURGING for entry in entries):
            self._purge.touch()  # a file: whoever goes on after a kill has to do it too
        if entries:
            # Answers forget at once; the files when no more is to be followed, once for all that was hidden.
            self._follow([(entry.noun, entry.noun_id) for entry in entries], entries[-1].position)
        if self._purge.exists() and len(entries) < STEP:
            self.rebuild()
            self._tidy(keep_previous=False)
            self._purge.unlink(missing_ok=True)
        elif not entries and self._stale_sums():
            self._sums = store.write_sums(self.folder, self._sums)
        return len(entries)

    def _ready(self) -> bool:
        name = store.current(self.root)
        if not name or (self.root / f"broken-{name}").exists():
            return False
        if self._writer is not None and name == self._name:
            return store.files_sound(self.folder, read=False) and self._start == _midnight(clock.now())
        return self._take_over(name)

    def _take_over(self, name: str) -> bool:
        """Go on with a generation that another process of ours left."""
        self._release()
        folder = self.root / name
        if not store.files_sound(folder, read=True):
            return False
        try:
            index = tantivy.Index.open(os.fspath(folder))
            query = tantivy.Query.term_query(store.SCHEMA, "key", _META)
            hits = index.searcher().search(query, limit=1).hits
            meta = json.loads(index.searcher().doc(hits[0][1]).get_first("card") or b"{}")
            self._start = datetime.fromisoformat(meta["start"]).astimezone(clock.ATHENS)
            self._position = int(meta["position"])
            if self._start != _midnight(clock.now()) or self._position > followers.head():
                return False
            self._writer = index.writer(HEAP, 1)
            self._sums = store.read_sums(folder)
            self._words = read_words(folder)
        except DatabaseError:
            raise
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            log.warning("the find index cannot be taken over (%s)", type(error).__name__)
            return False
        self._name = name
        return True

    def _release(self) -> None:
        self._writer = None
        self._name = ""

    def rebuild(self, progress: Callable[[int], None] | None = None) -> int:
        """Build a new generation beside and swap it in; the number of documents."""
        self._release()
        self.root.mkdir(parents=True, exist_ok=True)
        name = f"g{time.time_ns() // 1_000_000}"
        folder = self.root / name
        folder.mkdir()
        position, self._start = followers.head(), _midnight(clock.now())
        index = tantivy.Index(store.SCHEMA, os.fspath(folder))
        writer = index.writer(HEAP, 1)
        self._words = Counter()
        count = 0
        for source in documents.all_sources():
            for ids in source.ids():
                for document in source.build(ids):
                    writer.add_document(to_engine(document, self._start))
                    self._count(document)
                    count += 1
                if progress is not None:
                    progress(count)
        self._writer, self._name = writer, name
        self._commit(position)
        temporary = self.root / "current.new"
        temporary.write_text(name, encoding="ascii")
        temporary.replace(self.root / "current")
        self._tidy()
        log.info("find index built: %d documents", count)
        return count

    def _commit(self, position: int) -> None:
        writer = self._writer
        if writer is None:
            raise store.IndexAway
        meta = {"position": position, "start": self._start.isoformat()}
        writer.delete_documents_by_term("key", _META)
        writer.add_document(
            tantivy.Document.from_dict(
                {"key": [_META], "facts": [b"{}"], "card": [json.dumps(meta).encode()]}, store.SCHEMA
            )
        )
        write_words(self.folder, self._words)
        writer.commit()
        self._position = position
        self._sums = store.write_sums(self.folder, self._sums)

    def _follow(self, touched: Sequence[tuple[str, Any]], position: int) -> None:
        writer = self._writer
        if writer is None:
            raise store.IndexAway
        for source in documents.all_sources():
            wanted = source.affected(touched)
            for ids in [sorted(wanted)] if wanted is not None else source.ids():
                for start in range(0, len(ids), BATCH):
                    part = ids[start : start + BATCH]
                    for noun_id in part:
                        writer.delete_documents_by_term("key", f"{source.kind}:{noun_id}")
                    for document in source.build(part):
                        writer.add_document(to_engine(document, self._start))
                        self._count(document)
        self._commit(position)

    def _count(self, document: documents.Document) -> None:
        if document.vocabulary:
            for body, _ in document.texts:
                self._words.update({word for word in analyzer.split(body) if 2 < len(word) < 30 and not word.isdigit()})

    def _stale_sums(self) -> bool:
        try:
            return (self.folder / "meta.json").stat().st_mtime_ns > (self.folder / "sums.json").stat().st_mtime_ns
        except OSError:
            return False

    def _tidy(self, *, keep_previous: bool = True) -> None:
        """Remove generations that nobody opens any more: all but this and the one before.

        Without the one before: its files hold what must be forgotten. A worker that still maps
        them goes on reading until it looks for the current name, at its next question.
        """
        old = sorted(path for path in self.root.glob("g*") if path.is_dir() and path.name != self._name)
        for path in old[:-1] if keep_previous else old:
            shutil.rmtree(path, ignore_errors=True)
        for path in self.root.glob("broken-*"):
            if path.name != f"broken-{self._name}":
                path.unlink(missing_ok=True)

    def run(self, stop: Callable[[], bool], pause: float = 0.5) -> None:
        """Follow until ``stop()``; a database that is away is waited for."""
        waiting = False
        while not stop():
            try:
                done = self.step()
                if waiting:
                    log.info("the database answers again")
                waiting = False
            except DatabaseError as error:
                if not waiting:
                    log.warning("the indexer waits for the database (%s)", type(error).__name__)
                waiting = True
                close_old_connections()
                done = 0
            except OSError as error:
                log.warning("the find index is built anew (%s)", error)
                self._release()
                done = 0
            if done < STEP:  # else it has fallen behind
                time.sleep(GAP if done else pause)


def write_words(folder: Path, counts: Counter[str]) -> None:
    """The vocabulary of public documents: one ``word<tab>count`` a line, sorted by word."""
    temporary = folder / "words.new"
    temporary.write_text("".join(f"{word}\t{count}\n" for word, count in sorted(counts.items())), encoding="utf-8")
    temporary.replace(folder / "words.txt")


def read_words(folder: Path) -> Counter[str]:
    """What :func:`write_words` wrote; empty when it cannot be read."""
    found: Counter[str] = Counter()
    try:
        for line in (folder / "words.txt").read_text(encoding="utf-8").splitlines():
            word, _, count = line.partition("\t")
            if count.isdecimal():
                found[word] = int(count)
    except (OSError, UnicodeDecodeError):
        return Counter()
    return found
