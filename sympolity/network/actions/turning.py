"""Verbs of agreements and accessions, as the tables of ``rules`` have them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sympolity.kit import clock
from sympolity.kit.actor import Actor
from sympolity.kit.bidi import clean_text
from sympolity.kit.refusals import Refusal
from sympolity.network import queries, rules
from sympolity.network.actions.storing import BATCH, refuse_missing
from sympolity.network.enums import Precision
from sympolity.network.models import Accession, Agreement, Suspension
from sympolity.trail import journal

__all__ = ["turn_accessions", "turn_agreements"]

_DAY = timedelta(days=1)


def turn_agreements(*, actor: Actor, verb: str, ids: Sequence[UUID], on: date | None = None, note: str = "") -> int:
    """Say ``verb`` of agreements (``rules.AGREEMENT_FLOW``); the number turned. ``on``: the day
    from which they are in force, or the last one; today without it."""
    day = on or clock.local_today()
    with journal.action(actor) as t:
        rows = list(Agreement.objects.filter(id__in=ids).order_by("id").select_for_update())
        refuse_missing(rows, ids, "unknown_agreement")
        for row in rows:
            Refusal.unless(
                rules.AGREEMENT_FLOW.may(actor, row.status, verb, queries.agreement_facts(row)), where=str(row.id)
            )
            before = {"status": row.status}
            row.status = rules.AGREEMENT_FLOW.next(row.status, verb) or row.status
            after: dict[str, Any] = {"status": row.status}
            if verb == "begin" and row.since is None:
                row.since, row.precision = day, Precision.DAY
                after |= {"since": day, "precision": row.precision}
            elif verb == "end":
                row.until = max(day, row.since or day)
                after["until"] = row.until
            row.updated_at = clock.now()
            t.record(row.status, "agreement", row.id, before=before, after=after, private_note=clean_text(note[:2000]))
        Agreement.objects.bulk_update(rows, ["status", "since", "precision", "until", "updated_at"], batch_size=BATCH)
    return len(rows)


def turn_accessions(*, actor: Actor, verb: str, ids: Sequence[UUID], on: date | None = None, note: str = "") -> int:
    """Say ``verb`` of accessions (``rules.ACCESSION_FLOW``); the number turned.

    ``on``: the first day in force (begin), without force (suspend), in force again (resume), or the
    last day in force (end); today without it.
    """
    day = on or clock.local_today()
    with journal.action(actor) as t:
        found = Accession.objects.filter(id__in=ids).order_by("id").select_related("agreement")
        rows = list(found.select_for_update(of=("self",)))
        refuse_missing(rows, ids, "unknown_accession")
        for row in rows:
            facts = rules.AccessionFacts(row.organization_id, row.agreement.status)
            Refusal.unless(rules.ACCESSION_FLOW.may(actor, row.status, verb, facts), where=str(row.id))
            before = {"status": row.status}
            after = _turned(row, verb, day)
            t.record(row.status, "accession", row.id, before=before, after=after, private_note=clean_text(note[:2000]))
        Accession.objects.bulk_update(rows, ["status", "since", "precision", "until", "updated_at"], batch_size=BATCH)
    return len(rows)


def _turned(row: Accession, verb: str, day: date) -> dict[str, Any]:
    """Turn one accession, and its days; what the trail says of it."""
    was = row.status
    row.status, row.updated_at = rules.ACCESSION_FLOW.next(was, verb) or was, clock.now()
    if verb == "begin" and row.since is None:
        row.since, row.precision = day, Precision.DAY
    elif verb == "suspend":
        _refuse_before(row, day)
        Suspension.objects.create(accession=row, since=day)
    elif verb == "resume":
        _resume(row, day)
    elif verb == "end":
        if was in rules.PUBLIC_ACCESSIONS:
            _refuse_before(row, day)
            row.until = day
        else:  # it never came into force: what was planned for it is no day of a membership
            row.since, row.precision, row.until = None, Precision.UNKNOWN, None
    days = {"since": row.since, "precision": row.precision, "until": row.until}
    return {"status": row.status} | days | ({"on": day} if verb in {"suspend", "resume"} else {})


def _resume(row: Accession, day: date) -> None:
    for one in row.suspensions.filter(until__isnull=True):
        if day <= one.since:
            one.delete()  # taken back before a day of it was over
        else:
            one.until = day - _DAY
            one.save(update_fields=["until"])


def _refuse_before(row: Accession, day: date) -> None:
    if row.since is not None and day < row.since:
        raise Refusal("before_it_began", where=str(row.id))
