"""Text from outside: controls that could turn a line around, or hide in it, are removed.

Source: Unicode Standard Annex 9 (bidirectional formatting characters), Trojan Source (2021).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import filterfalse

__all__ = ["clean_line", "clean_text", "shallow", "without_bidi"]

_BIDI = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF])
# ZWNJ and ZWJ (200C, 200D) stay: Persian and Kurdish spell with them. Tag characters can
# carry a whole hidden text; the Hangul fillers are letters that show nothing.
_INVISIBLE = dict.fromkeys([
    0x00AD, 0x034F, 0x180E, 0x200B, *range(0x2060, 0x2065), *range(0x206A, 0x2070),
    0x115F, 0x3164, 0xFFA0, *range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080),
])  # fmt: skip
_HIDDEN = frozenset(_BIDI) | frozenset(_INVISIBLE)
# What a text editor calls a new line.
_LINE_ENDS = frozenset("\r\x0b\x0c\x85\u2028\u2029")
_LINES = re.compile(f"\r\n|[{''.join(sorted(_LINE_ENDS))}]")

_STACK = 6  # marks on one letter; no orthography needs more
_PLANES = 0x20000  # no letter that combines stands above the first two planes; looking there takes 80 ms at every start
_COMBINING = "".join(char for char in map(chr, range(_PLANES)) if unicodedata.combining(char))
_MARKS = frozenset(_COMBINING)
_STACKS = re.compile(f"([{_COMBINING}]{{{_STACK}}})[{_COMBINING}]+")


def shallow(text: str) -> str:
    """``text`` with at most six marks on a letter.

    Normalization sorts a run of marks in quadratic time: 80,000 marks in one run cost 6 s.
    """
    if text.isascii() or _MARKS.isdisjoint(text):
        return text  # nearly all text: looking for runs of marks costs ten times as much as this
    return _STACKS.sub(r"\1", text)


def without_bidi(text: str) -> str:
    """``text`` without bidirectional controls."""
    return text.translate(_BIDI)


def clean_text(text: str) -> str:
    """Text of several lines: no controls but line feeds and tabs, no bidi, no lone surrogates, NFC."""
    letters = set(text)  # a text of any length has few: each is looked at once
    if not _LINE_ENDS.isdisjoint(letters):
        text = _LINES.sub("\n", text)
    gone = [ord(char) for char in filterfalse(_stays, letters)]
    if gone:
        text = text.translate(dict.fromkeys(gone))
    return unicodedata.normalize("NFC", shallow(text)).strip()


@lru_cache(maxsize=8192)  # the letters of all our languages
def _stays(char: str) -> bool:
    if char in {"\n", "\t"}:
        return True
    return ord(char) not in _HIDDEN and unicodedata.category(char) not in {"Cc", "Cs", "Cn"}


def clean_line(text: str, limit: int | None = None) -> str:
    """Text of one line, whitespace runs made one space, at most ``limit`` characters."""
    if limit is not None:
        text = text[: limit * 4]
    line = " ".join(clean_text(text).split())
    return line if limit is None else line[:limit].rstrip()
