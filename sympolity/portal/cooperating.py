"""What the pages of cooperation show: networks, partnerships, statements, and the members of one network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from sympolity.kit.actor import Actor
from sympolity.kit.fold import fold
from sympolity.languages import texts
from sympolity.languages.texts import Bundle, Said
from sympolity.network import queries as networks
from sympolity.network.enums import AgreementKind, AgreementState
from sympolity.network.models import Accession, Agreement, Network, Party
from sympolity.network.rules import Count
from sympolity.people import queries as people
from sympolity.people.enums import StatementState
from sympolity.people.models import Organization
from sympolity.portal import growth
from sympolity.portal.site import Site

__all__ = ["network_page", "overview"]

_SHOWN = (AgreementState.OPEN, AgreementState.IN_FORCE, AgreementState.ENDED)
Bundles = Mapping[str, Mapping[UUID, Bundle]]


@dataclass(frozen=True, slots=True)
class Side:
    """Who stands on one side of an agreement."""

    name: Said
    url: str
    role: str = ""
    example: bool = False


@dataclass(frozen=True, slots=True)
class Partnership:
    """A cooperation as the page shows it. ``unnamed``: parties that this reader may not see."""

    title: Said
    body: Said
    first: list[Side]
    others: list[Side]
    unnamed: int
    since: str
    until: date | None
    ended: bool
    flows_out: Said
    flows_in: Said
    exchange: str
    exchange_words: str
    source: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A statement as the page shows it."""

    body: Said
    said_by: Said
    organization: Said
    url: str
    example: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A network as the page shows it."""

    name: Said
    short: Said
    description: Said
    url: str
    members: Count
    example: bool


@dataclass(frozen=True, slots=True)
class City:
    """A member as the page shows it."""

    name: Said
    url: str
    since: str


def overview(*, actor: Actor, lang: str, today: date) -> dict[str, Any]:
    """Networks, partnerships and statements; nine queries, however many there are."""
    rows = list(networks.networks_visible_to(actor).order_by("position", "slug"))
    books = networks.registers([row.id for row in rows], actor=actor)
    agreements = _partnerships(actor)
    statements = list(
        people.statements_visible_to(actor)
        .filter(status=StatementState.PUBLISHED)
        .select_related("organization")
        .order_by("position", "id")
    )
    parties = {one.organization_id: one.organization for row in agreements for one in row.parties.all()}
    seen = _seen(actor, parties)
    speakers = {row.organization_id: row.organization for row in statements}
    said = texts.bundles_of(
        {
            "network": rows,
            "agreement": agreements,
            "organization": list((parties | speakers).values()),
            "statement": statements,
        }
    )
    return {
        "networks": [_card(row, books[row.id].count(today), said, lang) for row in rows],
        "partnerships": [_partnership(row, said, seen, lang) for row in agreements],
        "statements": [
            Quote(
                said["statement"][row.id].said("body", lang),
                said["statement"][row.id].said("said_by", lang),
                said["organization"][row.organization_id].said("name", lang),
                f"/{lang}/organization/{row.organization_id}/",
                row.example,
            )
            for row in statements
        ],
    }


def network_page(row: Network, *, actor: Actor, lang: str, today: date, here: Site | None) -> dict[str, Any]:
    """Everything ``portal/network.html`` shows; five queries."""
    book = networks.registers([row.id], actor=actor)[row.id]
    memoranda = list(
        networks.agreements_visible_to(actor).filter(network=row, kind=AgreementKind.MOU, status__in=_SHOWN).order_by("position", "id")
    )  # fmt: skip
    organizations = {one.organization_id: one.organization for one in book.accessions}
    said = texts.bundles_of({"network": [row], "agreement": memoranda, "organization": list(organizations.values())})

    def city(one: Organization) -> Said:
        area = one.area.slug if one.area else ""
        known = here.area_name(area, lang) if here and area else None
        return known or said["organization"][one.id].said("name", lang)

    def named(one: UUID) -> Said | None:
        return None if one in book.hidden else city(organizations[one])

    members, count, steps = book.members(today), book.count(today), book.history(today)
    return {
        "network": _card(row, count, said, lang),
        "site_url": row.url,
        "memoranda": [
            (said["agreement"][one.id].said("title", lang), said["agreement"][one.id].said("body", lang),
             growth.since(one.since, one.precision), one.source)
            for one in memoranda
        ],
        "members": sorted((_city(one, city(one.organization), lang) for one in members), key=lambda one: fold(one.name.body)),
        "unnamed": count.number - len(members),
        "steps": growth.rows(steps, named),
        "chart": growth.chart(steps, today),
        "undated": any(step.precision == "unknown" for step in steps),
        "sources": _sources(members, city),
    }  # fmt: skip


def _partnerships(actor: Actor) -> list[Agreement]:
    """Agreements that are no memorandum, those that ended last."""
    rows = networks.agreements_visible_to(actor).exclude(kind=AgreementKind.MOU).filter(status__in=_SHOWN)
    parties = Party.objects.select_related("organization")
    found = rows.select_related("network").prefetch_related(Prefetch("parties", parties)).order_by("position", "id")
    return sorted(found, key=lambda row: row.status == AgreementState.ENDED)


def _seen(actor: Actor, organizations: Iterable[UUID]) -> set[UUID]:
    wanted = list(organizations)
    if not wanted:
        return set()
    return set(people.organizations_visible_to(actor).filter(id__in=wanted).values_list("id", flat=True))


def _card(row: Network, members: Count, said: Bundles, lang: str) -> Card:
    bundle = said["network"][row.id]
    return Card(
        bundle.said("name", lang), bundle.said("short", lang), bundle.said("description", lang),
        f"/{lang}/network/{row.slug}/", members, row.example,
    )  # fmt: skip


def _partnership(row: Agreement, said: Bundles, seen: set[UUID], lang: str) -> Partnership:
    bundle = said["agreement"][row.id]
    parties = sorted(row.parties.all(), key=lambda one: (one.position, one.id))
    sides = [
        Side(
            said["organization"][one.organization_id].said("name", lang),
            f"/{lang}/organization/{one.organization_id}/", one.get_role_display(), one.organization.example,
        )
        for one in parties if one.organization_id in seen
    ]  # fmt: skip
    first = sides[:1]
    if row.network is not None:
        own = said["network"].get(row.network.id)
        first = [Side(own.said("name", lang), f"/{lang}/network/{row.network.slug}/")] if own else []
    return Partnership(
        title=bundle.said("title", lang),
        body=bundle.said("body", lang),
        first=first,
        others=sides if row.network is not None else sides[1:],
        unnamed=len(parties) - len(sides),
        since=growth.since(row.since, row.precision),
        until=row.until,
        ended=row.status == AgreementState.ENDED,
        flows_out=bundle.said("flows_out", lang),
        flows_in=bundle.said("flows_in", lang),
        exchange=row.exchange,
        exchange_words=row.get_exchange_display(),
        source=row.source,
    )


def _city(one: Accession, name: Said, lang: str) -> City:
    area = one.organization.area
    url = f"/{lang}/city/{area.slug}/" if area else f"/{lang}/organization/{one.organization_id}/"
    return City(name, url, growth.since(one.since, one.precision))


def _sources(members: Iterable[Accession], city: Any) -> list[tuple[str, list[Said]]]:
    """What is documented where, in the order of the days."""
    found: dict[str, list[Said]] = {}
    for one in members:
        if one.source:
            found.setdefault(one.source, []).append(city(one.organization))
    return [(source, sorted(names, key=lambda name: fold(name.body))) for source, names in found.items()]
