"""Reading a JSON page of records from outside: bounded, one record at a time, faults with their place.

Nothing larger than a window of 20 MB is held, whatever the file. Limits: exchange.md, "Limits"
(5 MB per record, depth 32); a file above 100 MB is refused before it is opened.
"""

from __future__ import annotations

import codecs
import json
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from sympolity.kit.bidi import clean_line

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_RECORD",
    "Page",
    "Record",
    "Unreadable",
    "Window",
    "checked",
    "elements",
    "opened",
    "records",
]

MAX_BYTES = 100_000_000
MAX_RECORD = 5_000_000  # characters
MAX_DEPTH = 32
_WINDOW = 20_000_000  # characters
_CHUNK = 65_536
_BLANK = re.compile(r"[ \t\n\r]*")
_LITERALS = ("null", "true", "false", "-", ".", "e-", "e+", "E-", "E+")  # what a cut word or number leaves behind
_OPEN_ENDED = ("Unterminated string", "Invalid \\uXXXX escape")  # faults that the end of a cut file gives
_FACTS = 100  # keys beside the records that are kept
_KINDS = {dict: "an object", list: "a list", str: "a text", bool: "true or false", int: "a number", float: "a number"}
_MAGIC = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "ZIP", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"%PDF": "PDF"}


class Unreadable(Exception):
    """The file as a whole cannot be read; the message says where and what to do."""


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
    found = False
    more = text.peek() != "}"
    if not more:
        text.expect("}", "")
    while more:
        name, _ = text.value(f"a key; {shape}")
        if not isinstance(name, str):
            raise Unreadable(f"A key is expected at {text.place}.")
        text.expect(":", f"A colon is expected after {clean_line(name, 40)!r}")
        if name != key:
            value, _ = text.value(clean_line(name, 40))
            if len(page.facts) < _FACTS:
                page.facts[clean_line(name, 80)] = value if isinstance(value, str | int | None) else True
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
        value, length = text.value(f"record {number}")
        yield checked(Record(number, line, value), length)
        more = text.either(",", "]")


def checked(record: Record, length: int) -> Record:
    """``record`` with its fault when it is no object, or too long or too deep to be looked at."""
    value = record.value
    if length > MAX_RECORD:
        record.fault = (
            f"it is {length / 1e6:.1f} million characters long; at most {MAX_RECORD // 10**6} million are read"
        )
    elif not isinstance(value, dict):
        record.fault = f"a record is an object; here is {_KINDS.get(type(value), 'nothing')}"
    elif _deeper(value, MAX_DEPTH):
        record.fault = f"it is nested deeper than {MAX_DEPTH} levels"
    else:
        return record
    record.value = _beginning(value, length)
    return record


def _beginning(value: Any, length: int) -> dict[str, Any]:
    """What is kept of a record that is not looked at: its id, so that it is not taken for absent, and a piece."""
    name = value.get("id") if isinstance(value, dict) else None
    told: dict[str, Any] = {"id": name} if isinstance(name, int | str) else {}
    return told | {"beginning": repr(value)[:2000] if length <= MAX_RECORD else ""}


