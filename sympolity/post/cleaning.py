"""What may stand in the head of a mail: one line, no controls, no letters that pretend to be others.

A subject holds names that strangers chose. Source of the look-alikes: Unicode Technical Standard 39, confusables.txt,
of it the letters of one shape in Latin, Greek and Cyrillic.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from sympolity.kit.bidi import clean_line

__all__ = ["LONGEST", "RESERVED", "address", "is_reserved", "path", "subject_line"]

LONGEST = 150  # characters of a subject; telephones show 40
_WORD = re.compile(r"[^\W\d_]+")
_SHAPES = {
    "LATIN": "ABCEHIJKMNOPSTXYZaceijopsuvxy",
    "GREEK": "ΑΒ\0ΕΗΙ\0ΚΜΝΟΡ\0ΤΧΥΖα\0\0ι\0ορ\0υνχγ",
    "CYRILLIC": "АВСЕНІЈКМ\0ОРЅТХУ\0асеіјорѕ\0\0ху",
}
_SCRIPTS = tuple(_SHAPES)
# Only we say "[Action needed]"; what stands between < and > some mail programs show as an address.
_MARKS = str.maketrans("[]<>", "()  ")
_valid = EmailValidator()


def _table(wanted: str) -> dict[int, str]:
    """Letters of the other scripts as those of ``wanted`` that look the same."""
    return {
        ord(other): ours
        for script in _SCRIPTS
        if script != wanted
        for ours, other in zip(_SHAPES[wanted], _SHAPES[script], strict=True)
        if "\0" not in {ours, other}
    }


_TABLES = {script: _table(script) for script in _SCRIPTS}


def _script(char: str) -> str:
    name = unicodedata.name(char, "")
    return next((script for script in _SCRIPTS if name.startswith(script)), "")


def _unmixed(word: str) -> str:
    """A word that mixes scripts of one shape, in the letters of the script that most of it has."""
    counts = Counter(script for char in unicodedata.normalize("NFD", word) if (script := _script(char)))
    if len(counts) < 2:
        return word
    most = max(_SCRIPTS, key=lambda script: counts[script])  # Latin when in doubt
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", word).translate(_TABLES[most]))


def subject_line(text: str) -> str:
    """``text`` as a subject: one line, compatibility forms as plain letters, no look-alikes mixed into a word."""
    plain = unicodedata.normalize("NFKC", clean_line(text, LONGEST * 2))
    line = _WORD.sub(lambda found: _unmixed(found.group()), plain.translate(_MARKS))
    return clean_line(line, LONGEST)


def path(text: str) -> str:
    """A path of this site; ValueError when it leads elsewhere."""
    bad = not text.startswith("/") or text.startswith(("//", "/\\")) or not text.isprintable() or " " in text
    if bad or len(text) > 2000:
        msg = f"no path of this site: {text[:60]!r}"
        raise ValueError(msg)
    return text


def address(text: str) -> str:
    """An address as it is kept: lower case, its domain in ASCII (IDNA); "" when nobody can be reached by it."""
    local, at, domain = text.strip().lower().rpartition("@")
    try:
        plain = f"{local}{at}{domain.encode('idna').decode('ascii')}"
        _valid(plain)
    except (ValidationError, UnicodeError):
        return ""
    return plain if plain.isascii() and len(plain) <= 254 else ""


# Nobody can have a mailbox there (RFC 2606).
RESERVED = (".example", ".test", ".invalid", ".localhost", "@example.com", "@example.net", "@example.org")


def is_reserved(address: str) -> bool:
    """Whether an address can be nobody's: those of the demo."""
    return address.lower().endswith(RESERVED)
