"""Site map and feeds through programs of others: schema processors, a reader of feeds, a reader of site maps."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import feedparser
import pytest
from lxml import etree
from usp.objects.sitemap import AbstractSitemap, InvalidSitemap, PagesXMLSitemap
from usp.tree import sitemap_tree_for_homepage
from usp.web_client.abstract_client import (
    AbstractWebClient,
    AbstractWebClientResponse,
    AbstractWebClientSuccessResponse,
    WebClientErrorResponse,
)

from tests.find.network import Network
from tests.machines.reading import ATOM, SITEMAP, XML_LANG, xml

SCHEMAS = Path(__file__).parent / "schemas"
SITE = "http://127.0.0.1:8000"
LANGS = ("en", "el", "ar")
FEEDS = ("services.atom", "city/athens/services.atom?need=legal-help", "city/tilos/services.atom?need=appeal")


def _body(network: Network, path: str) -> bytes:
    response: Any = network.reader().client.get(path)
    assert response.status_code == 200, path
    return bytes(response.getvalue())


@cache
def _schema(name: str) -> etree.XMLSchema | etree.RelaxNG:
    made = etree.parse(SCHEMAS / name)
    return etree.RelaxNG(made) if name.endswith(".rng") else etree.XMLSchema(made)


def _faults(name: str, body: bytes) -> list[str]:
    """What the processor finds; entities and the network are none of its business."""
    schema = _schema(name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    schema.validate(etree.fromstring(body, parser))
    log: Any = schema.error_log  # its types do not know that it can be gone through
    return [str(entry.message) for entry in log]


def _parts(network: Network) -> list[str]:
    rows = xml(_body(network, "/sitemap.xml")).iter(f"{SITEMAP}loc")
    return [(row.text or "").removeprefix(SITE) for row in rows]


# --- schemas --------------------------------------------------------------------------------------


def test_the_site_map_is_valid_by_its_schemas(network: Network) -> None:
    assert _faults("siteindex.xsd", _body(network, "/sitemap.xml")) == []
    parts = _parts(network)
    assert len(parts) >= 3
    assert {path: _faults("sitemap.xsd", _body(network, path)) for path in parts} == {path: [] for path in parts}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("path", FEEDS)
def test_feeds_are_valid_by_their_schema(network: Network, lang: str, path: str) -> None:
    assert _faults("atom.rng", _body(network, f"/{lang}/{path}")) == []


@pytest.mark.parametrize(
    ("schema", "path", "before", "after"),
    [
        ("siteindex.xsd", "/sitemap.xml", b"<loc>http:", b"<loc>ftp:"),
        ("siteindex.xsd", "/sitemap.xml", b"<sitemap>", b"<sitemap><more/>"),
        ("siteindex.xsd", "/sitemap.xml", b"/sitemap-pages-1.xml", b"/sitemap-services-1.xml"),
        ("siteindex.xsd", "/sitemap.xml", b"schemas/sitemap/0.9", b"schemas/sitemap/0.8"),
        ("sitemap.xsd", "/sitemap-services-1.xml", b"</loc>", b" </loc>x"),
        ("sitemap.xsd", "/sitemap-services-1.xml", b"/en/service/", "/en/υπηρεσία/".encode()),
        ("sitemap.xsd", "/sitemap-services-1.xml", b"T", b" "),
        ("sitemap.xsd", "/sitemap-services-1.xml", b"Z</lastmod>", b"</lastmod>"),
        ("sitemap.xsd", "/sitemap-services-1.xml", b"</lastmod>", b"</lastmod><priority>2</priority>"),
        ("sitemap.xsd", "/sitemap-services-1.xml", b'hreflang="en"', b'hreflang="english language"'),
        ("sitemap.xsd", "/sitemap-services-1.xml", b'rel="alternate"', b'rel="next"'),
        ("atom.rng", "/en/services.atom", b"<updated>", b"<updated>x"),
        ("atom.rng", "/en/services.atom", b"Z</updated>", b"</updated>"),
        ("atom.rng", "/en/services.atom", b"<id>", b"<id>\xce\xb1"),
        ("atom.rng", "/en/services.atom", b"<entry>", b"<entry><more/>"),
        ("atom.rng", "/en/services.atom", b"<entry>", b"<entry><id>urn:x:y</id>"),
        ("atom.rng", "/en/services.atom", b'type="text"', b'type="texty"'),
        ("atom.rng", "/en/services.atom", b"<name>", b"<name></name><name>"),
        ("atom.rng", "/en/services.atom", b"<category term=", b"<category word="),
    ],
)
def test_the_schemas_see_what_is_wrong(network: Network, schema: str, path: str, before: bytes, after: bytes) -> None:
    body = _body(network, path)
    head, first, rest = body.partition(b"\n")  # the declaration stays
    assert before in rest
    assert _faults(schema, head + first + rest.replace(before, after, 1)) != []


# --- a reader of feeds ----------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("path", FEEDS)
def test_a_reader_of_feeds_reads_the_same(network: Network, lang: str, path: str) -> None:
    body = _body(network, f"/{lang}/{path}")
    root, told = (
        xml(body),
        feedparser.parse(body, response_headers={"content-type": "application/atom+xml; charset=utf-8"}),
    )
    assert (told.bozo, told.version, told.encoding) == (False, "atom10", "utf-8")
    for name in ("id", "title", "updated"):
        assert told.feed[name] == root.findtext(f"{ATOM}{name}")
    assert told.feed.language == lang
    assert {link.href for link in told.feed.links} == {link.get("href") for link in root.findall(f"{ATOM}link")}
    rows = root.findall(f"{ATOM}entry")
    assert len(told.entries) == len(rows)
    for entry, row in zip(told.entries, rows, strict=True):
        for name in ("id", "title", "updated", "published", "summary"):
            assert entry.get(name, "") == (row.findtext(f"{ATOM}{name}") or ""), name
        title = row.find(f"{ATOM}title")
        assert title is not None
        assert entry.title_detail.language == title.attrib[XML_LANG]
        links = [(link.rel, link.href) for link in entry.links]  # it keeps the languages apart no further
        assert links == [(link.get("rel"), link.get("href")) for link in row.findall(f"{ATOM}link")]
        assert entry.get("author", "") == (row.findtext(f"{ATOM}author/{ATOM}name") or "")
        terms = [(term.get("term"), term.get("label")) for term in row.findall(f"{ATOM}category")]
        assert [(tag.term, tag.label) for tag in entry.get("tags", [])] == terms
        assert entry.updated_parsed is not None


# --- a reader of site maps ------------------------------------------------------------------------


class _Answer(AbstractWebClientSuccessResponse):
    def __init__(self, response: Any, url: str) -> None:
        self._response, self._url = response, url
        self._body = bytes(response.getvalue())

    def status_code(self) -> int:
        return int(self._response.status_code)

    def status_message(self) -> str:
        return str(self._response.reason_phrase)

    def header(self, case_insensitive_name: str) -> str | None:
        return self._response.headers.get(case_insensitive_name)  # type: ignore[no-any-return]

    def raw_data(self) -> bytes:
        return self._body

    def url(self) -> str:
        return self._url


class _Away(WebClientErrorResponse):
    pass


class _Web(AbstractWebClient):
    """The site as its only net."""

    def __init__(self, network: Network) -> None:
        self._client, self.asked = network.reader().client, list[str]()

    def set_max_response_data_length(self, max_response_data_length: int | None) -> None:
        pass

    def get(self, url: str) -> AbstractWebClientResponse:
        self.asked.append(url)
        response: Any = self._client.get(url.removeprefix(SITE))
        return _Answer(response, url) if response.status_code == 200 else _Away("not there", retryable=False)


def _below(told: AbstractSitemap) -> list[AbstractSitemap]:
    return [told, *(one for part in told.sub_sitemaps for one in _below(part))]


def test_a_reader_of_site_maps_finds_every_page_from_robots_on(network: Network) -> None:
    web = _Web(network)
    told = sitemap_tree_for_homepage(f"{SITE}/", web_client=web, use_known_paths=False)
    maps = _below(told)
    assert [one.url for one in maps if isinstance(one, InvalidSitemap)] == []
    parts = _parts(network)
    assert sorted(one.url for one in maps if isinstance(one, PagesXMLSitemap)) == sorted(
        f"{SITE}{one}" for one in parts
    )
    rows = [row for path in parts for row in xml(_body(network, path))]
    wanted = {row.findtext(f"{SITEMAP}loc"): row.findtext(f"{SITEMAP}lastmod") for row in rows}
    found = {page.url: page.last_modified for page in told.all_pages()}
    assert set(found) == set(wanted)
    for url, at in found.items():
        assert (at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None) == wanted[url], url
    assert set(web.asked) == {f"{SITE}/robots.txt", f"{SITE}/sitemap.xml", *(f"{SITE}{path}" for path in parts)}
