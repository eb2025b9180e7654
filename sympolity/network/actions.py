"""Verbs of networks. All take lists, check their rule, and write rows, texts and entries in one transaction."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sympolity.kit import clock
from sympolity.kit.actor import Actor
from sympolity.kit.bidi import clean_text
from sympolity.kit.refusals import Refusal
from sympolity.network import queries, rules
from sympolity.network.enums import (
    AccessionState,
    AgreementKind,
    AgreementState,
    ExchangeState,
    PartyRole,
    Precision,
)
from sympolity.network.models import Accession, Agreement, Network, Party, Suspension
from sympolity.people.actions import checking, wording
from sympolity.people.actions.wording import Texts
from sympolity.people.models import Organization
from sympolity.trail import journal

__all__ = [
    "AccessionItem",
    "AgreementItem",
    "NetworkItem",
    "PartyItem",
    "record_accessions",
    "record_agreements",
    "record_networks",
    "turn_accessions",
    "turn_agreements",
]

BATCH = 100
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkItem:
    """A network. Its words are in ``lang``; other languages stand in ``texts``."""

    slug: str
    name: str
    lang: str = "el"
    id: UUID | None = None
    short: str = ""
    description: str = ""
    url: str = ""
    example: bool = False
    position: int = 0
    texts: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyItem:
    """An organization in an agreement."""

    organization: UUID
    role: str = PartyRole.PARTNER


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementItem:
    """An agreement with its parties in order. ``status`` counts at recording only; later it is
    turned by verbs. ``since`` with precision "month": any day of it."""

    kind: str
    title: str
    lang: str = "el"
    id: UUID | None = None
    network: UUID | None = None
    status: str = AgreementState.DRAFT
    body: str = ""
    flows_out: str = ""
    flows_in: str = ""
    since: date | None = None
    precision: str = Precision.UNKNOWN
    until: date | None = None
    source: str = ""
    exchange: str = ExchangeState.NONE
    position: int = 0
    parties: Sequence[PartyItem] = ()
    texts: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessionItem:
    """An organization accedes to an agreement. ``status`` counts at recording only. ``noted_on``
    None: today, or as it stands."""

    agreement: UUID
    organization: UUID
    id: UUID | None = None
    status: str = AccessionState.REQUESTED
    since: date | None = None
    precision: str = Precision.UNKNOWN
    until: date | None = None
    noted_on: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    """A checked item. ``first``: what counts at recording only."""

    id: UUID
    values: dict[str, Any]
    first: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)


def record_networks(*, actor: Actor, items: Sequence[NetworkItem]) -> list[UUID]:
    """Write networks, or change those whose id is known; the ids of what is new or changed.

    A second identical call writes nothing. Raises Refusal; then nothing was written at all.
    """
    Refusal.unless(rules.may_record(actor, "", ""))
    rows = [_network(item, str(place)) for place, item in enumerate(items)]
    with journal.action(actor) as t:
        _refuse_taken_slugs(rows)
        moved = _store(t, Network, "network", rows)
    return [row.id for row in rows if row.id in moved]


def record_agreements(*, actor: Actor, items: Sequence[AgreementItem]) -> list[UUID]:
    """Write agreements with their parties, or change known ones; the ids of what is new or changed.

    A second identical call writes nothing. Raises Refusal; then nothing was written at all.
    """
    rows = [_agreement(item, str(place)) for place, item in enumerate(items)]
    for item in items:
        Refusal.unless(rules.may_record(actor, item.status, AgreementState.DRAFT), where=str(item.id or item.title))
    parties = {row.id: _parties(item, row) for row, item in zip(rows, items, strict=True)}
    with journal.action(actor) as t:
        _refuse_unknown(Network, {row.values["network_id"] for row in rows} - {None}, "unknown_network")
        named = {party.organization_id for each in parties.values() for party in each}
        _refuse_unknown(Organization, named, "unknown_organization")
        moved = _store(t, Agreement, "agreement", rows, _PartyParts(parties))
    return [row.id for row in rows if row.id in moved]


def record_accessions(*, actor: Actor, items: Sequence[AccessionItem]) -> list[UUID]:
    """Write accessions, or change what is known of them; the ids of what is new or changed.

    A second identical call writes nothing. Raises Refusal; then nothing was written at all.
    """
    rows = [_accession(item, str(place)) for place, item in enumerate(items)]
    with journal.action(actor) as t:
        agreements = Agreement.objects.in_bulk(sorted({item.agreement for item in items}))
        _refuse_unknown(Organization, {item.organization for item in items}, "unknown_organization")
        known = Accession.objects.in_bulk([row.id for row in rows])
        for row, item in zip(rows, items, strict=True):
            if item.agreement not in agreements:
                raise Refusal("unknown_agreement", where=str(row.id))
            if row.id in known:
                answer = rules.may_record(actor, "", "")
            else:
                facts = rules.AccessionFacts(item.organization, agreements[item.agreement].status)
                answer = rules.may_request(actor, facts, item.status)
            Refusal.unless(answer, where=str(row.id))
        _refuse_second(rows, known)
        moved = _store(t, Accession, "accession", rows)
    return [row.id for row in rows if row.id in moved]


def turn_agreements(*, actor: Actor, verb: str, ids: Sequence[UUID], on: date | None = None, note: str = "") -> int:
    """Say ``verb`` of agreements (``rules.AGREEMENT_FLOW``); the number turned. ``on``: the day
    from which they are in force, or the last one; today without it."""
    day = on or clock.local_today()
    with journal.action(actor) as t:
        rows = list(Agreement.objects.filter(id__in=ids).order_by("id").select_for_update())
        _refuse_missing(rows, ids, "unknown_agreement")
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
        _refuse_missing(rows, ids, "unknown_accession")
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


def _network(item: NetworkItem, where: str) -> _Row:
    if not _SLUG.fullmatch(item.slug) or len(item.slug) > 60:
        raise Refusal("slug_wrong", where=where)
    lang = checking.language(item.lang, where)
    values = {
        "slug": item.slug,
        "lang": lang,
        "name": checking.line(item.name, 200, "name", where, needed=True),
        "short": checking.line(item.short, 20, "short", where),
        "description": checking.text(item.description, "description", where),
        "url": checking.web(item.url, where),
        "example": bool(item.example),
        "position": item.position,
    }
    said = wording.checked(item.texts, ("name", "short", "description"), lang, where)
    return _Row(item.id or uuid.uuid4(), values, texts=said)


def _agreement(item: AgreementItem, where: str) -> _Row:
    _known_word(AgreementKind.values, item.kind, "unknown_kind", where)
    _known_word(AgreementState.values, item.status, "unknown_state", where)
    _known_word(ExchangeState.values, item.exchange, "unknown_exchange", where)
    lang = checking.language(item.lang, where)
    long = ("body", "flows_out", "flows_in")
    values = {
        "network_id": item.network,
        "kind": str(item.kind),
        "lang": lang,
        "title": checking.line(item.title, 200, "title", where, needed=True),
        **{name: checking.text(getattr(item, name), name, where) for name in long},
        "source": checking.line(item.source, 300, "source", where),
        "exchange": str(item.exchange),
        "position": item.position,
    }
    said = wording.checked(item.texts, ("title", *long), lang, where)
    known, first = _days(item, where)
    return _Row(item.id or uuid.uuid4(), values | known, {"status": str(item.status)} | first, said)


def _accession(item: AccessionItem, where: str) -> _Row:
    _known_word(AccessionState.values, item.status, "unknown_state", where)
    values, first = _days(item, where)
    values |= {
        "agreement_id": item.agreement,
        "organization_id": item.organization,
        "source": checking.line(item.source, 300, "source", where),
    }
    (first if item.noted_on is None else values)["noted_on"] = item.noted_on or clock.local_today()
    return _Row(item.id or uuid.uuid4(), values, first | {"status": str(item.status)})


def _days(item: AgreementItem | AccessionItem, where: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Beginning, precision and end: what always counts, and what counts at recording only.

    The end comes by a verb later, and a beginning that is not told leaves the one that stands.
    """
    _known_word(Precision.values, item.precision, "unknown_precision", where)
    if (item.since is None) != (item.precision == Precision.UNKNOWN):
        raise Refusal("date_without_precision" if item.since else "precision_without_date", where=where)
    since = rules.latest(item.since, item.precision)
    if since and item.until and item.until < since:
        raise Refusal("ends_before_it_begins", where=where)
    begins = {"since": since, "precision": str(item.precision)}
    end = {"until": item.until}
    return (begins, end) if since else ({}, begins | end)


