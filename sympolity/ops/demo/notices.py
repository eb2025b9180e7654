"""The notices of the demo: their file → drafts → actions. Again: nothing changes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sympolity.directory import actions as directory
from sympolity.directory.notices import NoticeDraft
from sympolity.kit import clock
from sympolity.kit.actor import SYSTEM
from sympolity.ops.demo.ids import DRAFTED, demo_id
from sympolity.places.facts import area_id

__all__ = ["load"]

FILE = Path(__file__).parent / "notices.toml"


def load(day: date) -> int:
    """The notices, their days counted from ``day``; how many were new or changed.

    Only new ones are published: what people withdrew since stays withdrawn.
    """
    rows = {demo_id("notice", row["key"]): row for row in tomllib.loads(FILE.read_text(encoding="utf-8"))["notice"]}
    drafts = [_draft(one, row, day) for one, row in rows.items()]
    outcomes = directory.record_notices(actor=SYSTEM, drafts=drafts)
    created = [one for one, outcome in outcomes.items() if outcome is directory.Outcome.CREATED]
    new = [one for one in created if rows[one]["state"] == "published"]
    if new:
        directory.turn_notices(actor=SYSTEM, verb="publish", notices=new)
    return sum(1 for outcome in outcomes.values() if outcome is not directory.Outcome.UNCHANGED)


def _draft(id: UUID, row: Mapping[str, Any], day: date) -> NoticeDraft:
    lang = row["lang"]
    return NoticeDraft(
        id=id, area=area_id(row["area"]), severity=row["severity"], lang=lang, title=row["title"][lang],
        body=row["body"][lang], source=row["source"], starts_at=_moment(day, row["from_days"], row["from_time"]),
        until=_moment(day, row["until_days"], row["until_time"]),
        texts={"title": row["title"], "body": row["body"]}, provenance=DRAFTED,
    )  # fmt: skip


def _moment(day: date, days: int, at: str) -> datetime:
    return datetime.combine(day + timedelta(days=days), time.fromisoformat(at), clock.ATHENS)
