"""What a network of any size has, as documents of the find index: areas, needs, a helpline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sympolity.directory.needs import category_id
from sympolity.places import facts as places
from sympolity.search.documents import Document

__all__ = ["fixed"]


def fixed(areas: Sequence[places.AreaFact], needs: Sequence[dict[str, Any]], today: date) -> Iterator[Document]:
    """Documents of written facts; cards have the shape that pages read."""
    yield from _areas(areas)
    yield from _needs(needs)
    yield _helpline(today)


def _areas(areas: Sequence[places.AreaFact]) -> Iterator[Document]:
    slugs = {area.id: area.slug for area in areas}
    for area in areas:
        parent = slugs[area.parent_id] if area.parent_id else ""
        card = {
            "id": str(area.id), "slug": area.slug, "kind": area.kind, "parent": parent, "lat": area.lat, "lon": area.lon,
            "population": area.population, "names": {name.language: name.name for name in reversed(area.names)},
            "all": [[name.language, name.kind, name.name] for name in area.names],
        }  # fmt: skip
        yield Document("area", area.id, [], set(), frozenset({"public"}), card)


def _needs(needs: Sequence[dict[str, Any]]) -> Iterator[Document]:
    for position, need in enumerate(needs):
        said = {lang: {"name": name, "label": need["label"].get(lang, name)} for lang, name in need["name"].items()}
        card = {
            "id": str(category_id(need["slug"])), "slug": need["slug"], "parent": need["parent"], "icon": need["icon"],
            "position": position, "emergency": need["emergency"], "fallback": need["fallback"], "lang": "en",
            "texts": said, "words": [word for group in need["synonyms"].values() for word in group],
        }  # fmt: skip
        yield Document("category", category_id(need["slug"]), [], set(), frozenset({"public"}), card)


def _helpline(today: date) -> Document:
    noun_id = UUID(int=112)
    said = {"en": {"name": "Emergency: police, ambulance, fire", "description": "Free, day and night."}}
    card = {
        "id": str(noun_id), "number": "112", "position": 0, "lang": "en", "texts": said, "source": "civilprotection.gov.gr",
        "checked_on": today.isoformat(),
    }  # fmt: skip
    return Document("helpline", noun_id, [], set(), frozenset({"public"}), card)
