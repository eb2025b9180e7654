"""Share pages: one link for all languages, the code, a QR code, and no name where a name endangers."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.conf import settings

from sympolity.directory.models import Service
from sympolity.kit import codes
from sympolity.portal import passing
from tests.find.network import PERSONAS, Network
from tests.find.test_hostile import WORDS

LANGS = ("en", "el", "ar")
OPEN, SILENT = "athens-first-steps", "rodia-violence-at-home"


def test_the_demo_has_the_codes_it_always_has(network: Network) -> None:
    rows = dict(Service.objects.values_list("id", "code"))
    assert len(rows) > 30
    assert {codes.check(code) for code in rows.values()} == set(rows.values())
    assert len(set(rows.values())) == len(rows)
    first = [one for one, code in rows.items() if code == codes.make(one)]
    assert len(first) > 0.95 * len(rows)


def _messages(page: Any) -> list[str]:
    """What each button would send."""
    links = [link for link in page.links if link.startswith(("sms:", "mailto:", "https://wa.me/"))]
    assert len(links) == 3
    said: list[str] = page.document.values("button", "data-share")
    return [unquote(link) for link in links] + said


@pytest.mark.parametrize("lang", LANGS)
def test_what_is_sent_holds_the_link_and_the_code(network: Network, lang: str) -> None:
    row = Service.objects.get(id=network.service(OPEN))
    page = network.reader().get(f"/{lang}/service/{row.id}/share/")
    link = f"{settings.SITE_URL}/s/{row.code}/"
    name = page.response.context["name"].body
    for message in _messages(page):
        assert link in message
        assert codes.group(row.code) in message
        assert name in message
    assert link in page.text
    assert codes.group(row.code) in page.text
    assert f"/{lang}/service/" not in " ".join(_messages(page))


@pytest.mark.parametrize("lang", LANGS)
def test_where_a_name_endangers_the_message_has_none(network: Network, lang: str) -> None:
    row = Service.objects.get(id=network.service(SILENT))
    page = network.reader().get(f"/{lang}/service/{row.id}/share/")
    names = {*row.name.split(), page.response.context["name"].body, row.organization.name}
    for message in _messages(page):
        assert codes.group(row.code) in message
        assert not [name for name in names if len(name) > 3 and name in message]
    saved = network.reader().get(f"/{lang}/service/{row.id}/").document
    assert saved.values("button", "data-name") == [codes.group(row.code)]


def test_which_services_are_silent(network: Network) -> None:
    silent = {
        row.id
        for row in Service.objects.filter(categories__slug__in=["violence-at-home", "trafficking", "women-shelter"])
    }
    assert len(silent) > 2
    from sympolity.directory.queries import dossiers

    found = {one.service.id for one in dossiers(Service.objects.all()) if passing.is_sensitive(one)}
    assert silent <= found
    assert len(found) < Service.objects.count() / 2


def test_the_link_is_read_back_from_the_picture(network: Network) -> None:
    """Every dark square of the drawing is a dark square of the code, and no other."""
    import segno

    page = network.reader().get(f"/en/service/{network.service(OPEN)}/share/")
    link = page.response.context["link"]
    drawn: set[tuple[int, int]] = set()
    path = next(
        tag.get("d") or ""
        for tag in page.document.find("path")
        if "h" in (tag.get("d") or "") and tag.get("fill") == "#000"
    )
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path):
        drawn |= {(int(x) + at, int(y)) for at in range(int(width))}
    rows = segno.make_qr(link, error="m").matrix
    assert drawn == {(x, y) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark}


@pytest.mark.parametrize("lang", LANGS)
def test_a_list_is_shared_as_its_question(network: Network, lang: str) -> None:
    reader = network.reader()
    page = reader.get(f"/{lang}/find/share/?need=legal&in=athens&speaks=ar&open=now&page=2&map=1,2,3&junk=1")
    link = urlsplit(page.response.context["link"])
    assert f"{link.scheme}://{link.netloc}" == settings.SITE_URL
    assert link.path == "/find/"
    assert parse_qs(link.query) == {"need": ["legal"], "in": ["athens"], "speaks": ["ar"], "open": ["now"]}
    assert all(page.response.context["link"] in message for message in _messages(page))
    here = reader.client.get(f"/{lang}/find.json?{link.query}").json()["results"]
    there = reader.client.get(f"/find/?{link.query}", headers={"accept-language": "ar"}, follow=True).context["found"]
    assert [row["id"] for row in here] == [item.id for item in there.items]


SECRET = ("need=women-shelter&in=athens", "need=safety&in=athens", "for=survivors&in=athens", "for=lgbtqi&in=athens",
          "q=trafficking&in=athens")  # fmt: skip


@pytest.mark.parametrize("asked", SECRET)
def test_a_list_that_endangers_is_told_aloud_first(network: Network, asked: str) -> None:
    for lang in LANGS:
        page = network.reader().get(f"/{lang}/find/share/?{asked}")
        assert page.response.context["sensitive"]
        body = page.response.content.decode()
        assert 0 < body.index('id="plain"') < body.index('id="link"') < body.index("sms:")
        assert body.index('id="seen"') < body.index('id="pic"') < body.index("sms:")
        plain = f"{settings.SITE_URL}/find/?in=athens"
        assert page.response.context["plain"]["link"] == plain
        assert page.response.context["plain"]["qr"]["path"] in body
        assert plain in page.text
        printed = network.reader().get(f"/{lang}/find/print/?{asked}")
        assert printed.response.context["sensitive"]
        assert plain in printed.text


def test_a_link_that_tells_nothing_has_only_the_city(network: Network) -> None:
    page = network.reader().get(
        "/en/find/share/?need=women-shelter&for=lgbtqi&speaks=ar&q=hit&in=athens&in=tilos&open=now"
    )
    assert page.response.context["plain"]["link"] == f"{settings.SITE_URL}/find/?in=athens&in=tilos"
    page = network.reader().get("/en/find/share/?need=women-shelter")
    assert page.response.context["plain"]["link"] == f"{settings.SITE_URL}/find/"


def test_words_in_a_link_are_said_to_be_read(network: Network) -> None:
    told = "The words you searched for stand in the link."
    page = network.reader().get("/en/find/share/?q=doctor&in=athens")
    assert not page.response.context["sensitive"]
    assert told in page.text
    assert page.response.context["plain"]["link"] == f"{settings.SITE_URL}/find/?in=athens"
    page = network.reader().get("/en/find/share/?need=health&in=athens")
    assert told not in page.text
    assert page.response.context["plain"] is None
    assert not page.response.context["sensitive"]


def test_where_somebody_stands_is_passed_on_roughly(network: Network) -> None:
    page = network.reader().get("/en/find/share/?near=37.98765,23.72345&within=5")
    assert "near=37.99%2C23.72" in page.response.context["link"]
    assert "37.98765" not in page.response.content.decode().split("<main", 1)[1].split("</main", 1)[0].replace(
        page.response.context["back"].replace("&", "&amp;"), ""
    )


def test_a_very_long_question_has_no_picture(network: Network) -> None:
    page = network.reader().get("/en/find/share/", status=200)
    assert page.response.context["qr"]
    page = network.reader().read(network.reader().client.get("/en/find/share/", {"q": "νομική βοήθεια " * 13}))
    assert page.response.context["qr"] is None


@pytest.mark.parametrize("persona", PERSONAS)
def test_only_what_everybody_sees_is_shared(network: Network, persona: str) -> None:
    reader = network.reader(persona)
    for row in Service.objects.exclude(audience="public")[:3]:
        for tail in ("share/", "print/"):
            reader.get(f"/en/service/{row.id}/{tail}", status=404)
        answer = reader.client.get(f"/en/service/{row.id}/")
        if answer.status_code == 200:
            assert f"{row.id}/share/" not in answer.content.decode()
            assert "data-keep" not in answer.content.decode()


def test_an_ended_service_is_passed_on_from_nowhere(network: Network) -> None:
    row = Service.objects.get(id=network.service("law-clinic-wages"))
    page = network.reader().get(f"/en/service/{row.id}/")
    assert page.response.context["ended"]
    assert [link for link in page.links if "share" in link or "print" in link] == []


@pytest.mark.parametrize(("path", "queries"), [("share/", 6), ("print/", 6)])
def test_what_it_costs(network: Network, path: str, queries: int, django_assert_max_num_queries: Any) -> None:
    client = network.reader().client
    with django_assert_max_num_queries(queries):
        assert client.get(f"/el/service/{network.service(OPEN)}/{path}").status_code == 200


def test_sharing_a_list_asks_no_database(network: Network, django_assert_num_queries: Any) -> None:
    client = network.reader().client
    for path in ("/en/find/share/?need=legal", "/en/saved/", "/en/code/", "/find/?need=legal"):
        with django_assert_num_queries(0):
            assert client.get(path).status_code == 200


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_of_saved_things_is_the_same_for_everybody(network: Network, lang: str) -> None:
    page = network.reader().get(f"/{lang}/saved/")
    assert page.document.values("script", "src")[-1].endswith("keep.js")
    assert "data-kept" in page.response.content.decode()
    assert f"/{lang}/code/" in page.links


@pytest.mark.parametrize("name", WORDS)
def test_any_words(network: Network, name: str) -> None:
    reader = network.reader()
    for path in ("find/share/", "find/print/"):
        page = reader.read(
            reader.client.get(f"/ar/{path}", {"q": WORDS[name], "with": WORDS[name], "paper": WORDS[name]})
        )
        assert "<script>alert" not in page.response.content.decode()
