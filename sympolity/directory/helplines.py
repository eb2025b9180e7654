"""Official numbers: facts with their source and the day they were checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sympolity.directory import models, rules
from sympolity.kit.actor import Actor
from sympolity.kit.refusals import Refusal
from sympolity.languages import texts
from sympolity.languages.models import Text
from sympolity.trail.journal import Journal, action

__all__ = ["record_helplines"]


def record_helplines(*, actor: Actor, rows: Sequence[Mapping[str, Any]]) -> int:
    """Let the official numbers be these and no others; how many are new, changed or withdrawn."""
    Refusal.unless(rules.may_record_helplines(actor))
    with action(actor) as t:
        known = {row.number: row for row in models.Helpline.objects.order_by("id").select_for_update()}
        for position, fact in enumerate(rows):
            _record(t, known.get(fact["number"]), position, fact)
        given = {fact["number"] for fact in rows}
        _withdraw(t, [row for number, row in known.items() if number not in given])
    return len(t.lines)


def _record(t: Journal, row: models.Helpline | None, position: int, fact: Mapping[str, Any]) -> None:
    columns = {"position": position, "lang": "en", "name": fact["name"]["en"], "description": fact["description"]["en"],
               "source": fact["source"], "checked_on": fact.get("checked_on")}  # fmt: skip
    if row is not None and all(getattr(row, name) == value for name, value in columns.items()):
        return
    line = row or models.Helpline(number=fact["number"])
    for name, value in columns.items():
        setattr(line, name, value)
    line.save()
    words = {"name": fact["name"], "description": fact["description"]}
    texts.write(noun="helpline", texts={line.id: words}, sources={line.id: line}, state="machine")
    t.record("recorded", "helpline", line.id, after={"number": line.number, "source": line.source})


def _withdraw(t: Journal, rows: Sequence[models.Helpline]) -> None:
    """A number that is official no longer helps nobody: it goes, with its texts; the trail keeps that it stood."""
    ids = [row.id for row in rows]
    for row in rows:
        t.record("withdrawn", "helpline", row.id, before={"number": row.number, "source": row.source})
    Text.objects.filter(noun="helpline", noun_id__in=ids).delete()
    models.Helpline.objects.filter(id__in=ids).delete()
