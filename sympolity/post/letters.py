"""What a message says, apart from how it looks: paragraphs, buttons, lists. Text and HTML are made from the same parts.

Links are paths of this site (``/en/…``): a letter can neither lead elsewhere nor be given another host by a request.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sympolity.kit.bidi import clean_line, clean_text
from sympolity.post.cleaning import path, subject_line

__all__ = ["Button", "Letter", "Listing", "Part", "Row", "dumped", "loaded"]

_PARAGRAPH, _LABEL, _ROWS = 4000, 300, 500  # characters, characters, rows: what a person can read


@dataclass(frozen=True, slots=True)
class Button:
    """The one thing to do, or one of few."""

    label: str
    path: str


@dataclass(frozen=True, slots=True)
class Row:
    """One of several things; ``title`` and ``words`` may be in any language."""

    title: str
    words: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    rows: tuple[Row, ...]


Part = str | Button | Listing


@dataclass(frozen=True, slots=True)
class Letter:
    """A string among the parts is a paragraph."""

    subject: str
    parts: tuple[Part, ...]


def dumped(letter: Letter) -> dict[str, Any]:
    """A letter as JSON, cleaned: no controls, no bidi, links of ours only. Raises ValueError for a link elsewhere."""
    return {"subject": subject_line(letter.subject), "parts": [_dumped(part) for part in letter.parts]}


def _dumped(part: Part) -> dict[str, Any]:
    match part:
        case Button():
            return {"button": clean_line(part.label, _LABEL), "path": path(part.path)}
        case Listing():
            return {"rows": [_row(row) for row in part.rows[:_ROWS]]}
        case _:
            return {"words": clean_text(part[:_PARAGRAPH])}


def _row(row: Row) -> dict[str, str]:
    said = {"title": clean_line(row.title, _LABEL), "words": clean_line(row.words, _LABEL)}
    return said | {"path": path(row.path) if row.path else ""}


def loaded(kept: Mapping[str, Any]) -> Letter:
    """The letter of :func:`dumped`."""
    return Letter(str(kept.get("subject", "")), tuple(map(_loaded, _parts(kept))))


def _parts(kept: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = kept.get("parts", [])
    return found


def _loaded(part: Mapping[str, Any]) -> Part:
    if "button" in part:
        return Button(part["button"], part["path"])
    if "rows" in part:
        return Listing(tuple(Row(**row) for row in part["rows"]))
    return str(part["words"])
