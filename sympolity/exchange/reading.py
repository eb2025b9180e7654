"""Reading a JSON page of records from outside: bounded, one record at a time, faults with their place.

Nothing larger than one record is held, whatever the file, and nothing is decoded before it was measured (``window``).
A file above 100 MB is refused before it is opened.
"""

from __future__ import annotations

import codecs
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from sympolity.exchange.window import MAX_DEPTH, MAX_PARTS, MAX_RECORD, Taken, Unreadable, Window
from sympolity.kit.bidi import clean_line

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_KEYS",
    "MAX_PARTS",
    "MAX_RECORD",
    "MAX_RECORDS",
    "Page",
    "Record",
    "Unreadable",
    "Window",
    "checked",
    "elements",
    "fact",
    "opened",
    "records",
]

MAX_BYTES = 100_000_000
MAX_RECORDS = 50_000  # of one list; as many as rows of a table
MAX_KEYS = 2000  # of the object around the records
_FACTS = 100  # keys beside the records that are kept
_FACT = 300  # characters of one
_BEGINNING = 2000  # characters of a record that is no object
_KINDS = {dict: "an object", list: "a list", str: "a text", bool: "true or false", int: "a number", float: "a number"}
_MAGIC = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "ZIP", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"%PDF": "PDF"}


@dataclass(slots=True)
class Record:
    """One record of the page. ``fault`` says why it cannot be looked at; ``value`` then holds its id and a piece of it.

    ``where``: its place in words, when it is not a line of one JSON file ("row 7", "services.csv, row 7").
    """

    number: int
    line: int
    value: Any
    fault: str = ""
    where: str = ""

    @property
    def place(self) -> str:
        return self.where or f"record {self.number} (line {self.line})"


@dataclass(slots=True)
class Page:
    """What stands beside the records, filled while they are read: key -> value (True for a list or an object).

    ``notes``: what a person should be told of the file as a whole.
    """

    facts: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def opened(path: Path) -> BinaryIO:
    """The file, when it is one that can be read here; else :class:`Unreadable`."""
    try:
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):
            raise Unreadable(f"{path} is no ordinary file. Save the page to a file and name that.")
        if facts.st_size > MAX_BYTES:
            size = facts.st_size / 1e6
            raise Unreadable(
                f"{path} has {size:,.0f} MB; at most {MAX_BYTES // 10**6} MB are read. Split it into pages."
            )
        if facts.st_size == 0:
            raise Unreadable(f"{path} is empty.")
        handle = path.open("rb")
    except (OSError, ValueError) as error:
        says = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise Unreadable(f"{path} cannot be opened: {says}.") from error
    try:
        _refuse_by_first_bytes(handle.read(8))
    except Unreadable:
        handle.close()
        raise
    handle.seek(0)
    return handle


def _refuse_by_first_bytes(first: bytes) -> None:
    for magic, name in _MAGIC.items():
        if first.startswith(magic):
            raise Unreadable(f"The file is {name}, not JSON. Unpack or export it as JSON first.")
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\x00" in first:
        raise Unreadable("The file is written in UTF-16 or UTF-32. Save it as UTF-8 and try again.")


def records(handle: BinaryIO, page: Page, key: str = "results") -> Iterator[Record]:
    """The records of the list under ``key`` of the one object of the file; ``page`` is filled on the way.

    Raises :class:`Unreadable` when the file is cut, not UTF-8, not JSON, or of another shape.
    """
    text = Window.over(handle)
    shape = f'a page is one object with the records in a list under "{key}"'
    text.expect("{", f"The file does not begin with an object; {shape}")
    found, keys = False, 0
    more = text.peek() != "}"
    if not more:
        text.expect("}", "")
    while more:
        name = text.value(f"a key; {shape}").value
        if not isinstance(name, str):
            raise Unreadable(f"A key is expected at {text.place}.")
        text.expect(":", f"A colon is expected after {clean_line(name, 40)!r}")
        keys += 1
        if keys > MAX_KEYS:
            raise Unreadable(f"The object has more than {MAX_KEYS:,} keys ({text.place}); {shape}.")
        if name != key:
            taken = text.value(clean_line(name, 40))
            if len(page.facts) < _FACTS:
                page.facts[clean_line(name, 80)] = fact(taken.value)
        elif found:
            raise Unreadable(f'"{key}" stands twice in the file, again at {text.place}.')
        else:
            found = True
            yield from elements(text, key)
        more = text.either(",", "}")
    if not found:
        raise Unreadable(f'The file has no "{key}"; {shape}.')
    if text.peek():
        raise Unreadable(f"Something stands after the end of the page, at {text.place}.")


def fact(value: Any) -> Any:
    """What is kept of a value beside the records: a number, the beginning of a text; True for a list or an object."""
    if isinstance(value, str):
        return value[:_FACT]
    return value if isinstance(value, int | None) else True


def elements(text: Window, key: str) -> Iterator[Record]:
    """The members of the list at which ``text`` stands, one at a time; ``key`` names the list in a fault."""
    text.expect("[", f'"{key}" is no list')
    if text.peek() == "]":
        text.expect("]", "")
        return
    number = 0
    more = True
    while more:
        number += 1
        text.blank()
        line = text.line
        taken = text.value(f"record {number}")
        yield checked(Record(number, line, taken.value), taken)
        more = text.either(",", "]")


def checked(record: Record, taken: Taken) -> Record:
    """``record`` with its fault when it was not decoded, or is no object."""
    if record.number > MAX_RECORDS:
        raise Unreadable(f"The list has more than {MAX_RECORDS:,} records (line {record.line}). Split it.")
    record.fault = taken.fault
    if not taken.fault and not isinstance(record.value, dict):
        record.fault = f"a record is an object; here is {_KINDS.get(type(record.value), 'nothing')}"
        record.value = {"beginning": repr(record.value)[:_BEGINNING]}
    return record
