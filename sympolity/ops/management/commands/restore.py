"""``sympolity restore FILE``: from a backup to an installation that can be started."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from sympolity.ops.backups.failures import BackupError
from sympolity.ops.backups.restoring import Restored, restore


class Command(BaseCommand):
    help = "Restore a backup into an empty data folder and an empty database. Stop the site first."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="the backup, sympolity-….tar.gz")
        parser.add_argument("--into-empty", action="store_true", help="refuse when there is data already (the default)")
        parser.add_argument(
            "--replace", action="store_true", help="move the data that is there aside, into a dated folder"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["into_empty"] and options["replace"]:
            raise CommandError("Say --into-empty or --replace, not both.", returncode=2)
        try:
            done = restore(options["file"].resolve(), replace=options["replace"], say=self._say)
        except BackupError as error:
            self._say("")
            raise CommandError(str(error), returncode=1) from error
        except DatabaseError as error:
            self._say("")
            said = str(error).strip().splitlines()[0]
            raise CommandError(f"The database refused: {said}. Nothing was changed.", returncode=1) from error
        self._say("")
        self.tell(done)

    def tell(self, done: Restored) -> None:
        """What there is now."""
        inside, listed = done.manifest.contents, done.comparison.listed
        self.stdout.write(f"Restored into {settings.DATA}: the state of {done.manifest.created:%Y-%m-%d %H:%M} UTC.")
        self.stdout.write(
            f"{sum(inside.rows.values())} rows in {len(inside.rows)} tables; trail: {inside.trail[0]} entries, sound; "
            f"{listed['public']} services in the lists of everybody."
        )
        for table in done.left_out:
            self.stdout.write(f"The table {table} is none of Sympolity: it was left out and stays in the backup.")
        if done.aside:
            self.stdout.write(f"What was there before lies in {done.aside} and was not changed.")
        self.stdout.write("Start it: sympolity serve")

    def _say(self, step: str) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\033[K{f'restoring: {step} …' if step else ''}")
            sys.stderr.flush()
