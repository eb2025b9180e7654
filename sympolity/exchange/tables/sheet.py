"""The cells of a sheet as rows of texts. Runs in the fenced child."""

from __future__ import annotations

from sympolity.exchange.tables import limits
from sympolity.exchange.tables.book import Book
from sympolity.exchange.tables.numbers import as_text
from sympolity.exchange.tables.package import local
from sympolity.exchange.tables.shared import cleared, number
from sympolity.kit.limited import Limited

__all__ = ["NO_VALUE", "Sheet", "column_of"]

NO_VALUE = "#FORMULA WITHOUT VALUE!"  # stands in a cell whose formula was never computed
_PIECES = 64  # of one cell; expat gives text in pieces of 8,192 bytes
_OTHERS = 100_000  # elements of a sheet that are no cells
_FOREIGN = "The file holds many marks that no table needs. Copy the table into a new workbook."


def column_of(letters: str) -> int:
    """The number of a column from 0: A is 0, AA is 26."""
    number = 0
    for char in letters:
        number = number * 26 + ord(char) - 64
    return number - 1


class _Columns(dict[str, int]):
    """Letters -> number of a column, each computed once."""

    def __missing__(self, letters: str) -> int:
        if not 1 <= len(letters) <= 3 or not letters.isascii() or not letters.isupper():
            raise Limited("A cell of the sheet has no place (such as B7). Save the file again.")
        self[letters] = column_of(letters)
        return self[letters]


class Sheet:
    """The handlers of a sheet; finished rows wait in ``ready``."""

    def __init__(self, book: Book, merged: dict[int, list[tuple[int, int]]], most: int) -> None:
        self.book = book
        self.most = most
        self.facts = {"stopped": 0, "formulas": 0, "hidden rows": 0, "merged cells": 0}
        self.ready: list[tuple[int, list[tuple[int, str]]]] = []
        self.merged: dict[int, list[tuple[int, int]]] = {}  # first row -> (column, last row)
        for column, spans in merged.items():
            for first, last in spans:
                self.merged.setdefault(first, []).append((column, last))
        self._down: dict[int, tuple[int, str]] = {}  # column -> (last row, text) of a merged cell that goes on
        self._row, self._last, self._cells, self._rows = 0, 0, 0, 0
        self._here: dict[int, str] = {}
        self._columns = _Columns()
        self._others = 0
        self._column, self._kind = -1, ""
        self._style: str | None = None
        self._value: list[str] = []
        self._open = self._phonetic = self._formula = self._stored = False

    @property
    def stopped(self) -> bool:
        return bool(self.facts["stopped"])

    def take(self) -> list[tuple[int, list[tuple[int, str]]]]:
        rows, self.ready = self.ready, []
        return rows

    def start(self, name: str, has: dict[str, str]) -> None:
        if ":" in name:
            name = local(name)
        if name == "c":
            self._begin_cell(has)
        elif name in {"v", "t"}:
            self._open, self._stored = not self._phonetic, True
        elif name == "f":
            self._formula = True
        elif name == "row":
            self._begin_row(has)
        elif name == "rPh":
            self._phonetic = True
        else:
            self._others += 1
            if self._others > _OTHERS:
                raise Limited(_FOREIGN)

    def text(self, data: str) -> None:
        if self._open:
            self._value.append(data)
            if len(self._value) > _PIECES:
                raise Limited(f"A cell of row {self._row} holds more than {limits.CELL:,} characters. Shorten it.")

    def end(self, name: str) -> None:
        if ":" in name:
            name = local(name)
        if name in {"v", "t"}:
            self._open = False
        elif name == "c":
            self._end_cell()
        elif name == "row":
            self._end_row()
        elif name == "rPh":
            self._phonetic = False

    def _begin_row(self, has: dict[str, str]) -> None:
        before = self._row
        self._row = number(has.get("r")) or before + 1
        if self._row <= before:
            raise Limited(f"Row {self._row} stands behind row {before} in the file. Save it again.")
        self._column, self._here = -1, {}
        if has.get("hidden") in {"1", "true"}:
            self.facts["hidden rows"] += 1

    def _begin_cell(self, has: dict[str, str]) -> None:
        place = has.get("r")
        self._column = self._columns[place.rstrip("0123456789")] if place else self._column + 1
        self._kind, self._style = has.get("t", "n"), has.get("s")
        self._value, self._formula, self._stored = [], False, False
        self._cells += 1
        if self._cells > self.most:
            raise Limited(f"The sheet names more than {self.most:,} cells. Save the table as CSV UTF-8 and try again.")

    def _end_cell(self) -> None:
        text = self._said("".join(self._value))
        if self._formula:
            self.facts["formulas"] += 1
            text = text if self._stored else NO_VALUE
        if not text:
            return
        if self._column >= limits.COLUMNS:
            raise Limited(
                f"Row {self._row} has a value in column {self._column + 1}; at most {limits.COLUMNS} columns are read."
            )
        if len(text) > limits.CELL:
            raise Limited(f"A cell of row {self._row} holds more than {limits.CELL:,} characters. Shorten it.")
        self._here[self._column] = text

    def _said(self, value: str) -> str:
        if self._kind == "n" and not self._style and value.isdigit() and len(value) < 16:
            return value
        if self._kind == "s":
            at = number(value.strip()) if value.strip() else -1
            return self.book.strings[at] if 0 <= at < len(self.book.strings) else ""
        if self._kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(value.strip(), value)
        if self._kind == "n" and value:
            kinds, style = self.book.dates, number(self._style)
            kind = kinds[style] if style < len(kinds) else ""
            return as_text(value.strip(), kind, from_1904=self.book.from_1904)
        return cleared(value)

    def _end_row(self) -> None:
        if self.stopped or self._row - self._last > limits.EMPTY:
            self.facts["stopped"] = 1
            return
        if not any(text.strip() for text in self._here.values()):
            return
        self._fill_down()
        self._last = self._row
        self._rows += 1
        if self._rows > limits.SHEET_ROWS:
            raise Limited(f"The sheet has more than {limits.SHEET_ROWS:,} rows. Split it, or save it as CSV UTF-8.")
        self.ready.append((self._row, sorted(self._here.items())))

    def _fill_down(self) -> None:
        """A cell merged over rows holds for each row that has something (its value stands in the first one only)."""
        for column, last in self.merged.pop(self._row, ()):
            if column in self._here:
                self._down[column] = (last, self._here[column])
        for column, (last, text) in list(self._down.items()):
            if last < self._row:
                del self._down[column]
            elif column not in self._here:
                self._here[column] = text
                self.facts["merged cells"] += 1