def _deeper(value: Any, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        level = [
            part
            for one in level
            for part in (one.values() if isinstance(one, dict) else one)
            if isinstance(part, dict | list)
        ]
        if not level:
            return False
    return True


def _decoded(handle: BinaryIO) -> Iterator[str]:
    """The text of the file in pieces; a byte that is no UTF-8 is named with its place."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    line, column = 1, 1
    while True:
        raw = handle.read(_CHUNK)
        try:
            text = decoder.decode(raw, final=not raw)
        except UnicodeDecodeError as error:
            good = error.object[: error.start].decode("utf-8", "replace")
            line, column = _moved(line, column, good)
            place = f"line {line}, character {column}"
            if not raw:
                raise Unreadable(
                    f"The file ends in the middle of a character ({place}): it was cut. Fetch it again."
                ) from None
            byte = error.object[error.start]
            raise Unreadable(
                f"Byte 0x{byte:02X} at {place} is no UTF-8 (Latin-1 or Windows-1252?). Save the file as UTF-8 and try again."
            ) from None
        line, column = _moved(line, column, text)
        if text:
            yield text
        if not raw:
            return


def _moved(line: int, column: int, text: str) -> tuple[int, int]:
    lines = text.count("\n")
    return (line + lines, len(text) - text.rfind("\n")) if lines else (line, column + len(text))


def _integer(digits: str) -> int | str:
    """Numbers beyond 64 bits stay as their digits: no column could hold them, and long ones cost time."""
    return int(digits) if len(digits) < 19 else digits


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(parse_int=_integer, parse_constant=_no_constant)


class Window:
    """A window onto the text: grows when a value does not end in it, forgets what was read."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self._pieces = pieces
        self._text = ""
        self._at = 0
        self._ended = False
        self.line = 1
        self.column = 1

    @classmethod
    def over(cls, handle: BinaryIO) -> Window:
        """A window onto a file in UTF-8."""
        return cls(_decoded(handle))

    @property
    def place(self) -> str:
        """Where the window begins, for a person."""
        return f"line {self.line}, character {self.column}"

    def _grow(self, wanted: int) -> bool:
        parts: list[str] = []
        got = 0
        while got < max(wanted, 1) and not self._ended:
            piece = next(self._pieces, None)
            if piece is None:
                self._ended = True
            else:
                parts.append(piece)
                got += len(piece)
        if parts:
            self._text = "".join([self._text[self._at :], *parts])
            self._at = 0
        return bool(parts)

    def _advance(self, to: int) -> None:
        self.line, self.column = _moved(self.line, self.column, self._text[self._at : to])
        self._at = to

    def blank(self) -> None:
        """Go to the next character that is not blank."""
        while True:
            match = _BLANK.match(self._text, self._at)
            to = match.end() if match else self._at
            self._advance(to)
            if to < len(self._text) or not self._grow(_CHUNK):
                return

    def peek(self) -> str:
        """The next character that is not blank; "" at the end of the file."""
        self.blank()
        return self._text[self._at : self._at + 1]

    def expect(self, char: str, otherwise: str) -> None:
        """Pass over ``char``."""
        here = self.peek()
        if not here:
            raise Unreadable(f"The file ends at {self.place} in the middle: it was cut. Fetch it again.")
        if here != char:
            raise Unreadable(f"{otherwise} ({self.place}).")
        self._advance(self._at + 1)

    def either(self, on: str, end: str) -> bool:
        """Pass over ``on`` (True) or ``end`` (False)."""
        if self.peek() == on:
            self._advance(self._at + 1)
            return True
        self.expect(end, f"Not JSON: {on} or {end} is expected")
        return False

    def value(self, what: str) -> tuple[Any, int]:
        """The next JSON value and the number of its characters; ``what`` names it in a fault."""
        self.blank()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except RecursionError:
                raise Unreadable(f"{what} at {self.place} is nested too deeply to be read.") from None
            except ValueError as error:
                self._need_more(what, error)
            else:
                # A number at the end of the window may go on after it.
                if end < len(self._text) or not self._grow(_CHUNK):
                    length = end - self._at
                    self._advance(end)
                    return value, length

    def _need_more(self, what: str, error: ValueError) -> None:
        """Widen the window; the fault itself when that cannot help."""
        held = len(self._text) - self._at
        if held > _WINDOW:
            raise Unreadable(f"{what} at {self.place} does not end within {_WINDOW // 10**6} million characters.")
        if self._grow(held):
            return
        if isinstance(error, json.JSONDecodeError):
            self._advance(min(max(error.pos, self._at), len(self._text)))
            rest = self._text[self._at : self._at + 100].rstrip()
            ended = any(word.startswith(rest) for word in _LITERALS) or error.msg.startswith(_OPEN_ENDED)
            if ended:
                raise Unreadable(f"The file ends in the middle of {what}, at {self.place}: it was cut. Fetch it again.")
            raise Unreadable(f"Not JSON: {error.msg} at {self.place}, in {what}.")
        raise Unreadable(f"Not JSON: {error}, in {what} at {self.place}.")
