"""Code books, tables of names, settlements and p-codes, out of JSON and CSV: runs in the fenced child.

Gives a line of JSON for each thing: ``kind`` is one of those of :data:`KINDS`, or ``wrong`` with
its reason. Which kind a file is of shows in its content, whatever it is called.
"""

from __future__ import annotations

import csv
import encodings.utf_8  # noqa: F401 - nothing can be opened later
import io
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO

from sympolity.exchange.areas.json_pieces import text_of, whole, word
from sympolity.kit.limited import Limited

__all__ = ["KINDS", "MOST", "main"]

KINDS = ("municipality", "name", "settlement", "p_code", "figures")
MOST = 200_000  # rows of a file
_CELL = 2_000  # characters
Row = dict[str, Any]


def main(args: Sequence[str], source: BinaryIO) -> Iterator[str]:  # noqa: ARG001 - the shape that the child asks for
    """What the file holds, a line each."""
    text = text_of(source)
    rows = _of_json(whole(text)) if text.lstrip()[:1] in {"[", "{"} else _of_table(text)
    for number, row in enumerate(rows, 1):
        if number > MOST:
            raise Limited(f"it has more than {MOST:,} rows")
        yield json.dumps(row)


def _wrong(place: str, reason: str) -> Row:
    return {"kind": "wrong", "place": place, "reason": reason}


def _of_json(value: Any) -> Iterator[Row]:
    things = value if isinstance(value, list) else []
    first = next((thing for thing in things if isinstance(thing, dict)), {})
    if "regional_units" in first:
        for region in things:
            yield from _region(region)
    elif "ypes" in first and "name" in first:
        for number, thing in enumerate(things, 1):
            yield from _name(thing, number)
    else:
        raise Limited(
            "it is neither a code book (regions with regional_units) nor a list of names with codes (ypes, name)"
        )


def _parts(thing: Any, key: str) -> list[Row]:
    found = thing.get(key) if isinstance(thing, dict) else None
    return [part for part in found if isinstance(part, dict)] if isinstance(found, list) else []


def _region(region: Any) -> Iterator[Row]:
    for unit in _parts(region, "regional_units"):
        for one in _parts(unit, "municipalities"):
            parts = _parts(one, "municipal_units")
            row = {
                "kind": "municipality", "region": word(region.get("id"), 4), "unit": word(unit.get("id"), 8).zfill(4),
                "unit_name": word(unit.get("name"), 100), "code": word(one.get("id"), 8), "name": word(one.get("name"), 100),
                "units": len(parts), "communities": sum(len(_parts(part, "communities")) for part in parts),
            }  # fmt: skip
            yield (
                row
                if row["code"] and row["name"]
                else _wrong(f"unit {row['unit']}", "a municipality has no code or no name")
            )


def _name(thing: Any, number: int) -> Iterator[Row]:
    code = word(thing.get("ypes"), 8) if isinstance(thing, dict) else ""
    name = word(thing.get("name"), 100) if isinstance(thing, dict) else ""
    if code and name:
        yield {"kind": "name", "code": code, "name": name}
    else:
        yield _wrong(f"entry {number}", f"{name or 'it'} has no code: it is no municipality")


def _of_table(text: str) -> Iterator[Row]:
    try:
        text = text.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise Limited(f"line {line} is not written in UTF-8. Save it as CSV in UTF-8 and try again") from None
    csv.field_size_limit(_CELL)
    head = text[: text.find("\n")]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))
    try:
        header = [cell.strip().lower() for cell in next(rows, [])]
        read = next((read for wanted, read in _TABLES if set(wanted) <= set(header)), None)
        if read is None:
            raise Limited(
                "its columns are those of no table known here: settlements, p-codes, figures of municipalities"
            )
        for number, row in enumerate(rows, 2):
            if any(row):
                yield from read(dict(zip(header, row, strict=False)), f"row {number}")
    except csv.Error as error:
        raise Limited(f"it is no table of commas: {error}") from None


def _number(cell: str | None) -> float | None:
    try:
        return float((cell or "").strip().replace(",", "."))
    except ValueError:
        return None


def _settlement(row: dict[str, str], place: str) -> Iterator[Row]:
    lat, lon = _number(row.get("lat")), _number(row.get("lon"))
    if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180):
        yield _wrong(place, f"{row['location'][:60]}: lat and lon are no degrees")
    else:
        yield {"kind": "settlement", "name": row["location"].strip()[:100], "point": [round(lat, 5), round(lon, 5)]}


def _p_code(row: dict[str, str], place: str) -> Iterator[Row]:
    if row["p-code"].startswith("#"):  # the line of HXL tags
        return
    if row.get("admin level") == "2" and row["p-code"][-2:].isdecimal():
        yield {"kind": "p_code", "region": str(int(row["p-code"][-2:])), "code": row["p-code"].strip()[:12]}
    else:
        yield _wrong(place, f"{row['p-code'][:20]}: no area of this level is kept")


def _figures(row: dict[str, str], place: str) -> Iterator[Row]:
    people, year = _number(row.get("population")), _number(row.get("population_year"))
    if people is None or year is None or not (0 <= people < 10**8 and 1800 <= year <= 2200):
        yield _wrong(place, "population and population_year are no numbers")
    else:
        yield {
            "kind": "figures", "code": row["ypes_code"].strip()[:8], "population": int(people), "year": int(year),
            "elstat": row.get("elstat_code", "").strip()[:8], "nuts": row.get("nuts3", "").strip()[:8],
        }  # fmt: skip


_TABLES: tuple[tuple[tuple[str, ...], Callable[[dict[str, str], str], Iterator[Row]]], ...] = (
    (("location", "lat", "lon"), _settlement),
    (("p-code", "admin level"), _p_code),
    (("ypes_code", "population", "population_year"), _figures),
)
