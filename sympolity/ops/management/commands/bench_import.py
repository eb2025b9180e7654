"""``sympolity bench import``."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sympolity.ops.bench import importing
from sympolity.ops.bench.run import BenchFailed

SIZES = (100, 50_000)


def _size(text: str) -> int:
    size = int(text.replace(",", "").replace("_", ""))
    if not SIZES[0] <= size <= SIZES[1]:
        raise ValueError
    return size


class Command(BaseCommand):
    help = (
        "Measure an import of made-up services of HSDS 3 by the product's own command, into a data folder of its own that "
        "is served meanwhile, and what readers notice of it. SQLite; nothing of this installation is touched."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--services", type=_size, default=10_000, help="how many (100 to 50000)")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--json", action="store_true", help="all figures as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = importing.run(importing.Plan(options["services"], options["seed"]), self._progress)
        except (BenchFailed, OSError) as error:
            raise CommandError(str(error)) from error
        self._progress("", 0, 0)
        if options["json"]:
            self.stdout.write(json.dumps(found, indent=1))
            return
        for line in importing.lines(found):
            self.stdout.write(line)

    def _progress(self, what: str, done: int, whole: int) -> None:
        """Where it is, on a terminal; ``whole`` 0 wipes it away."""
        if self.stderr.isatty():
            words = f"{what:<12} {done:,}/{whole:,}" if whole else ""
            self.stderr.write(f"\r{words:<40}" + ("" if whole else "\r"), style_func=str, ending="")
