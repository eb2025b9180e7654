"""What the directory hands to the find index, and nothing more.

A document is built without the point and the address of a place that is not public: whoever
copies the index file learns its area and no more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date
from functools import partial
from typing import Any
from uuid import UUID

from sympolity.directory import models, rules
from sympolity.directory.enums import Audience, LocationKind, NoticeState, ServiceStatus
from sympolity.directory.queries import Dossier, Place, dossiers
from sympolity.kit import clock
from sympolity.kit.fold import fold
from sympolity.languages import registry, texts
from sympolity.people.enums import OrganizationState
from sympolity.places import queries as places
from sympolity.places.models import Area, AreaName, NameKind
from sympolity.search.documents import Document, Source, register

__all__ = ["register_all", "service_document"]

BATCH = 200
EPOCH = date(1970, 1, 1)
Entries = Sequence[tuple[str, UUID]]


def _day(day: date | None) -> int | None:
    return (day - EPOCH).days if day else None


def _batches(model: Any) -> Iterator[list[UUID]]:
    ids: list[UUID] = list(model.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


class _Facts:
    """Areas and needs with their words: small tables, read once for a batch."""

    def __init__(self) -> None:
        self.areas = {area.id: area for area in Area.objects.all()}
        self.area_names: dict[UUID, list[AreaName]] = defaultdict(list)
        for name in AreaName.objects.order_by("id"):
            self.area_names[name.area_id].append(name)
        self.words: dict[UUID, list[str]] = defaultdict(list)
        for row in models.CategoryWord.objects.order_by("id"):
            self.words[row.category_id].append(row.word)
        categories = list(models.Category.objects.all())
        self.categories = {category.id: category for category in categories}
        self.category_texts = texts.bundles("category", categories)

    def line(self, area_id: UUID | None) -> list[Area]:
        """An area and its ancestors, itself first."""
        found: list[Area] = []
        while area_id is not None and len(found) < 8:
            area = self.areas[area_id]
            found.append(area)
            area_id = area.parent_id
        return found

    def needs(self, dossier: Dossier) -> list[models.Category]:
        """The needs of a service and their parents."""
        found = {category.id: category for category in dossier.categories}
        for category in dossier.categories:
            if category.parent_id:
                found[category.parent_id] = self.categories[category.parent_id]
        return list(found.values())


def _said(bundle: texts.Bundle, fields: dict[str, str]) -> dict[str, dict[str, Any]]:
    """By language and short name of the field: words; ``o``/``m`` mark outdated and machine texts."""
    out: dict[str, dict[str, Any]] = defaultdict(dict)
    for field, short in fields.items():
        for lang, said in bundle.all(field).items():
            out[lang][short] = said.body
            if said.outdated:
                out[lang]["o"] = 1
            if said.machine:
                out[lang]["m"] = 1
    return dict(out)


def _words(bundle: texts.Bundle, field: str) -> str:
    return " ".join(said.body for said in bundle.all(field).values())


def service_document(dossier: Dossier, facts: _Facts) -> Document:
    """A service as the index may know it."""
    service, standing = dossier.service, dossier.standing
    areas = {area.id: area for place in dossier.places for area in facts.line(place.location.area_id)}
    needs = facts.needs(dossier)
    points = sorted({place.point for place in dossier.places if place.point})
    physical = any(place.location.kind != LocationKind.VIRTUAL for place in dossier.places)
    newest = max((seal.at for group, seal in dossier.seals.items() if group in {"contact", "hours"}), default=None)
    filters = {
        *(f"need:{need.slug}" for need in needs),
        *(f"in:{area.slug}" for area in areas.values()),
        *(f"speaks:{code}" for code in (*service.languages, *service.interpretation)),
        *(f"for:{code}" for code in service.for_whom),
        *(f"access:{code}" for code in service.access),
        f"cost:{service.cost}",
        f"org:{service.organization_id}",
    }
    if service.interpretation:
        filters.add("access:interpreter")
    if not physical:
        filters.add("access:by_phone")
    if any(place.location.women_only for place in dossier.places):
        filters.add("for:women_only")
    doors = rules.doors(
        status=service.status,
        audience=service.audience,
        organization=service.organization_id,
        approved=service.organization.status == OrganizationState.APPROVED,
        areas=areas,
    )
    return Document(
        kind="service",
        id=service.id,
        texts=_texts(dossier, facts, needs, list(areas.values())),
        filters=filters,
        doors=doors,
        card=_card(dossier),
        points=points,
        hours=[place.hours.to_json() for place in dossier.places] or [dossier.hours.to_json()],
        closed=service.status != ServiceStatus.ACTIVE,
        call_from=_day(standing.call_from),
        gone_from=_day(standing.gone_from),
        fresh=_day(newest.astimezone(clock.ATHENS).date() if newest else None) or 0,
        languages=dossier.texts.languages(),
        vocabulary=Audience.PUBLIC in doors,
    )


def _texts(
    dossier: Dossier, facts: _Facts, needs: Iterable[models.Category], areas: Iterable[Area]
) -> list[tuple[str, int]]:
    service = dossier.service
    spoken = [registry.get(code) for code in (*service.languages, *service.interpretation)]
    out = [
        (_words(dossier.texts, "name"), 3),
        (_words(dossier.texts, "summary"), 2),
        (_words(dossier.texts, "description"), 1),
        (_words(dossier.texts, "eligibility"), 1),
        (_words(dossier.texts, "how"), 1),
        (_words(dossier.organization, "name"), 2),
        (" ".join(f"{language.name} {language.english}" for language in spoken), 1),
    ]
    for need in needs:
        bundle = facts.category_texts[need.id]
        out.append((_words(bundle, "label"), 2))
        out.append((f"{_words(bundle, 'name')} {' '.join(facts.words[need.id])}", 1))
    for area in areas:
        if area.kind != "country":
            out.append((" ".join(name.name for name in facts.area_names[area.id]), 1))
    for place in dossier.places:
        if place.shows_address:
            out += [(_words(place.texts, "locality"), 1), (_words(place.texts, "address"), 1)]
    return [(body, weight) for body, weight in out if body.strip()]


def _place(place: Place) -> dict[str, Any]:
    location = place.location
    said = {lang: said.body for lang, said in place.texts.all("locality").items()} if place.shows_address else {}
    return {
        "kind": location.kind,
        "area": location.area.slug,
        "locality": said,
        "point": list(place.point) if place.point else None,
        "visibility": location.visibility,
    }


def _card(dossier: Dossier) -> dict[str, Any]:
    service, standing = dossier.service, dossier.standing
    seal = max((s for g, s in dossier.seals.items() if g in {"contact", "hours"}), key=lambda s: s.at, default=None)
    return {
        "id": str(service.id),
        "kind": "service",
        "path": f"service/{service.id}/",
        "lang": service.lang,
        "texts": _said(dossier.texts, {"name": "name", "summary": "summary"}),
        "organization": {
            "id": str(service.organization_id),
            "kind": service.organization.kind,
            "lang": service.organization.lang,
            "names": {lang: said.body for lang, said in dossier.organization.all("name").items()},
        },
        "example": service.example,
        "origin": service.origin,
        "needs": [category.slug for category in dossier.categories],
        "languages": service.languages,
        "interpretation": service.interpretation,
        "cost": service.cost,
        "access": service.access,
        "for": service.for_whom,
        "status": service.status,
        "audience": service.audience,
        "capacity": [service.capacity, service.capacity_until.isoformat()]
        if service.capacity and service.capacity_until
        else None,
        "places": [_place(place) for place in dossier.places],
        "doubted": dossier.doubted,
        "confirmed": seal.at.astimezone(clock.ATHENS).date().isoformat() if seal else None,
        "confirmed_by": ("centre" if seal.vouched else seal.how) if seal else None,
        "since": standing.since.isoformat() if standing.since and dossier.seals else None,
        "ends_on": service.ends_on.isoformat() if service.ends_on else None,
        "sort": {lang: fold(said.body) for lang, said in dossier.texts.all("name").items()},
    }


def _services(ids: Sequence[UUID]) -> Iterator[Document]:
    found = models.Service.objects.filter(id__in=ids).order_by("pk")
    facts = _Facts()
    for dossier in dossiers(found):
        yield service_document(dossier, facts)


def _services_affected(entries: Entries) -> set[UUID] | None:
    found: set[UUID] = set()
    by_noun: dict[str, set[UUID]] = defaultdict(set)
    for noun, noun_id in entries:
        by_noun[noun].add(noun_id)
    if by_noun["category"] or by_noun["area"]:
        return None
    found |= by_noun["service"]
    if by_noun["report"]:  # conduct touches nothing that is shown or counted
        doubted = models.Report.objects.filter(id__in=by_noun["report"], conduct=False)
        found |= set(doubted.values_list("service_id", flat=True))
    if by_noun["location"]:
        found |= set(
            models.ServiceAtLocation.objects.filter(location__in=by_noun["location"]).values_list("service", flat=True)
        )
    if by_noun["organization"]:
        found |= set(
            models.Service.objects.filter(organization__in=by_noun["organization"]).values_list("id", flat=True)
        )
    return found


def _own(noun: str, entries: Entries) -> set[UUID]:
    return {noun_id for name, noun_id in entries if name == noun}


def _categories(ids: Sequence[UUID]) -> Iterator[Document]:
    rows = list(models.Category.objects.filter(id__in=ids).select_related("parent").prefetch_related("words"))
    bundles = texts.bundles("category", rows)
    for row in rows:
        bundle = bundles[row.id]
        card = {
            "id": str(row.id), "slug": row.slug, "parent": row.parent.slug if row.parent else "", "icon": row.icon,
            "position": row.position, "emergency": row.emergency, "fallback": row.fallback, "lang": row.lang,
            "texts": _said(bundle, {"name": "name", "label": "label", "door": "door"}),
            "words": [word.word for word in row.words.all()],
        }  # fmt: skip
        yield Document("category", row.id, [], set(), frozenset({"public"}), card)


def _areas(ids: Sequence[UUID]) -> Iterator[Document]:
    rows = Area.objects.filter(id__in=ids).select_related("parent").prefetch_related("names")
    drawings = places.drawings(ids)
    for row in rows:
        names: dict[str, str] = {}
        for name in row.names.all():
            if name.kind == NameKind.COMMON or name.language not in names:
                names[name.language] = name.name
        card = {
            "id": str(row.id), "slug": row.slug, "kind": row.kind, "parent": row.parent.slug if row.parent else "",
            "lat": row.lat, "lon": row.lon, "population": row.population, "names": names,
            "all": [[name.language, name.kind, name.name] for name in row.names.all()],
            "boundary": drawings.get(row.id),
        }  # fmt: skip
        yield Document("area", row.id, [], set(), frozenset({"public"}), card)


def _helplines(ids: Sequence[UUID]) -> Iterator[Document]:
    rows = list(models.Helpline.objects.filter(id__in=ids))
    bundles = texts.bundles("helpline", rows)
    for row in rows:
        card = {
            "id": str(row.id), "number": row.number, "position": row.position, "lang": row.lang,
            "texts": _said(bundles[row.id], {"name": "name", "description": "description"}),
            "source": row.source, "checked_on": row.checked_on.isoformat() if row.checked_on else None,
        }  # fmt: skip
        yield Document("helpline", row.id, [], set(), frozenset({"public"}), card)


def _notices(ids: Sequence[UUID]) -> Iterator[Document]:
    """Published ones only: a draft is nobody's business yet. When they begin and end is compared at rendering."""
    rows = list(models.Notice.objects.filter(id__in=ids, state=NoticeState.PUBLISHED).select_related("area"))
    bundles = texts.bundles("notice", rows)
    for row in rows:
        card = {
            "id": str(row.id), "area": row.area.slug, "severity": row.severity, "lang": row.lang, "source": row.source,
            "texts": _said(bundles[row.id], {"title": "title", "body": "body"}),
            "starts": row.starts_at.astimezone(UTC).isoformat(), "until": row.until.astimezone(UTC).isoformat(),
        }  # fmt: skip
        yield Document("notice", row.id, [], set(), frozenset({"public"}), card, vocabulary=False)


def register_all() -> None:
    """Register the sources of this room, and of ``places``, which may not know ``search``."""
    register(Source("service", partial(_batches, models.Service), _services, _services_affected))
    register(Source("category", partial(_batches, models.Category), _categories, partial(_own, "category")))
    register(Source("helpline", partial(_batches, models.Helpline), _helplines, partial(_own, "helpline")))
    register(Source("notice", partial(_batches, models.Notice), _notices, partial(_own, "notice")))
    register(Source("area", partial(_batches, Area), _areas, partial(_own, "area")))
