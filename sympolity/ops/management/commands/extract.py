"""``sympolity extract``: for developers, after words of pages or code changed."""

from __future__ import annotations

import shutil
from argparse import ArgumentParser
from contextlib import chdir
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.management.commands import makemessages

from sympolity.ops import catalogues

IGNORED = ("tests", "vendor")


class _Extraction(makemessages.Command):
    """Django's own, without guesses: a sentence that is nearly the old one is a new sentence."""

    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]


class Command(BaseCommand):
    help = "Bring the catalogues of the interface up to date with code and templates (needs gettext)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail when a sentence has no translation")

    def handle(self, *args: Any, **options: Any) -> None:
        if not shutil.which("xgettext"):
            raise CommandError("xgettext is missing. On Debian and Ubuntu: apt-get install gettext")
        folder = Path(settings.LOCALE_PATHS[0])
        files = sorted(folder.glob("*/LC_MESSAGES/django.po"))
        heads = {file: _head(file.read_text(encoding="utf-8")) for file in files}
        self._extract(folder.parent, [file.parent.parent.name for file in files])
        for file, head in heads.items():
            _put_head(file, head)
        waiting = {file.parent.parent.name: _untranslated(file) for file in files}
        for code, number in waiting.items():
            self.stdout.write(f"{code}: {number} sentences without a translation")
        if options["check"] and any(waiting.values()):
            raise CommandError("Translate them in sympolity/locale/*/LC_MESSAGES/django.po")

    def _extract(self, package: Path, codes: list[str]) -> None:
        """From inside the package: makemessages reads the folder it stands in."""
        with chdir(package):
            call_command(
                _Extraction(), locale=codes, no_location=True, no_wrap=True,
                no_obsolete=True, ignore_patterns=list(IGNORED), verbosity=0,
            )  # fmt: skip


def _head(text: str) -> str:
    """The comment and the fields before the first sentence."""
    return text.split("\n\n", 1)[0]


def _put_head(file: Path, head: str) -> None:
    """Ours again: msgmerge writes the minute of the run into it, a change that says nothing."""
    rest = file.read_text(encoding="utf-8").partition("\n\n")[2]
    file.write_text(catalogues.in_part(f"{head}\n\n{rest}"), encoding="utf-8")


def _untranslated(file: Path) -> int:
    with file.open("rb") as handle:
        rows = [row for row in read_po(handle) if row.id]
    return sum(not all(row.string if isinstance(row.string, tuple | list) else (row.string,)) for row in rows)
