"""Catalogues of the interface: .po files are kept, .mo files are made (a fresh Debian has no gettext)."""

from __future__ import annotations

import os

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings

__all__ = ["compile_all"]


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
