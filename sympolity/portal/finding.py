"""Find: from the words of an address to what its page and its JSON show. No database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import npgettext, pgettext

from sympolity.directory import enums, rules
from sympolity.kit import clock
from sympolity.kit.actor import Actor
from sympolity.languages import registry
from sympolity.languages.texts import Said
from sympolity.people.rules import may_read_name
from sympolity.places.names import Match
from sympolity.portal import words
from sympolity.portal.site import READER, Site, best, site
from sympolity.search import engine
from sympolity.search.query import PAGE_SIZE, FindQuery, parse

__all__ = ["Found", "Item", "as_json", "find", "item_of"]

QUOTES = ('"', "“", "«", "„")  # words in quotation marks are searched as they stand
CODES: dict[str, Sequence[str]] = {
    "for": (*enums.ForWhom.values, "women_only"),
    "cost": enums.Cost.values,
    "access": (*enums.Access.values, "interpreter", "by_phone"),
}


@dataclass(slots=True)
class Item:
    """One result as a card shows it."""

    number: int
    anchor: str
    kind: str
    id: str
    url: str
    name: Said
    summary: Said
    organization: Said
    example: bool
    state: words.State | None
    where: list[Any]
    distance: str
    by_phone: bool
    hidden: bool
    languages: list[registry.Language]
    interpreter: bool
    terms: str
    seal: str
    seal_old: bool
    audience: str
    source: str
    points: list[tuple[float, float, bool]]


@dataclass(slots=True)
class Found:
    """A question with its answer, in the reader's language."""

    query: FindQuery
    answer: engine.Answer
    lang: str
    site: Site
    items: list[Item]
    now: datetime
    base: str
    near_choices: list[Match] = field(default_factory=list)
    meant: str = ""
    problems: list[str] = field(default_factory=list)
    keys: frozenset[str] = frozenset()

    def total(self, query: FindQuery) -> int:
        """How many another question would find, for the same reader."""
        return engine.answer(READER, query, keys=self.keys, lang=self.lang, now=self.now, facets=False, limit=1).total

    def url(self, query: FindQuery | None = None, **more: str) -> str:
        """The address of a question, on this page's path."""
        pairs = [*(query or self.query).pairs(), *more.items()]
        return f"{self.base}?{urlencode(pairs)}" if pairs else self.base


def _known(query: FindQuery, here: Site, lang: str, actor: Actor) -> tuple[FindQuery, list[str]]:
    """Leave out codes that mean nothing here; names of cities become their codes."""
    problems: list[str] = []
    chosen: dict[str, tuple[str, ...]] = {}
    for group, values in query.chosen.items():
        kept: list[str] = []
        for value in values:
            code = _code(group, value, here, lang, actor)
            if code:
                kept.append(code)
            else:
                problems.append(group)
        if kept:
            chosen[group] = tuple(dict.fromkeys(kept))
    return replace(query, chosen=chosen), problems


def _code(group: str, value: str, here: Site, lang: str, actor: Actor) -> str:
    if group == "need":
        return value if here.has_need(value) else ""
    if group == "in":
        if value in here.areas:
            return value
        found = [match for match in here.gazetteer.find(value, lang=lang) if match.exact]
        return found[0].slug if found else ""
    if group in CODES:
        return value if value in CODES[group] else ""
    return value if group != "organization" or _may_group(value, here, actor) else ""


def _may_group(organization: str, here: Site, actor: Actor) -> bool:
    """Whether the services of an organization may be listed together: an old link to one that is not named
    any more would tell which services are its own."""
    if here.has_owner(organization):
        return True
    try:
        return may_read_name(actor, UUID(organization), anonymous=True)
    except ValueError:
        return False


