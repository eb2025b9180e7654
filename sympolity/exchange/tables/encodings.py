"""Which encoding a text file has: UTF-8 and UTF-16 by their marks and rules, the Windows pages by what comes out.

A page is taken only when its words can be told: Greek and Arabic by words of the language that we
know, Western European by its letters standing among Latin ones. Everything else is refused with the
way to save it; a guess that is wrong would put nonsense before people.
"""

from __future__ import annotations

import codecs
import re
import tomllib
from functools import cache
from importlib import resources
from pathlib import Path

from sympolity.directory import needs
from sympolity.exchange.reading import Unreadable
from sympolity.kit.fold import words

__all__ = ["HOW_TO_SAVE", "encoding_of"]

HOW_TO_SAVE = (
    'In Excel: "Save as", type "CSV UTF-8 (comma delimited)". In LibreOffice: "Save as", "Edit filter settings", UTF-8.'
)
_CHUNK = 262_144
_SAMPLE = 400_000  # bytes that a Windows page is judged by
_HEAD = 4096
_HIGH = re.compile(rb"[A-Za-z]*[\x80-\xff][A-Za-z\x80-\xff]*")  # a word with a letter that is not ASCII
_WORDS = 3_000  # such words that are looked at
_ALPHA_TONOS = re.compile(rb"\xb6(?=[\xe1-\xfe])")  # Ά before a small letter, in ISO 8859-7
_WINDOWS_ALPHA = re.compile(rb"(?<![\xb8-\xfe])\xa2(?=[\xe1-\xfe])")  # the same in Windows-1253
_KNOWN = 2  # words of a language that have to be met


def encoding_of(path: Path) -> str:
    """The name of the codec for the file; :class:`Unreadable` when it cannot be told."""
    with path.open("rb") as handle:
        head = handle.read(_HEAD)
    marked = _by_mark(head)
    if marked:
        return marked
    if b"\x00" in head:
        raise Unreadable(f"The file holds bytes of value 0: it is no text. {HOW_TO_SAVE}")
    sample = _unless_utf8(path)
    return "utf-8" if sample is None else _page(sample)


def _by_mark(head: bytes) -> str:
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise Unreadable(f"The file is written in UTF-32. {HOW_TO_SAVE}")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    # Without a mark: in Greek, Arabic and Latin text the separators and digits have a 0 beside them.
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd * 20 > len(head) and even * 4 < odd:
        return "utf-16-le"
    if even * 20 > len(head) and odd * 4 < even:
        return "utf-16-be"
    return ""


def _unless_utf8(path: Path) -> bytes | None:
    """None when the whole file is UTF-8; else what a page can be judged by, from the first wrong byte on."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                return chunk + handle.read(_SAMPLE)
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            raise Unreadable("The file ends in the middle of a character: it was cut. Fetch it again.") from None
    return None


def _page(sample: bytes) -> str:
    """The Windows (or ISO) page of a sample that is not UTF-8."""
    met = [match[0] for match, _ in zip(_HIGH.finditer(sample), range(_WORDS), strict=False)]
    mixed = sum(1 for word in met if re.search(rb"[A-Za-z]", word))
    if mixed * 10 >= len(met) * 8:
        return "cp1252" if _decodes(sample, "cp1252") else _unknown()
    joined = b" ".join(met)
    hits = {name: _hits(joined, name, lang) for name, lang in (("cp1253", "el"), ("cp1256", "ar"))}
    best, other = sorted(hits, key=lambda name: -hits[name])
    if hits[best] < _KNOWN or hits[best] < 5 * hits[other]:
        return _unknown()
    return _greek(sample) if best == "cp1253" else best


def _greek(sample: bytes) -> str:
    """Windows-1253 and ISO 8859-7 differ in the capital alpha with tonos, and in the bytes 80 to 9F."""
    iso = len(_ALPHA_TONOS.findall(sample)) > len(_WINDOWS_ALPHA.findall(sample))
    return "iso8859-7" if iso and not re.search(rb"[\x80-\x9f]", sample) else "cp1253"


def _decodes(sample: bytes, name: str) -> bool:
    try:
        sample.decode(name)
    except UnicodeDecodeError:
        return False
    return True


def _hits(joined: bytes, name: str, lang: str) -> int:
    known = _vocabulary(lang)
    return len({word for word in words(joined.decode(name, "replace")) if word in known})


@cache
def _vocabulary(lang: str) -> frozenset[str]:
    """Words of a language that stand in our needs and in headings of tables, of three letters or more."""
    said: list[str] = []
    for need in needs.load():
        said += [need["name"].get(lang, ""), need["label"].get(lang, ""), *need["synonyms"].get(lang, [])]
    text = resources.files("sympolity.exchange.tables").joinpath("headings.toml").read_text(encoding="utf-8")
    for row in tomllib.loads(text)["target"].values():
        said += row.get(lang, [])
    return frozenset(word for phrase in said for word in words(phrase) if len(word) > 2)


def _unknown() -> str:
    raise Unreadable(f"The encoding of the file cannot be told: it is neither UTF-8 nor UTF-16. {HOW_TO_SAVE}")
