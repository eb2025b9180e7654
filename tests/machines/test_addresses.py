"""robots.txt, OpenSearch, security.txt."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client, override_settings

from sympolity.kit import clock
from sympolity.search.query import FILTERS
from tests.find.network import Network
from tests.machines.reading import xml
from tests.reader import HOST

OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
SITE = "http://127.0.0.1:8000"


def _client() -> Client:
    return Client(HTTP_HOST=HOST)


# --- robots -------------------------------------------------------------------------------------


def _rules() -> tuple[list[str], list[str]]:
    """(disallowed patterns, site maps), with every line read by RFC 9309."""
    response = _client().get("/robots.txt")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=3600"
    lines = [line for line in response.content.decode().splitlines() if line]
    pairs = [line.split(": ", 1) for line in lines]
    assert pairs[0] == ["User-agent", "*"]
    assert {name for name, _ in pairs[1:]} == {"Disallow", "Sitemap"}
    return [value for name, value in pairs if name == "Disallow"], [value for name, value in pairs if name == "Sitemap"]


def _may_read(path: str) -> bool:
    patterns = [re.escape(rule).replace(r"\*", ".*") for rule in _rules()[0]]
    return not any(re.match(pattern, path) for pattern in patterns)


def test_robots_name_the_site_map() -> None:
    assert _rules()[1] == [f"{SITE}/sitemap.xml"]


@pytest.mark.parametrize("lang", ["en", "el", "ar"])
def test_robots_leave_alone_what_is_for_one_reader(lang: str) -> None:
    closed = [
        "account/",
        "account/code/",
        "saved/",
        "code/",
        "find/share/?need=x",
        "find/print/",
        "find.json?q=x",
        "service/1/share/",
        "service/1/print/?paper=a6",
    ]
    assert [path for path in closed if _may_read(f"/{lang}/{path}")] == []
    assert not _may_read("/s/ABCD/")
    deep = {*FILTERS, "map"} - {"need", "in"}
    assert [
        name for name in deep if _may_read(f"/{lang}/find/?{name}=x") or _may_read(f"/{lang}/find/?need=y&{name}=x")
    ] == []


@pytest.mark.parametrize("lang", ["en", "el", "ar"])
def test_robots_may_read_everything_else(lang: str) -> None:
    opened = ["", "find/", "find/?need=legal-help", "find/?need=legal-help&in=athens", "find/?in=tilos", "service/1/", "organization/1/", "city/athens/",
              "needs/", "about/", "services.atom", "opensearch.xml", "languages/so/"]  # fmt: skip
    assert [path for path in opened if not _may_read(f"/{lang}/{path}")] == []
    assert all(
        _may_read(path)
        for path in ("/", "/sitemap.xml", "/sitemap-services-1.xml", "/static/design/preview.png", "/service/1/")
    )


# --- OpenSearch -----------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "el", "ar"])
def test_a_browser_learns_how_to_ask(network: Network, lang: str) -> None:
    client = network.reader().client
    response = client.get(f"/{lang}/opensearch.xml")
    assert response.headers["Content-Type"] == "application/opensearchdescription+xml; charset=utf-8"
    root = xml(response.content)
    assert root.tag == f"{OPENSEARCH}OpenSearchDescription"
    name, about = root.findtext(f"{OPENSEARCH}ShortName") or "", root.findtext(f"{OPENSEARCH}Description") or ""
    assert 0 < len(name) <= 16
    assert 0 < len(about) <= 1024
    assert root.findtext(f"{OPENSEARCH}Language") == lang
    assert root.findtext(f"{OPENSEARCH}InputEncoding") == "UTF-8"
    urls = {url.get("type"): url for url in root.findall(f"{OPENSEARCH}Url")}
    assert set(urls) == {"text/html", "application/opensearchdescription+xml"}
    template = urls["text/html"].get("template") or ""
    assert template == f"{SITE}/{lang}/find/?q={{searchTerms}}"
    assert (
        client.get(template.replace("{searchTerms}", "%CE%AC%CF%83%CF%85%CE%BB%CE%BF").removeprefix(SITE)).status_code
        == 200
    )
    own = urls["application/opensearchdescription+xml"]
    assert (own.get("rel"), own.get("template")) == ("self", f"{SITE}/{lang}/opensearch.xml")
    image = root.findtext(f"{OPENSEARCH}Image") or ""
    assert image == f"{SITE}/static/design/mark-48.png"


def test_it_is_described_in_each_language(network: Network) -> None:
    said = {
        network.reader().client.get(f"/{lang}/opensearch.xml").content.split(b"Description>")[1]
        for lang in ("en", "el", "ar")
    }
    assert len(said) == 3


# --- security -------------------------------------------------------------------------------------


def test_nobody_to_tell_is_no_page() -> None:
    with override_settings(CONTACT=""):
        assert _client().get("/.well-known/security.txt").status_code == 404


def test_whom_to_tell_about_a_weakness() -> None:
    with override_settings(CONTACT="help desk@city.example", SITE_URL="https://help.example.gr", HTTPS=True):
        response = _client().get("/.well-known/security.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    assert fields["Contact"] == "mailto:help%20desk@city.example"  # 2.5.3: a URI
    assert fields["Canonical"] == "https://help.example.gr/.well-known/security.txt"
    assert set(fields) == {"Contact", "Expires", "Preferred-Languages", "Canonical"}
    end = datetime.fromisoformat(fields["Expires"])
    assert timedelta(days=30) < end - clock.now() < timedelta(days=365)  # 2.5.5: less than a year
    with clock.moved(timedelta(days=400)), override_settings(CONTACT="a@b.example", HTTPS=False):
        later = dict(
            line.split(": ", 1) for line in _client().get("/.well-known/security.txt").content.decode().splitlines()
        )
        assert datetime.fromisoformat(later["Expires"]) > clock.now()
    assert "Canonical" not in later  # 2.5.2: https only
