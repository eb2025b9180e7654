"""What a messenger shows of a link before anybody opens it: no name where the name endangers."""

from __future__ import annotations

import re

import pytest

from sympolity.directory.queries import dossiers, visible_to
from sympolity.kit.actor import PUBLIC
from sympolity.portal import passing
from tests.find.network import Network
from tests.reader import Page

LANGS = ("en", "el", "ar")
SITE_WORDS = "Sympolity page help people arrive place open languages spoken find your city"
OPEN = "athens-first-steps"


def _words(text: str) -> set[str]:
    """Words of five letters and more: shorter ones stand in every sentence."""
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) >= 5}


def _preview(page: Page) -> dict[str, str]:
    """What link previews read: every og: and twitter: tag."""
    tags = [
        (tag.get("property") or tag.get("name") or "", tag.get("content") or "") for tag in page.document.find("meta")
    ]
    return {name: content for name, content in tags if name.startswith(("og:", "twitter:"))}


def _home_words(network: Network, lang: str) -> set[str]:
    """What a page says that is about nobody: words that also stand in a name tell nothing."""
    said = _preview(network.reader().get(f"/{lang}/"))
    return _words(" ".join(said.values())) | _words(SITE_WORDS)


@pytest.mark.parametrize("lang", LANGS)
def test_no_tag_names_a_service_that_endangers(network: Network, lang: str) -> None:
    found = [one for one in dossiers(visible_to(PUBLIC)) if passing.is_sensitive(one)]
    assert len(found) > 20
    plain, reader = _home_words(network, lang), network.reader()
    for one in found:
        row = one.service
        told = [
            *one.texts.all("name").values(),
            *one.texts.all("summary").values(),
            *one.organization.all("name").values(),
        ]
        words = _words(" ".join(said.body for said in told)) - plain
        assert words, row.id
        led = reader.client.get(f"/s/{row.code}/", headers={"accept-language": lang})
        assert led.headers["Location"] == f"/{lang}/service/{row.id}/"
        for path in (led.headers["Location"], f"/{lang}/service/{row.id}/share/", f"/{lang}/service/{row.id}/print/"):
            said = _preview(reader.get(path))
            assert {"og:title", "og:description"} <= set(said), path
            assert said["og:title"].strip()
            assert said["og:description"].strip()
            assert _words(" ".join(said.values())) & words == set(), path


def test_the_choice_of_a_language_names_nothing(network: Network) -> None:
    one = next(one for one in dossiers(visible_to(PUBLIC)) if passing.is_sensitive(one))
    words = _words(f"{one.service.name} {one.service.summary} {one.service.organization.name}")
    for path in (f"/s/{one.service.code}/", f"/service/{one.service.id}/"):
        page = network.reader().get(path)
        assert _words(" ".join([page.title, *_preview(page).values()])) & words == set()


@pytest.mark.parametrize("lang", LANGS)
def test_all_neutral_previews_are_alike(network: Network, lang: str) -> None:
    """Two different ones would tell which it is."""
    found = [one.service for one in dossiers(visible_to(PUBLIC)) if passing.is_sensitive(one)][:4]
    pages = [network.reader().get(f"/{lang}/service/{row.id}/") for row in found]
    pages += [
        network.reader().get(f"/{lang}/find/?need=women-shelter"),
        network.reader().get(f"/{lang}/find/?need=safety"),
    ]
    assert len({(_preview(page)["og:title"], _preview(page)["og:description"]) for page in pages}) == 1


QUESTIONS = (
    "need=women-shelter", "need=women-shelter&in=athens", "need=safety", "need=violence-at-home", "need=trafficking", "need=attacked",
    "need=legal-help&need=trafficking", "for=survivors", "for=lgbtqi", "need=health&for=lgbtqi", "need=pregnancy", "need=detention",
    "q=my+husband+beats+me", "q=shelter+for+lgbt", "q=bread",  # nobody knows what words of one's own tell
)  # fmt: skip


@pytest.mark.parametrize("asked", QUESTIONS)
def test_a_question_that_endangers_is_not_told(network: Network, asked: str) -> None:
    for lang in LANGS:
        for path in ("find/", "find/share/", "find/print/"):
            page = network.reader().get(f"/{lang}/{path}?{asked}")
            said, title = _preview(page), _words(page.title) - _home_words(network, lang)
            assert {"og:title", "og:description"} <= set(said), path
            assert _words(f"{said['og:title']} {said['og:description']}") & title == set(), path


def test_an_organization_of_such_services_is_not_told(network: Network) -> None:
    reader, told = network.reader(), {True: 0, False: 0}
    found = list(dossiers(visible_to(PUBLIC)))
    silent = {str(one.service.organization_id) for one in found if passing.is_sensitive(one)}
    for one in sorted({str(one.service.organization_id) for one in found}):
        page = reader.get(f"/en/organization/{one}/")
        assert (_preview(page)["og:title"] == "A page on Sympolity") == (one in silent), page.title
        told[one in silent] += 1
    assert min(told.values()) > 5


def test_other_pages_keep_their_names(network: Network) -> None:
    for path in (
        f"service/{network.service(OPEN)}/",
        "find/?need=legal-help",
        "find/?need=housing&in=athens",
        "about/",
    ):
        page = network.reader().get(f"/en/{path}")
        assert f"{_preview(page)['og:title']} · Sympolity" == page.title


def test_leaving_is_told_to_leave_traces(network: Network) -> None:
    """On pages that endanger, and only there."""
    for row in dossiers(visible_to(PUBLIC)):
        page = network.reader().get(f"/en/service/{row.service.id}/")
        told = [tag for tag in page.document.find("a") if tag.get("href") == "/en/privacy/"]
        assert len(told) == (2 if passing.is_sensitive(row) else 1), row.service.id  # one in the footer
