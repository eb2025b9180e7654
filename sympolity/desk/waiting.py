"""What waits for a person: proposals in review, and those that could not be used."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from sympolity.desk import reasons
from sympolity.directory.models import ServiceAtLocation
from sympolity.exchange import retrying, reviewing
from sympolity.exchange.examples import changes
from sympolity.kit.actor import Actor, Role
from sympolity.kit.bidi import clean_text
from sympolity.kit.refusals import Refusal
from sympolity.languages import registry
from sympolity.places import queries as places
from sympolity.sharing import queries as proposals
from sympolity.sharing.enums import ProposalState
from sympolity.sharing.models import Proposal

__all__ = ["AGAIN", "Card", "Decision", "again", "cards", "decide", "sources", "unusable", "waiting"]

AGAIN = 100  # records that are written at once when they are tried again
_STATES = (ProposalState.REVIEW, ProposalState.INVALID)
_TRIED = 2000  # records that are looked at when all are tried again
_TOLD = 20  # of them that are named
_LOOKED_AT = 5000  # proposals whose places are looked at, for a curator of some areas
_FIELDS = 60  # of a card
_RAW = 4000  # characters


@dataclass(slots=True)
class Card:
    """One record that waits. ``fields``: (name, what stands, what comes, language); ``stands``: a version is public."""

    row: Proposal
    name: str
    lang: str
    fields: list[list[str]]
    more: int
    stands: bool
    raw: str
    cut: bool

    @property
    def dir(self) -> str:
        return registry.direction(self.lang) if self.lang else "auto"

    @property
    def why(self) -> Any:
        """Why it waits, in words."""
        return reasons.reason(self.row.reason)

    @property
    def place(self) -> Any:
        """Where it stood in its file, in words."""
        return reasons.place(self.row.place)

    @property
    def can_be_accepted(self) -> bool:
        return self.row.state == ProposalState.REVIEW


def waiting(actor: Actor) -> QuerySet[Proposal]:
    """What waits and is this actor's to decide: everything, or what lies in the areas of a curator."""
    found = proposals.visible_to(actor).filter(noun="service", state__in=_STATES)
    found = found.order_by("source", "received_at", "id")
    scope = actor.areas_of(Role.CURATOR)
    if actor.has(Role.ADMINISTRATOR, Role.SYSTEM) or scope is None:
        return found
    return found.filter(id__in=_within(found, scope))


def _within(rows: QuerySet[Proposal], scope: frozenset[UUID]) -> list[UUID]:
    """Those whose new places, or whose places as they stand, lie in ``scope``."""
    if not scope:
        return []
    tree = places.tree()
    reach = {one.id for area in scope if area in tree.areas for one in tree.within(tree.areas[area])}
    points: dict[UUID, list[tuple[float, float]]] = {}
    things: dict[UUID, UUID | None] = {}
    for one, thing, mapped in rows.values_list("id", "noun_id", "mapped")[:_LOOKED_AT]:
        things[one] = thing
        points[one] = [(row["lat"], row["lon"]) for row in mapped.get("locations", ()) if row.get("lat") is not None]
    flat = [point for some in points.values() for point in some]
    area_of = dict(zip(flat, places.area_at_points(flat), strict=True)) if flat else {}
    known = _standing_within(things, reach)
    return [
        one for one, some in points.items() if things[one] in known or any(area_of[point] in reach for point in some)
    ]


def _standing_within(things: dict[UUID, UUID | None], reach: set[UUID]) -> set[UUID | None]:
    wanted = [thing for thing in things.values() if thing]
    found: set[UUID | None] = set()
    for start in range(0, len(wanted), 500):
        links = ServiceAtLocation.objects.filter(service__in=wanted[start : start + 500])
        found |= {service for service, area in links.values_list("service_id", "location__area_id") if area in reach}
    return found


def sources(rows: QuerySet[Proposal]) -> list[tuple[str, int]]:
    """The sources of what waits, with how many of each."""
    return sorted(Counter(rows.values_list("source", flat=True)).items())


