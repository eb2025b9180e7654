"""Making a backup while the site runs."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection

import sympolity
from sympolity.kit import clock
from sympolity.ops.backups import index, room, sqlite, state
from sympolity.ops.backups.archive import Writer
from sympolity.ops.backups.failures import BackupError
from sympolity.ops.backups.manifest import Contents, Manifest
from sympolity.ops.backups.reading import check
from sympolity.ops.supervisor import AlreadyRunning, only_one

__all__ = ["MARKS", "Made", "make", "make_and_note"]

MARKS = ("facts.loaded", "demo.loaded")  # what ``serve`` has loaded already


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that is on the disk and was read again. ``size`` in bytes."""

    path: Path
    size: int
    seconds: float
    manifest: Manifest


def make(folder: Path) -> Made:
    """Write one backup into ``folder``. BackupError says why it could not; nothing is left then."""
    begun = time.monotonic()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with only_one(folder / ".lock"):
            _clear(folder)
            at, path = _name(folder)
            with _partial(path) as stage:
                manifest = _write(stage, at)
                check(stage / "archive")  # what cannot be read back is no backup
                (stage / "archive").rename(path)
                room.to_disk(folder)
    except AlreadyRunning as error:
        raise BackupError(f"Another backup into {folder} is being made at the moment. Wait for it.") from error
    except OSError as error:
        raise BackupError(f"The backup cannot be written into {folder}: {error.strerror or error}.") from error
    except DatabaseError as error:
        raise BackupError(f"The database cannot be read: {str(error).strip().splitlines()[0]}") from error
    return Made(path, path.stat().st_size, time.monotonic() - begun, manifest)


def make_and_note(folder: Path) -> Made:
    """The same, and ``backups/last.json`` tells how it went."""
    try:
        made = make(folder)
    except BackupError as error:
        state.failed(str(error))
        raise
    state.succeeded(at=made.manifest.created, file=made.path, size=made.size, seconds=made.seconds)
    return made


def _name(folder: Path) -> tuple[datetime, Path]:
    """The moment of this backup and its name; two of one second wait for each other."""
    while True:
        at = clock.now()
        path = folder / f"sympolity-{at:%Y%m%dT%H%M%SZ}.tar.gz"
        if not path.exists():
            return at, path
        time.sleep(0.1)


def _clear(folder: Path) -> None:
    """Remove what a backup left that was killed; we hold the lock, so nobody works there."""
    for left in folder.glob(".sympolity-*.partial"):
        shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _partial(path: Path) -> Iterator[Path]:
    """A folder beside ``path`` that is gone after the block, with everything in it."""
    stage = path.with_name(f".{path.name.removesuffix('.tar.gz')}.partial")
    stage.mkdir(mode=0o700)
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _dump(folder: Path) -> tuple[Contents, list[tuple[str, Path]]]:
    if connection.vendor == "sqlite":
        return sqlite.dump(folder)
    from sympolity.ops.backups import postgres  # its driver need not be there with SQLite

    return postgres.dump(folder)


def _database_size() -> int:
    if connection.vendor == "sqlite":
        return sqlite.size()
    from sympolity.ops.backups import postgres

    return postgres.size()


def _write(stage: Path, at: datetime) -> Manifest:
    """The archive in ``stage``. The index is read before the database: so it is never ahead of it."""
    media = room.files_below(settings.MEDIA_ROOT)
    packed = index.size(settings.INDEX_ROOT) + sum(path.stat().st_size for _, path in media)
    room.need(stage, packed + 2 * _database_size())  # the copy, and the same packed at worst
    writer = Writer(stage / "archive")
    try:
        with index.frozen(settings.INDEX_ROOT) as (generation, files):
            contents, members = _dump(stage)
            for name, file in files.items():
                writer.add(f"index/{name}", file, os.fstat(file.fileno()).st_size)
        for name, path in members:
            writer.add_file(name, path)
            path.unlink()
        _add_files(writer)
        manifest = Manifest(connection.vendor, sympolity.__version__, at, contents, generation, {})
        writer.finish(manifest)
    finally:
        writer.close()
    return manifest


def _add_files(writer: Writer) -> None:
    """Media, which the database may name by now, then the small files of the data folder."""
    for name, path in room.files_below(settings.MEDIA_ROOT):
        try:
            writer.add_file(f"media/{name}", path)
        except FileNotFoundError:
            continue  # removed meanwhile, by an action that the next backup will hold
    data = Path(settings.DATA)
    writer.add_file("secret_key", data / "secret_key")
    for name in MARKS:
        if (data / name).exists():
            writer.add_file(f"marks/{name}", data / name)
