"""``sympolity bench truth``."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, replace
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sympolity.ops.bench import truth, truth_real
from sympolity.ops.bench.run import BenchFailed, commit, cores

_MOST = 5000


def _count(text: str) -> int:
    count = int(text.replace(",", "").replace("_", ""))
    if not 4 <= count <= 200_000:
        raise ValueError
    return count


class Command(BaseCommand):
    help = (
        "Let a year pass over made-up organizations of which half never answers a mail, and tell for each month how much is "
        "confirmed, called, sunk and hidden; and measure a month of asking. SQLite, in a data folder of its own."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organizations", type=_count, default=truth.Plan().organizations)
        parser.add_argument("--services", type=_count, default=20_000, help="of the month of asking")
        parser.add_argument("--real", type=_count, default=24, help="organizations of the year by the real actions")
        parser.add_argument("--rules-only", action="store_true", help="no database at all")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--json", action="store_true", help="all figures as JSON")
        parser.add_argument("--child", default="", help="used by the command itself")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["child"]:
            self.stdout.write(truth_real.child(options["child"]))
            return
        plan = truth.Plan(organizations=min(options["organizations"], _MOST), seed=options["seed"])
        owners = truth.made(plan)
        figures: dict[str, Any] = {
            "plan": asdict(plan), "services": sum(len(one.services) for one in owners), "commit": commit(), "cores": cores(),
            "load": os.getloadavg()[0],
            "years": {calls: truth.year(replace(plan, calls=calls), truth.Written(truth.made(plan))) for calls in (0, plan.calls)},
        }  # fmt: skip
        if not options["rules_only"]:
            try:
                figures["real"] = truth_real.run(
                    replace(plan, organizations=options["real"], calls=1), services=options["services"]
                )
            except (BenchFailed, OSError) as error:
                raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(figures, indent=1))
            return
        for line in truth.lines(figures):
            self.stdout.write(line)
