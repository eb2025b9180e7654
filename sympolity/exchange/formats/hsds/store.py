"""Rows of many tables, joined to services: a private SQLite file of the run, so that memory stays flat.

``sqlite3.connect("")`` is a database on disk that vanishes when it is closed or the process ends.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sympolity.exchange.formats.hsds.kinds import name_of
from sympolity.exchange.reading import MAX_RECORD

__all__ = ["MOST", "Row", "Store", "TooMany"]

MOST = 200  # rows of one table that may belong to one row of another
_AT_ONCE = 500  # rows that are written together
_LINKS = (
    "service_id", "location_id", "organization_id", "contact_id", "phone_id", "service_at_location_id", "link_id",
    "resource_id",
)  # fmt: skip


class TooMany(ValueError):
    """More rows belong to a record than are read; the message says of which table."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table. ``number``: in the store; ``line``: in its file; ``length``: characters of its JSON."""

    number: int
    table: str
    line: int
    value: dict[str, Any]
    length: int


class Store:
    """The rows of a run. Fill it with :meth:`add`, call :meth:`ready` once, then ask."""

    def __init__(self) -> None:
        self._base = sqlite3.connect("", isolation_level=None)
        self._base.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-8000;"
            "CREATE TABLE row(n INTEGER PRIMARY KEY, t TEXT, id TEXT, line INTEGER, doc TEXT);"
            "CREATE TABLE link(t TEXT, field TEXT, value TEXT, n INTEGER)"
        )
        self._rows: list[tuple[int, str, str, int, str]] = []
        self._links: list[tuple[str, str, str, int]] = []
        self._waiting = 0
        self._used = bytearray(1)  # by number of row: 1 when something has asked for it
        self.tables: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._used) - 1

    def close(self) -> None:
        """Forget everything."""
        self._base.close()

    def add(self, table: str, key: str, line: int, value: dict[str, Any]) -> None:
        """Keep a row whose id stands under ``key``."""
        self.tables[table] = self.tables.get(table, 0) + 1
        self._used.append(0)
        number = len(self)
        doc = json.dumps(value)
        self._rows.append((number, table, name_of(value.get(key)), line, doc))
        for field in _LINKS:
            said = value.get(field)
            if said and (name := name_of(said)):
                self._links.append((table, field, name, number))
        self._waiting += len(doc)
        if len(self._rows) >= _AT_ONCE or self._waiting > MAX_RECORD:
            self._write()

    def _write(self) -> None:
        self._base.execute("BEGIN")
        self._base.executemany("INSERT INTO row(n, t, id, line, doc) VALUES (?, ?, ?, ?, ?)", self._rows)
        self._base.executemany("INSERT INTO link VALUES (?, ?, ?, ?)", self._links)
        self._base.execute("COMMIT")
        self._rows, self._links, self._waiting = [], [], 0

    def ready(self) -> None:
        """All rows are there."""
        self._write()
        self._base.executescript(
            "CREATE INDEX row_place ON row(t, n); CREATE INDEX row_id ON row(t, id);"
            "CREATE INDEX link_value ON link(t, field, value)"
        )

    def all(self, table: str) -> Iterator[Row]:
        """The rows of a table in their order."""
        for number in self._numbers(table):
            yield self._at(number)

    def unused(self, table: str) -> Iterator[Row]:
        """The rows of a table that nothing has asked for, in their order."""
        for number in self._numbers(table):
            if not self._used[number]:
                yield self._at(number)

    def _numbers(self, table: str) -> Iterator[int]:
        after = 0
        while found := self._base.execute(
            "SELECT n FROM row INDEXED BY row_place WHERE t = ? AND n > ? ORDER BY n LIMIT 1000", (table, after)
        ).fetchall():
            after = found[-1][0]
            yield from (one[0] for one in found)

    def _at(self, number: int) -> Row:
        table, line, doc = self._base.execute("SELECT t, line, doc FROM row WHERE n = ?", (number,)).fetchone()
        return Row(number, table, line, json.loads(doc), len(doc))

    def one(self, table: str, name: Any) -> Row | None:
        """The first row of this id, counted as used."""
        wanted = name_of(name) if table in self.tables else ""
        if not wanted:
            return None
        found = self._base.execute(
            "SELECT n FROM row INDEXED BY row_id WHERE t = ? AND id = ? LIMIT 1", (table, wanted)
        ).fetchone()
        if found is None:
            return None
        self._used[found[0]] = 1
        return self._at(found[0])

    def below(self, table: str, field: str, name: Any) -> list[Row]:
        """The rows whose ``field`` names a row, counted as used; :class:`TooMany` above 200."""
        wanted = name_of(name) if table in self.tables else ""
        if not wanted:
            return []
        numbers = self._base.execute(
            "SELECT n FROM link INDEXED BY link_value WHERE t = ? AND field = ? AND value = ?", (table, field, wanted)
        ).fetchall()
        if not numbers:
            return []
        if len(numbers) > MOST:
            self.use(one[0] for one in numbers)
            raise TooMany(f"more than {MOST} rows of {table} belong to it")
        self.use(one[0] for one in numbers)
        return [self._at(one[0]) for one in numbers]

    def use(self, rows: Iterable[int]) -> None:
        """Count rows as used."""
        for one in rows:
            self._used[one] = 1

    def left(self, table: str) -> int:
        """How many rows of a table nothing has asked for."""
        return sum(not self._used[number] for number in self._numbers(table))