def _parties(item: AgreementItem, row: _Row) -> list[Party]:
    made: list[Party] = []
    for place, one in enumerate(item.parties):
        _known_word(PartyRole.values, one.role, "unknown_role", str(row.id))
        made.append(Party(agreement_id=row.id, organization_id=one.organization, role=str(one.role), position=place))
    checking.once(party.organization_id for party in made)
    return made


def _known_word(words: Sequence[str], word: str, reason: str, where: str) -> None:
    if word not in words:
        raise Refusal(reason, where=where)


def _refuse_taken_slugs(rows: Sequence[_Row]) -> None:
    checking.once(row.values["slug"] for row in rows)
    slugs = {row.values["slug"]: row.id for row in rows}
    for slug, holder in Network.objects.filter(slug__in=slugs).values_list("slug", "id"):
        if slugs[slug] != holder:
            raise Refusal("slug_taken", where=slug)


def _refuse_unknown(model: type[Any], ids: set[UUID], reason: str) -> None:
    missing = ids - set(model.objects.filter(id__in=ids).values_list("id", flat=True))
    if missing:
        raise Refusal(reason, where=str(min(missing)))


def _refuse_missing(rows: Sequence[Any], ids: Sequence[UUID], reason: str) -> None:
    missing = set(ids) - {row.id for row in rows}
    if missing:
        raise Refusal(reason, where=str(min(missing)))


