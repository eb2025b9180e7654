"""What has been read by a native speaker, and by whom: counted from catalogues and texts, never typed."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db.models import Count

from sympolity.languages import registry
from sympolity.languages.models import Text, TextState

__all__ = ["Interface", "Texts", "interface", "texts"]

NOBODY = "nobody yet"
MO_MAGIC = 0x950412DE  # GNU gettext manual, "The Format of GNU MO Files"
HEADER = 4_000  # characters in which the header of a catalogue stands
_REVIEWER = re.compile(r'^"X-Reviewed-By: (.*?)\\n"', re.MULTILINE)


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
def _catalogue(folder: Path, changed: float) -> tuple[int, str]:
    """(number of translated sentences, who has read them) of a catalogue as of ``changed``.

    The number is that of the compiled catalogue, the name stands in the header of the written one:
    compiling keeps only the headers that gettext knows.
    """
    del changed  # only a key: a catalogue that was compiled again is read again
    magic, _, count = struct.unpack_from("<3I", (folder / "django.mo").read_bytes())
    if magic != MO_MAGIC:
        return 0, ""
    header = _REVIEWER.search((folder / "django.po").read_text(encoding="utf-8")[:HEADER])
    return max(0, count - 1), header.group(1) if header else ""


def interface(code: str) -> Interface:
    """The state of a language's catalogue; no strings when there is none."""
    row = registry.get(code)
    if code == registry.FALLBACK:
        return Interface(0, "", reviewed=row.reviewed, source=True)
    for folder in settings.LOCALE_PATHS:
        made = Path(folder) / code / "LC_MESSAGES" / "django.mo"
        if made.exists():
            count, reviewer = _catalogue(made.parent, made.stat().st_mtime)
            return Interface(count, "" if reviewer == NOBODY else reviewer, reviewed=row.reviewed)
    return Interface(0, "", reviewed=False)


def texts(code: str) -> Texts:
    """How many texts there are in a language, by state. One query."""
    rows = dict(Text.objects.filter(language=code).values_list("state").annotate(n=Count("pk")).order_by())
    return Texts(rows.get(TextState.MACHINE, 0), rows.get(TextState.HUMAN, 0), rows.get(TextState.REVIEWED, 0))
