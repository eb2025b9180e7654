"""Machines as they read us: strict about the rules of their formats, and knowing nothing of how ours are made.

The numbers in messages are sections of RFC 4287 (Atom) and RFC 3339, names of sitemaps.org 0.9 and schema.org.
"""

from __future__ import annotations

import json
import re
import warnings
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from rdflib import RDF, Graph, Literal, Namespace
from rdflib.term import Node

from tests.document import read

__all__ = [
    "ATOM",
    "SCHEMA",
    "SITEMAP",
    "XHTML",
    "atom_faults",
    "data_of",
    "graph_of",
    "hours_of",
    "sitemap_faults",
    "xml",
]

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
SCHEMA = Namespace("https://schema.org/")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def xml(body: bytes) -> ET.Element:
    """A document as a parser without any mercy reads it; entities of one's own are no part of our formats."""
    assert b"<!DOCTYPE" not in body
    assert b"<!ENTITY" not in body
    return ET.fromstring(body)


def _absolute(url: str) -> bool:
    parts = urlsplit(url)
    return bool(parts.scheme and parts.netloc) and not re.search(r"[\s<>\"{}|\\^`]", url) and url.isascii()


def _is_moment(text: str) -> bool:
    """RFC 3339, and a day that there is."""
    if not _MOMENT.fullmatch(text):
        return False
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


# --- sitemaps.org ---------------------------------------------------------------------------


def sitemap_faults(body: bytes) -> list[str]:
    """What sitemaps.org (siteindex.xsd, sitemap.xsd) and the page on hreflang would refuse."""
    root = xml(body)
    found = ["larger than 52,428,800 bytes"] if len(body) > 52_428_800 else []
    if root.tag == f"{SITEMAP}sitemapindex":
        return found + list(_table_faults(root))
    if root.tag != f"{SITEMAP}urlset":
        return [*found, f"root is {root.tag}"]
    return found + list(_urlset_faults(root))


def _table_faults(root: ET.Element) -> Iterator[str]:
    if not 1 <= len(root) <= 50_000:
        yield f"{len(root)} files: 1 to 50,000"
    for row in root:
        names = [child.tag for child in row]
        if row.tag != f"{SITEMAP}sitemap" or names not in ([f"{SITEMAP}loc"], [f"{SITEMAP}loc", f"{SITEMAP}lastmod"]):
            yield f"sitemap holds {names}"
        elif not _absolute(row[0].text or ""):
            yield f"loc {row[0].text}"
    yield from _twice([row[0].text or "" for row in root])


def _urlset_faults(root: ET.Element) -> Iterator[str]:
    if not 1 <= len(root) <= 50_000:
        yield f"{len(root)} addresses: 1 to 50,000"
    groups: dict[str, frozenset[tuple[str, str]]] = {}
    for row in root:
        yield from _url_faults(row)
        links = row.findall(f"{XHTML}link")
        yield from (fault for link in links for fault in _link_faults(link))
        loc = row.findtext(f"{SITEMAP}loc") or ""
        groups[loc] = frozenset((link.get("hreflang") or "", link.get("href") or "") for link in links)
        if len({code for code, _ in groups[loc]}) != len(links):
            yield f"{loc}: a language twice"
    yield from _twice([row.findtext(f"{SITEMAP}loc") or "" for row in root])
    for loc, group in groups.items():  # each page names itself, and whom it names says the same
        if loc not in {url for _, url in group}:
            yield f"{loc} does not name itself"
        others = [url for code, url in group if code != "x-default"]
        yield from (f"{loc}: {url} does not answer" for url in others if groups.get(url, group) != group)


