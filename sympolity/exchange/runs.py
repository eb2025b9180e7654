"""Verbs of runs: what a person says of files that were brought in on a page. The work is done in ``carrying``."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from sympolity.exchange import formats, rules, uploads
from sympolity.exchange.enums import RunState
from sympolity.exchange.models import ImportRun
from sympolity.exchange.tables.mapping import Mapping as Columns
from sympolity.exchange.tables.mapping import check, dumped
from sympolity.kit import clock
from sympolity.kit.actor import Actor
from sympolity.kit.bidi import clean_line
from sympolity.kit.refusals import Refusal
from sympolity.trail.journal import Journal, action

__all__ = ["TABLES", "RunItem", "Said", "apply_runs", "begin_runs", "drop_runs", "map_runs", "repeat_runs"]

TABLES = frozenset({"csv", "xlsx"})  # formats whose columns a person has to place
_NAMED = frozenset({"hsds"})  # formats that tell their files apart by name


@dataclass(frozen=True, slots=True)
class RunItem:
    """Files that have arrived, and what they are. ``id``: made with the form."""

    id: UUID
    format: str
    source: str
    files: Sequence[uploads.Received]


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says of a table: where its columns go (None: not yet), which sheet ("": the first)."""

    columns: Columns | None = None
    sheet: str = field(default="")


def begin_runs(*, actor: Actor, items: Sequence[RunItem]) -> list[ImportRun]:
    """Take files in; the work process then looks at them. A run whose id is there already stays as it is.

    Raises :class:`Refusal`: ``wrong_role``, ``unknown_format``, ``source_missing`` (a table has no name of its own), ``bad_source``, ``wrong_count`` (facts ``fewest``,
    ``most``), ``empty`` (fact ``name``), ``too_large``. Then the files are left where they are.
    """
    Refusal.unless(rules.may_import(actor))
    for item in items:
        _check(item)
    known = ImportRun.objects.in_bulk([item.id for item in items])
    rows: list[ImportRun] = []
    for item in items:
        rows.append(known[item.id] if item.id in known else _begun(actor, item))
    return rows


def _check(item: RunItem) -> None:
    if item.format not in formats.MODULES:
        raise Refusal("unknown_format", where="format")
    if not item.source and item.format in TABLES:
        raise Refusal("source_missing", where="source")
    if not rules.is_source(item.source):
        raise Refusal("bad_source", where="source")
    fewest, most = formats.get(item.format).paths
    if not fewest <= len(item.files) <= min(most, uploads.MAX_FILES):
        facts = {"fewest": str(fewest), "most": str(min(most, uploads.MAX_FILES))}
        raise Refusal("wrong_count", where="files", facts=facts)
    for file in item.files:
        if not file.size:
            raise Refusal("empty", where="files", facts={"name": file.name})
    if sum(file.size for file in item.files) > uploads.MAX_BYTES:
        raise Refusal("too_large", where="files")


def _begun(actor: Actor, item: RunItem) -> ImportRun:
    places = uploads.keep(item.files, tables=item.format in _NAMED)
    row = ImportRun(
        id=item.id, format=item.format, source=item.source, names=[file.name for file in item.files], files=places,
        asked_by=actor.person, asked_for=actor.acting_for,
    )  # fmt: skip
    try:
        with action(actor) as t:
            row.save(force_insert=True)
            t.record("received", "import_run", row.id, after=_told(row))
    except BaseException as error:
        uploads.remove(places)
        if isinstance(error, IntegrityError):  # the same form was sent twice at once
            return ImportRun.objects.get(id=item.id)
        raise
    return row


def _told(row: ImportRun) -> dict[str, Any]:
    return {"format": row.format, "source": row.source, "names": row.names}


def map_runs(*, actor: Actor, said: Mapping[UUID, Said]) -> list[ImportRun]:
    """Say where the columns of tables go, or which sheet to read; then they are looked at again.

    Raises :class:`Refusal`: ``no_table``, ``bad_mapping`` (with the first fault as ``value``), and those of the flow.
    """
    for one in said.values():
        faults = check(one.columns) if one.columns else []
        if faults:
            raise Refusal("bad_mapping", facts={"value": str(faults[0])})

    def change(row: ImportRun) -> None:
        if row.format not in TABLES:
            raise Refusal("no_table", where=row.source)
        one = said[row.id]
        row.mapping = dumped(one.columns) if one.columns else {}
        row.sheet, row.report = clean_line(one.sheet, 100), {}

    return _turn(actor, "map", list(said), change)


def apply_runs(*, actor: Actor, ids: Sequence[UUID], endings: Collection[UUID] = ()) -> list[ImportRun]:
    """Let runs write what their preview showed. ``endings``: those in which many services may end.

    Raises :class:`Refusal`: ``endings`` (many would end, and nobody said they may), ``busy`` (another run of the source is
    running), and those of the flow.
    """

    def change(row: ImportRun) -> None:
        row.allow_endings = row.id in endings
        if row.report.get("many_endings") and not row.allow_endings:
            raise Refusal("endings", where=row.source)

    try:
        return _turn(actor, "apply", ids, change)
    except IntegrityError as error:
        raise Refusal("busy") from error


def repeat_runs(*, actor: Actor, ids: Sequence[UUID]) -> list[ImportRun]:
    """Look at the files of failed runs again."""
    return _turn(actor, "again", ids, lambda _: None)


def drop_runs(*, actor: Actor, ids: Sequence[UUID]) -> list[ImportRun]:
    """Throw runs away that have written nothing, with their files and what was kept of their content."""

    def change(row: ImportRun) -> None:
        row.peek, row.report = {}, {}

    rows = _turn(actor, "drop", ids, change)
    uploads.remove(place for row in rows for place in row.files)
    return rows


def _turn(actor: Actor, verb: str, ids: Sequence[UUID], change: Any) -> list[ImportRun]:
    """Say ``verb`` of runs; :class:`Refusal` when one is absent, in the wrong state, or not the actor's to turn."""
    Refusal.unless(rules.may_import(actor))
    with action(actor) as t:
        rows = list(ImportRun.objects.select_for_update().filter(id__in=ids).order_by("id"))
        if len(rows) < len(set(ids)):
            raise Refusal("unknown_run")
        for row in rows:
            Refusal.unless(rules.FLOW.may(actor, row.state, verb), where=row.source)
            change(row)
            turned(t, row, verb)
            if verb != "drop":
                row.asked_by, row.asked_for = actor.person, actor.acting_for
            row.save()
    return rows


def turned(t: Journal, row: ImportRun, verb: str) -> None:
    """Move a row to where ``verb`` leads, with its entry; the caller saves it."""
    before = row.state
    row.state = RunState(rules.FLOW.next(row.state, verb) or row.state)
    row.changed_at = clock.now()
    row.holder, row.lease_until, row.tries = "", None, 0
    if row.state != RunState.FAILED:
        row.fault, row.reason = "", ""
    if row.state in rules.AT_WORK:
        row.done, row.total = 0, 0
    t.record(str(row.state), "import_run", row.id, before={"state": str(before)}, after={"source": row.source})
