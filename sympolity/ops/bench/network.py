"""A synthetic network: services, areas, needs and helplines as documents of the find index.

Cards and filters have the shape that ``directory.search`` gives them; needs and areas are those
of the written files, so that pages can be rendered from the index.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial, reduce
from itertools import accumulate
from operator import add
from random import Random
from typing import Any
from uuid import UUID

from sympolity.directory import enums
from sympolity.directory.needs import load as load_needs
from sympolity.languages import registry
from sympolity.ops.bench.fixed import fixed
from sympolity.ops.bench.words import SCRIPTS, Lexicon, Text, vocabulary_size
from sympolity.places import facts as places
from sympolity.search import analyzer
from sympolity.search.documents import Document
from sympolity.search.memo import Kept

__all__ = ["Network"]

EPOCH = date(1970, 1, 1)
SPOKEN = ("el", "en", "ar", "fa", "fr", "ur", "uk", "so", "ckb", "tr", "bn", "am")
SPOKEN_SHARE = (60, 70, 35, 25, 25, 12, 10, 8, 6, 6, 5, 3)  # of 100 services
WITHOUT_HOURS = 0.15  # share of services of whose hours nothing is known
WORDS_EACH = 60  # words of a language in a service, about
COSTS, ACCESS, FOR = enums.Cost.values, enums.Access.values, enums.ForWhom.values
OWN_HOURS = 0.35  # share with hours that hardly another service has


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
        self.lexicon = Lexicon(rng, vocabulary_size(services))
        self.areas = places.load()
        self.cities = [area for area in self.areas if area.kind == "municipality" and area.lat is not None]
        self._shares = list(accumulate(area.population or 1 for area in self.cities))
        self.needs = load_needs()
        self._parents = {area.id: area for area in self.areas}
        self._hours = [_hours(rng) for _ in range(min(3000, 50 + services // 3))]
        self._known: Kept[str, Text] = Kept(50_000)  # tokens of texts that come again: areas, needs, owners
        self._owners = [self._owner(rng) for _ in range(max(1, services // 5))]

    def _id(self, rng: Random) -> UUID:
        return UUID(int=rng.getrandbits(128), version=4)

    def _owner(self, rng: Random) -> _Owner:
        return _Owner(
            self._id(rng),
            {lang: self.lexicon.text(rng, lang, rng.randint(2, 4)).words.title() for lang in ("el", "en")},
        )

    def city(self, rng: Random) -> places.AreaFact:
        """A municipality, by its share of the population."""
        return rng.choices(self.cities, cum_weights=self._shares)[0]

    def point_near(self, rng: Random, city: places.AreaFact) -> tuple[float, float]:
        """A point around the middle of a city: most within 5 km, in degrees."""
        return round(rng.gauss(city.lat or 0.0, 0.025), 5), round(rng.gauss(city.lon or 0.0, 0.03), 5)

    def documents(self) -> Iterator[Document]:
        """All of the index: areas, needs, helplines, then the services."""
        yield from self.few()
        for document, _ in self.many():
            yield document

    def few(self) -> Iterator[Document]:
        """What a network of any size has: areas, needs, helplines."""
        return fixed(self.areas, self.needs, self.today)

    def many(self) -> Iterator[tuple[Document, str]]:
        """The services, each with its index tokens: those that the analyzer makes of its texts."""
        rng = Random(self.seed + 1)  # noqa: S311 figures that can be repeated
        for _ in range(self.services):
            yield self._service(rng)

    def words_used(self) -> Counter[str]:
        """About how often each word stands in the services, by its rank: the vocabulary, without reading them again."""
        weights, found = self.lexicon.weights, Counter[str]()
        share = self.services * WORDS_EACH / weights[-1]
        for words in self.lexicon.words.values():
            for word, low, high in zip(words, [0.0, *weights], weights, strict=False):
                for folded in analyzer.split(word):
                    found[folded] += max(1, int((high - low) * share))
        return found

    def _line(self, area: places.AreaFact) -> list[places.AreaFact]:
        found = [area]
        while found[-1].parent_id is not None:
            found.append(self._parents[found[-1].parent_id])
        return found

    def _service(self, rng: Random) -> tuple[Document, str]:
        city, owner, need = self.city(rng), rng.choice(self._owners), rng.choice(self.needs)
        line = self._line(city)
        slugs = {need["slug"], *([need["parent"]] if need["parent"] else [])}
        spoken = [code for code, share in zip(SPOKEN, SPOKEN_SHARE, strict=True) if rng.random() * 100 < share]
        points = sorted(self.point_near(rng, city) for _ in range(rng.choices((1, 2, 3), (90, 8, 2))[0]))
        languages = [lang for lang in SCRIPTS if lang == "el" or rng.random() < 0.7]
        said = {
            lang: (self._text(rng, lang, rng.randint(2, 5)), self._text(rng, lang, rng.randint(10, 18)))
            for lang in languages
        }
        card = self._card(rng, said=said, owner=owner, need=need, city=city, spoken=spoken, points=points)
        confirmed = self.today - timedelta(days=int(rng.expovariate(1 / 60)))
        card["confirmed"] = confirmed.isoformat()
        texts = self._texts(rng, said=said, owner=owner, need=need, line=line, spoken=spoken)
        document = Document(
            kind="service",
            id=UUID(card["id"]),
            texts=[(text.words, weight) for text, weight in texts],
            filters=_filters(card, owner, slugs, line, spoken),
            doors=frozenset({"public", f"org:{owner.id}", "curator:*", *(f"curator:{area.id}" for area in line)}),
            card=card,
            points=points,
            hours=[rng.choice(self._hours) for _ in points],
            call_from=(confirmed - EPOCH).days + 121,
            gone_from=(confirmed - EPOCH).days + 361,
            fresh=(confirmed - EPOCH).days,
            languages=set(languages),
        )
        return document, " ".join(" ".join([text.tokens] * weight) for text, weight in texts)

    def _card(
        self, rng: Random, *, said: dict[str, tuple[Text, Text]], owner: _Owner, need: dict[str, Any],
        city: places.AreaFact, spoken: list[str], points: list[tuple[float, float]],
    ) -> dict[str, Any]:  # fmt: skip
        noun_id = self._id(rng)
        return {
            "id": str(noun_id), "kind": "service", "path": f"service/{noun_id}/", "lang": "el",
            "texts": {lang: {"name": name.words.capitalize(), "summary": more.words} for lang, (name, more) in said.items()},
            "organization": {"id": str(owner.id), "kind": "ngo", "lang": "el", "names": owner.names},
            "example": True, "origin": "", "needs": [need["slug"]], "languages": spoken,
            "interpretation": ["so"] if rng.random() < 0.1 else [], "cost": rng.choices(COSTS, (80, 8, 4, 8))[0],
            "access": [rng.choice(ACCESS)], "for": rng.sample(FOR, rng.randint(0, 3)), "status": "active",
            "audience": "public", "capacity": None,
            "places": [_place(city, point) for point in points],
            "confirmed_by": rng.choice(("centre", "partner", "self")), "since": None, "ends_on": None,
            "sort": {lang: name.words for lang, (name, _) in said.items()},
        }  # fmt: skip

    def _texts(
        self, rng: Random, *, said: dict[str, tuple[Text, Text]], owner: _Owner, need: dict[str, Any],
        line: list[places.AreaFact], spoken: list[str],
    ) -> list[tuple[Text, int]]:  # fmt: skip
        own = [
            (reduce(add, (name for name, _ in said.values())), 3),
            (reduce(add, (more for _, more in said.values())), 2),
            (reduce(add, (self._text(rng, lang, rng.randint(45, 75)) for lang in said)), 1),
        ]
        again = [
            (" ".join(owner.names.values()), 2),
            (" ".join(f"{registry.get(code).name} {registry.get(code).english}" for code in spoken), 1),
            (" ".join(need["label"].values()), 2),
            (
                f"{' '.join(need['name'].values())} {' '.join(word for some in need['synonyms'].values() for word in some)}",
                1,
            ),
            *((" ".join(name.name for name in area.names), 1) for area in line if area.kind != "country"),
        ]
        return own + [(self._known.of(body, partial(_analyzed, body)), weight) for body, weight in again]

    def _text(self, rng: Random, lang: str, length: int) -> Text:
        return self.lexicon.text(rng, lang, length)


def _analyzed(body: str) -> Text:
    return Text(body, " ".join(analyzer.tokens(body)))


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
