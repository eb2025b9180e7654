"""``sympolity import``: a file of services from outside."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError

from sympolity.exchange.importing import OUTCOMES, Result, import_signpost
from sympolity.exchange.reading import Unreadable
from sympolity.kit.bidi import clean_line

_SHOWN = 20  # lines of each list; --json has them all
_SOURCE = re.compile(r"^[a-z0-9][a-z0-9.:_-]{0,79}$")


class Command(BaseCommand):
    help = (
        "Import a file of services. Every item becomes a proposal; what is well is applied, what is wrong waits "
        "with its reason. The same file again changes nothing. Exit code: 0 done, 1 failed or some records refused, "
        "2 not understood."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("format", choices=["signpost"], help="signpost: a page of the Signpost v2 list of services")
        parser.add_argument("path", type=Path)
        parser.add_argument(
            "--source", default="signpost", help="name of the origin, when there is more than one Signpost"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument(
            "--allow-endings", action="store_true", help="let more than a fifth of a source end at once"
        )
        parser.add_argument("--json", action="store_true", help="the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if not _SOURCE.match(options["source"]):
            raise CommandError("--source: small letters, digits and . : _ - only, at most 80", returncode=2)
        try:
            result = import_signpost(
                options["path"], source=options["source"], dry_run=options["dry_run"],
                allow_endings=options["allow_endings"], progress=self._bar if sys.stderr.isatty() else None,
            )  # fmt: skip
        except Unreadable as error:
            raise CommandError(clean_line(str(error), 600)) from error
        except IntegrityError as error:
            raise CommandError("Another import of this source runs at the same time. Run this one again.") from error
        data = report(result, options)
        self.stdout.write(json.dumps(data, ensure_ascii=False, indent=1) if options["json"] else "\n".join(lines(data)))
        if result.refused:
            raise CommandError(
                f"{len(result.refused)} of {result.records} records were refused (see above); the others are in."
            )

    def _bar(self, done: int, total: int) -> None:
        full = 30 * done // max(total, 1)
        end = "\n" if done >= total else ""
        sys.stderr.write(f"\r\033[K[{'█' * full}{'·' * (30 - full)}] {done}/{total}{end}")
        sys.stderr.flush()


def report(result: Result, options: dict[str, Any]) -> dict[str, Any]:
    """The result as plain data."""
    records = result.coverage.records
    return {
        "format": options["format"],
        "file": str(options["path"]),
        "source": options["source"],
        "dry_run": options["dry_run"],
        "seconds": round(result.seconds, 2),
        "records": result.records,
        "results": {name: result.counts[name] for name in OUTCOMES},
        "endings_not_looked_at": result.not_whole,
        "refused": [{"place": row.place, "id": row.source_id, "reason": row.reason} for row in result.refused],
        "updated": result.updated,
        "duplicates": result.duplicates,
        "suspected_duplicates": result.suspected,
        "notes": result.notes,
        "other_help": dict(result.fallback),
        "keys": [
            {
                "key": row.key, "home": str(row.home) if row.home else "unknown key", "filled": row.filled, "reached": row.reached,
                "share": round(row.reached / records, 3) if records else 0.0,
            }
            for row in result.coverage.rows()
        ],
        "unknown_keys": [*result.page_unknown, *result.coverage.unknown()],
    }  # fmt: skip


def lines(data: dict[str, Any]) -> list[str]:
    """The report for a person."""
    out = [
        f"{data['file']}: {data['records']} records from {data['source']}"
        + (" (dry run: nothing was written)" if data["dry_run"] else "")
    ]
    out += ["", *(f"  {name:<11}{number:>7}" for name, number in data["results"].items())]
    out += ["", f"  {data['seconds']} s"]
    if data["endings_not_looked_at"]:
        out.append(f"  Endings were not looked at: {data['endings_not_looked_at']}.")
    other = data["other_help"]
    said = f" ({', '.join(f'{why}: {number}' for why, number in other.items())})" if other else ""
    out.append(f'  Under "Other help" (marked as a fallback): {sum(other.values())}{said}.')
    refused = [f"{row['place']}, id {row['id']}: {row['reason']}" for row in data["refused"]]
    out += _list("Refused: they wait as invalid proposals", refused)
    out += _list("Updated", data["updated"])
    out += _list("Repeated ids", data["duplicates"])
    out += _list("Perhaps the same thing twice", data["suspected_duplicates"])
    out += _list("Notes", data["notes"])
    out += ["", "Keys of the source", *_keys(data["keys"])]
    unknown = data["unknown_keys"]
    if unknown:
        out += _list("!! UNKNOWN KEYS: nobody knows what they hold, and nothing of them was taken over", unknown)
    return out


def _list(title: str, rows: Sequence[str]) -> list[str]:
    if not rows:
        return []
    more = [f"  … and {len(rows) - _SHOWN} more (--json has all)"] if len(rows) > _SHOWN else []
    return ["", f"{title} ({len(rows)}):", *(f"  {clean_line(row, 300)}" for row in rows[:_SHOWN]), *more]


def _keys(rows: Iterable[dict[str, Any]]) -> list[str]:
    head = f"  {'key':<34}{'filled':>7}{'reached':>9}{'share':>7}  column"
    return [
        head,
        *(
            f"  {row['key']:<34}{row['filled']:>7}{row['reached']:>9}{row['share']:>7.0%}  {clean_line(row['home'], 120)}"
            for row in rows
        ),
    ]
