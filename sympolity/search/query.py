"""What a visitor asks: the words of an address turned into a FindQuery.

Filters are a table of small functions. Nonsense never raises: what cannot be read is left out
and named in ``problems`` so that the page can say so.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sympolity.kit.bidi import clean_line
from sympolity.kit.fold import fold
from sympolity.languages import registry

__all__ = ["FILTERS", "GROUPS", "PAGE_SIZE", "FindQuery", "parse"]

PAGE_SIZE = 20
MAX_VALUES = 12  # of one filter
SORTS = ("best", "near", "confirmed", "name")
MAX_KM = 500.0
NAMED = ("need", "in", "for", "cost", "access")  # values are codes of the documents

# group of the address -> group of the index tokens
GROUPS: Mapping[str, str] = {
    "need": "need", "in": "in", "speaks": "speaks", "for": "for", "cost": "cost", "access": "access",
    "organization": "org",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FindQuery:
    """One question. ``chosen``: per group the values asked for (any of them fits)."""

    q: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    near: tuple[float, float] | None = None
    near_name: str = ""
    within: float | None = None
    open_now: bool = False
    sort: str = "best"
    page: int = 1
    problems: tuple[str, ...] = ()
    meant: str = ""  # a filter token that stands for the words ("need:legal-help"); set by the caller

    @property
    def is_bare(self) -> bool:
        """Nothing was asked: no words, no filter."""
        return not (self.q or self.chosen or self.open_now or self.near)

    def without(self, group: str, value: str = "") -> FindQuery:
        """The same without a filter, or without one of its values."""
        if group == "open":
            return replace(self, open_now=False, page=1)
        if group == "near":
            return replace(self, near=None, near_name="", within=None, page=1)
        if group == "within":
            return replace(self, within=None, page=1)
        if group == "q":
            return replace(self, q="", page=1)
        kept = tuple(v for v in self.chosen.get(group, ()) if value and v != value)
        chosen = {name: values for name, values in self.chosen.items() if name != group}
        return replace(self, chosen=chosen | ({group: kept} if kept else {}), page=1)

    def with_(self, group: str, value: str) -> FindQuery:
        """The same with one more value of a group."""
        if group == "open":
            return replace(self, open_now=True, page=1)
        if group == "within":
            return replace(self, within=float(value), page=1)
        values = tuple(dict.fromkeys((*self.chosen.get(group, ()), value)))
        return replace(self, chosen={**self.chosen, group: values}, page=1)

    def pairs(self) -> list[tuple[str, str]]:
        """The address words of this query, in a fixed order; page 1 is left out."""
        out = [("q", self.q)] if self.q else []
        for group in GROUPS:
            out += [(group, value) for value in self.chosen.get(group, ())]
        if self.near:
            out.append(("near", self.near_name or f"{self.near[0]:g},{self.near[1]:g}"))
        if self.within is not None:
            out.append(("within", f"{self.within:g}"))
        if self.open_now:
            out.append(("open", "now"))
        if self.sort != "best":
            out.append(("sort", self.sort))
        if self.page > 1:
            out.append(("page", str(self.page)))
        return out


Draft = dict[str, object]
Filter = Callable[[Draft, Sequence[str]], bool]  # False: could not be read


def _q(draft: Draft, values: Sequence[str]) -> bool:
    draft["q"] = clean_line(values[0][:1000], 200)
    return True


def _codes(group: str) -> Filter:
    def read(draft: Draft, values: Sequence[str]) -> bool:
        kept = [value for value in values if 0 < len(value) <= 60 and all(c.isalnum() or c in "-_" for c in value)]
        _choose(draft, group, kept)
        return len(kept) == len([value for value in values if value])

    return read


def _choose(draft: Draft, group: str, kept: Sequence[str]) -> None:
    if kept:
        chosen = draft.setdefault("chosen", {})
        if isinstance(chosen, dict):
            chosen[group] = tuple(dict.fromkeys(kept))


def _speaks(draft: Draft, values: Sequence[str]) -> bool:
    codes = [registry.canonical(value[:20]) for value in values if value]
    _choose(draft, "speaks", [code for code in codes if code])
    return all(codes)


def _organization(draft: Draft, values: Sequence[str]) -> bool:
    kept: list[str] = []
    for value in values:
        try:
            kept.append(str(UUID(value[:40])))
        except ValueError:
            continue
    _choose(draft, "organization", kept)
    return len(kept) == len([value for value in values if value])


def _number(text: str) -> float | None:
    try:
        number = float(fold(text[:40]).strip().replace("٫", ".").replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def point(text: str) -> tuple[float, float] | None:
    """``lat,lon`` in degrees, rounded to 4 decimals; None when it is not a place on earth."""
    parts = fold(text[:80]).replace(";", ",").split(",")
    if len(parts) != 2:
        return None
    lat, lon = _number(parts[0]), _number(parts[1])
    if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return None
    return round(lat, 4), round(lon, 4)


def _near(draft: Draft, values: Sequence[str]) -> bool:
    text = clean_line(values[0][:400], 80)
    if not text:
        return True
    found = point(text)
    if found:
        draft["near"] = found
        return True
    if not any(char.isalpha() for char in text) or text.casefold() in {"nan", "inf", "nan,nan"}:
        return False
    draft["near_name"] = text  # a name: the caller looks it up among the places
    return True


def _within(draft: Draft, values: Sequence[str]) -> bool:
    if not values[0].strip():
        return True
    km = _number(values[0].lower().removesuffix("km"))
    if km is None or km <= 0:
        return False
    draft["within"] = max(0.1, min(km, MAX_KM))
    return True


def _open(draft: Draft, values: Sequence[str]) -> bool:
    draft["open_now"] = values[0] == "now"
    return values[0] in {"now", ""}


def _sort(draft: Draft, values: Sequence[str]) -> bool:
    if values[0] in SORTS:
        draft["sort"] = values[0]
    return values[0] in SORTS or not values[0]


def _page(draft: Draft, values: Sequence[str]) -> bool:
    text = fold(values[0][:20])
    if text.isdecimal() and 1 <= int(text) <= 1_000_000:
        draft["page"] = int(text)
        return True
    return not text


FILTERS: Mapping[str, Filter] = {
    "q": _q,
    **{group: _codes(group) for group in NAMED},
    "speaks": _speaks,
    "organization": _organization,
    "near": _near,
    "within": _within,
    "open": _open,
    "sort": _sort,
    "page": _page,
}


def parse(given: Mapping[str, Sequence[str]]) -> FindQuery:
    """The question of an address (name → values)."""
    draft: Draft = {}
    problems: list[str] = []
    for name, read in FILTERS.items():
        values = list(given.get(name, ()))[:MAX_VALUES]
        if values and not read(draft, values):
            problems.append(name)
    return FindQuery(problems=tuple(problems), **draft)  # type: ignore[arg-type]
