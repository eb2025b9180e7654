"""Finding an area by any of its names, in memory: made once, asked on every request.

Asked in this order, and the first that answers ends the search: the name itself; the name and
what it lies in ("Heraklion Crete"); the name by its sound in Greek or Greeklish; its beginning,
or a word of it, or how it begins by sound; the name with typing mistakes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from sympolity.kit.bidi import clean_line
from sympolity.kit.fold import words
from sympolity.kit.translit import readings, skeleton
from sympolity.places.facts import AreaFact, false_friends
from sympolity.places.spelling import Spellings, bare

__all__ = ["Gazetteer", "Match"]

LONGEST_QUERY = 120  # characters; no name is longer (see AreaName)
MOST_WORDS = 8  # of a query that names a place and what it lies in
_EXACT, _IN_CONTEXT, _SOUND, _PREFIX, _WORD, _SOUND_PREFIX, _TYPO = 1.0, 0.98, 0.95, 0.8, 0.7, 0.65, 0.6
_RANK = {"municipality": 0, "region": 1, "country": 2, "neighbourhood": 3, "regional_unit": 4}
_FALLBACK = "en"

_Scores = dict[UUID, float]


@dataclass(frozen=True, slots=True)
class Match:
    """An area that a query may mean, in the words of one language.

    ``context`` is the common name of what a homonym or a neighbourhood lies in, else "".
    ``score`` is between 0 and 1 and compares matches of one query only. ``exact``: the query is
    a name of the area (its case, accents and spelling aside), not its beginning or a correction.
    """

    area_id: UUID
    slug: str
    kind: str
    name: str
    context: str
    lat: float | None
    lon: float | None
    score: float
    exact: bool


class Gazetteer:
    """The areas of an installation by name. Immutable once made; safe to share by threads."""

    def __init__(self, areas: Iterable[AreaFact], not_typos: Iterable[str] | None = None) -> None:
        self._areas = {area.id: area for area in areas}
        self._common = {area.id: _common_names(area) for area in self._areas.values()}
        # The root of what lies outside the tree is no place: nobody looks for it by name.
        places = [area for area in self._areas.values() if area.kind != "outside"]
        named, inner = list(_named(places)), list(_inner(places))
        self._names, self._words = _Index(named), _Index(inner)
        self._sounds = _Index((skeleton(key), place) for key, place in named)
        self._word_sounds = _Index((skeleton(key), place) for key, place in inner)
        self._homonyms = {place for ids in self._names.ids.values() if len(ids) > 1 for place in ids}
        friends = false_friends() if not_typos is None else not_typos
        self._not_typos = frozenset(skeleton(_key(name)) for name in friends)
        self._spellings = Spellings(self._names.ids)

    def find(self, query: str, *, lang: str = _FALLBACK, limit: int = 8) -> list[Match]:
        """The areas that ``query`` may mean, best first; [] when it says nothing or too much."""
        parts = self._parts(query)
        if not parts or limit < 1:
            return []
        scores = self._exact(parts)
        exact = bool(scores)
        if not exact:
            scores = self._begun(" ".join(parts)) or self._mistyped(" ".join(parts))
        best = sorted(scores, key=lambda place: (-scores[place], *self._order(place)))[:limit]
        return [self._match(self._areas[place], lang, scores[place], exact) for place in best]

    def common_name(self, area_id: UUID, lang: str) -> str:
        """What people call the area, in ``lang`` or else in English, Greek, by slug; "" if unknown."""
        area = self._areas.get(area_id)
        if area is None:
            return ""
        names = self._common[area_id]
        for code in (lang, lang.partition("-")[0], _FALLBACK, "el"):
            if code in names:
                return names[code]
        return area.slug

    @staticmethod
    def _parts(query: str) -> list[str]:
        if len(query) > LONGEST_QUERY:
            return []
        return bare(words(clean_line(query)))

    def _exact(self, parts: list[str]) -> _Scores:
        if found := self._names.ids.get(" ".join(parts)):
            return dict.fromkeys(found, _EXACT)
        if found := set(self._in_context(parts)):
            return dict.fromkeys(found, _IN_CONTEXT)
        return dict.fromkeys(self._sounding(parts), _SOUND)

    def _sounding(self, parts: list[str]) -> set[UUID]:
        """Areas with a name that the words may have been meant for; two letters say too little."""
        for sound in readings(" ".join(parts)):
            if len(sound) > 2 and sound in self._sounds.ids:
                return self._sounds.ids[sound]
        return set()

    def _in_context(self, parts: list[str]) -> Iterator[UUID]:
        """Areas named by one end of the query that lie in an area named by the other."""
        if len(parts) > MOST_WORDS:
            return
        for cut in range(1, len(parts)):
            head, tail = self._named(parts[:cut]), self._named(bare(parts[cut:]))
            for inner, outer in ((head, tail), (tail, head)):
                yield from (place for place in inner if not outer.isdisjoint(self._above(place)))

    def _named(self, parts: list[str]) -> set[UUID]:
        return self._names.ids.get(" ".join(parts)) or self._sounding(parts)

    def _above(self, place: UUID) -> Iterator[UUID]:
        parent = self._areas[place].parent_id
        while parent in self._areas:
            yield parent
            parent = self._areas[parent].parent_id

    def _begun(self, key: str) -> _Scores:
        """Areas with a name that begins with ``key``, then those with a word of it that does."""
        if len(key) < 2:
            return {}
        scores = dict.fromkeys(self._words.beginning(key), _WORD)
        scores |= dict.fromkeys(self._names.beginning(key), _PREFIX)
        sound = skeleton(key)
        if scores or len(sound) < 3:
            return scores
        sounding = {*self._sounds.beginning(sound), *self._word_sounds.beginning(sound)}
        return dict.fromkeys(sounding, _SOUND_PREFIX)

    def _mistyped(self, key: str) -> _Scores:
        if skeleton(key) in self._not_typos:
            return {}
        scores: _Scores = {}
        for near, distance in self._spellings.near(key):
            for place in self._names.ids[near]:
                scores[place] = max(scores.get(place, 0.0), round(_TYPO - distance / 10, 2))
        return scores

    def _order(self, place: UUID) -> tuple[int, int, str]:
        area = self._areas[place]
        return _RANK.get(area.kind, len(_RANK)), -(area.population or 0), area.slug

    def _match(self, area: AreaFact, lang: str, score: float, exact: bool) -> Match:
        context = ""
        if area.parent_id and (area.id in self._homonyms or area.kind == "neighbourhood"):
            # People say the region; few know the regional units.
            above = (place for place in self._above(area.id) if self._areas[place].kind != "regional_unit")
            context = self.common_name(next(above, area.parent_id), lang)
        name = self.common_name(area.id, lang)
        return Match(area.id, area.slug, area.kind, name, context, area.lat, area.lon, score, exact)


def _common_names(area: AreaFact) -> dict[str, str]:
    return {name.language: name.name for name in area.names if name.kind == "common"}


class _Index:
    """Ids by key, and by what a key begins with."""

    def __init__(self, pairs: Iterable[tuple[str, UUID]]) -> None:
        self.ids: dict[str, set[UUID]] = {}
        for key, place in pairs:
            self.ids.setdefault(key, set()).add(place)
        self._ordered = sorted(self.ids)

    def beginning(self, prefix: str) -> Iterator[UUID]:
        """The ids whose key begins with ``prefix``; one may come twice."""
        for at in range(bisect_left(self._ordered, prefix), len(self._ordered)):
            if not self._ordered[at].startswith(prefix):
                return
            yield from self.ids[self._ordered[at]]


def _key(name: str) -> str:
    return " ".join(bare(words(name)))


def _named(areas: Iterable[AreaFact]) -> Iterator[tuple[str, UUID]]:
    """Every name as a key."""
    for area in areas:
        yield from ((key, area.id) for name in area.names if (key := _key(name.name)))


def _inner(areas: Iterable[AreaFact]) -> Iterator[tuple[str, UUID]]:
    """The official and common names of several words, from each word after the first on."""
    for area in areas:
        for name in area.names:
            parts = bare(words(name.name)) if name.kind in {"official", "common"} else []
            yield from ((" ".join(parts[start:]), area.id) for start in range(1, len(parts)))
