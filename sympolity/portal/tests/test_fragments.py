"""What is kept of pages: the same markup as without, for one minute, and nothing of people who have a session."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.test import RequestFactory, override_settings

from sympolity.kit import clock
from sympolity.languages.texts import Said
from sympolity.portal import fragments, site, words
from sympolity.portal.finding import Item
from sympolity.trail.tests.writing import together


def _item(number: int, label: str = "Open now") -> Item:
    return Item(
        number=number, anchor=f"r{number}", kind="service", id="1", url="/en/service/1/", name=Said("Help <b>", "en"),
        summary=Said("Βοήθεια", "el", machine=True), organization=Said("Fanari", "en"), example=True,
        state=words.State("open", "open", label, "until 17:00"), where=[Said("Athens", "en")], distance="", by_phone=False,
        hidden=False, languages=[], interpreter=False, terms="free", seal="Confirmed", seal_old=False, audience="public",
        source="", points=[],
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _empty() -> None:
    fragments.CARDS.clear()
    fragments.PAGES.clear()


def test_a_card_is_rendered_once_and_carries_the_number_of_its_place() -> None:
    context = {"lang": "en", "dir": "ltr"}
    first = fragments.card_of(_item(1), context)
    assert fragments.card_of(_item(7), context) is first
    assert ('id="r7"' in first.numbered(7), fragments.NUMBER in first.numbered(7)) == (True, False)
    assert "Help &lt;b&gt;" in first.markup
    assert "badge-check" in first.icons
    assert first.marks == {"machine"}


def test_other_words_of_time_are_another_card() -> None:
    context = {"lang": "en", "dir": "ltr"}
    shut = fragments.card_of(_item(1, "Closed now"), context)
    assert "Closed now" in shut.markup
    assert "Closed now" not in fragments.card_of(_item(1), context).markup


def test_changed_settings_forget_everything() -> None:
    fragments.card_of(_item(1), {"lang": "en", "dir": "ltr"})
    with override_settings(EXIT_URL="https://example.org/"):
        assert len(fragments.CARDS) == 0


class _Snapshot:
    stamp = ("g1", 1)


def test_a_page_is_known_for_a_minute_and_never_with_a_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site.READER, "snapshot", _Snapshot)
    asked = RequestFactory().get("/en/find/?q=help")
    key = fragments.page_key(asked)
    with clock.moved(timedelta(minutes=1)):
        assert fragments.page_key(asked) != key
    assert fragments.page_key(RequestFactory().get("/en/find/?q=other")) != key
    asked.COOKIES["sessionid"] = "x"
    assert fragments.page_key(asked) is None
    assert fragments.page_key(RequestFactory().get(f"/en/find/?q={'x' * 600}")) is None


KEY = fragments.PageKey("index", ("g1", 1), 7, "help.example", "/en/find/")


def _page(text: str) -> fragments.Page:
    return fragments.Page(text.encode(), 0)


def test_while_one_page_is_renewed_all_others_are_those_of_the_minute_before() -> None:
    keys = [KEY, KEY._replace(path="/en/find/?q=help")]
    before = [fragments.PAGES.put(key._replace(minute=6), _page(key.path)) for key in keys]
    begun, go = threading.Event(), threading.Event()

    def make() -> fragments.Page:
        begun.set()
        assert go.wait(30)
        return _page("new")

    def another() -> None:
        assert begun.wait(30)
        assert [fragments.page_of(key, make) for key in keys * 2] == before * 2
        go.set()

    def one() -> None:
        fragments.page_of(KEY, make)

    together(one, another)
    assert {fragments.page_of(key, make).content for key in keys} == {b"new"}


def test_without_an_older_page_the_others_wait_for_the_one_that_is_made() -> None:
    made: list[fragments.Page] = []
    start = threading.Barrier(4)

    def make() -> fragments.Page:
        made.append(_page("new"))
        return made[0]

    def one() -> None:
        start.wait(30)
        assert fragments.page_of(KEY, make) is made[0]

    together(*[one] * 4)
    assert len(made) == 1
    assert fragments._making == {}


def test_a_page_that_cannot_be_made_is_an_error_for_each_and_is_tried_again() -> None:
    def fails() -> fragments.Page:
        raise LookupError

    for _ in range(2):
        with pytest.raises(LookupError):
            fragments.page_of(KEY, fails)
    assert fragments.page_of(KEY, lambda: _page("now")).content == b"now"