def _url_faults(row: ET.Element) -> Iterator[str]:
    if row.tag != f"{SITEMAP}url":
        yield f"urlset holds {row.tag}"
    count = Counter(child.tag for child in row)
    allowed = {f"{SITEMAP}{name}" for name in ("loc", "lastmod", "changefreq", "priority")} | {f"{XHTML}link"}
    if set(count) - allowed or count[f"{SITEMAP}loc"] != 1 or count[f"{SITEMAP}lastmod"] > 1:
        yield f"url holds {dict(count)}"
    loc = row.findtext(f"{SITEMAP}loc") or ""
    if not _absolute(loc) or not 12 <= len(loc) <= 2048:
        yield f"loc {loc!r}: 12 to 2,048 characters, absolute, escaped"
    date = row.findtext(f"{SITEMAP}lastmod")
    if date is not None and not _is_moment(date):
        yield f"lastmod {date!r} is no W3C Datetime"


def _link_faults(link: ET.Element) -> Iterator[str]:
    if set(link.attrib) != {"rel", "hreflang", "href"} or link.get("rel") != "alternate":
        yield f"link {link.attrib}"
    if link.get("hreflang") != "x-default" and not _TAG.fullmatch(link.get("hreflang") or ""):
        yield f"hreflang {link.get('hreflang')}"
    if not _absolute(link.get("href") or ""):
        yield f"link to {link.get('href')}"


def _twice(values: list[str]) -> Iterator[str]:
    yield from (f"{value} stands {count} times" for value, count in Counter(values).items() if count > 1)


# --- Atom -----------------------------------------------------------------------------------

# Section 4.1.1 and 4.1.2: how often a child may stand; the order is free (4.1.1, "no significance").
_FEED = {"author": (0, 99), "category": (0, 99), "contributor": (0, 99), "generator": (0, 1), "icon": (0, 1), "id": (1, 1),
         "link": (0, 99), "logo": (0, 1), "rights": (0, 1), "subtitle": (0, 1), "title": (1, 1), "updated": (1, 1), "entry": (0, 9999)}  # fmt: skip
_ENTRY = {"author": (0, 99), "category": (0, 99), "content": (0, 1), "contributor": (0, 99), "id": (1, 1), "link": (0, 99),
          "published": (0, 1), "rights": (0, 1), "source": (0, 1), "summary": (0, 1), "title": (1, 1), "updated": (1, 1)}  # fmt: skip
_INSIDE = {"author": {"name", "uri", "email"}, "contributor": {"name", "uri", "email"}}
_ATTRIBUTES = {
    "link": {"rel", "type", "hreflang", "href", "title", "length"}, "category": {"term", "scheme", "label"},
    "generator": {"uri", "version"}, "title": {"type"}, "summary": {"type"}, "subtitle": {"type"}, "rights": {"type"},
}  # fmt: skip


def atom_faults(body: bytes) -> list[str]:
    """What RFC 4287 refuses."""
    root = xml(body)
    if root.tag != f"{ATOM}feed":
        return [f"4.1.1: root is {root.tag}"]
    entries = root.findall(f"{ATOM}entry")
    found = list(_container(root, _FEED, "4.1.1"))
    for entry in entries:
        found += _container(entry, _ENTRY, "4.1.2")
        if entry.find(f"{ATOM}content") is None and not _links(entry, "alternate"):
            found.append("4.1.2: an entry without content needs an alternate link")
        if entry.find(f"{ATOM}author") is None and root.find(f"{ATOM}author") is None:
            found.append("4.1.2: an entry needs an author, its own or the feed's")
    if not _links(root, "self"):
        found.append("4.1.1: a feed should link to itself")
    ids = [(element.findtext(f"{ATOM}id") or "", element.findtext(f"{ATOM}updated") or "") for element in entries]
    found += [f"4.1.1: {value} with the same date twice" for value, n in Counter(ids).items() if n > 1]
    found += [
        f"4.2.6: id {one!r} is no absolute IRI"
        for one, _ in ids
        if not re.fullmatch(r"(urn:uuid:|tag:|https?:)\S+", one)
    ]
    return found


def _links(element: ET.Element, rel: str) -> list[ET.Element]:
    return [link for link in element.findall(f"{ATOM}link") if link.get("rel", "alternate") == rel]


