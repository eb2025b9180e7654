"""The same questions to SQLite FTS5 and PostgreSQL GIN: the same folded tokens, filters and tiles.

Each is given what it is best at: FTS5 an index without positions, PostgreSQL GIN over arrays and no ranking. What is
asked is what the find index is asked: the number of matches, twenty of them, and the counts of two groups.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection, OperationalError, connect
from typing import Any

from sympolity.ops.bench.measure import Samples
from sympolity.ops.bench.questions import Question
from sympolity.search import tiles
from sympolity.search.documents import Document

__all__ = ["PostgreSQL", "Rival", "Row", "SQLite", "ask", "row_of"]

GROUPS = ("need", "speaks")
Row = tuple[int, list[str], list[str], list[str]]  # number, tokens, filters, tiles


def row_of(number: int, document: Document, tokens: str) -> Row:
    """A service as the rivals hold it."""
    found = dict.fromkeys(tokens.split())
    return (
        number,
        list(found),
        sorted(document.filters),
        sorted({t for one in document.points for t in tiles.tokens(*one)}),
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question as they understand it."""

    word: str
    tiles: list[str]

    @classmethod
    def of(cls, question: Question) -> Wanted:
        query = question.query
        inside, edge = tiles.circle(*query.near, query.within) if query.near and query.within else ([], [])
        return cls(question.bare[1], [*inside, *edge])


class Rival(ABC):
    """A database that is filled and asked; what it wrote is gone after :meth:`close`."""

    name = ""

    def __init__(self) -> None:
        self.seconds = 0.0

    def fill(self, rows: Iterable[Row]) -> None:
        """Rows of services; the time that it takes is counted."""
        begun = time.perf_counter()
        self.insert(rows)
        self.seconds += time.perf_counter() - begun

    @abstractmethod
    def insert(self, rows: Iterable[Row]) -> None:
        """Write rows."""

    @abstractmethod
    def finish(self) -> None:
        """Make the indexes."""

    @abstractmethod
    def ask(self, wanted: Wanted) -> int:
        """Count, best twenty, two facets; the count."""

    @abstractmethod
    def close(self) -> None:
        """Remove everything."""


class SQLite(Rival):
    """FTS5 in a file of its own."""

    name = "SQLite FTS5"

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._db: Connection = connect(folder / "rival.sqlite3")
        self._db.executescript(
            "PRAGMA journal_mode=off; PRAGMA synchronous=off; PRAGMA cache_size=-200000;"
            "CREATE VIRTUAL TABLE s USING fts5(t, x, content='', detail=column, columnsize=1,"
            " tokenize=\"unicode61 remove_diacritics 0 tokenchars '/~^:-?_'\");"
            "CREATE TABLE f (id INTEGER, grp TEXT, value TEXT);"
        )

    def insert(self, rows: Iterable[Row]) -> None:
        held = list(rows)
        self._db.executemany(
            "INSERT INTO s (rowid, t, x) VALUES (?, ?, ?)", ((one, " ".join(t), " ".join(x)) for one, t, _, x in held)
        )
        parted = ((one, *name.partition(":")[::2]) for one, _, f, _ in held for name in f)
        self._db.executemany("INSERT INTO f VALUES (?, ?, ?)", parted)

    def finish(self) -> None:
        begun = time.perf_counter()
        self._db.execute("CREATE INDEX by_group ON f (grp, id, value)")
        self._db.execute("INSERT INTO s (s) VALUES ('optimize')")
        self._db.commit()
        self.seconds += time.perf_counter() - begun

    def ask(self, wanted: Wanted) -> int:
        match = f't:"{wanted.word}"'
        if wanted.tiles:
            match += " AND x:(" + " OR ".join(f'"{tile}"' for tile in wanted.tiles) + ")"
        run = self._db.execute
        run("CREATE TEMP TABLE m AS SELECT rowid AS id FROM s WHERE s MATCH ?", [match])
        total = int(run("SELECT count(*) FROM m").fetchone()[0])
        run("SELECT rowid FROM s WHERE s MATCH ? ORDER BY rank LIMIT 20", [match]).fetchall()
        for group in GROUPS:
            run("SELECT value, count(*) FROM m JOIN f USING (id) WHERE grp = ? GROUP BY value", [group]).fetchall()
        run("DROP TABLE m")
        return total

    def close(self) -> None:
        self._db.close()


class PostgreSQL(Rival):
    """GIN over arrays in a schema of its own. Raises ``OSError`` where there is no server."""

    name = "PostgreSQL GIN"

    def __init__(self, address: str) -> None:
        super().__init__()
        try:
            import psycopg
        except ImportError as error:
            raise OSError("psycopg is not installed") from error
        try:
            self._db: Any = psycopg.connect(address, autocommit=True, connect_timeout=3)
        except psycopg.Error as error:
            raise OSError(str(error).splitlines()[0]) from error
        self._schema = f"sympolity_bench_{time.time_ns()}"
        self._db.execute(f"CREATE SCHEMA {self._schema}")
        self._db.execute(f"SET search_path TO {self._schema}")
        self._db.execute("SET jit TO off")
        self._db.execute("CREATE UNLOGGED TABLE s (id integer, t text[], f text[], x text[])")

    def insert(self, rows: Iterable[Row]) -> None:
        with self._db.cursor().copy("COPY s FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def finish(self) -> None:
        begun = time.perf_counter()
        for column in ("t", "x"):
            self._db.execute(f"CREATE INDEX ON s USING gin ({column})")
        self._db.execute("CREATE INDEX ON s (id)")
        self._db.execute("ANALYZE s")
        self.seconds += time.perf_counter() - begun

    def ask(self, wanted: Wanted) -> int:
        where, given = "t @> %s", [[wanted.word]]
        if wanted.tiles:
            where, given = f"{where} AND x && %s", [*given, wanted.tiles]
        rows = self._db.execute(
            f"WITH m AS MATERIALIZED (SELECT id, f FROM s WHERE {where})"  # noqa: S608 our own words
            " SELECT 'total', count(*) FROM m UNION ALL (SELECT 'best', id FROM m ORDER BY id LIMIT 20)"
            " UNION ALL (SELECT value, count(*) FROM m, unnest(f) AS value"
            " WHERE value LIKE 'need:%%' OR value LIKE 'speaks:%%' GROUP BY value)",
            given,
        ).fetchall()
        return int(rows[0][1])

    def close(self) -> None:
        self._db.execute(f"DROP SCHEMA {self._schema} CASCADE")
        self._db.close()


def ask(rival: Rival, questions: Sequence[Question], budget: float) -> dict[str, Any]:
    """Wall times of the questions, each asked twice, the second time measured; at most ``budget`` seconds."""
    samples, matches = Samples(), list[int]()
    begun = time.perf_counter()
    for question in questions:
        if samples.wall and time.perf_counter() - begun > budget:
            break
        wanted = Wanted.of(question)
        try:
            rival.ask(wanted)
            with samples.take():
                matches.append(rival.ask(wanted))
        except OperationalError:
            continue  # a word that FTS5 cannot read
    return {"built_seconds": rival.seconds, "matches": matches, **samples.figures()}
