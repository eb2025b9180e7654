"""HSDS as JSON: a page, a list, one object, objects one after the other (ndjson), or an object of tables.

One object is held at a time; services at locations are put together by service in a store on disk.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from sympolity.exchange.formats.hsds import kinds
from sympolity.exchange.formats.hsds.store import Store, TooMany
from sympolity.exchange.formats.hsds.tables import filled_from_json, table_of
from sympolity.exchange.reading import (
    MAX_KEYS,
    MAX_PARTS,
    MAX_RECORD,
    Page,
    Record,
    Unreadable,
    Window,
    checked,
    elements,
    fact,
    opened,
)
from sympolity.exchange.window import Taken
from sympolity.kit.bidi import clean_line

__all__ = ["PAGE_KEYS", "read_pages"]

_LISTS = ("contents", "content")
_FACTS = ("total_items", "total_pages", "page_number", "size", "first_page", "last_page", "empty")
# HSDS 3 and, for pages of before, the names of Open Referral UK 1.
_OLD_FACTS = {"totalElements": "total_items", "totalPages": "total_pages", "number": "page_number"}
PAGE_KEYS = frozenset({*_FACTS, *_OLD_FACTS, *_LISTS, "first", "last", "items", "pages", "shape"})
_MOST_PARTS = 10 * MAX_PARTS  # of one object, before it is given up
_PATIENCE = 1000  # records after which one should have been of HSDS
_EXPECTED = (
    "expected are services of HSDS 3: a page with contents, a list, one service or organization, ndjson, tabular.json; "
    "or a folder of its CSV tables"
)


@dataclass(slots=True)
class _Seen:
    """What was met while the files were read."""

    page: Page
    number: int = 0
    known: int = 0
    first: str = ""
    groups: Store | None = None
    services: dict[str, None] = field(default_factory=dict)


def read_pages(paths: Sequence[Path], page: Page) -> Iterator[Record]:
    """The records of the files in order; services at locations come last, one record per service."""
    seen = _Seen(page)
    page.facts |= {"items": 0, "pages": 0, "shape": ""}
    try:
        for path in paths:
            with opened(path) as handle:
                yield from _read(handle, seen, path.name)
        _look(seen)
        yield from _grouped(seen)
    finally:
        if seen.groups:
            seen.groups.close()


def _read(handle: BinaryIO, seen: _Seen, name: str) -> Iterator[Record]:
    text = Window.over(handle)
    first = text.peek()
    if first == "[":
        seen.page.facts["shape"] = "list"
        for record in elements(text, "the list"):
            yield from _records(record, seen)
    elif first == "{":
        yield from _objects(text, seen)
    else:
        raise Unreadable(
            f"{name} begins with {first!r}, which is neither JSON nor a table with the ending .csv; {_EXPECTED}."
        )
    if text.peek():
        raise Unreadable(f"Something stands after the end of the data, at {text.place}.")


def _objects(text: Window, seen: _Seen) -> Iterator[Record]:
    """The object at which the text stands and those after it."""
    beginning = _Beginning(text)
    tables = beginning.rows()
    first = next(tables, None)
    if first is not None and table_of(first[0]):
        seen.known += 1
        yield from filled_from_json(_chained(first, tables), seen.page)
        seen.page.facts |= {"shape": "tables"} | {clean_line(name, 80): True for name in list(beginning.rest)[:100]}
        return
    if first is not None:
        for _, record in _chained(first, tables):
            yield from _records(record, seen)
    if beginning.streamed or first is not None:
        _facts(beginning.rest, seen.page)
        return
    seen.page.facts["shape"] = seen.page.facts["shape"] or "object"
    yield from _records(checked(Record(1, beginning.line, beginning.rest), beginning.taken), seen)
    number = 1
    while text.peek() == "{":
        seen.page.facts["shape"] = "ndjson"
        number += 1
        line = text.line
        taken = text.value(f"record {number}")
        yield from _records(checked(Record(number, line, taken.value), taken), seen)


def _chained(first: tuple[str, Record], rest: Iterator[tuple[str, Record]]) -> Iterator[tuple[str, Record]]:
    yield first
    yield from rest


class _Beginning:
    """The first object of a file: its long lists as they come, the rest kept."""

    def __init__(self, text: Window) -> None:
        text.peek()
        self._text = text
        self.line = text.line
        self.rest: dict[str, Any] = {}
        self.length = self.parts = self.keys = 0
        self.fault = ""
        self.streamed: set[str] = set()

    @property
    def taken(self) -> Taken:
        """The object as one value, once its rows have been passed."""
        return Taken(self.rest, self.length, self.parts, self.fault)

    def rows(self) -> Iterator[tuple[str, Record]]:
        """(key, member) of the lists that are too long to be kept."""
        text = self._text
        text.expect("{", "An object is expected")
        more = text.peek() != "}"
        if not more:
            text.expect("}", "")
        while more:
            name = text.value("a key").value
            if not isinstance(name, str):
                raise Unreadable(f"A key is expected at {text.place}.")
            text.expect(":", f"A colon is expected after {clean_line(name, 40)!r}")
            if text.peek() == "[" and self._is_long(name):
                if name in self.streamed:
                    raise Unreadable(f'"{name}" stands twice in the file, again at {text.place}.')
                self.streamed.add(name)
                for record in elements(text, clean_line(name, 40)):
                    yield name, record
            else:
                self._keep(name)
            more = text.either(",", "}")

    def _is_long(self, name: str) -> bool:
        if name == "services":
            return not self.rest.keys() & {"id", "name"}
        return name in _LISTS or (name.casefold().endswith(".csv") and bool(table_of(name)))

    def _keep(self, name: str) -> None:
        taken = self._text.value(clean_line(name, 40))
        self.length += taken.length
        self.parts += taken.parts
        self.keys += 1
        if self.keys > MAX_KEYS:
            raise Unreadable(f"The object has more than {MAX_KEYS:,} keys ({self._text.place}); {_EXPECTED}.")
        if self.parts > _MOST_PARTS:
            raise Unreadable(f"The object has more than {_MOST_PARTS:,} parts ({self._text.place}); {_EXPECTED}.")
        if name in self.rest:
            self.fault = self.fault or f"the key {clean_line(name, 40)!r} stands twice: which of the two is meant?"
        elif taken.fault:
            self.fault = self.fault or f"{clean_line(name, 40)}: {taken.fault}"
        elif self.length <= MAX_RECORD and self.parts <= MAX_PARTS:
            self.rest[name] = taken.value
        else:
            self.fault = self.fault or "it is too long to be looked at"


def _facts(rest: dict[str, Any], page: Page) -> None:
    """What a page tells of itself."""
    page.facts["shape"] = "page"
    page.facts["pages"] += 1
    for name, value in list(rest.items())[:100]:
        key = clean_line(name, 80)
        page.facts[_OLD_FACTS.get(key, key)] = fact(value)


def _records(record: Record, seen: _Seen) -> Iterator[Record]:
    """What one object of the file becomes."""
    if seen.number == _PATIENCE:
        _look(seen)
    seen.number += 1
    seen.page.facts["items"] += 1
    if record.fault:
        seen.known += 1
        yield Record(seen.number, record.line, record.value, record.fault)
        return
    kind = kinds.kind_of(record.value)
    seen.known += bool(kind)
    seen.first = seen.first or ", ".join(clean_line(str(key), 40) for key in list(record.value)[:8]) or "(none)"
    if kind == "service_at_location" and _group(record, seen):
        return
    for number, value in enumerate(kinds.services_in(kind or "service", record.value)):
        where = f"record {seen.number} (line {record.line}), service {number + 1}" if number else ""
        yield Record(seen.number, record.line, value, where=where)


def _look(seen: _Seen) -> None:
    """:class:`Unreadable` when nothing so far was a record of HSDS."""
    if seen.number and not seen.known:
        raise Unreadable(f"Nothing in the file is a record of HSDS; the first has the keys {seen.first}; {_EXPECTED}.")


def _group(record: Record, seen: _Seen) -> bool:
    """Keep a service at a location until all of its service are there; False when it names none."""
    service = record.value.get("service")
    name = kinds.name_of(service.get("id")) if isinstance(service, dict) else ""
    if not name:
        return False
    if seen.groups is None:
        seen.groups = Store()
    seen.services.setdefault(name)
    seen.groups.add("places", "id", record.line, {**record.value, "service_id": name})
    return True


def _grouped(seen: _Seen) -> Iterator[Record]:
    if seen.groups is None:
        return
    seen.groups.ready()
    for name in seen.services:
        seen.number += 1
        try:
            rows = seen.groups.below("places", "service_id", name)
        except TooMany as error:
            yield Record(seen.number, 1, {"id": name}, str(error))
            continue
        places = [{key: part for key, part in row.value.items() if key != "service"} for row in rows]
        value = {**rows[0].value["service"], "service_at_locations": places}
        yield Record(seen.number, rows[0].line, value)
