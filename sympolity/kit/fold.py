"""Folding: the one form in which two spellings of a word are equal.

NFKD, combining marks dropped, lower case, final sigma, tatweel and ZWNJ out, the letters
that Arabic, Persian, Urdu and Kurdish keyboards write differently made one, digits ASCII.
Built-in folders of search engines fold neither Greek accents nor Arabic marks nor the
Persian kaf, hence our own. ``fold_vectors.json`` beside this file is what an implementation
in another language must reproduce; therefore ``lower``, not ``casefold``, and ranges of code
points instead of properties that only some languages' libraries know.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from .bidi import shallow

__all__ = ["fold", "words"]

_MAP: dict[int, str] = {
    # final sigma, dotless i, letters that NFKD leaves whole
    ord("ς"): "σ", ord("ı"): "i", ord("ß"): "ss", ord("æ"): "ae", ord("œ"): "oe", ord("ø"): "o",
    ord("ł"): "l", ord("đ"): "d", ord("ð"): "d", ord("þ"): "th", ord("ґ"): "г",
    # tatweel, ZWNJ, ZWJ, apostrophes and their look-alikes inside words
    0x0640: "", 0x200C: "", 0x200D: "", 0x27: "", 0x2018: "", 0x2019: "",
    0x02B9: "", 0x02BB: "", 0x02BC: "", 0x02BE: "", 0x02BF: "",
    # alef forms
    0x0671: "ا", 0x0672: "ا", 0x0673: "ا", 0x0675: "ا", 0x0622: "ا", 0x0623: "ا", 0x0625: "ا",
    # yeh and its kin
    0x0649: "ي", 0x06CC: "ي", 0x0626: "ي", 0x06D2: "ي", 0x06D3: "ي", 0x06D0: "ي", 0x06CE: "ي",
    # kaf
    0x06A9: "ك", 0x06AA: "ك",
    # heh and teh marbuta
    0x0629: "ه", 0x06D5: "ه", 0x06C1: "ه", 0x06BE: "ه", 0x06C0: "ه", 0x06C2: "ه", 0x06C3: "ه",
    # waw with hamza; bare hamza is written or left out at will
    0x0624: "و", 0x0621: "",
}  # fmt: skip

_CACHED_TEXT = 64  # characters; longer texts are not worth their place in the cache
_CACHED_CODE = 0x3000  # the alphabets; a text of all code points must not fill memory

# Marks of the scripts from Devanagari to Myanmar, and of Khmer, are vowels and not accents.
_KEPT_MARKS = "".join(
    char for char in map(chr, (*range(0x0900, 0x10A0), *range(0x1780, 0x1800))) if unicodedata.category(char)[0] == "M"
)
_KEPT = frozenset(_KEPT_MARKS)


def _fold_char(code: int) -> str:
    """One code point of decomposed text, folded ("" = dropped)."""
    if code in _MAP:
        return _MAP[code]
    out: list[str] = []
    # Again NFKD: lower() of some letters gives a letter and a mark.
    for char in unicodedata.normalize("NFKD", chr(code).lower()):
        category = unicodedata.category(char)
        if category in {"Mn", "Mc", "Me", "Cf"} and char not in _KEPT:
            continue
        out.append(str(unicodedata.digit(char)) if category == "Nd" else _MAP.get(ord(char), char))
    return "".join(out)


class _Table(dict[int, str]):
    """What ``str.translate`` asks: answers are computed once and kept for the alphabets."""

    def __missing__(self, code: int) -> str:
        folded = _fold_char(code)
        if code < _CACHED_CODE:
            self[code] = folded
        return folded


_TABLE = _Table()


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower().replace("'", "")
    return unicodedata.normalize("NFKD", shallow(text)).translate(_TABLE)


_fold_cached = lru_cache(maxsize=16384)(_fold)


def fold(text: str) -> str:
    """``text`` folded; spaces and punctuation stay (see :func:`words`)."""
    return _fold_cached(text) if len(text) <= _CACHED_TEXT else _fold(text)


# Letters and numbers, and the vowel signs that folding keeps.
_WORD = re.compile(f"(?:[^\\W_]|[{_KEPT_MARKS}])+")


def words(text: str) -> list[str]:
    """The folded words of ``text``, in order: runs of letters, digits and kept marks."""
    return _WORD.findall(fold(text))