def _placed(query: FindQuery, here: Site, lang: str) -> tuple[FindQuery, list[Match], list[str]]:
    """Look up the name after ``near``; guesses are offered, not taken."""
    if query.near or not query.near_name:
        if query.within is not None and not query.near:
            return replace(query, within=None), [], ["within"]
        return query, [], []
    matches = [match for match in here.gazetteer.find(query.near_name, lang=lang) if match.lat is not None]
    sure = [match for match in matches if match.exact]
    if sure and sure[0].lat is not None and sure[0].lon is not None:
        return replace(query, near=(sure[0].lat, sure[0].lon)), sure if len(sure) > 1 else [], []
    return replace(query, near=None, within=None, near_name=""), matches, ["near"]


def find(
    given: QueryDict,
    *,
    actor: Actor,
    lang: str,
    facets: Collection[str] | bool = True,
    limit: int = PAGE_SIZE,
    reach: int = engine.POOL,
) -> Found:
    """Answer the question of an address. Raises ``IndexAway`` when there is no index now.

    ``facets``, ``reach``: see the engine.
    """
    here = site()
    query = parse({name: given.getlist(name) for name in given})
    query, unknown = _known(query, here, lang, actor)
    query, choices, lost = _placed(query, here, lang)
    now = clock.now()
    meant = "" if query.q.startswith(QUOTES) else here.meaning(query.q)
    query = replace(query, meant=f"need:{meant}" if meant else "")
    keys = rules.keys(actor)
    asked = partial(engine.answer, READER, keys=keys, lang=lang, now=now, facets=facets, limit=limit, reach=reach)
    answer = asked(query)
    if answer.corrected and not meant and here.meaning(answer.corrected):
        meant = here.meaning(answer.corrected)
        better = replace(query, q=answer.corrected, meant=f"need:{meant}")
        answer = replace(asked(better), corrected=answer.corrected)
    first = (answer.page - 1) * limit + 1
    items = [item_of(hit, here, lang, now, number) for number, hit in enumerate(answer.hits, first)]
    problems = list(dict.fromkeys((*query.problems, *unknown, *lost)))
    if query.page != answer.page and "page" not in problems:
        problems.append("page")
    query = replace(query, page=answer.page)
    return Found(query, answer, lang, here, items, now, f"/{lang}/find/", choices, meant, problems, keys)


def item_of(hit: engine.Hit, here: Site, lang: str, now: datetime, number: int) -> Item:
    """A hit in the reader's words."""
    card = hit.card
    service = card["kind"] == "service"
    places = card.get("places", [])
    today = now.astimezone(clock.ATHENS).date()
    seal, old = _seal(card, hit, today)
    hidden = any(place["visibility"] != "full" for place in places)
    return Item(
        number=number,
        anchor=f"r{number}",
        kind=card["kind"],
        id=card["id"],
        url=f"/{lang}/{card['path']}",
        name=best(card["texts"], "name", lang, card["lang"]),
        summary=best(card["texts"], "summary", lang, card["lang"]),
        organization=_owner(card, lang) if service else Said("", lang),
        example=bool(card.get("example")),
        state=_state(card, hit, now) if service else None,
        where=_where(places, here, lang) if service else [here.area_name(card.get("area", ""), lang)],
        # The point of a hidden place is the middle of its area: a distance to it would send people to a wrong door.
        distance="" if hit.km is None or hidden else words.kilometres(hit.km),
        by_phone=bool(places) and all(place["kind"] == "virtual" for place in places),
        hidden=hidden,
        languages=words.language_names(card.get("languages", []))[:5],
        interpreter=bool(card.get("interpretation")),
        terms=pgettext("list", ", ").join(_terms(card)) if service else str(_kind_label(card)),
        seal=seal,
        seal_old=old,
        audience=card.get("audience", "public"),
        source=card.get("origin", ""),
        points=[(*place["point"], place["visibility"] == "full") for place in places if place["point"]],
    )


def _kind_label(card: Mapping[str, Any]) -> str:
    from sympolity.people.enums import OrganizationKind

    kind = card.get("organization_kind", "")
    return str(OrganizationKind(kind).label) if kind in OrganizationKind.values else ""


def _owner(card: Mapping[str, Any], lang: str) -> Said:
    owner = card["organization"]
    return best({code: {"name": name} for code, name in owner["names"].items()}, "name", lang, owner["lang"])


