"""The code book as the Ministry of Interior publishes it, an Excel workbook: runs in the fenced child.

A row is a community with the municipality, regional unit and region it belongs to. Columns are found
by their headings, as they stand there. The people of the communities (census 2001) are added up.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from sympolity.exchange.tables import workbook
from sympolity.kit.limited import Limited

__all__ = ["YEAR", "main"]

YEAR = 2001  # of the census in the column of people
_CODE, _NAME = "ΚΩΔΙΚΟΣ ΝΕΟΥ ΟΤΑ", "ΟΝΟΜΑ ΝΕΟΥ ΟΤΑ"
_UNIT, _UNIT_NAME = "ΚΩΔΙΚΟΣ ΠΕΡΙΦ. ΕΝΟΤΗΤΑΣ", "ΠΕΡΙΦΕΡΕΙΑΚΗ ΕΝΟΤΗΤΑ"
_REGION, _PEOPLE, _PART = "ΚΩΔΙΚΟΣ ΠΕΡΙΦΕΡΕΙΑΣ", "ΠΛΗΘΥΣΜΟΣ", "ΚΩΔΙΚΟΣ ΔΗΜ. ΕΝΟΤΗΤΑΣ"
_WANTED = (_CODE, _NAME, _UNIT, _UNIT_NAME, _REGION, _PEOPLE, _PART)
_HEAD = 20  # rows in which the headings are looked for
_MOST = 2_000  # municipalities
_CELLS = 400_000  # the book of 2011 has 163,000


def main(args: Sequence[str], source: BinaryIO) -> Iterator[str]:  # noqa: ARG001 - the shape that the child asks for
    """The municipalities of the book, a line each."""
    columns: dict[str, int] = {}
    found: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(workbook.main(["", str(_CELLS)], source)):
        row = json.loads(line)
        if not isinstance(row, list):
            continue
        cells = {int(at): str(text).strip() for at, text in row[1]}
        if columns:
            _add(found, {name: cells.get(at, "") for name, at in columns.items()})
        else:
            columns = _headings(cells)
            if number > _HEAD:
                break
    if not columns:
        raise Limited(f"it is no code book: a column {_CODE!r} and others are not in its first sheet")
    for one in found.values():
        one["units"] = len(one["units"])
        yield json.dumps(one)


def _headings(cells: dict[int, str]) -> dict[str, int]:
    """Where the columns stand; {} when one is missing. Of two of one name the one after the unit counts."""
    names = {at: " ".join(text.split()).replace("ΠΛΗΘΥ ΣΜΟΣ", _PEOPLE) for at, text in cells.items()}
    unit = next((at for at, name in names.items() if name == _UNIT), -1)
    places = {wanted: [at for at, name in sorted(names.items()) if name == wanted] for wanted in _WANTED}
    if unit < 0 or not all(places.values()):
        return {}
    return {wanted: next((at for at in there if at >= unit), there[0]) for wanted, there in places.items()}


def _add(found: dict[str, dict[str, Any]], row: dict[str, str]) -> None:
    code, region, unit = (_whole(row[name]) for name in (_CODE, _REGION, _UNIT))
    if not code or not region or not unit or not row[_NAME]:
        return  # headings that come again, sums, empty lines
    if code not in found and len(found) >= _MOST:
        raise Limited(f"it has more than {_MOST:,} municipalities")
    one = found.setdefault(code, {
        "kind": "municipality", "region": region, "unit": unit.zfill(4), "unit_name": row[_UNIT_NAME].title()[:100],
        "code": code, "name": row[_NAME].title()[:100], "units": [], "communities": 0, "population": 0, "year": YEAR,
    })  # fmt: skip
    one["communities"] += 1
    one["population"] += int(_whole(row[_PEOPLE]) or 0)
    if row[_PART] not in one["units"]:
        one["units"].append(row[_PART])


def _whole(cell: str) -> str:
    """The digits of a whole number that a workbook keeps as 9001, "9001" or 9001.0; "" for anything else."""
    digits = cell.removesuffix(".0")
    return digits if digits.isascii() and digits.isdecimal() and len(digits) < 9 else ""
