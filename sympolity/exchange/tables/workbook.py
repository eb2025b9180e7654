"""A sheet of an Excel workbook as lines of JSON. Runs in the fenced child (``kit.limited``).

Only the table is read: formulas are not computed (the value stored with them is taken), links,
pictures and everything else in the package stay closed. Source: ECMA-376 part 1, SpreadsheetML.

Lines: first {"sheets": [[name, hidden]], "sheet": name}; for each row that has something
[number, [[column, text], …]], columns from 0; last {"end": facts}.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from sympolity.exchange.tables import limits
from sympolity.exchange.tables.book import SMALL, Book
from sympolity.exchange.tables.package import Package, feed
from sympolity.exchange.tables.sheet import NO_VALUE, Sheet, column_of
from sympolity.kit.limited import Limited

__all__ = ["NO_VALUE", "main"]

_SHEET = 60_000_000  # bytes
_MERGES = 10_000
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_SHEET_ENDS = re.compile(rb"</(?:\w+:)?sheetData\s*>|<(?:\w+:)?sheetData\s*/>")


def main(args: Sequence[str], source: BinaryIO) -> Iterator[str]:
    """``args``: the name of the sheet, or "" for the first that is visible; the most cells, if not ours."""
    package = Package(source)
    book = Book(package)
    name, part = book.chosen(args[0] if args else "")
    sheets = [[sheet.name, sheet.hidden] for sheet in book.sheets]
    yield json.dumps({"sheets": sheets, "sheet": name})
    sheet = Sheet(book, _merged(package, part), int(args[1]) if len(args) > 1 else limits.CELLS)
    for _ in feed(package.chunks(part, _SHEET), start=sheet.start, end=sheet.end, text=sheet.text):
        for row in sheet.take():
            yield json.dumps(row, ensure_ascii=False)
        if sheet.stopped:
            break
    facts = sheet.facts | ({"links to other files": 1} if _linked(package) else {})
    yield json.dumps({"end": {key: value for key, value in facts.items() if value}})


def _linked(package: Package) -> bool:
    return any(name.startswith("xl/externallinks/") for name in package.names())


def _merged(package: Package, part: str) -> dict[int, list[tuple[int, int]]]:
    """Cells merged over rows: column -> (first, last). They stand behind the rows, so the part is passed once before."""
    tail = b""
    found = False
    for chunk in package.chunks(part, _SHEET):
        tail += chunk
        ends = None if found else _SHEET_ENDS.search(tail)
        if ends:
            found, tail = True, tail[ends.end() :]
        elif not found:
            tail = tail[-40:]
        if len(tail) > SMALL:
            break
    merged: dict[int, list[tuple[int, int]]] = {}
    for count, match in enumerate(_MERGE.finditer(tail if found else b"")):
        if count >= _MERGES:
            raise Limited(f"The sheet has more than {_MERGES:,} merged cells. Unmerge them and try again.")
        first, last = int(match[2]), int(match[4])
        if last > first:
            merged.setdefault(column_of(match[1].decode()), []).append((first, last))
    return merged
