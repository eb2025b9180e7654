"""Names that could be taken for one another: by their letters' shapes, by their sound, by one slip of the hand.

Shapes: the skeleton of Unicode Technical Standard 39 over ``confusables.json``, in small and in capital letters,
since look-alikes differ with the case (Greek ν is a v, Ν an N). Sound: Greek and Latin letters have one key
(:func:`sympolity.kit.translit.skeleton`).
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from sympolity.kit import mistakes, translit
from sympolity.kit.bidi import shallow

__all__ = ["Forms", "alike", "forms", "look_alikes"]

_FILE = Path(__file__).parent / "confusables.json"
_SLIP = 8  # letters from which one mistake still means the same name
_LONGEST = 200
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Forms:
    """A name as it is compared; never shown."""

    shapes: frozenset[str]
    sound: str
    bare: str


@cache
def _table() -> dict[int, str]:
    rows: Mapping[str, str] = json.loads(_FILE.read_text(encoding="utf-8"))["alike"]
    return {ord(char): form for form, chars in rows.items() for char in chars}


def forms(name: str) -> Forms:
    """What is compared of ``name``."""
    plain = unicodedata.normalize("NFKD", shallow(name[:_LONGEST]))
    letters = "".join(char for char in plain if char.isalnum())
    shapes = {_shape(letters.lower()), _shape(letters.upper())} - {""}
    return Forms(frozenset(shapes), translit.skeleton(name[:_LONGEST]).replace(" ", ""), letters.lower())


def _shape(letters: str) -> str:
    return letters.translate(_table()).lower()


def alike(one: Forms, other: Forms) -> bool:
    """Could a reader take the one for the other?"""
    if one.shapes & other.shapes or (one.sound and one.sound == other.sound):
        return True
    return min(len(one.bare), len(other.bare)) >= _SLIP and mistakes.distance(one.bare, other.bare, 1) <= 1


def look_alikes(names: Iterable[str], known: Iterable[tuple[Key, str]]) -> list[Key]:
    """Keys of ``known`` whose name looks like one of ``names``, each once, in their order."""
    wanted = [forms(name) for name in names]
    found = (key for key, name in known if any(alike(one, forms(name)) for one in wanted))
    return list(dict.fromkeys(found))