def _container(element: ET.Element, rules: dict[str, tuple[int, int]], section: str) -> Iterator[str]:
    count = Counter(child.tag.removeprefix(ATOM) for child in element)
    yield from (f"{section}: no {name} here" for name in set(count) - set(rules))
    for name, (least, most) in rules.items():
        if not least <= count[name] <= most:
            yield f"{section}: {name} stands {count[name]} times"
    for child in element:
        yield from _child(child, child.tag.removeprefix(ATOM))
    kinds = Counter((link.get("type"), link.get("hreflang")) for link in _links(element, "alternate"))
    yield from (f"{section}: two alternate links with {kind}" for kind, n in kinds.items() if n > 1)


def _child(child: ET.Element, name: str) -> Iterator[str]:
    if name == "entry":
        return
    wrong = {key for key in child.attrib if key != XML_LANG} - _ATTRIBUTES.get(name, set())
    if wrong:
        yield f"2: {name} has {wrong}"
    if XML_LANG in child.attrib and not _TAG.fullmatch(child.attrib[XML_LANG]):
        yield f"2: xml:lang {child.attrib[XML_LANG]!r}"
    if {part.tag.removeprefix(ATOM) for part in child} - _INSIDE.get(name, set()):
        yield f"{name} holds elements"
    if name == "link" and not re.fullmatch(r"[\w.+-]+/[\w.+-]+", child.get("type") or "x/x"):
        yield f"4.2.7.3: type {child.get('type')!r}"
    yield from _value(child, name, child.text or "")


def _value(child: ET.Element, name: str, text: str) -> Iterator[str]:
    match name:
        case "updated" | "published" if not _is_moment(text):
            yield f"3.3: {text!r} is no date of RFC 3339"
        case "title" | "summary" | "subtitle" if child.get("type", "text") not in {"text", "html"}:
            yield f"3.1.1: type {child.get('type')}"
        case "author" | "contributor" if len(child.findall(f"{ATOM}name")) != 1 or not child.findtext(f"{ATOM}name"):
            yield "3.2.1: a person has one name"
        case "link" if not _absolute(child.get("href") or ""):
            yield f"4.2.7.1: href {child.get('href')!r}"
        case "category" if not child.get("term"):
            yield "4.2.2.1: a category has a term"
        case "id" if text != text.strip() or not urlsplit(text).scheme:
            yield f"4.2.6: id {text!r}"


# --- JSON-LD --------------------------------------------------------------------------------


def data_of(page: str) -> list[dict[str, Any]]:
    """The data blocks of a page, as a browser cuts them out."""
    return [json.loads(tag.body) for tag in read(page).find("script") if tag.get("type") == "application/ld+json"]


def graph_of(data: dict[str, Any]) -> tuple[Graph, Node]:
    """The statements that rdflib reads, and the subject they are about. Our context stands for the one on the net."""
    assert data["@context"] == "https://schema.org"
    local = {"@vocab": str(SCHEMA), "url": {"@type": "@id"}, "sameAs": {"@type": "@id"}}
    graph = Graph()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib 7 uses a class that it has given up itself
        graph.parse(data=json.dumps({**data, "@context": local}), format="json-ld")
    roots = [one for one in set(graph.subjects()) if not list(graph.subjects(None, one))]
    assert len(roots) == 1
    return graph, roots[0]


Week = dict[str, set[tuple[str, str]]]


def hours_of(graph: Graph, owner: Node, name: str) -> list[dict[str, Any]]:
    """Opening hours as plain rows: days (names), opens, closes, first and last day."""
    rows = []
    for one in graph.objects(owner, SCHEMA[name]):
        assert (one, RDF.type, SCHEMA.OpeningHoursSpecification) in graph
        days = {str(day).removeprefix(str(SCHEMA)) for day in graph.objects(one, SCHEMA.dayOfWeek)}
        facts = {key: graph.value(one, SCHEMA[key]) for key in ("opens", "closes", "validFrom", "validThrough")}
        assert all(value is None or isinstance(value, Literal) for value in facts.values())
        rows.append({"days": days, **{key: value and str(value) for key, value in facts.items()}})
    return rows