def cards(rows: Sequence[Proposal]) -> list[Card]:
    """Rows with what stands now beside them, field by field."""
    standing: dict[tuple[str, str], Proposal] = {}
    for source in {row.source for row in rows}:
        known = proposals.known(source=source, source_ids=[row.source_id for row in rows if row.source == source])
        standing |= {(source, key): one.standing for key, one in known.items() if one.standing}
    return [_card(row, standing.get((row.source, row.source_id))) for row in rows]


def _card(row: Proposal, standing: Proposal | None) -> Card:
    found = changes(standing.mapped if standing else {}, row.mapped)
    service = row.mapped.get("service", {})
    raw = clean_text(json.dumps(row.raw, ensure_ascii=False, indent=1)[: _RAW + 1])
    return Card(
        row, str(service.get("name", "")), str(service.get("lang", "")), found[:_FIELDS], max(0, len(found) - _FIELDS),
        standing is not None, raw[:_RAW], len(raw) > _RAW,
    )  # fmt: skip


@dataclass(slots=True)
class Decision:
    """What became of what a person decided. ``refused``: (id at the source, reason) of those that wait on."""

    done: int = 0
    asked: int = 0  # tried again, they wait for a person now
    late: int = 0  # they waited no more
    refused: list[tuple[str, Any]] = field(default_factory=list)
    unread: str = ""  # the source of which nobody knows how it is read


def decide(actor: Actor, ids: Sequence[UUID], verb: str) -> Decision:
    """Accept or decline what waits and is the actor's to decide; one that is refused leaves the others done."""
    wanted = list(dict.fromkeys(ids))
    rows = {row.id: row for row in waiting(actor).filter(id__in=wanted)}
    told = Decision(late=len(wanted) - len(rows))
    if verb == "accept":
        for row in rows.values():
            if row.state == ProposalState.INVALID:
                told.refused.append((row.source_id, reasons.reason(row.reason)))
        _accept(actor, [row for row in rows.values() if row.state == ProposalState.REVIEW], told)
    else:
        for row in rows.values():
            _one(told, lambda row=row: reviewing.decline(actor=actor, ids=[row.id]))
    return told


def _accept(actor: Actor, rows: Sequence[Proposal], told: Decision) -> None:
    names = {row.id: row.source_id for row in rows}
    try:
        done: Any = reviewing.accept(actor=actor, ids=list(names))
    except Refusal:  # one of them was decided in between: each for itself
        for row in rows:
            _one(told, lambda row=row: _accepted(actor, row, told))
        return
    told.done += len(done.outcomes)
    told.refused += [(names[one], reasons.reason(why)) for one, why in done.refused.items()]


def _accepted(actor: Actor, row: Proposal, told: Decision) -> int:
    done = reviewing.accept(actor=actor, ids=[row.id])
    told.refused += [(row.source_id, reasons.reason(why)) for why in done.refused.values()]
    return len(done.outcomes)


def _one(told: Decision, act: Any) -> None:
    try:
        told.done += act()
    except Refusal:
        told.late += 1


def unusable(rows: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """Those that could not be used as they came."""
    return rows.filter(state=ProposalState.INVALID)


def again(actor: Actor, rows: QuerySet[Proposal]) -> Decision:
    """Try records again that could not be used; at most :data:`AGAIN` of them are written."""
    some = list(unusable(rows).only("id", "source", "source_id")[:_TRIED])
    told = Decision()
    for source in sorted({row.source for row in some}):
        ids = {row.id: row.source_id for row in some if row.source == source}
        try:
            became = retrying.retry(actor=actor, ids=list(ids), most=AGAIN - told.done - told.asked)
        except Refusal as error:
            told.unread = source if error.reason == "unknown_reading" else told.unread
            told.late += len(ids) if error.reason != "unknown_reading" else 0
            continue
        outcomes = Counter(became.values())
        told.asked += outcomes["waiting"]
        left = unusable(proposals.visible_to(actor)).filter(
            source=source, source_id__in=[ids[one] for one, outcome in became.items() if outcome == "refused"]
        )
        told.refused += [(row.source_id, reasons.reason(row.reason)) for row in left[:_TOLD]]
        told.done += len(became) - outcomes["waiting"] - outcomes["refused"]
    return told