def _state(card: Mapping[str, Any], hit: engine.Hit, now: datetime) -> words.State:
    capacity = card.get("capacity")
    return words.state_of(
        status=card["status"], kind=hit.state, until=hit.until, opens=hit.opens, must_call=hit.must_call,
        since=date.fromisoformat(card["since"]) if card.get("since") else None,
        capacity=(capacity[0], date.fromisoformat(capacity[1])) if capacity else None,
        ended_on=date.fromisoformat(card["ends_on"]) if card.get("ends_on") else None, now=now,
    )  # fmt: skip


def _where(places: Iterable[dict[str, Any]], here: Site, lang: str) -> list[Said]:
    """Locality and city of each place; only the city where the address is not public."""
    out: list[Said] = []
    for place in places:
        if place["kind"] == "virtual":
            continue
        locality = best({code: {"l": said} for code, said in place["locality"].items()}, "l", lang, "el")
        area = here.area_name(place["area"], lang) if place["area"] != "elsewhere" else Said("", lang)
        for said in (locality, area):
            if said and said.body not in {one.body for one in out}:
                out.append(said)
    return out[:4]


def _terms(card: Mapping[str, Any]) -> list[str]:
    out = words.labels(enums.Cost, [card["cost"]])
    return out + words.labels(enums.Access, card["access"])[:1]


def _seal(card: Mapping[str, Any], hit: engine.Hit, today: date) -> tuple[str, bool]:
    if card["kind"] != "service":
        return "", False
    if card.get("doubted"):
        return pgettext("seal", "Reported as wrong, being checked"), True
    if not card.get("confirmed"):
        return pgettext("seal", "Not confirmed by the organization yet"), True
    day = words.day_words(date.fromisoformat(card["confirmed"]), today)
    if hit.must_call:
        return pgettext("seal", "Some facts may have changed. Last confirmed %(date)s") % {"date": day}, True
    if card["confirmed_by"] == "centre":
        return pgettext("seal", "Confirmed %(date)s by the coordination centre") % {"date": day}, False
    if card["confirmed_by"] == "partner":
        return pgettext("seal", "Confirmed %(date)s by a partner") % {"date": day}, False
    return pgettext("seal", "Confirmed %(date)s by the organization") % {"date": day}, False


def as_json(found: Found) -> dict[str, Any]:
    """The answer as plain JSON: ``/{lang}/find.json`` and ``sympolity find --json``.

    Organizations that not everybody sees are counted in no facet: their ids are told to nobody.
    """
    owners = found.answer.facets.get("organization", {})
    return {
        "total": found.answer.total,
        "page": found.answer.page,
        "pages": found.answer.pages,
        "results": [_row(item) for item in found.items],
        "facets": found.answer.facets
        | {
            "organization": {one: count for one, count in owners.items() if found.site.has_owner(one)},
            "open": {"now": found.answer.open_count, "unknown": found.answer.unknown_count},
            "within": found.answer.within,
        },
        "corrected": found.answer.corrected,
        "relaxed": found.answer.relaxed,
        "suggestions": found.answer.suggestions,
        "problems": found.problems,
        "near": {"name": found.query.near_name, "choices": [m.name for m in found.near_choices]}
        if found.query.near_name or found.near_choices
        else None,
    }


def _row(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "kind": item.kind,
        "name": item.name.body,
        "lang": item.name.lang,
        "url": item.url,
        "summary": item.summary.body,
        "organization": item.organization.body,
        "state": item.state.css if item.state else "",
        "state_words": f"{item.state.label} {item.state.more}".strip() if item.state else "",
        "where": [said.body for said in item.where],
        "distance": item.distance,
        "confirmed": item.seal,
        "example": item.example,
        "point": next(([lat, lon] for lat, lon, exact in item.points if exact), None),
    }


def count_words(total: int) -> str:
    """How many places were found."""
    return npgettext("find", "%(n)d place", "%(n)d places", total) % {"n": total}
