"""The CSV tables of HSDS into a store: HSDS 3 (one file per entity) and HSDS 1 as Ohana writes it.

Bounded: the size of each file, the length of a line and of a record, the number of columns, rows and files.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sympolity.exchange.formats.hsds.joining import KEYS, KINDS, REFERENCES, joined
from sympolity.exchange.formats.hsds.store import Store
from sympolity.exchange.reading import MAX_RECORD, Page, Record, Unreadable, opened
from sympolity.kit.bidi import clean_line

__all__ = ["filled_from_json", "is_tables", "read_tables", "table_of"]

MAX_ROWS = 1_000_000  # of all files together
MAX_LINE = 1_000_000  # characters, of a line and of a cell
_HEADER = 65_536  # characters of the first line
_COLUMNS = 500
_RECORD_LINES = 10_000  # of one record: cells may hold line feeds
_FILES = 200  # names in a folder that are looked at
_BESIDE = ("datapackage.json", "readme.md", "license.md", "license", "readme.txt")
_OTHER_NAMES = {
    "service": "services", "organization": "organizations", "location": "locations", "program": "programs",
    "phone": "phones", "contact": "contacts", "physical_addresses": "addresses", "postal_addresses": "mail_addresses",
    "address": "addresses", "schedule": "schedules", "regular_schedule": "regular_schedules",
    "holiday_schedule": "holiday_schedules", "services_at_location": "service_at_location",
    "service_at_locations": "service_at_location", "service_area": "service_areas", "language": "languages",
    "required_document": "required_documents", "fundings": "funding", "urls": "url", "attribute": "attributes",
    "cost_option": "cost_options", "unit": "units", "taxonomy_term": "taxonomy_terms", "capacities": "service_capacity",
    "service_capacities": "service_capacity", "accessibility_for_disabilities": "accessibility",
    "organization_identifier": "organization_identifiers", "taxonomy": "taxonomies",
}  # fmt: skip
_EXPECTED = "expected are the tables of HSDS: services.csv, organizations.csv, locations.csv, service_at_location.csv …"


def table_of(name: str) -> str:
    """The table that a file holds, by its name ("services.csv"); "" when it is none of HSDS."""
    stem = name.casefold().removesuffix(".csv")
    stem = _OTHER_NAMES.get(stem, stem)
    return stem if stem in KINDS else ""


def is_tables(paths: Sequence[Path]) -> bool:
    """Whether the paths are CSV files or folders of them."""
    return any(path.is_dir() or path.suffix.casefold() == ".csv" for path in paths)


def read_tables(paths: Sequence[Path], page: Page) -> Iterator[Record]:
    """A record per service of the tables, then one per row that belongs to none."""
    files = _files(paths, page)
    _need_services({table: path.name for table, path in files.items()})
    store = Store()
    try:
        for table, path in files.items():
            _load(store, table, path)
        store.ready()
        yield from _told(store, {table: path.name for table, path in files.items()}, page)
    finally:
        store.close()


def filled_from_json(rows: Iterable[tuple[str, Record]], page: Page) -> Iterator[Record]:
    """The same for rows that stand in lists of one JSON object: (name of the list, row)."""
    store = Store()
    files: dict[str, str] = {}
    try:
        for name, record in rows:
            table = table_of(name)
            if record.fault:
                raise Unreadable(f"{name}, row {record.number}: {record.fault}.")
            files[table] = clean_line(name, 80)
            _add(store, table, record.line, record.value)
        store.ready()
        yield from _told(store, files, page)
    finally:
        store.close()


def _told(store: Store, files: dict[str, str], page: Page) -> Iterator[Record]:
    if "services" not in files:
        raise Unreadable(
            f"There is no table of services (here: {', '.join(sorted(files.values()))[:200]}); {_EXPECTED}"
        )
    yield from joined(store, files)
    for table in REFERENCES:
        left = store.left(table) if table in store.tables else 0
        if left:
            page.notes.append(f"{files[table]}: {left} of {store.tables[table]} rows are named by no record")


def _need_services(files: dict[str, str]) -> None:
    if "services" not in files:
        raise Unreadable(
            f"There is no table of services (here: {', '.join(sorted(files.values()))[:200]}); {_EXPECTED}"
        )


def _files(paths: Sequence[Path], page: Page) -> dict[str, Path]:
    """Table -> file. A link in a folder may lead anywhere, so it is not followed."""
    found: dict[str, Path] = {}
    for path in paths:
        for one in _inside(path) if path.is_dir() else [path]:
            table = table_of(one.name)
            if not table:
                if one.name.casefold() not in _BESIDE:
                    page.facts[clean_line(one.name, 80)] = True
                continue
            if table == "taxonomies" and one.stem.casefold() == "taxonomy" and _is_terms(one):
                table = "taxonomy_terms"
            if table in found:
                raise Unreadable(f"{found[table].name} and {one.name} are the same table. Give one of them.")
            found[table] = one
    if not found:
        raise Unreadable(f"No table of HSDS is there; {_EXPECTED}")
    return {table: found[table] for table in KINDS if table in found}


def _inside(folder: Path) -> list[Path]:
    files: list[Path] = []
    try:
        with os.scandir(folder) as entries:
            for number, entry in enumerate(entries):
                if number >= _FILES:
                    raise Unreadable(
                        f"{folder} holds more than {_FILES} files. Put the tables of HSDS into a folder of their own."
                    )
                if entry.is_symlink():
                    raise Unreadable(
                        f"{entry.name} in {folder} is a link; links are not followed. Put the file itself there."
                    )
                if entry.is_file() and not entry.name.startswith("."):
                    files.append(Path(entry.path))
    except OSError as error:
        raise Unreadable(f"{folder} cannot be opened: {error.strerror}.") from error
    return sorted(files)


def _is_terms(path: Path) -> bool:
    """Whether "taxonomy.csv" holds terms (HSDS 1), and not a list of taxonomies."""
    with opened(path) as handle:
        first = handle.readline(_HEADER).decode("utf-8", "replace").casefold()
    return "parent_id" in first or "parent_name" in first


def _load(store: Store, table: str, path: Path) -> None:
    for line, value in _rows(path):
        _add(store, table, line, value)


def _add(store: Store, table: str, line: int, value: dict[str, Any]) -> None:
    keys = KEYS.get(table, ("id",))
    key = next((one for one in keys if one in value), keys[0])
    store.add(table, key, line, value)
    if len(store) > MAX_ROWS:
        raise Unreadable(f"The tables have more than {MAX_ROWS:,} rows. Split them by organization.")


class _Lines:
    """The lines of a CSV file, none longer than it may be, none without end of its record."""

    def __init__(self, text: io.TextIOWrapper, name: str) -> None:
        self._text, self._name = text, name
        self.number = 0
        self.begin()

    def begin(self) -> None:
        """A record begins with the next line."""
        self.since, self.lines = 0, 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        try:
            line = self._text.readline(MAX_LINE if self.number else _HEADER)
        except UnicodeDecodeError as error:
            raise Unreadable(
                f"{self._name}: byte 0x{error.object[error.start]:02X} after line {self.number} is no UTF-8. "
                "Save the file as UTF-8 and try again."
            ) from None
        if not line:
            raise StopIteration
        self.number += 1
        self.since += len(line)
        limit = MAX_LINE if self.number > 1 else _HEADER
        if len(line) >= limit:
            raise Unreadable(f"{self._name}, line {self.number} is longer than {limit:,} characters.")
        self.lines += 1
        if self.since > MAX_RECORD or self.lines > _RECORD_LINES:
            raise Unreadable(f"{self._name}: a record does not end before line {self.number}; is a quote not closed?")
        if "\x00" in line:
            raise Unreadable(
                f"{self._name}, line {self.number} holds a NUL character: this is no text. Export it again."
            )
        return line


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line, row) of a file; rows that are empty throughout are passed over."""
    csv.field_size_limit(MAX_LINE)
    with opened(path) as handle, io.TextIOWrapper(handle, encoding="utf-8-sig", newline="") as text:
        lines = _Lines(text, path.name)
        first = next(lines, "")
        lines.begin()
        delimiter = max(",;\t", key=first.count)
        header = _header(next(csv.reader([first], delimiter=delimiter), []), path.name)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                lines.begin()
                if any(cells):
                    yield lines.number, _row(header, cells)
        except csv.Error as error:
            raise Unreadable(
                f"{path.name}, line {lines.number}: {error}. Is the file cut, or a quote not closed?"
            ) from None


def _header(cells: list[str], name: str) -> list[str]:
    header = [clean_line(cell, 80).casefold().replace(" ", "_") for cell in cells]
    if len(header) > _COLUMNS:
        raise Unreadable(f"{name} has {len(header):,} columns; at most {_COLUMNS} are read.")
    twice = next((one for one in header if one and header.count(one) > 1), "")
    if twice:
        raise Unreadable(f"{name}: the column {twice!r} stands twice.")
    if not {"id", "taxonomy_id"} & set(header):
        raise Unreadable(f"{name}: the first line should name the columns, one of them id; here it begins {cells[:3]}.")
    return [one or f"column {number}" for number, one in enumerate(header, 1)]


def _row(header: list[str], cells: list[str]) -> dict[str, Any]:
    value: dict[str, Any] = dict(zip(header, cells, strict=False))
    if len(cells) > len(header):
        value["cells without a column"] = cells[len(header) : len(header) + 20]
    return value
