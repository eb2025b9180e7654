"""Verbs of proposals. Each takes lists and writes its entries of the trail; raw input never enters the trail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sympolity.kit import clock
from sympolity.kit.actor import Actor
from sympolity.kit.bidi import clean_line
from sympolity.kit.refusals import Refusal
from sympolity.sharing import rules
from sympolity.sharing.enums import ProposalOrigin, ProposalState
from sympolity.sharing.models import Proposal
from sympolity.trail.journal import Journal, action, plain

__all__ = ["BATCH", "Arrival", "receive", "turn"]

BATCH = 100  # proposals under one write lock (architecture.md, Storage)


@dataclass(slots=True)
class Arrival:
    """One item from outside. ``reason`` says why it cannot be applied as it is; it then waits as invalid."""

    source_id: str
    noun: str
    raw: Any
    raw_hash: str
    place: str
    noun_id: UUID | None = None
    mapped: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


def receive(*, actor: Actor, origin: ProposalOrigin, source: str, arrivals: Sequence[Arrival]) -> dict[str, Proposal]:
    """Keep new versions of items; a version of theirs that waited is superseded. The proposals by source id.

    Raises :class:`Refusal` ``twice`` when an item stands in the list twice.
    """
    Refusal.unless(rules.may_receive(actor))
    _once(arrivals)
    made: dict[str, Proposal] = {}
    for start in range(0, len(arrivals), BATCH):
        batch = arrivals[start : start + BATCH]
        rows = [_row(origin, source, arrival) for arrival in batch]  # before the lock is taken
        with action(actor) as t:
            waiting = Proposal.objects.filter(source=source, source_id__in=[row.source_id for row in batch])
            _move(t, actor, waiting.filter(state__in=rules.WAITING).select_for_update(), "supersede", {})
            Proposal.objects.bulk_create(rows)
            for row in rows:
                t.record("received", "proposal", row.id, after=_told(row))
                made[row.source_id] = row
    return made


def turn(*, actor: Actor, verb: str, ids: Sequence[UUID], reasons: Mapping[UUID, str] | None = None) -> int:
    """Say ``verb`` of proposals (see ``rules.FLOW``); what is accepted supersedes what stood. The number turned.

    Raises :class:`Refusal` when one of them is in the wrong state; the batch of 100 it is in is not written.
    """
    done = 0
    for start in range(0, len(ids), BATCH):
        with action(actor) as t:
            rows = list(Proposal.objects.filter(id__in=ids[start : start + BATCH]).order_by("id").select_for_update())
            for row in rows:
                Refusal.unless(rules.FLOW.may(actor, row.state, verb), where=row.source_id)
            accepted = [row for row in rows if rules.FLOW.next(row.state, verb) == rules.STANDING]
            _move(t, actor, _former(accepted), "supersede", {})
            done += _move(t, actor, rows, verb, reasons or {})
    return done


def _once(arrivals: Iterable[Arrival]) -> None:
    seen: set[str] = set()
    for arrival in arrivals:
        if arrival.source_id in seen:
            raise Refusal("twice", where=arrival.source_id)
        seen.add(arrival.source_id)


def _row(origin: ProposalOrigin, source: str, arrival: Arrival) -> Proposal:
    reason = clean_line(arrival.reason, 300)
    return Proposal(
        origin=origin, source=source, source_id=arrival.source_id, noun=arrival.noun, noun_id=arrival.noun_id,
        raw=plain(arrival.raw), raw_hash=arrival.raw_hash, mapped=plain(arrival.mapped), reason=reason,
        state=ProposalState.INVALID if reason else ProposalState.RECEIVED,
        place=clean_line(arrival.place, 200), received_at=clock.now(),
    )  # fmt: skip


def _told(row: Proposal) -> dict[str, Any]:
    said = {"source": row.source, "source_id": row.source_id, "hash": row.raw_hash, "state": str(row.state)}
    return said | ({"reason": row.reason} if row.reason else {})


def _former(accepted: Sequence[Proposal]) -> list[Proposal]:
    """The versions that stand where ``accepted`` will."""
    by_source: dict[str, list[str]] = {}
    for row in accepted:
        by_source.setdefault(row.source, []).append(row.source_id)
    found: list[Proposal] = []
    for source, ids in by_source.items():
        rows = Proposal.objects.filter(source=source, source_id__in=ids, state=rules.STANDING)
        found += rows.select_for_update()
    return found


def _move(t: Journal, actor: Actor, rows: Iterable[Proposal], verb: str, reasons: Mapping[UUID, str]) -> int:
    moved, said = list(rows), dict[tuple[str, str], list[UUID]]()
    now = clock.now()
    for row in moved:
        following = rules.FLOW.next(row.state, verb)
        if following is None:
            raise Refusal("wrong_state", where=row.source_id, facts={"state": row.state, "verb": verb})
        before, row.state = row.state, following
        row.reason = clean_line(reasons.get(row.id, row.reason), 300)
        row.decided_at, row.decided_by = now, actor.person
        said.setdefault((str(following), row.reason), []).append(row.id)
        t.record(str(following), "proposal", row.id, before={"state": str(before)}, after={"reason": row.reason})
    # Few differ in what is said of them; a statement for each such group is a tenth of what bulk_update costs.
    for (state, reason), ids in said.items():
        Proposal.objects.filter(id__in=ids).update(state=state, reason=reason, decided_at=now, decided_by=actor.person)
    return len(moved)
