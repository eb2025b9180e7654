"""Answers to what no reader asks for: endless addresses, cookies of the past."""

from __future__ import annotations

import pytest
from django.conf import settings

from tests.find.network import Network


@pytest.mark.parametrize("letter", ["a", "&", "\u0627", "a/"])
def test_a_very_long_address_is_not_repeated(network: Network, letter: str) -> None:
    path = f"/en/{letter * (60_000 // len(letter))}"
    page = network.reader().get(path, status=404)
    assert len(page.response.content) < 30_000
    assert {"/el/", "/en/", "/ar/"} <= set(page.links)


def test_an_ordinary_address_is_repeated_in_other_languages(network: Network) -> None:
    page = network.reader().get("/en/find/?in=athens&need=legal-help")
    assert {f"/{lang}/find/?in=athens&need=legal-help" for lang in ("el", "ar")} <= set(page.links)
    page = network.reader().get(f"/en/city/{'a' * 500}/", status=404)
    assert f"/el/city/{'a' * 500}/" in page.links


PUBLIC = ("/", "/en/", "/en/find/", "/en/find.json", "/en/about/", "/en/privacy/", "/en/find/share/", "/en/cities/", "/en/services.atom",
          "/robots.txt", "/sitemap.xml", "/s/")  # fmt: skip


@pytest.mark.parametrize("path", PUBLIC)
def test_an_answer_that_sets_a_cookie_is_kept_by_nobody(network: Network, path: str) -> None:
    """A stored answer would delete the session of whoever gets it next."""
    client = network.reader().client
    client.cookies[settings.SESSION_COOKIE_NAME] = "zz"
    answer = client.get(path)
    assert answer.status_code == 200
    if answer.cookies:
        assert answer.headers["Cache-Control"] == "private, no-store"
        tag = answer.headers.get("ETag", "")
        client.cookies[settings.SESSION_COOKIE_NAME] = "zz"
        again = client.get(path, headers={"if-none-match": tag})
        assert not again.cookies or again.headers["Cache-Control"] == "private, no-store"
    else:
        assert (
            "public" in answer.headers.get("Cache-Control", "no-store") or "no-store" in answer.headers["Cache-Control"]
        )


def test_a_session_of_the_past_is_taken_away(network: Network) -> None:
    client = network.reader().client
    client.cookies[settings.SESSION_COOKIE_NAME] = "zz"
    answer = client.get("/en/")
    assert settings.SESSION_COOKIE_NAME in answer.cookies
    assert network.reader().client.get("/en/").headers["Cache-Control"].startswith("public")
