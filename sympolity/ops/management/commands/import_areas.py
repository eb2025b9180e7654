"""``sympolity import areas``: the areas of the country from official files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sympolity.exchange.areas.composing import Origin
from sympolity.exchange.areas.importing import KINDS, OUTCOMES, Result, import_areas
from sympolity.exchange.reading import Unreadable
from sympolity.kit.bidi import clean_line

_SHOWN = 20  # lines of each list; --json has them all
_WORDS = {
    "region": "regions",
    "regional_unit": "regional units",
    "municipality": "municipalities",
    "boundary": "boundaries",
}


class Command(BaseCommand):
    help = (
        "Import regional units, municipalities and their boundaries from official files: code book (JSON or Excel), "
        "names, label points, settlements, p-codes, boundaries (TopoJSON or GeoJSON in WGS 84), in any order. The kind "
        "of each file shows in its content. The same files again change nothing. Exit code: 0 done, 1 failed, "
        "2 not understood."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", type=Path, nargs="+", metavar="path")
        parser.add_argument("--source", default="", help="who made the boundaries, as it is to be named under a map")
        parser.add_argument("--licence", default="", help='licence of the boundaries, for example "CC BY 3.0"')
        parser.add_argument("--date", default="", help="the day for which the boundaries hold: 2011-05-31")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--replace-finer", action="store_true", help="let coarser boundaries replace finer ones")
        parser.add_argument("--json", action="store_true", help="the report as JSON, with all lines of all lists")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            day = date.fromisoformat(options["date"]) if options["date"] else None
        except ValueError as error:
            raise CommandError("--date: a day as 2011-05-31", returncode=2) from error
        origin = Origin(clean_line(options["source"], 300), clean_line(options["licence"], 120), day)
        try:
            result = import_areas(
                options["paths"], origin=origin, dry_run=options["dry_run"], replace_finer=options["replace_finer"]
            )
        except Unreadable as error:
            raise CommandError(clean_line(str(error), 2000)) from error
        data = report(result, dry_run=options["dry_run"])
        self.stdout.write(json.dumps(data, ensure_ascii=False, indent=1) if options["json"] else "\n".join(lines(data)))


def report(result: Result, *, dry_run: bool) -> dict[str, Any]:
    """The result as plain data."""
    return {
        "dry_run": dry_run,
        "seconds": round(result.seconds, 2),
        "files": [
            {"file": file.path.name, "kind": file.kind, "rows": file.rows, "refused": len(file.refused)}
            for file in result.files
        ],
        "results": {kind: {name: result.counts[kind][name] for name in OUTCOMES} for kind in KINDS},
        "municipalities": result.municipalities,
        "coverage": result.coverage,
        "refused": [{"place": place, "reason": reason} for place, reason in result.refused],
        "notes": result.notes,
    }


def lines(data: dict[str, Any]) -> list[str]:
    """The report for a person."""
    out = ["Files" + (" (dry run: nothing was written)" if data["dry_run"] else "")]
    out += [f"  {clean_line(row['file'], 60)}: {row['kind']}, {row['rows']} rows" for row in data["files"]]
    out += ["", f"  {'':<16}" + "".join(f"{name:>11}" for name in OUTCOMES)]
    out += [
        f"  {_WORDS[kind]:<16}" + "".join(f"{row[name]:>11}" for name in OUTCOMES)
        for kind, row in data["results"].items()
    ]
    out += ["", f"  {data['seconds']} s", "", f"Of {data['municipalities']} municipalities have now:"]
    out += [f"  {name:<24}{count:>5}" for name, count in data["coverage"].items()]
    out += _list("Refused", [f"{row['place']}: {row['reason']}" for row in data["refused"]])
    return out + _list("Notes", data["notes"])


def _list(title: str, rows: Sequence[str]) -> list[str]:
    if not rows:
        return []
    more = [f"  … and {len(rows) - _SHOWN} more (--json has all)"] if len(rows) > _SHOWN else []
    return ["", f"{title} ({len(rows)}):", *(f"  {clean_line(row, 300)}" for row in rows[:_SHOWN]), *more]
