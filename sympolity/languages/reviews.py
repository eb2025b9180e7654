"""What has been read by a native speaker, and by whom: counted from catalogues and texts, never typed."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from email.parser import HeaderParser
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db.models import Count

from sympolity.languages import registry
from sympolity.languages.models import Text, TextState

__all__ = ["Interface", "Texts", "interface", "texts"]

NOBODY = "nobody yet"
MO_MAGIC = 0x950412DE  # GNU gettext manual, "The Format of GNU MO Files"


@dataclass(frozen=True, slots=True)
class Interface:
    """The words of the interface in a language. ``reviewer``: who has read them; "" = nobody yet."""

    strings: int
    reviewer: str
    reviewed: bool
    source: bool = False


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts of services, organizations, notices …, by how they came to be."""

    machine: int
    human: int
    reviewed: int

    @property
    def total(self) -> int:
        return self.machine + self.human + self.reviewed


@lru_cache(maxsize=64)
def _catalogue(path: Path, changed: float) -> tuple[int, str]:
    """(number of translated sentences, value of X-Reviewed-By) of a compiled catalogue as of ``changed``."""
    del changed  # only a key: a catalogue that was compiled again is read again
    data = path.read_bytes()
    magic, _, count, _, translations = struct.unpack_from("<5I", data)
    if magic != MO_MAGIC or not count:
        return 0, ""
    # The first sentence is the empty one; its translation is the header.
    length, offset = struct.unpack_from("<2I", data, translations)
    header = HeaderParser().parsestr(data[offset : offset + length].decode("utf-8"))
    return count - 1, str(header.get("X-Reviewed-By", ""))


def interface(code: str) -> Interface:
    """The state of a language's catalogue; no strings when there is none."""
    row = registry.get(code)
    if code == registry.FALLBACK:
        return Interface(0, "", reviewed=row.reviewed, source=True)
    for folder in settings.LOCALE_PATHS:
        made = Path(folder) / code / "LC_MESSAGES" / "django.mo"
        if made.exists():
            count, reviewer = _catalogue(made, made.stat().st_mtime)
            return Interface(count, "" if reviewer == NOBODY else reviewer, reviewed=row.reviewed)
    return Interface(0, "", reviewed=False)


def texts(code: str) -> Texts:
    """How many texts there are in a language, by state. One query."""
    rows = dict(Text.objects.filter(language=code).values_list("state").annotate(n=Count("pk")).order_by())
    return Texts(rows.get(TextState.MACHINE, 0), rows.get(TextState.HUMAN, 0), rows.get(TextState.REVIEWED, 0))