def _refuse_second(rows: Sequence[_Row], known: Mapping[UUID, Accession]) -> None:
    """One accession of an organization to an agreement goes on at a time."""
    going = Accession.objects.exclude(status=AccessionState.ENDED).exclude(id__in=list(known))
    pairs = set(going.values_list("agreement_id", "organization_id"))
    for row in rows:
        status = known[row.id].status if row.id in known else row.first["status"]
        pair = (row.values["agreement_id"], row.values["organization_id"])
        if status == AccessionState.ENDED:
            continue
        if pair in pairs:
            raise Refusal("already_acceding", where=str(row.id))
        pairs.add(pair)


class _Parts:
    """What goes with a row and stands in tables of its own: nothing, unless a noun has some."""

    def differ(self, one: UUID) -> tuple[Any, Any] | None:  # noqa: ARG002 - as those that have some
        """(before, after) as the trail tells them, or None."""
        return None

    def save(self, ids: Sequence[UUID]) -> None:
        """Write those of ``ids``."""


class _PartyParts(_Parts):
    """Parties of agreements: those of an agreement that differ are written anew."""

    def __init__(self, wanted: Mapping[UUID, Sequence[Party]]) -> None:
        self.wanted = wanted
        self.there: dict[UUID, list[list[str]]] = {}
        for party in Party.objects.filter(agreement_id__in=list(wanted)).order_by("position", "id"):
            self.there.setdefault(party.agreement_id, []).append(self._told(party))

    @staticmethod
    def _told(party: Party) -> list[str]:
        return [str(party.organization_id), party.role]

    def differ(self, one: UUID) -> tuple[Any, Any] | None:
        before, after = self.there.get(one, []), [self._told(party) for party in self.wanted[one]]
        return None if before == after else (before, after)

    def save(self, ids: Sequence[UUID]) -> None:
        Party.objects.filter(agreement_id__in=ids).delete()
        Party.objects.bulk_create([party for one in ids for party in self.wanted[one]], batch_size=BATCH)


def _store(
    t: journal.Journal, model: type[Any], noun: str, rows: Sequence[_Row], parts: _Parts | None = None
) -> set[UUID]:
    """Write rows, texts and parts where they differ from what stands, and tell the trail; the ids of those."""
    parts = parts or _Parts()
    checking.once(row.id for row in rows)
    known = {one.id: one for one in model.objects.filter(id__in=[row.id for row in rows]).select_for_update()}
    new = {row.id: model(id=row.id, **row.first, **row.values) for row in rows if row.id not in known}
    before: dict[UUID, dict[str, Any]] = {}
    for row in rows:
        old = known.get(row.id)
        if old and "since" in row.values and old.until and old.until < row.values["since"]:
            raise Refusal("ends_before_it_begins", where=str(row.id))
        was = {name: getattr(old, name) for name in row.values if getattr(old, name) != row.values[name]} if old else {}
        if was:
            before[row.id] = was
            for name in was:
                setattr(old, name, row.values[name])
            known[row.id].updated_at = clock.now()
    model.objects.bulk_create(new.values(), batch_size=BATCH)
    if before:
        fields = {name for was in before.values() for name in was} | {"updated_at"}
        model.objects.bulk_update([known[one] for one in before], sorted(fields), batch_size=BATCH)
    differing = {row.id: found for row in rows if (found := parts.differ(row.id))}
    parts.save(list(differing))
    said = wording.write_new(noun, {row.id: row.texts for row in rows}, {**known, **new})
    moved = [row for row in rows if row.id in {*new, *before, *differing, *said}]
    for row in moved:
        was = dict(before.get(row.id, {}))
        now = row.first | row.values if row.id in new else {name: row.values[name] for name in was}
        if row.id in differing:
            was, now = was | {"parties": differing[row.id][0]}, now | {"parties": differing[row.id][1]}
        if row.id in said:
            now["texts"] = said[row.id]
        t.record(
            "recorded" if row.id in new else "changed", noun, row.id, before={} if row.id in new else was, after=now
        )
    return {row.id for row in moved}
