"""The pages of cooperation: who works with whom, since when, what flows, and who says so."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest

from sympolity.kit import clock
from sympolity.kit.actor import PUBLIC, SYSTEM
from sympolity.network import actions, queries
from sympolity.network.actions import AgreementItem, PartyItem
from sympolity.ops.demo.loader import demo_id
from sympolity.people import actions as people
from sympolity.portal.site import site
from sympolity.search.indexer import Indexer
from tests.find.network import Network, point_reader

pytestmark = pytest.mark.django_db

LANGS = ("en", "el", "ar")
CNI = "cities-network-for-integration"
MEMBERS = {
    "agios-dimitrios", "athens", "chania", "delta", "heraklion", "ioannina", "kalamaria", "karditsa", "katerini",
    "larissa", "livadia", "nea-filadelfeia", "neapoli-sykees", "piraeus", "thessaloniki", "tilos", "trikala", "tripoli",
}  # fmt: skip


def _tidy(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("lang", LANGS)
def test_both_pages_are_clean_in_every_language(network: Network, lang: str) -> None:
    reader = network.reader()
    page = reader.get(f"/{lang}/cooperation/")
    assert page.document.root.get("lang") == lang
    assert f"/{lang}/network/{CNI}/" in page.links
    assert f"/{lang}/network/{CNI}/#members" in page.links
    page = reader.get(f"/{lang}/network/{CNI}/")
    cities = [link for link in page.links if link.startswith(f"/{lang}/city/")]
    assert len(cities) == 18
    assert {link.split("/")[3] for link in cities} == MEMBERS


def test_the_number_opens_its_rows(network: Network) -> None:
    page = network.reader().get("/en/cooperation/")
    assert "at least 18 member cities" in _tidy(page.text)
    rows = network.reader().get(f"/en/network/{CNI}/")
    assert "at least 18 member cities" in _tidy(rows.text)
    assert "#members" in rows.links
    assert 'id="members"' in rows.response.content.decode()


def test_members_stand_by_name_in_the_readers_language(network: Network) -> None:
    for lang in LANGS:
        page = network.reader().get(f"/{lang}/network/{CNI}/")
        names = [city.name.body for city in page.response.context["members"]]
        assert len(names) == 18
    assert names[:3] != sorted(MEMBERS)[:3]
    greek = network.reader().get(f"/el/network/{CNI}/").response.context["members"]
    assert [city.name.body for city in greek][:4] == ["Άγιος Δημήτριος", "Αθήνα", "Δέλτα", "Ηράκλειο"]


def test_each_member_says_its_beginning_as_it_is_documented(network: Network) -> None:
    page = network.reader().get(f"/en/network/{CNI}/")
    said = {city.name.body: city.since for city in page.response.context["members"]}
    assert said["Athens"] == said["Thessaloniki"] == "January 2018"
    assert said["Karditsa"] == "No later than 5 November 2018"
    assert said["Tilos"] == "No later than 31 July 2020"
    assert said["Neapoli - Sykees"] == "No later than 30 September 2020"
    assert said["Chania"] == said["Delta"] == said["Kalamaria"] == "No later than 28 February 2021"
    assert said["Katerini"] == "Date not documented"


def test_the_growth_can_be_read_without_the_drawing(network: Network) -> None:
    page = network.reader().get(f"/en/network/{CNI}/")
    steps = page.response.context["steps"]
    assert [(step.when, step.count) for step in steps] == [
        ("January 2018", 2), ("No later than 5 November 2018", 12), ("No later than 31 July 2020", 13),
        ("No later than 30 September 2020", 14), ("No later than 28 February 2021", 17), ("Date not documented", 18),
    ]  # fmt: skip
    assert [len(step.joined) for step in steps] == [2, 10, 1, 1, 3, 1]
    for step in steps:
        assert all(name.body in page.text for name in step.joined)


@pytest.mark.parametrize(
    ("day", "members"),
    [
        ("2017-12-31", 0), ("2018-01-31", 2), ("2018-11-04", 2), ("2018-11-05", 12), ("2020-07-30", 12),
        ("2020-07-31", 13), ("2020-09-30", 14), ("2021-02-27", 14), ("2021-02-28", 17), ("2022-01-01", 17),
    ],
)  # fmt: skip
def test_the_history_can_be_replayed(network: Network, day: str, members: int) -> None:
    on = date.fromisoformat(day)
    cni = demo_id("network", "cni")
    assert len(queries.members_on(cni, on)) == members
    assert queries.registers([cni], actor=PUBLIC)[cni].count(on).number == members
    assert len(queries.member_areas(CNI, on)) == len(site().members(on)) == members


def test_a_page_of_an_earlier_day_counts_that_day(network: Network) -> None:
    with clock.moved(to=datetime(2018, 11, 5, 12, tzinfo=UTC)):
        page = network.reader().get("/en/cooperation/")
        assert "at least 12 member cities" in _tidy(page.text)
        assert "5 November 2018" in page.text


def test_the_index_knows_the_members_as_the_tables_do(network: Network) -> None:
    known = site().members()
    assert set(known) == queries.member_areas(CNI) == MEMBERS
    [athens] = known["athens"]
    assert (athens.network, athens.since, athens.precision) == (CNI, date(2018, 1, 31), "month")
    assert athens.name("el").body == "Δίκτυο Πόλεων για την Ένταξη"
    assert "irakleio-attica" not in known


def test_whoever_leaves_is_a_member_no_more_on_pages_and_in_the_index(network: Network, tmp_path: Any) -> None:
    indexer = Indexer(tmp_path / "index")
    indexer.step()
    point_reader(tmp_path / "index")
    gone = demo_id("accession", "cni-mou/tilos")
    actions.turn_accessions(actor=SYSTEM, verb="end", ids=[gone], on=date(2026, 1, 31))
    indexer.step()
    assert set(site().members()) == MEMBERS - {"tilos"}
    page = network.reader().get(f"/en/network/{CNI}/")
    assert "at least 17 member cities" in _tidy(page.text)
    assert "/en/city/tilos/" not in page.links
    assert "Left: Tilos" in _tidy(page.text)


def test_partnership_by_partnership(network: Network) -> None:
    page = network.reader().get("/en/cooperation/")
    rows = page.response.context["partnerships"]
    sides = [({side.name.body for side in row.first}, {side.name.body for side in row.others}) for row in rows]
    accmr = "Athens Coordination Centre for Migrant and Refugee Issues (ACCMR)"
    cni = "Cities Network for Integration"
    assert sides == [
        ({accmr}, {"synAthina"}), ({accmr}, {"Refugee.Info"}), ({cni}, {"UNHCR, the UN Refugee Agency"}),
        ({cni}, {"International Organization for Migration (IOM)"}),
    ]  # fmt: skip
    for row in rows:
        assert (row.since, row.exchange, row.exchange_words) == (
            "Date not documented",
            "none",
            "Nothing is exchanged yet",
        )
        assert all((row.flows_out, row.flows_in, row.source))
        assert row.flows_out.body in page.text
        assert row.flows_in.body in page.text
    assert page.text.count("Nothing is exchanged yet") == 4


def test_statements_are_of_invented_organizations_and_say_so(network: Network) -> None:
    for lang in LANGS:
        page = network.reader().get(f"/{lang}/cooperation/")
        quotes = page.response.context["statements"]
        assert len(quotes) == 4
        assert all(quote.example and quote.said_by for quote in quotes)
        assert {quote.body.lang for quote in quotes} == {lang}
        tags = re.findall(r'<figcaption.*?<span class="tag">', page.response.content.decode())
        assert len(tags) == 4


def test_a_withdrawn_statement_is_gone_at_once(network: Network) -> None:
    people.withdraw_statements(actor=SYSTEM, ids=[demo_id("statement", "nima-words")])
    page = network.reader().get("/ar/cooperation/")
    assert len(page.response.context["statements"]) == 3


def test_an_anonymous_supporter_is_counted_and_named_nowhere(network: Network) -> None:
    quiet = UUID(int=77)
    item = people.OrganizationItem(
        id=quiet, kind="individual_supporter", status="approved", name="Zzyzx", anonymous=True
    )
    people.register_organizations(actor=SYSTEM, items=[item])
    parties = [PartyItem(organization=demo_id("organization", "accmr")), PartyItem(organization=quiet)]
    agreement = AgreementItem(kind="cooperation", lang="en", title="Quiet help", status="in_force", parties=parties)
    actions.record_agreements(actor=SYSTEM, items=[agreement])
    page = network.reader().get("/en/cooperation/")
    assert "Quiet help" in page.text
    assert "1 more, who is not named" in page.text
    assert "Zzyzx" not in page.response.content.decode()
    assert str(quiet) not in page.response.content.decode()


def test_a_draft_is_for_its_keepers(network: Network) -> None:
    parties = [PartyItem(organization=demo_id("organization", key)) for key in ("accmr", "iom")]
    item = AgreementItem(id=UUID(int=5), kind="cooperation", lang="en", title="Not yet said", parties=parties)
    actions.record_agreements(actor=SYSTEM, items=[item])
    for persona in ("public", "curator", "administrator"):
        assert "Not yet said" not in network.reader(persona).get("/en/cooperation/").text


@pytest.mark.parametrize(
    "slug",
    [
        "none",
        "CNI",
        "cities-network",
        "a" * 5000,
        "..",
        "%00",
        "%ff%fe",
        "a%0ab",
        "cni'--",
        "<script>",
        "δίκτυο",
        "-",
        "0",
    ],
)
def test_an_unknown_network_is_a_404(network: Network, slug: str) -> None:
    for lang in LANGS:
        network.reader().get(f"/{lang}/network/{quote(slug, safe='%')}/", status=404)


@pytest.mark.parametrize("tail", ["?", "?%ff=%ff", "?page=-1&lang=xx", "?q=" + "a" * 3000, "?&&==;", "?q=%00%e2%80%ae"])
def test_odd_questions_change_nothing(network: Network, tail: str) -> None:
    for path in ("cooperation/", f"network/{CNI}/"):
        network.reader().get(f"/ar/{path}{tail}")


def test_other_methods_are_refused(network: Network) -> None:
    for path in ("cooperation/", f"network/{CNI}/"):
        assert network.reader().client.post(f"/en/{path}").status_code == 405
        assert network.reader().client.head(f"/en/{path}").status_code == 200


def test_pages_are_kept_by_the_public_only(network: Network) -> None:
    for path in ("cooperation/", f"network/{CNI}/"):
        response = network.reader().client.get(f"/en/{path}")
        assert response.headers["Cache-Control"] == "public, max-age=60"
        again = network.reader().client.get(f"/en/{path}", headers={"If-None-Match": response.headers["ETag"]})
        assert again.status_code == 304
        own = network.reader("editor").client.get(f"/en/{path}")
        assert own.headers["Cache-Control"] == "private, no-store"


def test_without_index_the_pages_still_answer(network: Network, tmp_path: Any) -> None:
    point_reader(tmp_path / "nothing")
    network.reader().get("/en/cooperation/")
    page = network.reader().get(f"/en/network/{CNI}/")
    assert "Municipality of Karditsa" in page.text
