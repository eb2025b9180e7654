"""``sympolity bench``."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sympolity.ops import bench
from sympolity.ops.bench.run import BenchFailed

SIZES = (100, 1_000_000)


def _size(text: str) -> int:
    size = int(text.replace(",", "").replace("_", ""))
    if not SIZES[0] <= size <= SIZES[1]:
        raise ValueError
    return size


def _sizes(text: str) -> list[int]:
    return [_size(part) for part in text.split(",") if part]


class Command(BaseCommand):
    help = (
        "Measure the speed of finding on this machine with a made-up network: ratios of one run. No database is asked."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", type=_size, default=10_000, help="number of services (100 to 1000000)")
        parser.add_argument(
            "--sizes", type=_sizes, default=[], metavar="N,N", help="several sizes, each in its own process, compared"
        )
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--per-class", type=int, default=bench.Plan().per_class, help="distinct questions of each of the 8 classes"
        )
        parser.add_argument(
            "--seconds", type=float, default=bench.Plan().seconds, help="CPU seconds after which the warm round ends"
        )
        parser.add_argument("--json", action="store_true", help="all figures as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        plan = bench.Plan(options["size"], options["seed"], max(5, options["per_class"]), options["seconds"])
        try:
            runs = (
                bench.run_sizes(options["sizes"], plan, self._progress)
                if options["sizes"]
                else [bench.run(plan, self._progress)]
            )
        except BenchFailed as error:
            raise CommandError(str(error)) from error
        self._progress("", 0, 0)
        if options["json"]:
            self.stdout.write(json.dumps(runs if options["sizes"] else runs[0], indent=1))
            return
        for line in bench.lines(runs):
            self.stdout.write(line)

    def _progress(self, what: str, done: int, whole: int) -> None:
        """A bar on a terminal, nothing elsewhere; ``whole`` 0 wipes it away."""
        if not self.stderr.isatty():
            return
        filled = min(30, done * 30 // max(1, whole))
        bar = f"{what:<12} [{'#' * filled}{'.' * (30 - filled)}] {done:,}/{whole:,}" if whole else ""
        self.stderr.write(f"\r{bar:<70}" + ("" if whole else "\r"), style_func=str, ending="")
