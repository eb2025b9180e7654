"""``sympolity bench``, ``sympolity bench find``."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from sympolity.ops import bench

SIZES = (100, 1_000_000)


def _size(text: str) -> int:
    size = int(text.replace(",", "").replace("_", ""))
    if not SIZES[0] <= size <= SIZES[1]:
        raise ValueError
    return size


def _postgres() -> str:
    """The server of this installation, if it is one of PostgreSQL; "" otherwise."""
    if connection.vendor != "postgresql":
        return ""
    from psycopg.conninfo import make_conninfo

    known = connection.settings_dict
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    return make_conninfo("", **{name: known[ours] for name, ours in names.items() if known[ours]})


def _scales(text: str) -> list[int]:
    found = [int(part) for part in text.split(",") if part]
    if not found or not all(1 <= one <= 100 for one in found):
        raise ValueError
    return found


class Command(BaseCommand):
    help = (
        "Measure the speed of finding on this machine with a made-up network: ratios of one run. No table of the site is "
        "asked. Goals are judged at 100000 services."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--services", type=_size, default=10_000, help="how many (100 to 1000000)")
        parser.add_argument(
            "--scales", type=_scales, default=[], metavar="N,N",
            help="several sizes, so many times as large (1,10,100), each in its own process, compared",
        )  # fmt: skip
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--questions", type=int, default=bench.Plan().questions, help="distinct questions in all")
        parser.add_argument("--index-only", action="store_true", help="no pages and no other databases")
        parser.add_argument(
            "--postgres", default=_postgres(), help="a server to compare with: postgresql://user@host/name"
        )
        parser.add_argument(
            "--seconds", type=float, default=bench.Plan().seconds, help="CPU seconds after which the warm round ends"
        )
        parser.add_argument("--json", action="store_true", help="all figures as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        plan = bench.Plan(
            options["services"], options["seed"], options["questions"], options["seconds"], options["index_only"],
            options["postgres"],
        )  # fmt: skip
        sizes = [plan.size * scale for scale in options["scales"]]
        if any(size > SIZES[1] for size in sizes):
            msg = f"--scales: at most {SIZES[1]:,} services"
            raise CommandError(msg)
        try:
            runs = bench.run_sizes(sizes, plan, self._progress) if sizes else [bench.run(plan, self._progress)]
        except (bench.BenchFailed, OSError) as error:
            raise CommandError(str(error)) from error
        self._progress("", 0, 0)
        if options["json"]:
            self.stdout.write(json.dumps(runs if sizes else runs[0], indent=1))
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
