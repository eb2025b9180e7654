"""What the work process does of runs: look at the files, say what would happen, let it happen, clean up.

A run is claimed with a lease, so that a second process stays idle and a killed one's run is taken up again: an import
can be interrupted anywhere and ends the same when it is run again (``importing``).
"""

from __future__ import annotations

import errno
import json
import logging
import time
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import DatabaseError, IntegrityError
from django.db.models import Q

from sympolity.exchange import formats, importing, rules, uploads
from sympolity.exchange.enums import RunFault, RunState
from sympolity.exchange.examples import Examples
from sympolity.exchange.formats.shape import Options
from sympolity.exchange.models import ImportRun
from sympolity.exchange.reading import Unreadable
from sympolity.exchange.report import report
from sympolity.exchange.runs import TABLES, turned
from sympolity.exchange.tables import mapping
from sympolity.exchange.tables.reading import peek
from sympolity.kit import clock
from sympolity.kit.actor import SYSTEM, Actor
from sympolity.kit.bidi import clean_line
from sympolity.people.acting import actor_for
from sympolity.sharing import queries as proposals
from sympolity.trail.journal import action, plain

__all__ = ["LEASE", "beat", "carry_out", "claim", "clean_up"]

LEASE = timedelta(seconds=60)
_TRIES = 5  # times that a process may end while it works on a run
_LINES = 100  # of each list of a report
_TOLD = 1.0  # seconds between two words about the progress
_SAMPLES, _SAMPLE = 3, 80  # cells of a column that a person is shown, and their characters
log = logging.getLogger("sympolity.imports")


class _Lost(Exception):
    """The run is no longer ours: thrown away, or taken up by another process."""


def claim(holder: str, run: UUID | None = None) -> ImportRun | None:
    """The next run that has work for us (or just ``run``), with its lease; None when there is none. One query while idle."""
    now = clock.now()
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    wanted = ImportRun.objects.filter(free, state__in=rules.AT_WORK)
    if run is not None:
        wanted = wanted.filter(id=run)
    for row in wanted.order_by("changed_at", "id")[:20]:
        mine = ImportRun.objects.filter(free, id=row.id, state=row.state)
        if mine.update(holder=holder, lease_until=now + LEASE, tries=row.tries + 1):
            row.refresh_from_db()
            return row
    return None


def beat(run: UUID, holder: str) -> bool:
    """Renew the lease; False when the run is no longer ours."""
    mine = ImportRun.objects.filter(id=run, holder=holder, state__in=rules.AT_WORK)
    return bool(mine.update(lease_until=clock.now() + LEASE))


def carry_out(run: ImportRun, holder: str) -> None:
    """Do what a claimed run waits for, and say what became of it. Never raises but for a database that is away:
    the run is taken up again then.
    """
    try:
        fault = _faulty(run)
        if fault is not None:
            _settle(run, holder, "fail", fault=fault)
            return
        verb, values = _run(run, holder) if run.state == RunState.RUNNING else _preview(run, holder)
        _settle(run, holder, verb, **values)
    except _Lost:
        return
    except Unreadable as error:
        _fail(run, holder, RunFault.UNREADABLE, _said(run, error))
    except IntegrityError:
        _fail(run, holder, RunFault.BUSY)
    except DatabaseError:
        raise
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        _fail(run, holder, RunFault.FULL if full else RunFault.UNEXPECTED, "" if full else type(error).__name__)
    except Exception as error:
        log.exception("an import could not be carried out")
        _fail(run, holder, RunFault.UNEXPECTED, type(error).__name__)


def _faulty(run: ImportRun) -> RunFault | None:
    """Why a run is not begun."""
    if run.tries > _TRIES:
        return RunFault.BROKEN
    if not rules.may_import(_asker(run)):
        return RunFault.RIGHT
    if not all(path.is_file() for path in uploads.paths(run.files)):
        return RunFault.GONE
    return None


def _asker(run: ImportRun) -> Actor:
    """Who asked for it, as they are today: a right that has ended in between counts no more."""
    return actor_for(run.asked_by, str(run.asked_for or "")) if run.asked_by else SYSTEM


def _form(run: ImportRun) -> Any:
    said = Options(mapping=json.dumps(run.mapping), sheet=run.sheet) if run.format in TABLES else Options()
    return formats.get(run.format, said)


