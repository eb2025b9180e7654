"""Restoring: everything is read and checked first, made ready beside, and put in place last."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.exceptions import InconsistentMigrationHistory

from sympolity.kit import clock
from sympolity.ops.backups import index, placing, room, schema, sqlite
from sympolity.ops.backups.comparing import Comparison, compare
from sympolity.ops.backups.failures import BackupError
from sympolity.ops.backups.manifest import SQLITE_MEMBER, Contents, Manifest, table_member
from sympolity.ops.backups.reading import check
from sympolity.ops.backups.unpacking import unpack
from sympolity.ops.supervisor import AlreadyRunning, only_one
from sympolity.search.indexer import Indexer
from sympolity.trail import guard
from sympolity.trail.models import Entry
from sympolity.trail.verify import verify

__all__ = ["Restored", "restore"]

_ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored. ``aside``: where the former data lies, "" = there was none."""

    manifest: Manifest
    comparison: Comparison
    aside: str
    left_out: tuple[str, ...]


def restore(path: Path, *, replace: bool = False, say: Callable[[str], None] = lambda _: None) -> Restored:
    """Bring the data folder and the database to what ``path`` holds, and forward to this program.

    BackupError says why not; then nothing was changed. ``replace``: what is there is moved aside.
    ``say`` is told each step.
    """
    data = Path(settings.DATA)
    try:
        with only_one(data / "serve.lock"), _no_indexer():
            say("reading the backup")
            manifest = check(path)
            _fits(manifest)
            there = placing.holds()
            if there and not replace:
                raise BackupError(
                    f"There is data already: {', '.join(there)}. Nothing was changed. Restore into an empty place "
                    "(SYMPOLITY_DATA, DATABASE_URL), or say --replace to move what is there aside."
                )
            if not there:
                placing.refuse_links()
            room.need(data, manifest.unpacked * 2)
            with _staged(data) as stage:
                return _restore(path, manifest, stage, there=bool(there), say=say)
    except AlreadyRunning as error:
        raise BackupError(
            f"Sympolity runs with the data folder {data}. Stop it first (sympolity serve). Nothing was changed."
        ) from error
    except OSError as error:
        raise BackupError(
            f"A file cannot be written or moved: {error.strerror or error} ({error.filename or data}). "
            "If files were moved already, they lie in a folder before_… of the data folder."
        ) from error


@contextmanager
def _no_indexer() -> Iterator[None]:
    """AlreadyRunning when an indexer runs without ``serve``."""
    if Path(settings.INDEX_ROOT).is_dir():
        with only_one(settings.INDEX_ROOT / "indexer.lock"):
            pass
    yield


def _fits(manifest: Manifest) -> None:
    """BackupError when this installation could not take the backup."""
    if manifest.engine != connection.vendor:
        theirs, ours = _ENGINES.get(manifest.engine, manifest.engine), _ENGINES[connection.vendor]
        hint = "Leave DATABASE_URL empty" if manifest.engine == "sqlite" else "Set DATABASE_URL=postgresql://…"
        raise BackupError(
            f"This is a backup of a {theirs} database, and this installation uses {ours}: it cannot be restored here. "
            f"{hint} and restore again. Nothing was changed."
        )
    needed = {"secret_key"}
    if manifest.engine == "sqlite":
        needed.add(SQLITE_MEMBER)
    else:
        needed |= {table_member(table) for table in manifest.contents.rows}
    columns = manifest.contents.rows.keys() if manifest.engine == "postgresql" else set()
    if not needed <= manifest.members.keys() or manifest.contents.columns.keys() != columns:
        raise BackupError("This backup lacks its database or its secret key. Nothing was changed.")
    schema.known(manifest.contents.migrations)
    if manifest.members["secret_key"].size < settings.SECRET_LENGTH:
        raise BackupError("The secret key in this backup is too short to be one. Nothing was changed.")


