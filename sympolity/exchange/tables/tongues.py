"""In which language a text is, as far as its letters tell."""

from __future__ import annotations

import re

from sympolity.languages import registry

__all__ = ["language_of"]

_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
# Letters that only these write. Order matters: Urdu writes the letters of Persian, too.
_MARKS = (
    ("ur", re.compile("[ٹڈڑںے]")),
    ("ps", re.compile("[ټډړښږڼ]")),
    ("ckb", re.compile("[ڕڵۆێ]")),
    ("fa", re.compile("[پچژگک]")),
)
_ARABIC_SCRIPT = frozenset({"ar", "fa", "ur", "ps", "ckb"})
_NOT_LATIN = frozenset({"el", "uk", "ru", "bn", "pa", "am", "ti", "ka", "hy"})


def language_of(text: str, otherwise: str) -> str:
    """The code of the language of ``text``; ``otherwise`` where its script leaves several, and that is one of them."""
    counts = {name: len(pattern.findall(text)) for name, pattern in _SCRIPTS.items()}
    script = max(counts, key=lambda name: counts[name])
    if not counts[script]:
        return otherwise
    if script == "greek":
        return "el"
    if script == "cyrillic":
        return otherwise if otherwise in {"uk", "ru"} else "uk" if re.search("[іїєґІЇЄҐ]", text) else "ru"
    if script == "arabic":
        marked = next((code for code, pattern in _MARKS if pattern.search(text)), "")
        return otherwise if otherwise in _ARABIC_SCRIPT and not marked else marked or "ar"
    latin = otherwise not in _ARABIC_SCRIPT | _NOT_LATIN
    return otherwise if latin and otherwise in registry.LANGUAGES else "en"


_SCRIPTS = {"greek": _GREEK, "arabic": _ARABIC, "latin": _LATIN, "cyrillic": _CYRILLIC}
