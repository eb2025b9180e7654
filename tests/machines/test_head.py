"""The head of pages: canonical address, languages, previews; and pages that stay out of search engines."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import override_settings

from sympolity.directory.models import Service
from sympolity.directory.queries import dossiers, visible_to
from sympolity.kit import clock
from sympolity.kit.actor import PUBLIC
from sympolity.portal.addresses import locale_of
from sympolity.portal.passing import is_sensitive
from tests.find.network import PERSONAS, Network
from tests.reader import Page

SITE = "http://127.0.0.1:8000"
LANGS = ("el", "en", "ar")
LOCALES = {"el": "el_GR", "en": "en_US", "ar": "ar_EG"}


def _links(page: Page, rel: str) -> list[tuple[str, str]]:
    found = [tag for tag in page.document.find("link") if tag.get("rel") == rel]
    return [(tag.get("hreflang") or tag.get("type") or "", tag.get("href") or "") for tag in found]


def _meta(page: Page, name: str) -> list[str]:
    return [
        tag.get("content") or "" for tag in page.document.find("meta") if name in {tag.get("property"), tag.get("name")}
    ]


def _for_machines(page: Page) -> bool:
    """Everything stands there, or nothing."""
    canonical, noindex = _links(page, "canonical"), _meta(page, "robots")
    languages = [code for code, _ in _links(page, "alternate") if "/" not in code]
    signs = {bool(canonical), bool(languages), bool(_meta(page, "og:url")), bool(_meta(page, "twitter:card"))}
    assert len(signs) == 1
    assert not (canonical and noindex)
    return bool(canonical)


def _pages(network: Network) -> list[str]:
    service = Service.objects.get(id=network.service("athens-first-steps"))
    silent = {one.service.organization_id for one in dossiers(visible_to(PUBLIC)) if is_sensitive(one)}
    named = Service.objects.exclude(organization__in=silent).filter(organization__status="approved").order_by("id")[0]
    return ["", "find/", "find/?need=legal-help", "find/?need=legal-help&in=athens", f"service/{service.id}/",
            f"organization/{named.organization_id}/", "needs/", "about/", "privacy/", "cooperation/", "languages/", "languages/so/"]  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
def test_a_page_names_itself_and_its_other_languages(network: Network, lang: str) -> None:
    for rest in _pages(network):
        page = network.reader().get(f"/{lang}/{rest}")
        assert _for_machines(page), rest
        assert [url for _, url in _links(page, "canonical")] == _meta(page, "og:url") == [f"{SITE}/{lang}/{rest}"]
        languages = dict(row for row in _links(page, "alternate") if "/" not in row[0])
        assert {code: languages.get(code) for code in LANGS} == {code: f"{SITE}/{code}/{rest}" for code in LANGS}
        if rest.split("/")[0] in {"", "find", "service", "organization", "needs"}:
            assert languages["x-default"] == f"{SITE}/{rest}"
        assert set(languages) <= {*LANGS, "x-default"}


def test_every_language_that_is_named_answers_and_names_the_same(network: Network) -> None:
    for rest in _pages(network):
        named = set()
        for lang in LANGS:
            page = network.reader().get(f"/{lang}/{rest}")
            named.add(tuple(sorted(row for row in _links(page, "alternate") if "/" not in row[0])))
        assert len(named) == 1
        for code, url in next(iter(named)):
            answer = network.reader().client.get(url.removeprefix(SITE))
            assert answer.status_code == 200, (code, url)


@pytest.mark.parametrize("lang", LANGS)
def test_the_preview_is_in_the_language_of_the_page(network: Network, lang: str) -> None:
    for rest in _pages(network):
        page = network.reader().get(f"/{lang}/{rest}")
        assert _meta(page, "og:locale") == [LOCALES[lang]] == [locale_of(lang)]
        assert sorted(_meta(page, "og:locale:alternate")) == sorted(LOCALES[code] for code in LANGS if code != lang)
        assert [f"{title} · Sympolity" for title in _meta(page, "og:title")] == [page.title]
        assert _meta(page, "og:description") == _meta(page, "description")
        assert _meta(page, "og:description")[0].strip()
        assert _meta(page, "og:site_name") == ["Sympolity"]
        assert _meta(page, "og:type") == ["website"]
        assert _meta(page, "twitter:card") == ["summary_large_image"]
        assert _meta(page, "og:image") == [f"{SITE}/static/design/preview.png"]


def test_the_picture_is_small_and_of_the_right_size() -> None:
    found = finders.find("design/preview.png")
    assert isinstance(found, str)
    body = Path(found).read_bytes()
    assert body[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(body[16:20], "big"), int.from_bytes(body[20:24], "big")) == (1200, 630)
    assert len(body) <= 40_960


def test_the_first_address_leads_to_every_language(network: Network) -> None:
    page = network.reader().get("/")
    assert _links(page, "canonical") == [("", f"{SITE}/")]
    assert dict(_links(page, "alternate")) == {"x-default": f"{SITE}/", **{code: f"{SITE}/{code}/" for code in LANGS}}


NOISE = {
    "about/?utm_source=x": "about/", "?x=1": "", "find/?in=athens&need=legal-help": "find/?need=legal-help&in=athens",
    "languages/?page=2": "languages/",
}  # fmt: skip


@pytest.mark.parametrize("asked", NOISE)
def test_noise_is_no_part_of_the_canonical_address(network: Network, asked: str) -> None:
    page = network.reader().get(f"/en/{asked}")
    assert _links(page, "canonical") == [("", f"{SITE}/en/{NOISE[asked]}")]


@pytest.mark.parametrize(
    "asked",
    ["q=help", "q=", "near=Athens", "page=2", "open=now", "speaks=ar", "sort=name", "need=legal-help&page=2", "need=legal-help&need=health",
     "in=athens&in=tilos", "need=no-such-need", "in=nowhere", "need=legal-help&in=athens&x=1", "utm_source=x", "need=%ff", "need=", "need=<b>",
     "map=38,23,12", "&".join(["need=legal-help"] * 300), "&&&==;"],
)  # fmt: skip
def test_other_looks_at_the_list_are_not_for_search_engines(network: Network, asked: str) -> None:
    page = network.reader().get(f"/en/find/?{asked}")
    assert not _for_machines(page)
    assert _meta(page, "robots") == ["noindex"]


def test_an_empty_list_is_not_for_search_engines(network: Network) -> None:
    slugs = [need.slug for need in network.reader().get("/en/find/").response.context["found"].site.needs("en", "")]
    totals = {}
    for slug in slugs:
        page = network.reader().get(f"/en/find/?need={slug}&in=tilos")
        totals[slug] = page.response.context["found"].answer.total
        assert _for_machines(page) == (totals[slug] > 0)
    assert 0 in totals.values()


def test_pages_for_one_reader_say_nothing_to_machines(network: Network) -> None:
    service = network.service("athens-first-steps")
    for rest in (
        "saved/",
        "code/",
        f"service/{service}/share/",
        f"service/{service}/print/",
        "find/share/",
        "find/print/",
    ):
        page = network.reader().get(f"/en/{rest}")
        assert not _for_machines(page), rest
        assert _meta(page, "robots") == ["noindex"], rest
    sign_in = network.reader()
    sign_in.signed_in = True  # its form has a token
    assert not _for_machines(sign_in.get("/en/account/"))
    assert not _for_machines(network.reader().get("/en/nothing-here/", status=404))
    assert not _for_machines(network.reader().get(f"/en/service/{'0' * 8}-0000-4000-8000-{'0' * 12}/", status=404))


def test_pages_of_people_who_signed_in_say_nothing_to_machines(network: Network) -> None:
    for persona in [name for name, address in PERSONAS.items() if address][:3]:
        for rest in ("", "find/", "about/", f"service/{network.service('athens-first-steps')}/"):
            assert not _for_machines(network.reader(persona).get(f"/en/{rest}")), (persona, rest)


@pytest.mark.parametrize("change", ["members", "ended"])
def test_a_service_that_is_not_for_everybody_or_ended(network: Network, change: str) -> None:
    one = network.service("athens-first-steps")
    rows = Service.objects.filter(id=one)
    if change == "members":
        rows.update(audience="members")
        page = network.reader("member").get(f"/en/service/{one}/")
    else:
        rows.update(ends_on=clock.local_today().replace(year=2024, day=1))
        page = network.reader().get(f"/en/service/{one}/")
    assert not _for_machines(page)
    assert _meta(page, "robots") == ["noindex"]


def test_addresses_come_from_the_settings_never_from_the_host(network: Network) -> None:
    client = network.reader().client
    with override_settings(SITE_URL="https://help.example.gr", ALLOWED_HOSTS=["*"]):
        body = client.get("/en/about/", headers={"host": "evil.example"}).content.decode()
    assert 'rel="canonical" href="https://help.example.gr/en/about/"' in body
    assert "evil.example" not in body


@pytest.mark.parametrize("lang", LANGS)
def test_feed_and_search_are_told_where_they_fit(network: Network, lang: str) -> None:
    feeds = {"": "services.atom", "find/": "services.atom", "find/?in=athens": "city/athens/services.atom",
             "find/?need=legal-help": "services.atom?need=legal-help", "find/?need=legal-help&in=athens": "city/athens/services.atom?need=legal-help",
             "about/": ""}  # fmt: skip
    for rest, feed in feeds.items():
        page = network.reader().get(f"/{lang}/{rest}")
        found = [url for kind, url in _links(page, "alternate") if kind == "application/atom+xml"]
        assert found == ([f"/{lang}/{feed}"] if feed else [])
        assert all(network.reader().client.get(url).status_code == 200 for url in found)
        assert _links(page, "search") == [("application/opensearchdescription+xml", f"/{lang}/opensearch.xml")]


def test_words_with_quotation_marks_stay_in_their_attribute(network: Network) -> None:
    one = network.service("athens-first-steps")
    Service.objects.filter(id=one).update(
        lang="en", name="Say \"hello\" & <b>come</b> 'in'", summary='"><script>alert(1)</script>'
    )
    page = network.reader().get(f"/en/service/{one}/")
    assert urlsplit(_meta(page, "og:url")[0]).path == f"/en/service/{one}/"
    assert _meta(page, "og:title") == [page.title.removesuffix(" · Sympolity")]
