"""The languages Sympolity knows: codes are BCP 47, names are the language's own.

``interface`` languages have a catalogue of the interface; the others may carry content.
Codes that arrive from elsewhere are folded to ours (``ku`` to ``kmr``, ``pes`` to ``fa``).
Source of codes, names and directions: CLDR through Babel 2.18 and the IANA subtag registry.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FALLBACK", "INTERFACE", "LANGUAGES", "Language", "canonical", "direction", "get", "preference"]


@dataclass(frozen=True, slots=True)
class Language:
    """``cldr`` is the locale whose dates and plurals are used; ``reviewed``: by a native speaker."""

    code: str
    name: str
    english: str
    direction: str = "ltr"
    cldr: str = ""
    interface: bool = False
    reviewed: bool = False


_ROWS = (
    Language("el", "Ελληνικά", "Greek", interface=True),
    Language("en", "English", "English", interface=True, reviewed=True),
    Language("fr", "Français", "French"),
    Language("ar", "العربية", "Arabic", "rtl", interface=True),
    Language("fa", "فارسی", "Persian", "rtl"),
    Language("ur", "اردو", "Urdu", "rtl"),
    Language("so", "Soomaali", "Somali"),
    Language("kmr", "Kurmancî", "Kurmanji", cldr="ku"),
    Language("ckb", "کوردی", "Sorani", "rtl"),
    Language("ln", "Lingála", "Lingala"),
    Language("uk", "Українська", "Ukrainian"),
    # languages of content and of speech only
    Language("sq", "Shqip", "Albanian"),
    Language("tr", "Türkçe", "Turkish"),
    Language("bn", "বাংলা", "Bengali"),
    Language("pa", "ਪੰਜਾਬੀ", "Punjabi"),
    Language("am", "አማርኛ", "Amharic"),
    Language("ti", "ትግርኛ", "Tigrinya"),
    Language("ps", "پښتو", "Pashto", "rtl"),
    Language("es", "Español", "Spanish"),
    Language("de", "Deutsch", "German"),
    Language("it", "Italiano", "Italian"),
    Language("pt", "Português", "Portuguese"),
    Language("ru", "Русский", "Russian"),
    Language("ka", "ქართული", "Georgian"),
    Language("hy", "Հայերեն", "Armenian"),
    Language("sw", "Kiswahili", "Swahili"),
)
LANGUAGES: dict[str, Language] = {row.code: row for row in _ROWS}
INTERFACE: tuple[Language, ...] = tuple(row for row in _ROWS if row.interface)
FALLBACK = "en"
_ALIASES = {
    "ku": "kmr",
    "pes": "fa",
    "prs": "fa",
    "gr": "el",
    "ell": "el",
    "eng": "en",
    "ara": "ar",
    "fas": "fa",
    "per": "fa",
}


def canonical(code: str) -> str | None:
    """Our code for a tag from elsewhere ("ku", "ar-SY", "PES"), or None when we do not know it."""
    tag = code.strip().lower().replace("_", "-").split("-", 1)[0]
    tag = _ALIASES.get(tag, tag)
    return tag if tag in LANGUAGES else None


def get(code: str) -> Language:
    """The language with exactly this code; KeyError when unknown."""
    return LANGUAGES[code]


def direction(code: str) -> str:
    """Direction of a code, "rtl" or "ltr"; "auto" when we do not know the language."""
    known = LANGUAGES.get(code)
    return known.direction if known else "auto"


def preference(reader: str, source: str) -> tuple[str, ...]:
    """In which order a text is looked for: the reader's language, English, the source, Greek."""
    return tuple(dict.fromkeys((reader, FALLBACK, source, "el")))