def _preview(run: ImportRun, holder: str) -> tuple[str, dict[str, Any]]:
    """A table without a mapping is peeked at; everything else is run dry."""
    if run.format in TABLES and not run.mapping:
        return "ask", {"peek": _peek(run)}
    examples = Examples()
    standing = len(proposals.standing_ids(run.source))
    result = importing.run_import(
        _form(run), uploads.paths(run.files), source=run.source, dry_run=True, allow_endings=True,
        progress=_Progress(run, holder), limit=_LINES, witness=examples,
    )  # fmt: skip
    told = _report(run, result, dry_run=True) | {"examples": examples.rows, "met": dict(examples.met)}
    told["many_endings"] = result.counts["ended"] > importing.VANISHING * standing
    return "show", {"report": plain(told), "done": result.records, "total": result.records}


def _peek(run: ImportRun) -> dict[str, Any]:
    (path,) = uploads.paths(run.files)
    seen = asdict(peek(path, _SAMPLES, sheet=run.sheet, kind=run.format))
    seen["rows"] = [[clean_line(cell, _SAMPLE) for cell in row] for row in seen["rows"]]
    seen["guess"] = mapping.dumped(mapping.guess(seen["header"], seen["tags"]))
    found: dict[str, Any] = plain(seen)
    return found


def _run(run: ImportRun, holder: str) -> tuple[str, dict[str, Any]]:
    result = importing.run_import(
        _form(run), uploads.paths(run.files), source=run.source, allow_endings=run.allow_endings,
        progress=_Progress(run, holder), limit=_LINES,
    )  # fmt: skip
    told = plain(_report(run, result, dry_run=False))
    return "finish", {"report": told, "peek": {}, "done": result.records, "total": result.records}


def _report(run: ImportRun, result: importing.Result, *, dry_run: bool) -> dict[str, Any]:
    told = report(result, format=run.format, paths=[], source=run.source, dry_run=dry_run)
    return told | {"files": run.names, "ended": result.counts["ended"]}


class _Progress:
    """Says how far a run is, at most once a second, and stops it when it is no longer ours."""

    def __init__(self, run: ImportRun, holder: str) -> None:
        self.run, self.holder, self.told = run, holder, 0.0

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() - self.told < _TOLD:
            return
        self.told = time.monotonic()
        mine = ImportRun.objects.filter(id=self.run.id, holder=self.holder, state=self.run.state)
        if not mine.update(done=done, total=total, lease_until=clock.now() + LEASE):
            raise _Lost


def _settle(run: ImportRun, holder: str, verb: str, **values: Any) -> None:
    """Say ``verb`` of a run that is still ours; :class:`_Lost` when it is not."""
    with action(SYSTEM) as t:
        row = ImportRun.objects.select_for_update().filter(id=run.id, holder=holder, state=run.state).first()
        if row is None:
            raise _Lost
        for name, value in values.items():
            setattr(row, name, value)
        turned(t, row, verb)
        row.save()
    if row.state == RunState.DONE:
        uploads.remove(row.files)


def _fail(run: ImportRun, holder: str, fault: RunFault, reason: str = "") -> None:
    log.warning("an import failed: %s", fault)
    try:
        _settle(run, holder, "fail", fault=fault, reason=reason)
    except _Lost:
        return


def _said(run: ImportRun, error: Unreadable) -> str:
    """The words of a fault, with the names that the person knows instead of ours."""
    words = str(error)
    for name, path in zip(run.names, uploads.paths(run.files), strict=False):
        words = words.replace(str(path), name).replace(path.name, name)
    return clean_line(words, 600)


def clean_up() -> int:
    """Throw away runs that nobody has applied within the time, and files that no run knows; how many runs."""
    before = clock.now() - uploads.KEPT
    old = ImportRun.objects.filter(_open(), changed_at__lt=before)
    gone: list[ImportRun] = []
    if old.exists():
        with action(SYSTEM) as t:
            gone = list(old.select_for_update().order_by("id")[:200])
            for row in gone:
                turned(t, row, "drop")
                row.peek, row.report = {}, {}
                row.save()
    uploads.remove(place for row in gone for place in row.files)
    known = ImportRun.objects.exclude(state__in=[RunState.DONE, RunState.DROPPED]).values_list("files", flat=True)
    uploads.sweep(place for places in known for place in places)
    return len(gone)


def _open() -> Q:
    """Runs that wait for a person."""
    return Q(state__in=[RunState.COLUMNS, RunState.PREVIEW, RunState.FAILED])
