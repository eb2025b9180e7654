"""The parts of a workbook that its cells point at: shared strings, and the styles that make a number a date.

Runs in the fenced child (``kit.limited``). Source: ECMA-376 part 1, 18.4 and 18.8.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sympolity.exchange.tables.numbers import kind_of_format
from sympolity.exchange.tables.package import Package, feed, local
from sympolity.kit.limited import Limited

__all__ = ["Dates", "Strings", "cleared", "nothing", "number"]

_MB = 1_000_000
_STRINGS, _STYLES = 40 * _MB, 10 * _MB
_MOST_STRINGS = 100_000
_STRING_CHARS = 15_000_000
_MARKS = 500_000  # elements of all strings, whatever they are
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def nothing(_: str) -> None:
    """A handler for what is not wanted."""


@dataclass(slots=True)
class Strings:
    """The strings that cells share."""

    rows: list[str] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _open: bool = False
    _phonetic: bool = False
    _chars: int = 0
    _marks: int = 0

    @classmethod
    def of(cls, package: Package, part: str) -> list[str]:
        made = cls()
        if part and package.has(part):
            for _ in feed(package.chunks(part, _STRINGS), start=made.start, end=made.end, text=made.text):
                pass
        return made.rows

    def start(self, name: str, _: dict[str, str]) -> None:
        name = local(name)
        self._marks += 1
        if self._marks > _MARKS:
            raise Limited("The texts of the workbook hold many marks. Save the table as CSV UTF-8.")
        self._open = name == "t" and not self._phonetic
        self._phonetic = self._phonetic or name == "rPh"
        if name == "si":
            self._parts = []

    def text(self, data: str) -> None:
        if self._open:
            self._parts.append(data)
            self._chars += len(data)
            if self._chars > _STRING_CHARS:
                raise Limited(f"The texts of the workbook have more than {_STRING_CHARS // _MB} million characters.")

    def end(self, name: str) -> None:
        name = local(name)
        self._open = False
        if name == "rPh":
            self._phonetic = False
        elif name == "si":
            self.rows.append(cleared("".join(self._parts)))
            if len(self.rows) > _MOST_STRINGS:
                raise Limited(
                    f"The workbook has more than {_MOST_STRINGS:,} different texts. Save the table as CSV UTF-8."
                )


@dataclass(slots=True)
class Dates:
    """Which cell styles show a number as a date."""

    kinds: list[str] = field(default_factory=list)
    codes: dict[int, str] = field(default_factory=dict)
    _inside: bool = False

    @classmethod
    def of(cls, package: Package, part: str) -> list[str]:
        made = cls()
        if part and package.has(part):
            for _ in feed(package.chunks(part, _STYLES), start=made.start, end=made.end, text=nothing):
                pass
        return made.kinds

    def start(self, name: str, has: dict[str, str]) -> None:
        name = local(name)
        if name == "numFmt":
            self.codes[number(has.get("numFmtId"))] = has.get("formatCode", "")
        elif name == "cellXfs":
            self._inside = True
        elif name == "xf" and self._inside:
            at = number(has.get("numFmtId"))
            self.kinds.append(kind_of_format(at, self.codes.get(at, "")))

    def end(self, name: str) -> None:
        if local(name) == "cellXfs":
            self._inside = False


def number(value: str | None) -> int:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 10 else 0


def cleared(text: str) -> str:
    """Control characters are written as _x000D_ in the format."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)) if int(match[1], 16) < 0xD800 else match[0], text)
