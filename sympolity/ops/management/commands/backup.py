"""``sympolity backup``: one file that holds everything, made while the site runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from sympolity.ops.backups.failures import BackupError
from sympolity.ops.backups.making import make, make_and_note
from sympolity.ops.backups.room import in_words


class Command(BaseCommand):
    help = "Write a backup of database, media, find index and secret key into one file. The site may run."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--to", metavar="FOLDER", type=Path, help="folder of the file; SYMPOLITY_BACKUPS by default"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        usual = Path(settings.BACKUPS)
        folder = (options["to"] or usual).resolve()
        try:
            made = make_and_note(folder) if folder == usual.resolve() else make(folder)
        except BackupError as error:
            raise CommandError(str(error), returncode=1) from error
        rows = sum(made.manifest.contents.rows.values())
        self.stdout.write(str(made.path))
        self.stdout.write(
            f"{in_words(made.size)} in {made.seconds:.1f} s: {rows} rows, trail at {made.manifest.contents.trail[0]}. "
            "It holds addresses that must stay hidden: keep it where only you can read it."
        )
