"""SQLite: a copy of one moment, made by the database itself while others write."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection

from sympolity.ops.backups.failures import BackupError
from sympolity.ops.backups.manifest import SQLITE_MEMBER, Contents

__all__ = ["contents", "database", "dump", "is_empty", "pointed_at", "size"]

# What ``migrate`` writes by itself: a database with nothing else in it is empty.
OWN = frozenset({"django_migrations", "django_content_type", "auth_permission"})


def database() -> Path:
    """The file of the database."""
    return Path(str(connection.settings_dict["NAME"]))


def size() -> int:
    """Bytes on the disk, with what is not yet in the main file."""
    path = database()
    return sum(one.stat().st_size for one in (path, path.with_name(f"{path.name}-wal")) if one.exists())


def dump(folder: Path) -> tuple[Contents, list[tuple[str, Path]]]:
    """Copy the database into ``folder``: what stands in it, and its members.

    In one step: with several, every commit of another process would begin the copy anew. Readers
    and writers go on meanwhile (WAL).
    """
    if not database().exists():
        raise BackupError(
            f"There is no database at {database()}: nothing to keep yet. Start the site once: sympolity serve"
        )
    path = folder / SQLITE_MEMBER
    with (
        closing(sqlite3.connect(f"{database().as_uri()}?mode=ro", uri=True, timeout=20)) as source,
        closing(sqlite3.connect(path)) as copy,
    ):
        copy.execute("PRAGMA synchronous=OFF")  # the archive is brought to the disk, not this copy
        source.backup(copy)
    return contents(path), [(SQLITE_MEMBER, path)]


@contextmanager
def _read(path: Path) -> Iterator[sqlite3.Connection]:
    # immutable: no -wal or -shm is made beside a file that nobody else uses.
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as db:
        yield db


def contents(path: Path) -> Contents:
    """What stands in a database file that nobody writes; BackupError when it is damaged."""
    try:
        with _read(path) as db:
            found = str(db.execute("PRAGMA integrity_check(1)").fetchone()[0])
            if found != "ok":
                raise BackupError(f"The database is damaged ({found}). Keep a copy of it before anything else.")
            rows = {table: int(db.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]) for table in _tables(db)}  # noqa: S608 - names from the database itself
            applied = db.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()
            head = db.execute("SELECT position, digest FROM trail_entry ORDER BY position DESC LIMIT 1").fetchone()
    except sqlite3.DatabaseError as error:
        raise BackupError(f"The database cannot be read: {error}. Is it one of Sympolity?") from error
    return Contents(rows, [(app, name) for app, name in applied], head or (0, ""))


def _tables(db: sqlite3.Connection) -> list[str]:
    found = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    return [name for (name,) in found]


def is_empty() -> bool:
    """Whether there is no database, or none with anything in it."""
    path = database()
    if not path.exists() or path.stat().st_size == 0:
        return True
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=20)) as db:
            tables = [table for table in _tables(db) if table not in OWN]
            return not any(db.execute(f'SELECT 1 FROM "{table}" LIMIT 1').fetchone() for table in tables)  # noqa: S608 - names from the database itself
    except sqlite3.DatabaseError:
        return False  # something that we do not understand is not nothing


@contextmanager
def pointed_at(path: Path) -> Iterator[None]:
    """Let Django use another database file inside the block; everything is written and closed after it."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = str(path)
    try:
        yield
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
