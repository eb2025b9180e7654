"""A page that is not there still helps; a page that failed stands without anything else."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import pytest
from django.test import Client, RequestFactory

from sympolity.languages import registry
from sympolity.project import errors
from tests.find.network import Network, point_reader
from tests.reader import HOST, Page, Reader

Counted = Callable[..., AbstractContextManager[Any]]
LANGUAGES = [row.code for row in registry.INTERFACE]

# path -> the words in the search box
GUESSED = {
    "/en/legal-help/": "legal help",
    "/en/Legal_Help.html": "Legal Help",
    "/el/νομική-βοήθεια/": "νομική βοήθεια",
    "/ar/مساعدة-قانونية/": "مساعدة قانونية",
    "/fa/کمک‌های-حقوقی/": "کمک‌های حقوقی",
    "/en/health/dentist": "health dentist",
    "/de/arzt/": "arzt",
    "/en/find/food/": "food",
    "/en/service/6526b1bb-2075-4161-9407-17c2b6389369/": "",
    "/en/service/12345/": "",
    "/en/organization/4f2a9c/edit/": "edit",
    "/en/a1b2c3/": "",
    "/en/%ff%fe/": "",
    "/en/<script>alert(1)</script>/": "",
    "/en/{{7*7}}/": "",
    "/wp-admin/setup.php": "setup",
    "/en/" + "a" * 5000: "",
    "/en/" + "word-" * 40: "word word word word word word",
    "/en/\u202elegal\u202c-help/": "legal help",
    "/en/o'hara/": "",
    "/": "",
}


def _box(page: Page) -> str:
    (box,) = [tag for tag in page.document.tags if tag.name == "input" and tag.get("name") == "q"]
    return box.get("value") or ""


@pytest.mark.parametrize("path", GUESSED)
def test_readable_words_of_an_address(path: str) -> None:
    assert errors.readable_words(path.replace("%ff%fe", "\ufffd\ufffd")) == GUESSED[path]


def test_letters_of_every_script_are_readable() -> None:
    for words in ("کمک حقوقی", "قانونی مدد", "hêvîya min", "юридична допомога", "እርዳታ ሕግ"):
        assert errors.readable_words(f"/xx/{words.replace(' ', '-')}/") == words


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_missing_page_helps_on(network: Network, lang: str, django_assert_num_queries: Counted) -> None:
    with django_assert_num_queries(0):
        page = network.reader().get(f"/{lang}/legal-help/", status=404)
    assert page.document.root.get("lang") == lang
    assert _box(page) == "legal help"
    assert f"/{lang}/find/?need=legal" in page.links
    assert f"/{lang}/city/athens/" in page.links
    assert "tel:112" in page.links
    assert f"/{lang}/" in page.links
    assert page.response.headers["Cache-Control"] == "no-store"
    assert [tag for tag in page.document.tags if tag.name == "meta" and tag.get("content") == "noindex"]


def test_a_thing_that_is_gone_answers_the_same(network: Network) -> None:
    first, other = (network.reader().get(f"/en/service/{uuid4()}/", status=404) for _ in range(2))
    assert first.text == other.text
    assert _box(first) == ""
    assert "/en/find/?need=legal" in first.links


def test_it_stands_without_an_index(network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    point_reader(tmp_path / "nothing")
    page = network.reader().get("/ar/legal-help/", status=404)
    assert _box(page) == "legal help"
    assert "tel:112" in page.links

    def broken() -> None:
        raise RuntimeError("the index has lost its mind")

    monkeypatch.setattr(errors, "site", broken)
    assert network.reader().get("/ar/legal-help/", status=404).text == page.text


@pytest.mark.parametrize(
    ("path", "kept"),
    [("/de/", ""), ("/de/find/?q=Arzt", "find/?q=Arzt"), ("/xx/find/", "find/"), ("/EN/find/", "find/"), ("/so/city/athens/", "city/athens/"),
     ("/zh-Hans/", ""), ("/nothing/at/all/", ""), ("/12/34/", "")],
)  # fmt: skip
def test_an_unknown_language_is_offered_those_there_are(network: Network, path: str, kept: str) -> None:
    page = network.reader().get(path, status=404)
    choices = page.response.context["choices"]
    assert [row["url"] for row in choices] == [f"/{code}/{kept}" for code in LANGUAGES]
    assert {row["url"] for row in choices} <= set(page.links)


def test_a_known_language_is_kept(network: Network) -> None:
    page = network.reader().get("/ar/nothing/", status=404)
    assert page.response.context["choices"] == []
    assert page.document.root.get("dir") == "rtl"


@pytest.mark.parametrize(
    "path",
    ["//evil.example/find/", "/de//evil.example/", "/de/%0d%0aSet-Cookie:x/", '/de/"><script>/', "/de/\\evil.example"],
)
def test_no_way_on_leads_away(network: Network, path: str) -> None:
    page = network.reader().get("/", PATH_INFO=unquote(path), status=404)
    for link in page.links:
        assert link.startswith(("#", "/", "tel:112", "http://www.", "https://www.", "https://")), link
        assert not link.startswith("//"), link
    assert all(row["url"].startswith(f"/{row['code']}/") for row in page.response.context["choices"])


# --- what failed ------------------------------------------------------------------------------


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Reader:
    """A site whose pages about itself fail."""
    from sympolity.portal.views import about

    def broken() -> None:
        raise RuntimeError("marker-of-the-fault")

    monkeypatch.setattr(about, "_operator", broken)
    return Reader(Client(HTTP_HOST=HOST, raise_request_exception=False))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_fault_is_told_without_index_or_database(failing: Reader, lang: str, tmp_path: Path) -> None:
    """No database fixture here: a query would fail the test."""
    from sympolity.portal import site

    before = site.READER.root
    point_reader(tmp_path / "nothing")
    page = failing.get(f"/{lang}/about/?x=%22%3E", status=500)
    point_reader(before)
    assert page.document.root.get("lang") == lang
    assert f"/{lang}/about/?x=%22%3E" in page.links, "try again"
    assert "tel:112" in page.links
    assert "marker-of-the-fault" not in page.response.content.decode()
    assert page.response.headers["Cache-Control"] == "no-store"


def test_a_fault_of_the_frame_leaves_the_words(failing: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> str:
        raise RuntimeError("no template")

    monkeypatch.setattr(errors, "render_to_string", broken)
    page = failing.get("/ar/about/", status=500)
    assert page.document.root.get("dir") == "rtl"
    assert "tel:112" in page.links
    assert page.h1


def test_what_was_sent_is_not_sent_again() -> None:
    request = RequestFactory().post("/en/account/")
    request.LANGUAGE_CODE = "en"
    request.resolver_match = None
    response = errors.server_error(request)
    assert response.status_code == 500
    assert "Try again</a>" not in response.content.decode()
