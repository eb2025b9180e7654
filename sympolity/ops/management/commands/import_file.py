"""``sympolity import``: files of services from outside."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError

from sympolity.exchange import formats
from sympolity.exchange.formats.shape import Options
from sympolity.exchange.importing import FIRST, run_import
from sympolity.exchange.reading import Unreadable
from sympolity.exchange.rules import is_source
from sympolity.exchange.runs import TABLES
from sympolity.kit.bidi import clean_line
from sympolity.ops.import_report import lines, report
from sympolity.ops.imports import step_back

_ASKED = ("mapping", "organization", "sheet", "language")  # of Options


class Command(BaseCommand):
    help = (
        "Import files of services. Every item becomes a proposal; what is well is applied, what is wrong or doubtful waits "
        "with its reason. The same files again change nothing. Exit code: 0 done, 1 failed or some records refused, "
        "2 not understood."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        said = " · ".join(f"{name}: {says}" for name, (_, says) in formats.MODULES.items())
        parser.add_argument("format", choices=list(formats.MODULES), help=said)
        parser.add_argument("paths", type=Path, nargs="+", metavar="path")
        parser.add_argument(
            "--source", default="", help="name of the origin; csv, xlsx: required, another one for each list"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument(
            "--allow-endings", action="store_true", help="let more than a fifth of a source end at once"
        )
        parser.add_argument("--json", action="store_true", help="the report as JSON, with all lines of all lists")
        parser.add_argument("--mapping", default="", help="csv, xlsx: a mapping of the columns, a file or a saved name")
        parser.add_argument(
            "--organization", default="", help="csv, xlsx: who gives the services, when no column tells"
        )
        parser.add_argument("--sheet", default="", help="xlsx: the sheet to read")
        parser.add_argument("--language", default="", help="the language of the texts, where the files do not tell")

    def run_from_argv(self, argv: list[str]) -> None:
        """As a process of its own, which leaves the processor to readers first."""
        step_back()
        super().run_from_argv(argv)

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["source"] and options["format"] in TABLES:
            raise CommandError(
                "--source is missing: a table does not tell whose list it is. Give it a name (small letters, digits and "
                ". : _ -): the same for the same list next time, another for the list of somebody else.",
                returncode=2,
            )
        source = options["source"] or options["format"]
        if not is_source(source):
            raise CommandError("--source: small letters, digits and . : _ - only, at most 80", returncode=2)
        try:
            form = formats.get(options["format"], Options(**{name: options[name] for name in _ASKED}))
            result = run_import(
                form, options["paths"], source=source, dry_run=options["dry_run"], allow_endings=options["allow_endings"],
                progress=self._bar if sys.stderr.isatty() else None, limit=None if options["json"] else FIRST,
            )  # fmt: skip
        except Unreadable as error:
            raise CommandError("\n".join(clean_line(line, 600) for line in str(error).splitlines()[:200])) from error
        except IntegrityError as error:
            raise CommandError("Another import of this source runs at the same time. Run this one again.") from error
        data = report(result, source=source, **{name: options[name] for name in ("format", "paths", "dry_run")})
        self.stdout.write(json.dumps(data, ensure_ascii=False, indent=1) if options["json"] else "\n".join(lines(data)))
        if result.refused.total:
            raise CommandError(
                f"{result.refused.total} of {result.records} records were refused (see above); the others are in."
            )

    def _bar(self, done: int, total: int) -> None:
        full = 30 * done // max(total, 1)
        end = "\n" if done >= total else ""
        sys.stderr.write(f"\r\033[K[{'█' * full}{'·' * (30 - full)}] {done}/{total}{end}")
        sys.stderr.flush()
