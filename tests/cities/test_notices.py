"""Notices on pages: where each stands, until when, and that a draft stands nowhere."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from sympolity.directory import actions, models
from sympolity.directory.notices import NoticeDraft
from sympolity.kit import clock
from sympolity.kit.actor import SYSTEM
from sympolity.languages.models import Text
from sympolity.ops.demo import notices as demo
from sympolity.ops.demo.ids import demo_id
from sympolity.places.facts import area_id
from sympolity.search.indexer import Indexer
from sympolity.trail.models import Entry
from tests.find.network import PERSONAS, Network, point_reader

Counted = Callable[..., AbstractContextManager[Any]]
MONEY, HEAT, WATER, BUSES, OFFICE, FESTIVAL = (
    "free-appointments", "athens-heat", "larissa-water", "thessaloniki-buses", "piraeus-office-moves", "chania-festival",
)  # fmt: skip
ALL = (MONEY, HEAT, WATER, BUSES, OFFICE, FESTIVAL)
PLACES = {
    MONEY: "greece",
    HEAT: "athens",
    WATER: "larissa",
    BUSES: "thessaloniki",
    OFFICE: "piraeus",
    FESTIVAL: "chania",
}


def _titles(key: str) -> set[str]:
    row = models.Notice.objects.get(id=demo_id("notice", key))
    return {
        row.title,
        *Text.objects.filter(noun="notice", noun_id=row.id, field="title").values_list("body", flat=True),
    }


def _shown(network: Network, url: str, persona: str = "public") -> set[str]:
    """The notices of the demo whose title stands on a page, whatever the language."""
    text = network.reader(persona).get(url).text
    return {key for key in ALL if any(title in text for title in _titles(key))}


def _noon(network: Network, days: int) -> datetime:
    """Noon of a day of the demo."""
    first = models.Notice.objects.get(id=demo_id("notice", HEAT)).starts_at.astimezone(clock.ATHENS)
    return first.replace(hour=12) + timedelta(days=days)


@pytest.fixture
def indexer(network: Network, tmp_path: Path) -> Indexer:
    made = Indexer(tmp_path / "index")
    made.step()
    point_reader(tmp_path / "index")
    return made


def test_the_demo_has_one_of_each_and_loads_once(network: Network) -> None:
    rows = {row.id: row for row in models.Notice.objects.all()}
    assert set(rows) == {demo_id("notice", key) for key in ALL}
    assert {key for key in ALL if rows[demo_id("notice", key)].state == "draft"} == {FESTIVAL}
    assert sum(row.severity == "danger" for row in rows.values()) == 1
    assert all("(example)" in row.source for row in rows.values())
    for key in ALL:
        assert set(
            Text.objects.filter(noun="notice", noun_id=demo_id("notice", key)).values_list("language", flat=True)
        ) == {"en", "ar"}
    before = Entry.objects.count()
    day = _noon(network, 0).date()
    assert demo.load(day) == 0
    actions.turn_notices(actor=SYSTEM, verb="withdraw", notices=[demo_id("notice", MONEY)])
    assert demo.load(day) == 0, "what people withdrew stays withdrawn"
    assert Entry.objects.count() == before + 1


# (days after the first) -> in force; written here, not computed
IN_FORCE = {-1: {MONEY}, 0: {MONEY, HEAT, WATER}, 6: {MONEY, HEAT}, 20: {MONEY, OFFICE}, 100: {MONEY}, 200: set[str]()}


@pytest.mark.parametrize("days", IN_FORCE)
@pytest.mark.parametrize("lang", ["en", "el", "ar"])
def test_each_stands_where_and_while_it_should(network: Network, days: int, lang: str) -> None:
    """The clock alone moves; nothing is written, the index stays the same."""
    entries = Entry.objects.count()
    now = IN_FORCE[days] if days >= 0 else {MONEY, BUSES} if days < -2 else IN_FORCE[days]
    with clock.moved(to=_noon(network, days)):
        assert _shown(network, f"/{lang}/notices/") == now
        assert _shown(network, f"/{lang}/") == now & {MONEY, WATER}
        for key, slug in PLACES.items():
            if slug != "greece":
                assert _shown(network, f"/{lang}/city/{slug}/") == now & {MONEY, key}, slug
        assert _shown(network, f"/{lang}/city/tilos/") == now & {MONEY}
    assert Entry.objects.count() == entries


@pytest.mark.parametrize("persona", PERSONAS)
def test_nobody_reads_a_draft_one_that_is_over_or_one_to_come(network: Network, persona: str) -> None:
    with clock.moved(to=_noon(network, 0)):
        for url in ("/en/notices/", "/en/", "/en/city/chania/", "/en/city/thessaloniki/", "/en/city/piraeus/"):
            assert _shown(network, url, persona) <= {MONEY, HEAT, WATER}, url


def test_the_edges_are_exact(network: Network) -> None:
    row = models.Notice.objects.get(id=demo_id("notice", WATER))
    second = timedelta(seconds=1)
    for moment, there in (
        (row.starts_at - second, False),
        (row.starts_at + second, True),
        (row.until - second, True),
        (row.until + second, False),
    ):
        with clock.moved(to=moment):
            assert (WATER in _shown(network, "/en/notices/")) == there, moment


def test_the_gravest_come_first_with_word_area_end_and_source(network: Network) -> None:
    with clock.moved(to=_noon(network, 0)):
        page = network.reader().get("/en/notices/")
        cards = page.response.context["board"].cards
        assert [card.severity for card in cards] == ["Danger", "Warning", "Warning"]
        assert [card.notice.area for card in cards] == ["larissa", "athens", "greece"]
        for card in cards:
            assert f"{card.severity} · {card.notice.area_name.body}" in page.text
            assert card.until in page.text
            assert card.notice.source in page.text
            assert not card.cut


def test_home_shows_three_and_leads_to_the_others(network: Network, indexer: Indexer) -> None:
    now = clock.now()
    drafts = [
        NoticeDraft(
            id=uuid4(), area=area_id(slug), severity=severity, title=f"Title {at}", body="Long. " * 100, lang="en",
            starts_at=now - timedelta(hours=1), until=now + timedelta(hours=1),
        )
        for at, (slug, severity) in enumerate([("greece", "info"), ("greece", "danger"), ("chania", "danger"), ("chania", "warning")])
    ]  # fmt: skip
    actions.record_notices(actor=SYSTEM, drafts=drafts)
    actions.turn_notices(actor=SYSTEM, verb="publish", notices=[draft.id for draft in drafts])
    indexer.step()
    page = network.reader().get("/en/")
    board = page.response.context["board"]
    assert [card.notice.severity for card in board.cards][:2] == ["danger", "danger"]
    assert len(board.cards) == 3
    every = network.reader().get("/en/notices/").response.context["board"].cards
    assert board.more == len(every) - 3 > 0
    assert "/en/notices/" in page.links
    for card in board.cards:
        if card.cut:
            assert f"/en/notices/#n-{card.notice.id}" in page.links
    assert "Long. Long." not in network.reader().get("/en/").text.partition("Title 0")[2][:30], "no body but of danger"


def test_verbs_reach_the_pages(network: Network, indexer: Indexer, django_assert_num_queries: Counted) -> None:
    water: UUID = demo_id("notice", WATER)
    with clock.moved(to=_noon(network, 0)):
        actions.turn_notices(actor=SYSTEM, verb="withdraw", notices=[water])
        actions.turn_notices(
            actor=network.actor("administrator"), verb="publish", notices=[demo_id("notice", FESTIVAL)]
        )
        indexer.step()
        assert _shown(network, "/en/notices/") == {MONEY, HEAT, FESTIVAL}
        assert _shown(network, "/en/") == {MONEY}
        row = models.Notice.objects.get(id=demo_id("notice", HEAT))
        draft = NoticeDraft(
            id=row.id, area=row.area_id, severity="danger", title=row.title, body=row.body, source=row.source,
            starts_at=row.starts_at, until=row.until,
        )  # fmt: skip
        actions.record_notices(actor=network.actor("curator of two cities"), drafts=[draft])
        indexer.step()
        with django_assert_num_queries(0):
            page = network.reader().get("/en/")
        assert HEAT in _shown(network, "/en/")
        assert page.response.context["board"].cards[0].notice.severity == "danger"
        later = replace(draft, area=area_id("athens-kypseli"))
        actions.record_notices(actor=SYSTEM, drafts=[later])
        indexer.step()
        assert HEAT in _shown(network, "/en/city/athens/"), (
            "a notice for a neighbourhood stands on the page of its city"
        )


def test_a_curator_of_two_cities_reaches_no_other(network: Network) -> None:
    from sympolity.kit.refusals import Refusal

    with pytest.raises(Refusal, match="not_your_area"):
        actions.turn_notices(
            actor=network.actor("curator of two cities"), verb="withdraw", notices=[demo_id("notice", WATER)]
        )
    for persona in ("public", "editor", "member"):
        with pytest.raises(Refusal, match="wrong_role"):
            actions.turn_notices(actor=network.actor(persona), verb="withdraw", notices=[demo_id("notice", WATER)])


def test_nothing_to_warn_of_is_said(network: Network) -> None:
    with clock.moved(to=_noon(network, 200)):
        page = network.reader().get("/en/notices/")
    assert "Nothing to warn of now" in page.text
    assert "/en/find/" in page.links


def test_hostile_words_of_a_notice_run_nowhere(network: Network, indexer: Indexer) -> None:
    now = clock.now()
    draft = NoticeDraft(
        id=uuid4(), area=area_id("athens"), severity="danger", lang="en", title="<script>alert(1)</script>\u202e{{ 7*7 }}",
        body='"><img src=x onerror=alert(1)>\n\n{% debug %}\x00', source="</bdi><b onclick=x>", starts_at=now - timedelta(hours=1),
        until=now + timedelta(hours=1), texts={"title": {"ar": "<svg/onload=alert(1)>"}},
    )  # fmt: skip
    actions.record_notices(actor=SYSTEM, drafts=[draft])
    actions.turn_notices(actor=SYSTEM, verb="publish", notices=[draft.id])
    indexer.step()
    for lang in ("en", "el", "ar"):
        for path in ("", "notices/", "city/athens/"):
            page = network.reader().get(f"/{lang}/{path}")
            body = page.response.content.decode()
            for words in ("<script>alert", "<img src=x", "<svg/onload", "<b onclick", "\u202e"):
                assert words not in body


def test_a_warning_that_a_machine_translated_stands_there_as_it_was_written_too(network: Network) -> None:
    row = models.Notice.objects.get(id=demo_id("notice", HEAT))
    for lang in ("en", "ar", "el"):
        page = network.reader().get(f"/{lang}/notices/")
        assert (row.lang, page.text.count(row.title)) == ("el", 1)
        [card] = [card for card in page.response.context["board"].cards if card.notice.id == str(row.id)]
        assert [said.body for said in card.original[:1]] == ([] if lang == "el" else [row.title])
