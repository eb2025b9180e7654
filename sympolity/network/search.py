"""Networks in the find index: not to be found, but so that pages know members without a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sympolity.kit.actor import PUBLIC
from sympolity.languages import texts
from sympolity.network import queries, rules
from sympolity.network.models import Accession, Agreement, Network
from sympolity.search.documents import Document, Source, register

__all__ = ["register_all"]


def _ids() -> Iterator[list[UUID]]:
    yield list(Network.objects.order_by("pk").values_list("pk", flat=True))


def _build(ids: Sequence[UUID]) -> Iterator[Document]:
    rows = list(queries.networks_visible_to(PUBLIC).filter(id__in=ids).order_by("pk"))
    bundles = texts.bundles("network", rows)
    books = queries.registers([row.id for row in rows], actor=PUBLIC)
    for row in rows:
        card = {
            "id": str(row.id), "kind": "network", "path": f"network/{row.slug}/", "slug": row.slug, "lang": row.lang,
            "position": row.position, "example": row.example, "texts": _said(bundles[row.id]),
            "members": list(_members(books[row.id])),
        }  # fmt: skip
        yield Document("network", row.id, [], set(), frozenset({"public"}), card, vocabulary=False)


def _said(bundle: texts.Bundle) -> dict[str, dict[str, str]]:
    said: dict[str, dict[str, str]] = {}
    for field in ("name", "short"):
        for lang, words in bundle.all(field).items():
            said.setdefault(lang, {})[field] = words.body
    return said


def _members(book: queries.Register) -> Iterator[dict[str, Any]]:
    """Every accession that has been in force of an organization with an area, with its days: time
    alone begins and ends a membership, so the day is compared when a page is made."""
    for one in book.accessions:
        facts, area = book.memberships[one.id], one.organization.area
        first = rules.begins(facts)
        if area is None or first is None or one.organization_id in book.hidden:
            continue
        yield {
            "area": area.slug, "organization": str(one.organization_id), "status": one.status,
            "since": one.since and one.since.isoformat(), "precision": one.precision,
            "until": one.until and one.until.isoformat(), "noted_on": one.noted_on.isoformat(),
            "suspensions": [[start.isoformat(), end and end.isoformat()] for start, end in facts.suspensions],
        }  # fmt: skip


def _affected(entries: Sequence[tuple[str, UUID]]) -> set[UUID] | None:
    """A member that changes its name, area or state changes its networks, as its accession does."""
    by_noun: dict[str, set[UUID]] = {"network": set(), "agreement": set(), "accession": set(), "organization": set()}
    for noun, noun_id in entries:
        if noun == "area":
            return None
        by_noun.get(noun, set()).add(noun_id)
    found = set(by_noun["network"])
    if by_noun["agreement"]:
        found |= _networks(Agreement.objects.filter(id__in=by_noun["agreement"]).values_list("network_id", flat=True))
    accessions = Accession.objects.values_list("agreement__network_id", flat=True)
    if by_noun["accession"]:
        found |= _networks(accessions.filter(id__in=by_noun["accession"]))
    if by_noun["organization"]:
        found |= _networks(accessions.filter(organization_id__in=by_noun["organization"]))
    return found


def _networks(ids: Any) -> set[UUID]:
    return {one for one in ids if one is not None}


def register_all() -> None:
    """Register the source of this room."""
    register(Source("network", _ids, _build, _affected))
