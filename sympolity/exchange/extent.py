"""How far a JSON value reaches, and how deep and rich it is: found in its text, before anything is made of it.

What is made of a text can be fifty times as large (``[[],[],…]``), so nothing is decoded that was not measured.
"""

from __future__ import annotations

import re

__all__ = ["ABYSS", "Extent", "commas"]

ABYSS = 1000  # levels; what is nested so deep is no data
# Whatever stands between two brackets, whole texts with it; and the rest of a text that was begun.
_BETWEEN = re.compile(r'(?:[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
_IN_TEXT = re.compile(r"(?:[^\"\\]++|\\.)*+", re.DOTALL)
_TEXTS = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_ID = re.compile(r'(?<!\\)"id"\s*+:\s*+("(?:[^"\\]|\\.){0,200}"|-?\d{1,18})\s*+[,}]', re.DOTALL)


class Extent:
    """One object or list, fed with its characters from the first one on; or a text, from the one after its quote.

    ``deepest``: levels of objects and lists; ``inner``: how many of them there are; ``name``: what stands under "id"
    in the object itself, as it is written.
    """

    def __init__(self, *, text: bool = False) -> None:
        self.deepest = 0
        self.inner = 0
        self.name = ""
        self._depth = 0
        self._in_text = text

    def feed(self, text: str, at: int) -> tuple[int, bool]:
        """Go on at ``at``: up to where ``text`` was understood, and whether the value ends there."""
        if self._in_text:
            at, closed = self._rest_of_text(text, at)
            if not closed or not self._depth:
                return at, closed
        between, most = _BETWEEN.match, len(text)
        while True:
            begun, at = at, _end(between(text, at), at)
            if self._depth == 1 and not self.name:
                self._look_for_name(text, begun, at)
            if at >= most:
                return at, False
            char = text[at]
            at += 1
            if char in "[{":
                self._depth += 1
                self.inner += 1
                self.deepest = max(self.deepest, self._depth)
                if self._depth > ABYSS:
                    return at, False
            elif char == '"':
                self._in_text = True
                return self._rest_of_text(text, at)[0], False
            else:
                self._depth -= 1
                if not self._depth:
                    return at, True

    def _rest_of_text(self, text: str, at: int) -> tuple[int, bool]:
        """Where a text that was begun is understood up to, and whether it ends there."""
        at = _end(_IN_TEXT.match(text, at), at)
        closed = text[at : at + 1] == '"'
        self._in_text = not closed
        return at + closed, closed

    def _look_for_name(self, text: str, start: int, end: int) -> None:
        found = _ID.search(text, start, end + 1)
        self.name = found[1] if found else ""


def _end(match: re.Match[str] | None, at: int) -> int:
    return match.end() if match else at


def commas(text: str, most: int) -> int:
    """How many commas stand between the parts of a value. They are counted exactly only where they may be above ``most``."""
    rough = text.count(",")
    return rough if rough <= most else _TEXTS.sub("", text).count(",")
