"""Rows of a CSV file: encoding, separator, quotes; bounded in every direction.

Nothing longer than a line is held. Cells stay text, whatever they begin with.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

from sympolity.exchange.reading import Unreadable
from sympolity.exchange.tables import limits
from sympolity.exchange.tables.encodings import HOW_TO_SAVE, encoding_of
from sympolity.exchange.tables.headings import target_of

__all__ = ["Dialect", "Row", "dialect_of", "rows"]

_LINE = 500_000  # characters of one line
_CHUNK = 65_536
_SEPARATORS = ",;\t|"
_JUDGED = 30  # rows by which the separator is told


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV file is written. ``sep_line``: it begins with Excel's own line ``sep=;``."""

    encoding: str
    delimiter: str
    sep_line: bool = False


@dataclass(slots=True)
class Row:
    """A row that has something: its number as a spreadsheet program counts, its line in the file, its cells."""

    number: int
    line: int
    cells: list[str]


def dialect_of(path: Path) -> Dialect:
    """Encoding and separator; :class:`Unreadable` when they cannot be told."""
    encoding = encoding_of(path)
    with path.open("r", encoding=encoding, newline="") as handle:
        first = next(_lines(handle), "").strip().strip('"')
        if first.lower().startswith("sep=") and len(first) in {4, 5}:
            return Dialect(encoding, first[4:] or "\t", sep_line=True)
        handle.seek(0)
        return Dialect(encoding, _delimiter(handle))


def _delimiter(handle: TextIO) -> str:
    """The separator with which one of the first rows has most headings that we know; else the one that cuts
    most rows alike, and into most cells.
    """
    beginning = list(islice(_lines(handle), _JUDGED * 3))
    return max(_SEPARATORS, key=lambda delimiter: _score(beginning, delimiter))


def _score(beginning: list[str], delimiter: str) -> tuple[int, bool, int]:
    """(known headings, most rows are alike, cells in them)."""
    try:
        # Lenient: a quote that never ends is told when the rows are read.
        cut = [row for row in islice(csv.reader(beginning, delimiter=delimiter), _JUDGED) if any(row)]
    except csv.Error:
        return (0, False, 0)
    several = [len(row) for row in cut if len(row) > 1]
    if not several:
        return (0, False, 0)
    width, often = Counter(several).most_common(1)[0]
    known = max(sum(1 for cell in row[: limits.COLUMNS] if target_of(cell)) for row in cut)
    return (known, often * 2 > len(cut), width)


def rows(path: Path, dialect: Dialect) -> Iterator[Row]:
    """The rows that have something; a last ``Row`` with number 0 tells that reading stopped in empty rows.

    Raises :class:`Unreadable` with the place.
    """
    with path.open("r", encoding=dialect.encoding, newline="") as handle:
        lines = _lines(handle)
        if dialect.sep_line:
            next(lines, None)
        reader = csv.reader(lines, delimiter=dialect.delimiter, strict=False)
        try:
            yield from _kept(reader, int(dialect.sep_line))
        except csv.Error as error:
            raise Unreadable(_why(str(error), reader.line_num + dialect.sep_line)) from None
        except UnicodeError:
            raise Unreadable(
                f"After line {reader.line_num + dialect.sep_line} stand bytes that are no {dialect.encoding}: the file was "
                f"cut or mixed from several. {HOW_TO_SAVE}"
            ) from None


def _kept(reader: Iterator[list[str]], before: int) -> Iterator[Row]:
    number, last, kept = before, before, 0
    line = before + 1
    for cells in reader:
        number += 1
        here, line = line, before + int(getattr(reader, "line_num", 0)) + 1
        if not any(cells) or not any(cell.strip() for cell in cells):
            if number - last > limits.EMPTY:
                yield Row(0, here, [])
                return
            continue
        last, kept = number, kept + 1
        _check(cells, number, kept)
        yield Row(number, here, cells)


def _check(cells: list[str], number: int, kept: int) -> None:
    while cells and not cells[-1].strip():
        cells.pop()
    if len(cells) > limits.COLUMNS:
        raise Unreadable(f"Row {number} has {len(cells):,} columns; at most {limits.COLUMNS} are read.")
    if kept > limits.ROWS:
        raise Unreadable(f"The file has more than {limits.ROWS:,} rows. Split it.")
    for column, cell in enumerate(cells):
        if len(cell) > limits.CELL:
            raise Unreadable(
                f"Row {number}, column {column + 1}: a cell of more than {limits.CELL:,} characters. Is a quote missing?"
            )
        if "\x00" in cell:
            raise Unreadable(f"Row {number}, column {column + 1} holds a character of value 0: the file is damaged.")


def _why(error: str, line: int) -> str:
    if "field larger" in error:
        return f"A cell near line {line} goes on for more than {limits.CELL:,} characters. Is a quote missing?"
    if "NUL" in error:
        return f"Line {line} holds a character of value 0: the file is damaged, or no text."
    return f"Line {line} cannot be read: {error}."


def _lines(handle: TextIO) -> Iterator[str]:
    """Lines with their ends, none longer than ``_LINE``."""
    number = 0
    while line := handle.readline(_LINE):
        number += 1
        if len(line) >= _LINE:
            raise Unreadable(
                f"Line {number} has more than {_LINE:,} characters. It is no table, or the file is damaged."
            )
        yield line
