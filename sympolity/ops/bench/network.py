"""A synthetic network: services, areas, needs and helplines as documents of the find index.

Cards and filters have the shape that ``directory.search`` gives them; needs and areas are those
of the written files, so that pages can be rendered from the index.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Any
from uuid import UUID

from sympolity.directory import enums
from sympolity.directory.needs import category_id
from sympolity.directory.needs import load as load_needs
from sympolity.kit.fold import fold
from sympolity.languages import registry
from sympolity.ops.bench.words import SCRIPTS, Lexicon, vocabulary_size
from sympolity.places import facts as places
from sympolity.search.documents import Document

__all__ = ["Network"]

EPOCH = date(1970, 1, 1)
SPOKEN = ("el", "en", "ar", "fa", "fr", "ur", "uk", "so", "ckb", "tr", "bn", "am")
SPOKEN_SHARE = (60, 70, 35, 25, 25, 12, 10, 8, 6, 6, 5, 3)  # of 100 services
WITHOUT_HOURS = 0.15  # share of services of whose hours nothing is known
OWN_HOURS = 0.35  # share with hours that hardly another service has


def _some(rng: Random, values: list[str], most: int) -> list[str]:
    return rng.sample(values, rng.randint(0, most))


def _hours(rng: Random) -> dict[str, object]:
    """Hours as services write them: office hours, two shifts, some days, day and night, unknown."""
    kind = rng.random()
    if kind < WITHOUT_HOURS:
        return {}
    if kind < WITHOUT_HOURS + 0.03:
        return {"s": "24/7"}
    own = rng.random() < OWN_HOURS
    minutes = range(0, 60, 5) if own else (0, 30)
    start, end = (
        f"{rng.randint(8, 10):02d}:{rng.choice(minutes):02d}",
        f"{rng.randint(13, 17):02d}:{rng.choice(minutes):02d}",
    )
    days = rng.choice(("Mo-Fr", "Mo-Fr", "Mo-Fr", "Mo-Sa", "Mo,We,Fr", "Tu,Th"))
    spec = f"{days} {start}-{end}"
    if own and rng.random() < 0.4:
        spec = f"{spec},18:00-{rng.randint(19, 21):02d}:{rng.choice(minutes):02d}"
    found: dict[str, object] = {"s": f"{spec}; PH off" if rng.random() < 0.5 else spec}
    if rng.random() < 0.05:
        found["x"] = [["2026-12-24", "2027-01-06", "off", "holidays"]]
    return found


@dataclass(slots=True)
class _Owner:
    id: UUID
    names: dict[str, str]


class Network:
    """``services`` services of ``services`` / 5 organizations, the same for the same seed and day."""

    def __init__(self, services: int, *, seed: int, today: date) -> None:
        self.services, self.seed, self.today = services, seed, today
        rng = Random(seed)  # noqa: S311 figures that can be repeated
        self.lexicon = Lexicon.of(rng, vocabulary_size(services))
        self.areas = places.load()
        self.cities = [area for area in self.areas if area.kind == "municipality" and area.lat is not None]
        self._shares = list(accumulate(area.population or 1 for area in self.cities))
        self.needs = load_needs()
        self._parents = {area.id: area for area in self.areas}
        self._owners = [self._owner(rng) for _ in range(max(1, services // 5))]

    def _id(self, rng: Random) -> UUID:
        return UUID(int=rng.getrandbits(128), version=4)

    def _owner(self, rng: Random) -> _Owner:
        return _Owner(
            self._id(rng), {lang: self.lexicon.text(rng, lang, rng.randint(2, 4)).title() for lang in ("el", "en")}
        )

    def city(self, rng: Random) -> places.AreaFact:
        """A municipality, by its share of the population."""
        return rng.choices(self.cities, cum_weights=self._shares)[0]

    def point_near(self, rng: Random, city: places.AreaFact) -> tuple[float, float]:
        """A point around the middle of a city: most within 5 km, in degrees."""
        return round(rng.gauss(city.lat or 0.0, 0.025), 5), round(rng.gauss(city.lon or 0.0, 0.03), 5)

    def documents(self) -> Iterator[Document]:
        """All of the index: areas, needs, helplines, then the services."""
        yield from self._area_documents()
        yield from self._need_documents()
        yield from self._helpline_documents()
        rng = Random(self.seed + 1)  # noqa: S311 figures that can be repeated
        for _ in range(self.services):
            yield self._service(rng)

    def _line(self, area: places.AreaFact) -> list[places.AreaFact]:
        found = [area]
        while found[-1].parent_id is not None:
            found.append(self._parents[found[-1].parent_id])
        return found

    def _service(self, rng: Random) -> Document:
        city, owner, need = self.city(rng), rng.choice(self._owners), rng.choice(self.needs)
        line = self._line(city)
        slugs = {need["slug"], *([need["parent"]] if need["parent"] else [])}
        spoken = [code for code, share in zip(SPOKEN, SPOKEN_SHARE, strict=True) if rng.random() * 100 < share]
        points = sorted(self.point_near(rng, city) for _ in range(rng.choices((1, 2, 3), (90, 8, 2))[0]))
        card = self._card(rng, owner=owner, need=need, city=city, spoken=spoken, points=points)
        confirmed = self.today - timedelta(days=int(rng.expovariate(1 / 60)))
        card["confirmed"] = confirmed.isoformat()
        return Document(
            kind="service",
            id=UUID(card["id"]),
            texts=self._texts(rng, card=card, owner=owner, need=need, line=line, spoken=spoken),
            filters=_filters(card, owner, slugs, line, spoken),
            doors=frozenset({"public", f"org:{owner.id}", "curator:*", *(f"curator:{area.id}" for area in line)}),
            card=card,
            points=points,
            hours=[_hours(rng) for _ in points],
            call_from=(confirmed - EPOCH).days + 121,
            gone_from=(confirmed - EPOCH).days + 361,
            fresh=(confirmed - EPOCH).days,
            languages=set(card["texts"]),
        )

    def _card(
        self, rng: Random, *, owner: _Owner, need: dict[str, Any], city: places.AreaFact,
        spoken: list[str], points: list[tuple[float, float]],
    ) -> dict[str, Any]:  # fmt: skip
        noun_id = self._id(rng)
        said = {
            lang: {
                "name": self.lexicon.text(rng, lang, rng.randint(2, 5)).capitalize(),
                "summary": self.lexicon.text(rng, lang, rng.randint(10, 18)),
            }
            for lang in SCRIPTS
            if lang == "el" or rng.random() < 0.7
        }
        return {
            "id": str(noun_id), "kind": "service", "path": f"service/{noun_id}/", "lang": "el", "texts": said,
            "organization": {"id": str(owner.id), "kind": "ngo", "lang": "el", "names": owner.names},
            "example": True, "origin": "", "needs": [need["slug"]], "languages": spoken,
            "interpretation": ["so"] if rng.random() < 0.1 else [], "cost": rng.choices(enums.Cost.values, (80, 8, 4, 8))[0],
            "access": [rng.choice(enums.Access.values)], "for": _some(rng, enums.ForWhom.values, 3), "status": "active",
            "audience": "public", "capacity": None,
            "places": [_place(city, point) for point in points],
            "confirmed_by": rng.choice(("centre", "partner", "self")), "since": None, "ends_on": None,
            "sort": {lang: fold(words["name"]) for lang, words in said.items()},
        }  # fmt: skip

    def _texts(
        self, rng: Random, *, card: dict[str, Any], owner: _Owner, need: dict[str, Any],
        line: list[places.AreaFact], spoken: list[str],
    ) -> list[tuple[str, int]]:  # fmt: skip
        said, languages = card["texts"], [registry.get(code) for code in spoken]
        longer = [self.lexicon.text(rng, lang, length) for lang in said for length in (rng.randint(30, 60), 8, 8)]
        synonyms = " ".join(word for group in need["synonyms"].values() for word in group)
        return [
            (" ".join(words["name"] for words in said.values()), 3),
            (" ".join(words["summary"] for words in said.values()), 2),
            (" ".join(longer), 1),
            (" ".join(owner.names.values()), 2),
            (" ".join(f"{language.name} {language.english}" for language in languages), 1),
            (" ".join(need["label"].values()), 2),
            (f"{' '.join(need['name'].values())} {synonyms}", 1),
            *((" ".join(name.name for name in area.names), 1) for area in line if area.kind != "country"),
        ]

    def _area_documents(self) -> Iterator[Document]:
        for area in self.areas:
            parent = self._parents[area.parent_id].slug if area.parent_id else ""
            card = {
                "id": str(area.id), "slug": area.slug, "kind": area.kind, "parent": parent, "lat": area.lat, "lon": area.lon,
                "population": area.population, "names": {name.language: name.name for name in reversed(area.names)},
                "all": [[name.language, name.kind, name.name] for name in area.names],
            }  # fmt: skip
            yield Document("area", area.id, [], set(), frozenset({"public"}), card)

    def _need_documents(self) -> Iterator[Document]:
        for position, need in enumerate(self.needs):
            said = {lang: {"name": name, "label": need["label"].get(lang, name)} for lang, name in need["name"].items()}
            card = {
                "id": str(category_id(need["slug"])), "slug": need["slug"], "parent": need["parent"], "icon": need["icon"],
                "position": position, "emergency": need["emergency"], "fallback": need["fallback"], "lang": "en",
                "texts": said, "words": [word for group in need["synonyms"].values() for word in group],
            }  # fmt: skip
            yield Document("category", category_id(need["slug"]), [], set(), frozenset({"public"}), card)

    def _helpline_documents(self) -> Iterator[Document]:
        noun_id = self._id(Random(self.seed + 2))  # noqa: S311 figures that can be repeated
        said = {"en": {"name": "Emergency: police, ambulance, fire", "description": "Free, day and night."}}
        card = {
            "id": str(noun_id), "number": "112", "position": 0, "lang": "en", "texts": said, "source": "civilprotection.gov.gr",
            "checked_on": self.today.isoformat(),
        }  # fmt: skip
        yield Document("helpline", noun_id, [], set(), frozenset({"public"}), card)


def _place(city: places.AreaFact, point: tuple[float, float]) -> dict[str, Any]:
    return {"kind": "physical", "area": city.slug, "locality": {}, "point": list(point), "visibility": "full"}


def _filters(
    card: dict[str, Any], owner: _Owner, needs: set[str], line: list[places.AreaFact], spoken: list[str]
) -> set[str]:
    return {
        *(f"need:{slug}" for slug in needs),
        *(f"in:{area.slug}" for area in line),
        *(f"speaks:{code}" for code in (*spoken, *card["interpretation"])),
        *(f"for:{code}" for code in card["for"]),
        *(f"access:{code}" for code in card["access"]),
        f"cost:{card['cost']}",
        f"org:{owner.id}",
        *(["access:interpreter"] if card["interpretation"] else []),
    }
