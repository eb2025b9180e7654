"""Chips and filters of the Find page: plain links and one plain form, with counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import pgettext

from sympolity.directory import enums
from sympolity.languages import registry
from sympolity.portal import words
from sympolity.portal.finding import Found, count_words
from sympolity.portal.site import Need
from sympolity.search import engine
from sympolity.search.query import FindQuery

__all__ = ["COUNTED", "context", "in_words", "title"]

LANGUAGES_SHOWN = 12
COUNTED = engine.COUNTS - {"organization"}  # what this page counts: it has no filter of organizations


@dataclass(frozen=True, slots=True)
class Chip:
    label: str
    url: str
    count: int | None = None
    on: bool = False
    lang: str = ""
    removes: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """A choice of the filter form."""

    name: str
    value: str
    label: str
    count: int
    on: bool
    lang: str = ""


def context(found: Found) -> dict[str, Any]:
    """What ``portal/find.html`` needs beside the results."""
    groups = [group for group in _groups(found) if group["ticks"]]
    return {
        "title": title(found),
        "count_line": _count_line(found),
        "tail": found.url().removeprefix(found.base),
        "quick": _quick(found),
        "chosen": _chosen(found),
        "groups": groups,
        "hidden": [(name, value) for name, value in found.query.pairs() if name in {"q", "near", "sort"}],
        "kept": [(n, v) for n, v in found.query.pairs() if n not in {"q", "page"}],
        "needs": _needs(found),
        "cities": found.site.listed(found.lang, _with_something(found)),
        "city": (found.query.chosen.get("in") or ("",))[0],
        "pages": _pages(found),
        "sorts": _sorts(found),
        "ways_on": _ways_on(found) if not found.answer.total else [],
        "other_words": [(word, found.url(FindQuery(q=word))) for word in found.answer.suggestions],
        "meant": found.site.need(found.meant, found.lang).label if found.meant else None,
        "words_only": found.url(replace(found.query, q=f'"{found.query.q}"', page=1)) if found.meant else "",
        "problem_words": [_problem(name) for name in found.problems],
        "near_links": [
            (match, found.url(replace(found.query, near_name=_place(match), near=None), near=_place(match)))
            for match in found.near_choices
        ],
        "doors": [need for need in found.site.needs(found.lang, "") if not need.fallback]
        if not found.answer.total
        else [],
    }


def _place(match: Any) -> str:
    return f"{match.name}, {match.context}" if match.context else str(match.name)


def title(found: Found) -> str:
    """The heading: what was asked and where, in words."""
    query = found.query
    slugs = query.chosen.get("need", ())
    what = pgettext("list", ", ").join(found.site.need(slug, found.lang).label.body for slug in slugs[:3])
    if query.q and what:
        what = pgettext("find", "“%(words)s”: %(need)s") % {"words": query.q, "need": what}
    elif query.q:
        what = pgettext("find", "Results for “%(words)s”") % {"words": query.q}
    what = what or pgettext("find", "Help for newcomers")
    where = pgettext("list", ", ").join(
        found.site.area_name(slug, found.lang).body for slug in query.chosen.get("in", ())[:3]
    )
    if query.near and query.near_name:
        where = pgettext("find", "near %(place)s") % {"place": query.near_name}
        return pgettext("find", "%(what)s, %(where)s") % {"what": what, "where": where}
    if query.near:
        return pgettext("find", "%(what)s, near the place you chose") % {"what": what}
    return pgettext("find", "%(what)s: %(where)s") % {"what": what, "where": where} if where else what


def _count_line(found: Found) -> str:
    total = count_words(found.answer.total)
    if found.query.open_now and found.answer.unknown_count:
        return pgettext("find", "%(places)s: %(open)d open now, then those whose hours we do not know.") % {
            "places": total, "open": found.answer.open_count,
        }  # fmt: skip
    if found.query.open_now:
        return pgettext("find", "%(places)s, open now.") % {"places": total}
    if found.query.near:
        return pgettext("find", "%(places)s. Near and open ones come first.") % {"places": total}
    if found.query.q:
        return pgettext("find", "%(places)s. The best match comes first.") % {"places": total}
    return pgettext("find", "%(places)s. The ones that are open now come first.") % {"places": total}


def in_words(found: Found) -> list[str]:
    """Every filter in use, in words."""
    return [label for label, _ in _removals(found)]


def _toggle(found: Found, group: str, value: str, label: str, count: int) -> Chip:
    on = value in found.query.chosen.get(group, ())
    target = found.query.without(group, value) if on else found.query.with_(group, value)
    return Chip(label, found.url(target), count, on)


def _quick(found: Found) -> list[Chip]:
    facets, query = found.answer.facets, found.query
    target = query.without("open") if query.open_now else query.with_("open", "now")
    chips = [Chip(pgettext("filter", "Open now"), found.url(target), found.answer.open_count, query.open_now)]
    for group, value, label in (
        ("access", "walk_in", str(enums.Access.WALK_IN.label)),
        ("access", "interpreter", pgettext("filter", "Interpreter")),
        ("for", "women_only", pgettext("filter", "Women only")),
        ("access", "by_phone", pgettext("filter", "By phone")),
    ):
        count = facets.get(group, {}).get(value, 0)
        if count or value in query.chosen.get(group, ()):
            chips.append(_toggle(found, group, value, label, count))
    return chips


def _chosen(found: Found) -> list[Chip]:
    """Filters in use, each a link that takes it away."""
    query, lang = found.query, found.lang
    chips: list[Chip] = []
    for slug in query.chosen.get("need", ()):
        said = found.site.need(slug, lang).label
        chips.append(Chip(said.body, found.url(query.without("need", slug)), lang=said.lang, removes=True))
    for slug in query.chosen.get("in", ()):
        said = found.site.area_name(slug, lang)
        chips.append(Chip(said.body, found.url(query.without("in", slug)), lang=said.lang, removes=True))
    if query.near:
        label = query.near_name or pgettext("filter", "Near a place")
        if query.within is not None:
            label = pgettext("filter", "%(place)s, up to %(km)s km") % {"place": label, "km": f"{query.within:g}"}
        chips.append(Chip(label, found.url(query.without("near")), removes=True))
    for code in query.chosen.get("speaks", ()):
        chips.append(Chip(registry.get(code).name, found.url(query.without("speaks", code)), lang=code, removes=True))
    for group in ("for", "cost", "access"):
        for code in query.chosen.get(group, ()):
            if (group, code) not in {
                ("access", "walk_in"),
                ("access", "interpreter"),
                ("access", "by_phone"),
                ("for", "women_only"),
            }:
                chips.append(Chip(_label(group, code), found.url(query.without(group, code)), removes=True))
    for code in query.chosen.get("organization", ()):
        chips.append(
            Chip(pgettext("filter", "One organization"), found.url(query.without("organization", code)), removes=True)
        )
    return chips


def _label(group: str, code: str) -> str:
    choices = {"for": enums.ForWhom, "cost": enums.Cost, "access": enums.Access}[group]
    extra = {
        "women_only": pgettext("filter", "Women only"),
        "interpreter": pgettext("filter", "Interpreter"),
        "by_phone": pgettext("filter", "By phone"),
    }
    return extra.get(code) or "".join(words.labels(choices, [code])) or code


def _ticks(found: Found, group: str, codes: list[str]) -> list[Tick]:
    counts = found.answer.facets.get(group, {})
    chosen = found.query.chosen.get(group, ())
    return [
        Tick(group, code, _label(group, code), counts.get(code, 0), code in chosen)
        for code in codes
        if counts.get(code) or code in chosen
    ]


def _groups(found: Found) -> list[dict[str, Any]]:
    speaks = found.answer.facets.get("speaks", {})
    chosen = found.query.chosen.get("speaks", ())
    order = sorted({*speaks, *chosen}, key=lambda code: (-speaks.get(code, 0), code))
    spoken = [
        Tick("speaks", code, registry.get(code).name, speaks.get(code, 0), code in chosen, code)
        for code in order[:LANGUAGES_SHOWN]
        if code in registry.LANGUAGES
    ]
    return [
        {"label": pgettext("filter", "Language spoken"), "ticks": spoken},
        {"label": pgettext("filter", "For whom"), "ticks": _ticks(found, "for", [*enums.ForWhom.values, "women_only"])},
        {
            "label": pgettext("filter", "How it works"),
            "ticks": _ticks(found, "access", [*enums.Access.values, "interpreter", "by_phone"]),
        },
        {
            "label": pgettext("filter", "Cost"),
            "ticks": _ticks(found, "cost", [code for code in enums.Cost.values if code != "unknown"]),
        },
        {"label": pgettext("filter", "How far"), "radio": True, "ticks": _radii(found)},
    ]


def _radii(found: Found) -> list[Tick]:
    if not found.query.near:
        return []
    ticks = [
        Tick(
            "within", f"{km:g}", pgettext("filter", "Up to %(km)s km") % {"km": f"{km:g}"},
            found.answer.within.get(f"{km:g}", 0), found.query.within == km,
        )
        for km in engine.RADII
    ]  # fmt: skip
    return [*ticks, Tick("within", "", pgettext("filter", "Any distance"), -1, found.query.within is None)]


def _needs(found: Found) -> list[tuple[Need, int, str, bool]]:
    """Needs to go on with: the top level, or the children of the one chosen."""
    chosen = found.query.chosen.get("need", ())
    parents = {found.site.need(slug, found.lang).parent or slug for slug in chosen}
    counts = found.answer.facets.get("need", {})
    rows = found.site.needs(found.lang, parents.pop() if len(parents) == 1 else "")
    out: list[tuple[Need, int, str, bool]] = []
    for need in rows:
        if counts.get(need.slug):
            target = replace(
                found.query.without("need"), chosen={**found.query.without("need").chosen, "need": (need.slug,)}
            )
            out.append((need, counts[need.slug], found.url(target), need.slug in chosen))
    return out


def _with_something(found: Found) -> set[str]:
    """Areas in which the question finds something, and those that it names."""
    filled = {slug for slug, count in found.answer.facets.get("in", {}).items() if count}
    return {*filled, *found.query.chosen.get("in", ())}


def _pages(found: Found) -> list[dict[str, Any]]:
    """Numbers around the current page, the first and the last."""
    page, last = found.answer.page, found.answer.pages
    if last < 2:
        return []
    near = sorted({1, last, *(n for n in range(page - 1, page + 2) if 1 <= n <= last)})
    rows = [{"label": str(n), "url": found.url(replace(found.query, page=n)), "current": n == page} for n in near]
    if page < last:
        rows.append(
            {"label": pgettext("pages", "Next"), "url": found.url(replace(found.query, page=page + 1)), "next": True}
        )
    return rows


def _sorts(found: Found) -> list[dict[str, Any]]:
    names = {
        "best": pgettext("sort", "Best first"),
        "near": pgettext("sort", "Nearest first"),
        "confirmed": pgettext("sort", "Newest confirmation first"),
        "name": pgettext("sort", "By name"),
    }
    return [
        {"label": label, "url": found.url(replace(found.query, sort=code, page=1)), "on": found.query.sort == code}
        for code, label in names.items()
        if code != "near" or found.query.near
    ]


def _ways_on(found: Found) -> list[dict[str, str]]:
    """After nothing was found: each filter taken away, if then there is something."""
    query, out = found.query, []
    area = (query.chosen.get("in") or ("",))[0]
    parent = found.site.areas.get(area, {}).get("parent", "")
    if parent in found.site.areas:
        name = found.site.area_name(parent, found.lang).body
        out.append(
            (pgettext("find", "In a wider area: %(area)s") % {"area": name}, query.without("in").with_("in", parent))
        )
    for label, without in _removals(found):
        out.append((pgettext("find", "Without “%(filter)s”") % {"filter": label}, without))
    if query.q and not query.without("q").is_bare:
        bare = FindQuery(q=query.q, meant=query.meant)
        out.append((pgettext("find", "Only your words, without any filter"), bare))
        out.append(
            (
                pgettext("find", "Everything that fits the filters, without your words"),
                replace(query.without("q"), meant=""),
            )
        )
    counted = [(label, other, found.total(other)) for label, other in out]
    return [
        {"label": label, "url": found.url(other), "count": count_words(total)}
        for label, other, total in counted
        if total
    ]


def _chosen_label(found: Found, group: str, value: str) -> str:
    if group == "need":
        return found.site.need(value, found.lang).label.body
    if group == "in":
        return found.site.area_name(value, found.lang).body
    if group == "speaks":
        return registry.get(value).name
    return pgettext("filter", "One organization") if group == "organization" else _label(group, value)


def _removals(found: Found) -> list[tuple[str, FindQuery]]:
    """Each filter in use, and the question without it."""
    query = found.query
    out: list[tuple[str, FindQuery]] = []
    for group, values in query.chosen.items():
        for value in values:
            label = _chosen_label(found, group, value)
            out.append((label, query.without(group, value)))
    if query.open_now:
        out.append((pgettext("filter", "Open now"), query.without("open")))
    if query.near:
        out.append((query.near_name or pgettext("filter", "Near a place"), query.without("near")))
    return out


def _problem(name: str) -> str:
    return {
        "need": pgettext("problem", "We do not know this need. Choose one from the list."),
        "in": pgettext("problem", "We do not know this city or area. Choose one from the list."),
        "near": pgettext("problem", "We do not know this place. Write the name of a city or neighbourhood."),
        "within": pgettext("problem", "A distance is a number of kilometres and needs a place."),
        "open": pgettext("problem", "For places that are open, choose “Open now”."),
        "speaks": pgettext("problem", "We do not know one of the languages."),
        "organization": pgettext("problem", "We do not know this organization."),
        "page": pgettext("problem", "There is no such page of results; this is the nearest one."),
        "sort": pgettext("problem", "We do not know this order; the best come first."),
    }.get(name, pgettext("problem", "We could not read one of the filters; it was left out."))
