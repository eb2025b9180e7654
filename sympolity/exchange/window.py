"""A window onto the text of a JSON file: one value at a time, measured before it is decoded, faults with their place.

Nothing longer than a record may be is held, whatever the file. Limits: exchange.md, "Limits" (5 MB per record,
depth 32), and how many parts a record may have: decoded, each costs up to a hundred bytes.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from sympolity.exchange.extent import ABYSS, Extent, commas
from sympolity.kit.bidi import clean_line

__all__ = ["MAX_DEPTH", "MAX_PARTS", "MAX_RECORD", "Taken", "Unreadable", "Window"]

MAX_RECORD = 5_000_000  # bytes of UTF-8
MAX_DEPTH = 32
MAX_PARTS = 20_000  # objects, lists and their members, in one value; a full record of HSDS has some hundred
_LONGEST = 20_000_000  # characters that are passed over to find the end of a value
_MOST_INNER = 300_000  # objects and lists that are passed over in values that are not decoded, in one file
_SCALAR = 100_000  # characters of a number
_CHUNK = 65_536
_KEPT = 2000  # characters of a value that is not decoded
_BLANK = re.compile(r"[ \t\n\r]*")
_LITERALS = ("null", "true", "false", "-", ".", "e-", "e+", "E-", "E+")  # what a cut word or number leaves behind
_CUT = "it was cut. Fetch it again."


class Unreadable(Exception):
    """The file as a whole cannot be read; the message says where and what to do."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A value of the file. ``fault``: why it was not decoded; ``value`` is then its id and its beginning.

    ``length``: in bytes; ``parts``: objects, lists and members.
    """

    value: Any
    length: int
    parts: int = 1
    fault: str = ""


class _Twice(ValueError):
    """A key stands twice in one object: nothing tells which of the two is meant."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Twice(key)
        found[key] = value
    return found


def _integer(digits: str) -> int | str:
    """Numbers beyond 64 bits stay as their digits: no column could hold them, and long ones cost time."""
    return int(digits) if len(digits) < 19 else digits


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(parse_int=_integer, parse_constant=_no_constant, object_pairs_hook=_once)


class Window:
    """A window onto the text: grows when a value does not end in it, forgets what was read."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self._pieces = pieces
        self._text = ""
        self._at = 0
        self._ended = False
        self._passed = 0  # objects and lists in values that were not decoded
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
            raise Unreadable(f"The file ends at {self.place} in the middle: {_CUT}")
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

    def value(self, what: str) -> Taken:
        """The next JSON value, whole or with its fault; ``what`` names it where the file cannot be read on."""
        first = self.peek()
        if not first or first not in '{["':
            return self._scalar(what)
        begun, beginning = self.place, ""
        extent = Extent(text=first == '"')
        length, shift = 0, 0  # characters that are forgotten already; of the text from which the value begins
        at, whole = extent.feed(self._text, self._at + (first == '"'))
        while not whole:
            self._judge(extent, what, begun, length + at - self._at)
            if not beginning and at - self._at > MAX_RECORD // 4 and _bytes(self._text[self._at : at]) > MAX_RECORD:
                beginning = self._text[self._at : self._at + _KEPT]
            if beginning:  # too long already: what follows is only passed over
                length += at - self._at
                self._advance(at)
            shift = at - self._at
            if not self._grow(shift):
                raise Unreadable(f"The file ends in the middle of {what}, at {self._end(at)}: {_CUT}")
            at, whole = extent.feed(self._text, self._at + shift)
        if beginning:
            length += at - self._at
            self._advance(at)
            self._passed += extent.inner
            return Taken(_stub(extent, beginning), length, extent.inner, _too_long(length))
        return self._decoded_to(at, extent, what)

    def _judge(self, extent: Extent, what: str, begun: str, length: int) -> None:
        """Give the file up when the end of a value is not worth looking for."""
        if extent.deepest > ABYSS:
            raise Unreadable(f"{what} at {begun} is nested too deeply to be read.")
        if self._passed + extent.inner > _MOST_INNER:
            raise Unreadable(f"{what} at {begun} has more than {_MOST_INNER:,} parts: that is no list of services.")
        if length > _LONGEST:
            raise Unreadable(f"{what} at {begun} does not end within {_LONGEST // 10**6} million characters.")

    def _end(self, at: int) -> str:
        self._advance(at)
        return self.place

    def _decoded_to(self, end: int, extent: Extent, what: str) -> Taken:
        """The value that ends at ``end``, if it is one that may be decoded."""
        text = self._text[self._at : end]
        length = _bytes(text)
        parts = extent.inner + commas(text, MAX_PARTS)
        fault, value = _fault(length, extent.deepest, parts), None
        if not fault:
            try:
                value = _DECODER.raw_decode(text)[0]
            except _Twice as error:
                fault = f"the key {clean_line(str(error), 40)!r} stands twice in one object: which of the two is meant?"
            except ValueError as error:
                raise self._not_json(error, what) from None
        if fault:
            self._passed += extent.inner
            self._judge(extent, what, self.place, 0)
            value = _stub(extent, text[:_KEPT])
        self._advance(end)
        return Taken(value, length, parts, fault)

    def _scalar(self, what: str) -> Taken:
        """A number, or one of the words of JSON."""
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except ValueError as error:
                if len(self._text) - self._at > _SCALAR or not self._grow(_CHUNK):
                    raise self._not_json(error, what) from None
                continue
            if end - self._at > _SCALAR:
                raise Unreadable(f"{what} at {self.place} is a number of more than {_SCALAR:,} digits.")
            # At the end of the window a number may go on after it.
            if end < len(self._text) or not self._grow(_CHUNK):
                length = end - self._at
                self._advance(end)
                return Taken(value, length)

    def _not_json(self, error: ValueError, what: str) -> Unreadable:
        """The fault of the value at which the window stands."""
        if not isinstance(error, json.JSONDecodeError):
            return Unreadable(f"Not JSON: {error}, in {what} at {self.place}.")
        # The fault counts from the beginning of what was decoded: the value itself, or the whole window.
        at = error.pos if error.doc is self._text else self._at + error.pos
        self._advance(min(max(at, self._at), len(self._text)))
        rest = self._text[self._at : self._at + 100].rstrip()
        if self._ended and any(word.startswith(rest) for word in _LITERALS):
            return Unreadable(f"The file ends in the middle of {what}, at {self.place}: {_CUT}")
        return Unreadable(f"Not JSON: {error.msg} at {self.place}, in {what}.")


def _fault(length: int, depth: int, parts: int) -> str:
    """Why a value is not decoded."""
    if length > MAX_RECORD:
        return _too_long(length)
    if depth > MAX_DEPTH:
        return f"it is nested deeper than {MAX_DEPTH} levels"
    if parts > MAX_PARTS:
        return f"it has {parts:,} parts; at most {MAX_PARTS:,} are read"
    return ""


def _too_long(length: int) -> str:
    return f"it is {length / 1e6:.1f} million characters long; at most {MAX_RECORD // 10**6} million are read"


def _stub(extent: Extent, beginning: str) -> dict[str, Any]:
    """What is kept of a value that is not looked at: its id, so that it is not taken for absent, and a piece."""
    told: dict[str, Any] = {}
    try:
        told = {"id": _DECODER.decode(extent.name)} if extent.name else {}
    except ValueError:
        told = {}
    return told | {"beginning": beginning}


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


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
                raise Unreadable(f"The file ends in the middle of a character ({place}): {_CUT}") from None
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
