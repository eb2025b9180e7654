"""Taxonomy terms of HSDS and our needs: by name, by address, by Open Eligibility code, by the terms above."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sympolity.directory import needs
from sympolity.exchange.formats.hsds.words import Taker
from sympolity.exchange.formats.shape import FALLBACK
from sympolity.kit.bidi import clean_line
from sympolity.kit.fold import fold

__all__ = ["Needs", "needs_of", "table"]

_TABLE = Path(__file__).with_name("categories.toml")
_AUDIENCE = ("eligib", "audience", "circumstance", "for whom", "target")
_KEYWORDS = 60  # words of a list of keywords that are looked at
_CODE = re.compile(r"^\d{3}(?:-\d{2})*$")
_MOST = 6  # needs of one service


class Needs:
    """What the terms of a service say. ``fallback``: why no need is known."""

    def __init__(self) -> None:
        self.slugs: list[str] = []
        self.for_whom: list[str] = []
        self.unknown: list[str] = []
        self.terms = 0

    @property
    def categories(self) -> list[str]:
        """The needs, or the one for other help."""
        return self.slugs[:_MOST] or [FALLBACK]

    @property
    def fallback(self) -> str:
        """Why there is no better need than other help."""
        if self.slugs:
            return ""
        return "no term in the record" if not self.terms else "no need of ours for its terms"


@cache
def table() -> dict[str, Any]:
    """The curated table."""
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))


@cache
def _by_name() -> dict[str, tuple[str, ...]]:
    """Folded name -> needs. Our own slugs and labels come after the curated names."""
    known = {fold(name): tuple(row["needs"]) for row in table()["term"] for name in row["names"]}
    for need in needs.load():
        for word in (need["slug"], *need["label"].values()):
            known.setdefault(fold(word), (need["slug"],))
    known.pop(fold(FALLBACK), None)
    return known


@cache
def _by_code() -> dict[str, tuple[str, ...]]:
    return {code: tuple(row["needs"]) for row in table()["term"] for code in row.get("codes", ())}


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    return {fold(name): tuple(row["for_whom"]) for row in table()["group"] for name in row["names"]}


def needs_of(raw: Mapping[str, Any], take: Taker) -> Needs:
    """The needs of a service, and for whom it is where a term of eligibility tells."""
    found = Needs()
    for path, row in take.rows(raw, "", "attributes"):
        kind = fold(take.text(row, path, "link_type"))
        terms = take.rows(row, path, "taxonomy_term") or [(path, row)]
        for below, term in terms:
            kind_of_list = fold(clean_line(str(term.get("taxonomy") or ""), 100))
            is_audience = any(word in f"{kind} {kind_of_list}" for word in _AUDIENCE)
            if not is_audience:
                take.used.discard(f"{path}link_type")
            if _taken(term, below, take, found, is_audience=is_audience):
                take.whole(path)
    for path, term in take.rows(raw, "", "taxonomy_terms"):
        if _taken(term, path, take, found, is_audience=False):
            take.used |= {"taxonomy_terms", "taxonomy_ids"}
    if not found.slugs:
        _by_words(raw, take, found)
    if found.unknown and not found.slugs:
        take.notes.append(f"terms without a need of ours: {', '.join(found.unknown[:5])}")
    return found


def _taken(term: Mapping[str, Any], path: str, take: Taker, found: Needs, *, is_audience: bool) -> bool:
    """Whether a term has told something."""
    found.terms += 1
    name = clean_line(str(term.get("name") or ""), 120)
    group = _groups().get(fold(name), ()) if is_audience else ()
    if group:
        found.for_whom += [code for code in group if code not in found.for_whom]
        take.used.add(f"{path}name")
        take.whole(path)
        return True
    for key, slugs in _answers(term):
        if slugs:
            found.slugs += [slug for slug in slugs if slug not in found.slugs]
            take.used.add(f"{path}{key}")
            take.whole(path)
            return True
    found.unknown.append(name or clean_line(str(term.get("code") or term.get("id") or ""), 40))
    return False


def _answers(term: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(key, needs) in the order in which a term is asked."""
    yield "name", _by_name().get(fold(clean_line(str(term.get("name") or ""), 120)), ())
    address = clean_line(str(term.get("term_uri") or ""), 300).rstrip("/")
    last = address.replace("#", "/").rpartition("/")[2].replace("-", " ").replace("_", " ").replace("%20", " ")
    yield "term_uri", _by_name().get(fold(last), ())
    for key in ("code", "taxonomy_id", "id"):
        yield key, _of_code(clean_line(str(term.get(key) or ""), 40))
    parents = term.get("parents")
    for parent in parents if isinstance(parents, list) else ():
        if isinstance(parent, dict):
            yield "parents", _by_name().get(fold(clean_line(str(parent.get("name") or ""), 120)), ())
    yield "parent_name", _by_name().get(fold(clean_line(str(term.get("parent_name") or ""), 120)), ())


def _of_code(code: str) -> tuple[str, ...]:
    """The need of the longest beginning of an Open Eligibility code ("106-02-01")."""
    if not _CODE.match(code):
        return ()
    while code:
        if code in _by_code():
            return _by_code()[code]
        code = code.rpartition("-")[0]
    return ()


def _by_words(raw: Mapping[str, Any], take: Taker, found: Needs) -> None:
    """Keywords of HSDS 1, and codes that came without their table."""
    for key in ("taxonomy_ids", "keywords"):
        words = [clean_line(one, 120) for one in str(raw.get(key) or "")[:8000].split(",")][:_KEYWORDS]
        for word in filter(None, words):
            found.terms += 1
            slugs = _by_name().get(fold(word), ()) or _of_code(word)
            if slugs:
                found.slugs += [slug for slug in slugs if slug not in found.slugs]
                take.used.add(key)
