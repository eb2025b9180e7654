"""A table from outside, CSV or Excel: its heading, its rows one at a time, and a peek at its beginning."""

from __future__ import annotations

import json
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from sympolity.exchange.reading import Unreadable
from sympolity.exchange.tables import limits, separated
from sympolity.exchange.tables.headings import target_of
from sympolity.exchange.tables.separated import Row
from sympolity.kit.bidi import clean_line
from sympolity.kit.limited import Limited, Spent, run_limited

__all__ = ["Header", "Peek", "Source", "letters", "opened", "peek"]

_LOOKED_AT = 20  # rows in which the heading is looked for
_CHILD = "sympolity.exchange.tables.workbook"


@dataclass(slots=True)
class Header:
    """The heading of a table: unique names of its columns, HXL tags where a row of them follows, its row."""

    names: list[str]
    row: int
    tags: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Peek:
    """The beginning of a table, for a person who says where its columns go.

    ``rows``: texts, as many in each as ``header`` has; ``numbers``: theirs in the file.
    """

    header: list[str]
    rows: list[list[str]]
    tags: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    header_row: int = 1
    encoding: str = ""
    delimiter: str = ""
    sheets: list[str] = field(default_factory=list)
    sheet: str = ""


class Source:
    """An opened table; each call of :meth:`rows` reads it from its beginning."""

    encoding = ""
    delimiter = ""
    strict = True  # a row with more cells than the heading has lost a quote or a separator

    def __init__(self) -> None:
        self.sheets: list[str] = []
        self.sheet = ""
        self.notes: list[str] = []
        self.stopped = False

    def raw(self) -> Iterator[Row]:
        """The rows that have something, the heading among them."""
        raise NotImplementedError

    def further(self, names: Sequence[str], cells: int) -> list[str]:
        """Names of columns behind the last one of the heading, in a row of so many cells."""
        return [] if self.strict else [f"column {letters(at)}" for at in range(len(names), cells)]

    def table(self) -> tuple[Header, Iterator[Row]]:
        """The heading, and the rows below it."""
        self.notes, self.stopped = [], False
        rows = self.raw()
        first = list(islice(rows, _LOOKED_AT))
        header, skip = _header(first, strict=self.strict)
        return header, _rest(first[skip:], rows)


def _rest(first: Sequence[Row], rows: Iterator[Row]) -> Iterator[Row]:
    yield from first
    yield from rows


class _Csv(Source):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._dialect = separated.dialect_of(path)
        self.encoding, self.delimiter = self._dialect.encoding, self._dialect.delimiter

    def raw(self) -> Iterator[Row]:
        for row in separated.rows(self._path, self._dialect):
            if row.number:
                yield row
            else:
                self.stopped = True
                self.notes.append(limits.STOPPED)


class _Workbook(Source):
    strict = False

    def __init__(self, path: Path, sheet: str, spent: Spent | None) -> None:
        super().__init__()
        self._path, self._wanted, self._spent = path, sheet, spent

    def raw(self) -> Iterator[Row]:
        try:
            with self._path.open("rb") as handle, closing(_told(handle, self._wanted, self._spent)) as lines:
                for line in lines:
                    row = self._row(json.loads(line))
                    if row:
                        yield row
        except Limited as error:
            raise Unreadable(_sentence(error.reason)) from None

    def _row(self, told: Any) -> Row | None:
        if isinstance(told, list):
            number, cells = told
            texts = [""] * (cells[-1][0] + 1)
            for column, text in cells:
                texts[column] = text
            return Row(number, number, texts)
        if "end" in told:
            self._end(told["end"])
        else:
            self.sheet = told["sheet"]
            self.sheets = [name for name, _ in told["sheets"]]
            others = len(self.sheets) - 1
            if others and not self._wanted:
                self.notes.append(f'sheet "{clean_line(self.sheet, 60)}" was read; {others} other sheets were not')
        return None

    def _end(self, facts: dict[str, int]) -> None:
        self.stopped = bool(facts.get("stopped"))
        told = {
            "formulas": "cells hold formulas; their values as last saved were taken",
            "hidden rows": "rows are hidden in the sheet and were read like the others",
            "merged cells": "cells had no value of their own and took that of the cell they are merged with",
        }
        self.notes += [f"{facts[key]} {words}" for key, words in told.items() if facts.get(key)]
        if facts.get("links to other files"):
            self.notes.append("the workbook links to other files; they were not opened")
        if self.stopped:
            self.notes.append(limits.STOPPED)


def _told(handle: Any, sheet: str, spent: Spent | None) -> Any:
    return run_limited(
        _CHILD, [sheet[:100]], seconds=limits.SECONDS, memory=limits.MEMORY, stdin=handle, spent=spent
    )  # fmt: skip


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:]}" + ("" if reason.endswith(".") else ".")


