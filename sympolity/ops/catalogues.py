"""Catalogues of the interface: .po files are kept, .mo files are made (a fresh Debian has no gettext).

A catalogue whose head says ``X-Part: sheet`` holds only sentences whose context begins with "sheet":
its language is no language of the interface, but printed sheets can stand in it.
"""

from __future__ import annotations

import os
import re

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings

__all__ = ["compile_all", "in_part"]

_PART = re.compile(r'^"X-Part: (\w+)\\n"$', re.MULTILINE)


def in_part(text: str) -> str:
    """A .po file without the sentences that its part does not ask for; a whole catalogue stays as it is."""
    head, _, rest = text.partition("\n\n")
    part = _PART.search(head)
    if part is None:
        return text
    wanted = re.compile(rf'^msgctxt "{part.group(1)}', re.MULTILINE)
    kept = [block.strip("\n") for block in rest.split("\n\n") if wanted.search(block)]
    return "\n\n".join([head, *kept]) + "\n"


def compile_all(*, force: bool = False) -> int:
    """Compile catalogues that are newer than what was made of them; the number compiled."""
    count = 0
    for folder in settings.LOCALE_PATHS:
        for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
            made = source.with_suffix(".mo")
            if not force and made.exists() and made.stat().st_mtime >= source.stat().st_mtime:
                continue
            with source.open("rb") as handle:
                catalogue = read_po(handle)
            temporary = made.with_suffix(f".mo.{os.getpid()}")
            with temporary.open("wb") as handle:
                write_mo(handle, catalogue)
            temporary.replace(made)
            count += 1
    return count
