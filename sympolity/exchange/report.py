"""The result of a run as plain data: for the console, for a page, for a program."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from sympolity.exchange.result import OUTCOMES, Refused, Result

__all__ = ["report"]


def report(result: Result, *, format: str, paths: Sequence[Path], source: str, dry_run: bool) -> dict[str, Any]:
    """The result as plain data."""
    records = result.coverage.records
    return {
        "format": format,
        "files": [str(path) for path in paths],
        "source": source,
        "dry_run": dry_run,
        "seconds": round(result.seconds, 2),
        "records": result.records,
        "accounted_for": result.accounted,
        "results": {name: result.counts[name] for name in OUTCOMES},
        "waiting_new": result.asked,
        "already_over": result.over,
        "endings_not_looked_at": result.not_whole,
        "refused": _rows(result.refused),
        "waiting": _rows(result.waiting),
        "updated": result.updated,
        "duplicates": result.duplicates,
        "notes": result.notes,
        "lengths": {
            name: getattr(result, name).total for name in ("refused", "waiting", "updated", "duplicates", "notes")
        },
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


def _rows(rows: Iterable[Refused]) -> list[dict[str, str]]:
    return [{"place": row.place, "id": row.source_id, "reason": row.reason} for row in rows]