def opened(path: Path, *, sheet: str = "", kind: str = "", spent: Spent | None = None) -> Source:
    """The table of a file; :class:`Unreadable` when it cannot be one.

    ``kind``: "csv" or "xlsx" where it is known; else the first bytes tell. ``sheet``: of a workbook.
    """
    try:
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):
            raise Unreadable(f"{path.name} is no ordinary file.")
        with path.open("rb") as handle:
            first = handle.read(512)
    except (OSError, ValueError) as error:
        says = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise Unreadable(f"{path.name} cannot be opened: {says}.") from error
    if not first:
        raise Unreadable(f"{path.name} is empty.")
    kind = kind or (
        "xlsx" if first.startswith((b"PK", b"\xd0\xcf\x11\xe0")) or path.suffix.lower() == ".xlsx" else "csv"
    )
    most = limits.XLSX_BYTES if kind == "xlsx" else limits.CSV_BYTES
    if facts.st_size > most:
        raise Unreadable(
            f"{path.name} has {facts.st_size / 1e6:,.0f} MB; at most {most // 10**6} MB are read. Keep the table of services "
            "alone in it, or split it."
        )
    if kind == "xlsx":
        return _Workbook(path, sheet, spent)
    _refuse_foreign(first)
    return _Csv(path)


def _refuse_foreign(first: bytes) -> None:
    if first.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Unreadable("The file is a workbook, not CSV. Import it as xlsx, or save it as CSV UTF-8.")
    if first.startswith((b"%PDF", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"Rar!", b"7z\xbc\xaf")):
        raise Unreadable("The file is a PDF or an archive, not CSV. Unpack it, or save the table as CSV UTF-8.")
    start = first.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype", b"<?xml", b"<table")):
        raise Unreadable(
            "The file is a web page or XML, not CSV. Open it in a spreadsheet program and save it as CSV UTF-8."
        )
    if start.startswith((b"{", b'[{"', b"[\n", b"[\r")):
        raise Unreadable("The file is JSON, not CSV. Import it under its own format.")


def _header(first: Sequence[Row], *, strict: bool) -> tuple[Header, int]:
    """The heading among the first rows: the row with most headings that we know, else the first with several cells."""
    if not first:
        raise Unreadable("The table is empty: no row has anything in it.")
    tagged = next((at for at, row in enumerate(first) if _is_tags(row)), None)
    if tagged is not None:
        at = max(tagged - 1, 0)
        tags = [cell.strip() for cell in first[tagged].cells]
        return Header(_named(first[at], first, strict=strict), first[at].number, tags), tagged + 1
    known = [sum(1 for cell in row.cells if cell.strip() and target_of(cell)) for row in first]
    wide = next((at for at, row in enumerate(first) if sum(bool(cell.strip()) for cell in row.cells) > 1), 0)
    at = known.index(max(known)) if max(known) > 1 else wide
    return Header(_named(first[at], first, strict=strict), first[at].number), at + 1


def _is_tags(row: Row) -> bool:
    filled = [cell.strip() for cell in row.cells if cell.strip()]
    return bool(filled) and all(cell.startswith("#") and len(cell) > 2 and cell[1].isalpha() for cell in filled)


def _named(row: Row, first: Sequence[Row], *, strict: bool) -> list[str]:
    """A name for each column: its heading, numbered when it stands twice; "column D" when it has none."""
    below = [len(one.cells) for one in first if one.number > row.number]
    # One wider row may be a slip; most rows wider are columns without a heading.
    wider = [length for length in below if length > len(row.cells)]
    wide = max([len(row.cells), *wider]) if not strict or 2 * len(wider) > len(below) else len(row.cells)
    said = [clean_line(row.cells[at], 120) if at < len(row.cells) else "" for at in range(wide)]
    met: Counter[str] = Counter()
    names: list[str] = []
    for at, name in enumerate(said):
        here = name or f"column {letters(at)}"
        met[here] += 1
        names.append(here if met[here] == 1 else f"{here} ({met[here]})")
    return names


def letters(column: int) -> str:
    """The letters of a column as a spreadsheet program names it: 0 is A, 26 is AA."""
    said = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        said = chr(65 + rest) + said
    return said


def peek(path: Path, limit: int = 20, *, sheet: str = "", kind: str = "") -> Peek:
    """The heading and the first ``limit`` rows; :class:`Unreadable` when the file is no table."""
    source = opened(path, sheet=sheet, kind=kind)
    header, rows = source.table()
    wide = len(header.names)
    some = list(islice(rows, limit))
    close = getattr(rows, "close", None)
    if close:
        close()
    texts = [[clean_line(cell, 300) for cell in [*row.cells, *[""] * wide][:wide]] for row in some]
    return Peek(
        header.names, texts, header.tags, [row.number for row in some], header.row,
        source.encoding, source.delimiter, source.sheets, source.sheet,
    )  # fmt: skip
