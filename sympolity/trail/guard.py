"""The triggers that make entries immutable, on both databases.

No TRUNCATE trigger: emptying a database as a whole is the operator's right, and shown by verify.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import DatabaseError, connections

__all__ = ["after_migrate", "check", "drop", "make", "missing", "opened"]

TABLE = "trail_entry"
NAMES = ("trail_entry_no_update", "trail_entry_no_delete", "trail_entry_no_replace")

_SQLITE = (
    f"CREATE TRIGGER trail_entry_no_update BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, 'trail entries are immutable'); END",
    f"CREATE TRIGGER trail_entry_no_delete BEFORE DELETE ON {TABLE} BEGIN SELECT RAISE(ABORT, 'trail entries are immutable'); END",
    # REPLACE deletes without firing the DELETE trigger unless recursive_triggers is on.
    f"CREATE TRIGGER trail_entry_no_replace BEFORE INSERT ON {TABLE} "  # noqa: S608 - the name is ours
    f"WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE position = NEW.position) "
    "BEGIN SELECT RAISE(ABORT, 'trail entries are immutable'); END",
)
_POSTGRES = (
    "CREATE OR REPLACE FUNCTION trail_entry_immutable() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'trail entries are immutable'; END $$",
    f"CREATE TRIGGER trail_entry_no_update BEFORE UPDATE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION trail_entry_immutable()",
    f"CREATE TRIGGER trail_entry_no_delete BEFORE DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION trail_entry_immutable()",
)


def _wanted(vendor: str) -> tuple[str, ...]:
    return NAMES if vendor == "sqlite" else NAMES[:2]


def _present(alias: str) -> set[str]:
    connection = connections[alias]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
        else:
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D' AND tgrelid = %s::regclass",
                [TABLE],
            )
        return {row[0] for row in cursor.fetchall()}


def missing(alias: str = "default") -> list[str]:
    """Names of the triggers that should be there and are not."""
    return sorted(set(_wanted(connections[alias].vendor)) - _present(alias))


def drop(alias: str = "default") -> None:
    """Remove the triggers (tests empty their tables; nothing else does)."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        for name in _wanted(connection.vendor):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}" + ("" if connection.vendor == "sqlite" else f" ON {TABLE}"))


def make(alias: str = "default") -> None:
    """Make the triggers anew."""
    drop(alias)
    connection = connections[alias]
    with connection.cursor() as cursor:
        for statement in _SQLITE if connection.vendor == "sqlite" else _POSTGRES:
            cursor.execute(statement)


@contextmanager
def opened(alias: str = "default") -> Iterator[None]:
    """For the teardown of tests: without triggers inside, with them after."""
    drop(alias)
    try:
        yield
    finally:
        make(alias)


def after_migrate(using: str = "default", **_: Any) -> None:
    """post_migrate: whatever a migration did to the table, the triggers stand afterwards."""
    if TABLE in connections[using].introspection.table_names() and missing(using):
        make(using)


def check(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """System check trail.E001: the triggers stand on every database that has the table."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        try:
            gone = missing(alias) if TABLE in connections[alias].introspection.table_names() else []
        except DatabaseError:
            continue
        if gone:
            found.append(
                Error(f"triggers missing on {alias}: {', '.join(gone)}", hint="Run: sympolity migrate", id="trail.E001")
            )
    return found
