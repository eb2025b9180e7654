"""Recording: what is new is written, what is known is changed, what is so already is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sympolity.kit.actor import Actor
from sympolity.kit.refusals import Refusal
from sympolity.network import rules
from sympolity.network.actions import rows as shapes
from sympolity.network.actions.items import AccessionItem, AgreementItem, NetworkItem
from sympolity.network.actions.rows import Row
from sympolity.network.actions.storing import PartyParts, refuse_unknown, store
from sympolity.network.enums import AccessionState, AgreementState
from sympolity.network.models import Accession, Agreement, Network
from sympolity.people.actions import checking
from sympolity.people.models import Organization
from sympolity.trail import journal

__all__ = ["record_accessions", "record_agreements", "record_networks"]


def record_networks(*, actor: Actor, items: Sequence[NetworkItem]) -> list[UUID]:
    """Write networks, or change those whose id is known; the ids of what is new or changed.

    A second identical call writes nothing. Raises Refusal; then nothing was written at all.
    """
    Refusal.unless(rules.may_record(actor, "", ""))
    rows = [shapes.network(item, str(place)) for place, item in enumerate(items)]
    with journal.action(actor) as t:
        _refuse_taken_slugs(rows)
        moved = store(t, Network, "network", rows)
    return [row.id for row in rows if row.id in moved]


def record_agreements(*, actor: Actor, items: Sequence[AgreementItem]) -> list[UUID]:
    """Write agreements with their parties, or change known ones; the ids of what is new or changed.

    A second identical call writes nothing. Raises Refusal; then nothing was written at all.
    """
    rows = [shapes.agreement(item, str(place)) for place, item in enumerate(items)]
    for item in items:
        Refusal.unless(rules.may_record(actor, item.status, AgreementState.DRAFT), where=str(item.id or item.title))
    parties = {row.id: shapes.parties(item, row) for row, item in zip(rows, items, strict=True)}
    with journal.action(actor) as t:
        refuse_unknown(Network, {row.values["network_id"] for row in rows} - {None}, "unknown_network")
        named = {party.organization_id for each in parties.values() for party in each}
        refuse_unknown(Organization, named, "unknown_organization")
        moved = store(t, Agreement, "agreement", rows, PartyParts(parties))
    return [row.id for row in rows if row.id in moved]


def record_accessions(*, actor: Actor, items: Sequence[AccessionItem]) -> list[UUID]:
    """Write accessions, or change what is known of them; the ids of what is new or changed.

    A second identical call writes nothing. Raises Refusal; then nothing was written at all.
    """
    rows = [shapes.accession(item, str(place)) for place, item in enumerate(items)]
    with journal.action(actor) as t:
        agreements = Agreement.objects.in_bulk(sorted({item.agreement for item in items}))
        refuse_unknown(Organization, {item.organization for item in items}, "unknown_organization")
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
        moved = store(t, Accession, "accession", rows)
    return [row.id for row in rows if row.id in moved]


def _refuse_taken_slugs(rows: Sequence[Row]) -> None:
    checking.once(row.values["slug"] for row in rows)
    slugs = {row.values["slug"]: row.id for row in rows}
    for slug, holder in Network.objects.filter(slug__in=slugs).values_list("slug", "id"):
        if slugs[slug] != holder:
            raise Refusal("slug_taken", where=slug)


def _refuse_second(rows: Sequence[Row], known: Mapping[UUID, Accession]) -> None:
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