@contextmanager
def _staged(data: Path) -> Iterator[Path]:
    """A folder in the data folder, gone after the block; what a killed restore left goes first."""
    for left in data.glob(".restoring-*"):
        shutil.rmtree(left, ignore_errors=True)
    stage = data / f".restoring-{clock.now():%Y%m%dT%H%M%SZ}"
    stage.mkdir(mode=0o700)
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _restore(path: Path, manifest: Manifest, stage: Path, *, there: bool, say: Callable[[str], None]) -> Restored:
    aside = Path(settings.DATA) / placing.aside_name(clock.now()) if there else None
    with _told_as_refusal():
        found, left_out = _beside(path, manifest, stage, aside, say)
    say("putting it in place")
    if aside is not None:
        placing.move_aside(aside)
    placing.place(stage, sqlite.database() if connection.vendor == "sqlite" else None)
    return Restored(manifest, found, str(aside or ""), left_out)


@contextmanager
def _told_as_refusal() -> Iterator[None]:
    """What fails before anything is put in place is told as such."""
    try:
        yield
    except OSError as error:
        raise BackupError(f"A file cannot be written: {error.strerror or error}. Nothing was changed.") from error
    except InconsistentMigrationHistory as error:
        raise BackupError("The tables of this backup do not fit each other. Nothing was changed.") from error


def _beside(
    path: Path, manifest: Manifest, stage: Path, aside: Path | None, say: Callable[[str], None]
) -> tuple[Comparison, tuple[str, ...]]:
    """Files in ``stage``, the database of SQLite among them; or the tables of PostgreSQL in one transaction.

    Returns what was looked at, and the tables that are none of ours.
    """
    if connection.vendor == "sqlite":
        say("unpacking")
        for _ in unpack(path, manifest, stage):
            pass
        _same(sqlite.contents(stage / SQLITE_MEMBER), manifest.contents)
        with sqlite.pointed_at(stage / SQLITE_MEMBER):
            return _make_ready(manifest, stage, say), ()
    with transaction.atomic():
        left_out = _fill(path, manifest, stage, aside, say)
        return _make_ready(manifest, stage, say), left_out


def _fill(
    path: Path, manifest: Manifest, stage: Path, aside: Path | None, say: Callable[[str], None]
) -> tuple[str, ...]:
    """Make the tables as they were and fill them, in one transaction; tables of the backup that are not ours."""
    from sympolity.ops.backups import postgres

    contents = manifest.contents
    if aside is not None:
        postgres.move_aside(aside.name)
    else:
        postgres.drop_empty()
    say("making the tables")
    schema.make(contents.migrations)
    postgres.empty_all()
    ours = set(postgres.tables())
    say("filling the tables")
    left_out: list[str] = []
    for member in unpack(path, manifest, stage):
        table = member.name.removeprefix("database/").removesuffix(".copy")
        if table not in ours:
            left_out.append(table)
            continue
        rows = postgres.copy_in(table, contents.columns[table], member.blocks())
        if rows != contents.rows[table]:
            raise BackupError(f"The table {table} has {rows} rows, not {contents.rows[table]}. Nothing was changed.")
    postgres.set_sequences(contents.sequences)
    postgres.hold_constraints()
    guard.make()
    return tuple(left_out)


def _same(found: Contents, told: Contents) -> None:
    if (found.rows, found.trail, found.migrations) != (told.rows, told.trail, told.migrations):
        raise BackupError("The database of this backup does not hold what its manifest says. Nothing was changed.")


def _make_ready(manifest: Manifest, stage: Path, say: Callable[[str], None]) -> Comparison:
    """Forward migrations, triggers, the find index, and a look at everything."""
    say("bringing the tables up to date")
    schema.forward()
    guard.make()
    say("find index")
    root = stage / "index"
    if not index.adopt(root, manifest.index):
        shutil.rmtree(root, ignore_errors=True)
    indexer = Indexer(root)
    indexer.step()
    while indexer.step():
        pass
    say("checking")
    report, found = verify(), compare(root)
    if found.faults:  # of an older version, or a migration changed what documents hold
        indexer.rebuild()
        found = compare(root)
    faults = [f"entry {position} of the trail is broken" for position in report.broken[:5]]
    faults += [f"trigger {name} is missing" for name in report.triggers_missing]
    position, digest = manifest.contents.trail
    if position and not Entry.objects.filter(position=position, digest=digest).exists():
        faults.append("the head of the trail is another")
    if faults + found.faults:
        raise BackupError(
            f"What this backup holds is not sound: {'; '.join(faults + found.faults)}. Nothing was changed."
        )
    return found
