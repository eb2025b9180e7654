"""A JSON file in pieces: the members of its one object, and one list of it element by element.

Runs in the fenced child of ``kit.limited``. The text is held as one byte a character (Latin-1);
words are made UTF-8 again where they are wanted (:func:`word`).
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from sympolity.kit.limited import Limited

__all__ = ["MAX_BYTES", "Pieces", "text_of", "whole", "word"]

MAX_BYTES = 50_000_000
_BLANK = re.compile(r"[ \t\n\r]*")


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_constant)


def text_of(source: BinaryIO) -> str:
    """The bytes of the file as characters."""
    raw = source.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise Limited(f"it is larger than {MAX_BYTES // 10**6} MB. Simplify it first, for example to steps of 40 m")
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Limited("it is written in UTF-16. Save it as UTF-8 and try again")
    return raw.removeprefix(codecs.BOM_UTF8).decode("latin-1")


def word(value: Any, most: int = 200) -> str:
    """A value of the file as text in its own letters; "" for what is no word or number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).encode("latin-1", "replace").decode("utf-8", "replace").strip()[:most]


def whole(text: str) -> Any:
    """The whole file as one value."""
    try:
        return json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        raise Limited("it is nested too deeply to be read") from None
    except ValueError as error:
        raise Limited(f"it is not JSON: {_said(error)}") from None


def _said(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg.lower()} in line {error.lineno}, character {error.colno}"
    return str(error)[:120]


class Pieces:
    """Goes through the text of one object."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def members(self) -> Iterator[str]:
        """The keys; after each one :meth:`value` or :meth:`elements` has to be asked for its value."""
        self._expect("{", "an object")
        if self._peek() == "}":
            self._at += 1
        else:
            while True:
                key = self.value()
                self._expect(":", "a colon")
                yield str(key)
                if self._either(",", "}"):
                    break
        if self._peek():
            raise Limited(f"something stands after its end, in {self.place}")

    def elements(self) -> Iterator[Any]:
        """The elements of a list, one at a time."""
        self._expect("[", "a list")
        if self._peek() == "]":
            self._at += 1
            return
        while True:
            yield self.value()
            if self._either(",", "]"):
                return

    def value(self) -> Any:
        """The next value."""
        self._peek()
        try:
            value, self._at = _DECODER.raw_decode(self._text, self._at)
        except RecursionError:
            raise Limited(f"it is nested too deeply to be read, in {self.place}") from None
        except ValueError as error:
            if isinstance(error, json.JSONDecodeError):
                self._at = min(error.pos, len(self._text))
            self._cut()
            raise Limited(f"it is not JSON, in {self.place}") from None
        return value

    @property
    def place(self) -> str:
        """Where it is being read."""
        line = self._text.count("\n", 0, self._at) + 1
        return f"line {line}, character {self._at - self._text.rfind(chr(10), 0, self._at)}"

    def _peek(self) -> str:
        match = _BLANK.match(self._text, self._at)
        self._at = match.end() if match else self._at
        return self._text[self._at : self._at + 1]

    def _cut(self) -> None:
        if not self._peek():
            raise Limited("it ends in the middle: it was cut. Fetch it again")

    def _expect(self, char: str, what: str) -> None:
        if self._peek() != char:
            self._cut()
            raise Limited(f"{what} is expected in {self.place}")
        self._at += 1

    def _either(self, on: str, end: str) -> bool:
        """Pass over ``on`` (False) or ``end`` (True)."""
        if self._peek() == on:
            self._at += 1
            return False
        self._expect(end, f"{on} or {end}")
        return True
