"""PostgreSQL, without any other program: every table as COPY gives it, all of one moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection
from psycopg import IsolationLevel
from psycopg.sql import SQL, Identifier

from sympolity.ops.backups.failures import BackupError
from sympolity.ops.backups.manifest import Contents, table_member

__all__ = [
    "copy_in",
    "drop_empty",
    "dump",
    "empty_all",
    "hold_constraints",
    "is_empty",
    "move_aside",
    "set_sequences",
    "size",
    "tables",
]

OWN = frozenset({"django_migrations", "django_content_type", "auth_permission"})
_TABLES = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND NOT EXISTS (
        SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    ORDER BY c.relname"""
_COLUMNS = """
    SELECT attname FROM pg_attribute
    WHERE attrelid = to_regclass(format('%%I.%%I', current_schema(), %s::text))
        AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
    ORDER BY attnum"""
_SEQUENCES = """
    SELECT sequencename, last_value FROM pg_sequences
    WHERE schemaname = current_schema() AND last_value IS NOT NULL ORDER BY sequencename"""
# How values are written must not depend on settings of the server or of the user.
_PLAIN = (
    "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    "SET DateStyle = 'ISO'",
    "SET IntervalStyle = 'postgres'",
    "SET TimeZone = 'UTC'",
    "SET extra_float_digits = 3",
    "SET bytea_output = 'hex'",
    "SET statement_timeout = 0",
    "SET idle_in_transaction_session_timeout = 0",
)

Connection = psycopg.Connection[Any]


@contextmanager
def _moment() -> Iterator[Connection]:
    """A connection of our own inside a transaction that sees one moment and writes nothing."""
    own = connection.copy()
    own.connect()
    raw = own.connection
    try:
        raw.autocommit = True
        for statement in _PLAIN:
            raw.execute(statement)
        raw.isolation_level, raw.read_only = IsolationLevel.REPEATABLE_READ, True
        with raw.transaction():
            yield raw
    finally:
        own.close()


def _rows(db: Connection, query: str, *given: str) -> list[tuple[Any, ...]]:
    with psycopg.ClientCursor(db) as cursor:
        return cursor.execute(query.encode(), given or None).fetchall()


def size() -> int:
    """Bytes of the database, indexes included: more than its text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def dump(folder: Path) -> tuple[Contents, list[tuple[str, Path]]]:
    """Write all tables into ``folder``: what stands in them, and the members. Memory stays flat."""
    try:
        return _dump(folder)
    except psycopg.Error as error:
        raise BackupError(f"The database cannot be read: {str(error).strip().splitlines()[0]}") from error


def _dump(folder: Path) -> tuple[Contents, list[tuple[str, Path]]]:
    members: list[tuple[str, Path]] = []
    found = Contents({}, [], (0, ""))
    with _moment() as db:
        for (table,) in _rows(db, _TABLES):
            columns = [name for (name,) in _rows(db, _COLUMNS, table)]
            path = folder / f"{table}.copy"
            found.columns[table] = columns
            found.rows[table] = _copy_out(db, table, columns, path)
            members.append((table_member(table), path))
        found.migrations = [
            (app, name) for app, name in _rows(db, "SELECT app, name FROM django_migrations ORDER BY id")
        ]
        head = _rows(db, "SELECT position, digest FROM trail_entry ORDER BY position DESC LIMIT 1")
        found.trail = (head[0][0], head[0][1]) if head else (0, "")
        # Sequences stand outside of the moment: they may be ahead of the rows, never behind.
        found.sequences = {name: int(value) for name, value in _rows(db, _SEQUENCES)}
    return found, members


def _named(table: str, columns: list[str]) -> Any:
    return SQL("{} ({})").format(Identifier(table), SQL(", ").join(map(Identifier, columns)))


def _copy_out(db: Connection, table: str, columns: list[str], path: Path) -> int:
    with path.open("wb") as file, db.cursor() as cursor:
        with cursor.copy(SQL("COPY {} TO STDOUT").format(_named(table, columns))) as copy:
            for block in copy:
                file.write(block)
        return cursor.rowcount


def tables() -> list[str]:
    """The tables of the schema that is used, without those of extensions."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        return [name for (name,) in cursor.fetchall()]


def is_empty() -> bool:
    """Whether there are no tables, or nothing in them but what ``migrate`` writes by itself."""
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608 - names from the database itself
            if table not in OWN and cursor.fetchone():
                return False
    return True


def move_aside(schema: str) -> None:
    """Move all tables, with their indexes and sequences, into a new schema of that name; inside a transaction."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '20s'")  # somebody who still reads is told, not waited for
        cursor.execute(f"CREATE SCHEMA {quote(schema)}")
        for table in tables():
            cursor.execute(f"ALTER TABLE {quote(table)} SET SCHEMA {quote(schema)}")


def drop_empty() -> None:
    """Remove the tables of an empty database, so that they are made as the backup wants them."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '20s'")
        for table in tables():
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)} CASCADE")


def empty_all() -> None:
    """Remove the rows that migrations wrote; the backup brings its own, in any order of tables."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # migrations of this transaction may have ended that
        cursor.execute(f"TRUNCATE {', '.join(map(connection.ops.quote_name, tables()))}")


def copy_in(table: str, columns: list[str], blocks: Iterator[bytes]) -> int:
    """Fill a table with what COPY gave; the number of rows."""
    with connection.wrap_database_errors, connection.cursor() as cursor:
        with cursor.copy(SQL("COPY {} FROM STDIN").format(_named(table, columns))) as copy:
            for block in blocks:
                copy.write(block)
        return int(cursor.rowcount)


def set_sequences(values: dict[str, int]) -> None:
    """Let sequences go on behind ``values``; those that are no longer there are passed over."""
    with connection.cursor() as cursor:
        for name, value in values.items():
            cursor.execute("SELECT to_regclass(format('%%I.%%I', current_schema(), %s::text))::text", [name])
            found = cursor.fetchone()[0]
            if found:
                cursor.execute("SELECT setval(%s::regclass, %s)", [found, value])


def hold_constraints() -> None:
    """Look at all foreign keys now: nothing may be pending when tables are changed."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
