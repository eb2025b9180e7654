"""Can this installation do its work? One check each for database, log, find index, disk and backup.

A check fails when people would notice; it warns when somebody should look before they do.
Sentences of the checks stand in ``words.py``.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

import tantivy
from django.conf import settings
from django.db import Error as DatabaseError

from sympolity.kit import clock
from sympolity.ops.backups import last
from sympolity.ops.patience import TooSlow, within
from sympolity.portal import site
from sympolity.search import store
from sympolity.trail import followers, guard
from sympolity.trail.models import Entry

__all__ = ["PATIENCE", "Check", "Report", "State", "index_position", "look", "report"]

PATIENCE = 2.0  # seconds for the database
LEAST_FREE = 500_000_000  # bytes; on a small disk 5 % of it are enough
LEAST_SHARE = 0.05
LATE = timedelta(minutes=1)  # an entry is in the index within two seconds
STANDING = timedelta(minutes=10)  # the indexer does not run
BACKUP_AGE = timedelta(hours=36)  # made every night
_GUARD_AGE = 60.0  # seconds for which the look at the triggers counts
_REPORT_AGE = 1.0  # seconds for which a report counts: anybody may ask


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Check:
    """``reason``: a code of ``words.SENTENCES``, "" when all is well; ``number``: what its sentence tells."""

    name: str
    state: State = State.OK
    reason: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """All checks. ``behind``: entries of the trail that the index has not seen; None = not known."""

    checks: tuple[Check, ...]
    behind: int | None = None

    @property
    def ready(self) -> bool:
        return all(check.state != State.FAILED for check in self.checks)

    def of(self, state: State) -> list[Check]:
        return [check for check in self.checks if check.state == state]


@dataclass(frozen=True, slots=True)
class _Tables:
    """What the database says: head of the trail, when the oldest entry happened that the index lacks."""

    head: int
    since: datetime | None
    missing: tuple[str, ...]


_guard: tuple[float, tuple[str, ...]] | None = None


def _triggers() -> tuple[str, ...]:
    """Missing triggers of the trail; looked at once a minute."""
    global _guard
    now = time.monotonic()
    if _guard is None or now - _guard[0] > _GUARD_AGE:
        _guard = (now, tuple(guard.missing()))
    return _guard[1]


def _ask(position: int | None) -> _Tables:
    head = followers.head()
    since = None
    if position is not None and position < head:
        since = Entry.objects.filter(position__gt=position).order_by("position").values_list("at", flat=True).first()
    return _Tables(head, since, _triggers())


def index_position() -> int | None:
    """The last entry of the trail that the open index has seen; None when no index can be opened."""
    try:
        snapshot = site.READER.snapshot()
        with store.gate(site.READER.root, snapshot.stamp[0]):
            known = snapshot.memo.get("position")
            if known is None:
                _, hits = snapshot.search(tantivy.Query.term_query(store.SCHEMA, "key", "meta:cursor"), 1)
                known = int(snapshot.card_of(hits[0][1])["position"])
                snapshot.memo["position"] = known
    except store.IndexAway:
        return None
    return int(known)


def _database(position: int | None) -> tuple[Check, _Tables | None]:
    try:
        return Check("database"), within(PATIENCE, lambda: _ask(position))
    except (TooSlow, DatabaseError, OSError):
        return Check("database", State.FAILED, "database_away"), None


def _log(tables: _Tables | None) -> Check:
    if tables is None:
        return Check("log", State.WARNING, "unknown_without_database")
    return Check("log", State.FAILED, "triggers_missing") if tables.missing else Check("log")


def _index(position: int | None, tables: _Tables | None) -> tuple[Check, int | None]:
    if position is None:
        return Check("index", State.FAILED, "index_away"), None
    if tables is None:
        return Check("index", State.WARNING, "unknown_without_database"), None
    behind = max(0, tables.head - position)
    waits = clock.now() - tables.since if tables.since else timedelta(0)
    if waits > STANDING:
        return Check("index", State.FAILED, "index_stands_still", behind), behind
    return (Check("index", State.WARNING, "index_late", behind) if waits > LATE else Check("index")), behind


def _disk(folder: Path) -> Check:
    try:
        with tempfile.TemporaryFile(dir=folder, prefix=".health-") as file:
            file.write(b"ok")
            file.flush()
        disk = shutil.disk_usage(folder)
    except OSError:
        return Check("disk", State.FAILED, "not_writable")
    if disk.free >= LEAST_FREE or disk.free >= LEAST_SHARE * disk.total:
        return Check("disk")
    return Check("disk", State.FAILED, "disk_full", disk.free // 1_000_000)


def _backup() -> Check:
    """A warning at most: the site answers without a backup."""
    known = last()
    if known.error:
        return Check("backup", State.WARNING, "backup_failed")
    if known.at is None:
        return Check("backup", State.WARNING, "no_backup")
    age = clock.now() - known.at
    if age > BACKUP_AGE:
        return Check("backup", State.WARNING, "backup_old", int(age / timedelta(hours=1)))
    return Check("backup")


def look() -> Report:
    """Look at everything now; at most a little more than ``PATIENCE`` seconds."""
    position = index_position()
    database, tables = _database(position)
    index, behind = _index(position, tables)
    return Report((database, index, _disk(Path(settings.DATA)), _log(tables), _backup()), behind)


_kept: tuple[float, Report] | None = None
_one = threading.Lock()


def report() -> Report:
    """A report at most one second old: however often somebody asks, one look at a time is taken."""
    global _kept
    with _one:
        if _kept is None or time.monotonic() - _kept[0] > _REPORT_AGE:
            found = look()
            _kept = (time.monotonic(), found)
        return _kept[1]
