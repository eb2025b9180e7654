"""``sympolity verify``: trail, triggers, and the index against the tables; or a backup file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from sympolity.ops.backups.comparing import settled
from sympolity.ops.backups.failures import BackupError
from sympolity.ops.backups.reading import check
from sympolity.ops.backups.room import in_words
from sympolity.trail import followers
from sympolity.trail.models import Cursor
from sympolity.trail.verify import verify


class Command(BaseCommand):
    help = "Check the chain of the trail, its triggers, and the find index against the tables."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--backup", metavar="FILE", type=Path, help="check a backup file and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["backup"]:
            self.backup(options["backup"])
        else:
            self.installation()
        self.stdout.write("sound")

    def backup(self, path: Path) -> None:
        """Read a backup file whole; nothing is restored."""
        try:
            manifest = check(path)
        except BackupError as error:
            raise CommandError(str(error), returncode=1) from error
        inside = manifest.contents
        self.stdout.write(
            f"backup of {manifest.created:%Y-%m-%d %H:%M} UTC by Sympolity {manifest.version}, {manifest.engine}: "
            f"{len(manifest.members)} files, {in_words(manifest.unpacked)} unpacked"
        )
        self.stdout.write(
            f"{sum(inside.rows.values())} rows in {len(inside.rows)} tables; trail: {inside.trail[0]} entries, head {inside.trail[1][:16]}"
        )

    def installation(self) -> None:
        """The database and the index of this machine."""
        report = verify()
        self.stdout.write(f"trail: {report.entries} entries, {len(report.erased)} erased, head {report.head[:16]}")
        faults = [f"entry {position} is broken" for position in report.broken[:20]]
        faults += [f"trigger {name} is missing" for name in report.triggers_missing]
        found = settled(settings.INDEX_ROOT)
        if found.listed:
            self.stdout.write(
                f"index: {found.listed['system']} services in the lists of staff, {found.listed['public']} in those of "
                f"everybody; {found.built} documents compared; {found.behind} entries behind"
            )
        self._followers()
        if faults + found.faults:
            raise CommandError("\n".join(faults + found.faults), returncode=1)

    def _followers(self) -> None:
        """How far the work process has come; being behind is no fault while it is stopped."""
        known, head = dict(Cursor.objects.values_list("name", "position")), followers.head()
        for follower in followers.all_followers():
            self.stdout.write(f"{follower.name}: {head - known.get(follower.name, 0)} entries behind")
