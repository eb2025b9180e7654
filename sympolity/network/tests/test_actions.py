"""What the verbs write: once, wholly or not at all, and into the trail."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from sympolity.kit import clock
from sympolity.kit.actor import PUBLIC, SYSTEM, Actor, Grant, Role
from sympolity.kit.refusals import Refusal
from sympolity.languages.texts import bundles
from sympolity.network import actions, queries, rules
from sympolity.network.actions import AccessionItem, AgreementItem, NetworkItem, PartyItem
from sympolity.network.models import Accession, Agreement, Network, Party, Suspension
from sympolity.network.search import _affected, _build
from sympolity.network.tests.conftest import an_id
from sympolity.people.actions import suspend_organizations
from sympolity.trail import verify
from sympolity.trail.models import Entry, EntryDetail

pytestmark = pytest.mark.django_db

SECRETARIAT = Actor(
    person=UUID(int=1), acting_for=UUID(int=2), grants=frozenset({Grant(Role.SECRETARIAT)}), approved=True
)


def officer(city: UUID) -> Actor:
    return Actor(person=UUID(int=3), acting_for=city, grants=frozenset({Grant(Role.OFFICER)}), approved=True)


def told() -> list[tuple[str, str, Any, Any]]:
    rows = EntryDetail.objects.order_by("entry_id").select_related("entry")
    return [(row.entry.verb, row.entry.noun, row.body.get("before"), row.body.get("after")) for row in rows]


def accede(memorandum: UUID, city: str, **values: Any) -> UUID:
    item = AccessionItem(id=an_id(f"accession {city}"), agreement=memorandum, organization=an_id(city), **values)
    actions.record_accessions(actor=SYSTEM, items=[item])
    return an_id(f"accession {city}")


def test_a_network_with_its_words_and_its_entry() -> None:
    item = NetworkItem(id=an_id("net"), slug="net", name="Δίκτυο", texts={"name": {"en": "Net", "el": "Δίκτυο"}})
    assert actions.record_networks(actor=SECRETARIAT, items=[item]) == [an_id("net")]
    row = Network.objects.get()
    assert {lang: said.body for lang, said in bundles("network", [row])[row.id].all("name").items()} == {
        "el": "Δίκτυο",
        "en": "Net",
    }
    [(verb, noun, _, after)] = told()
    assert (verb, noun, after["slug"], after["texts"]) == ("recorded", "network", "net", {"name": {"en": "Net"}})
    assert actions.record_networks(actor=SECRETARIAT, items=[item]) == []
    assert Entry.objects.count() == 1
    assert actions.record_networks(actor=SECRETARIAT, items=[replace(item, short="N")]) == [an_id("net")]
    assert told()[-1] == ("changed", "network", {"short": ""}, {"short": "N"})
    assert verify.verify().sound


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"slug": "Net"}, "slug_wrong"),
        ({"slug": "../net"}, "slug_wrong"),
        ({"slug": "a" * 61}, "slug_wrong"),
        ({"name": " "}, "name_missing"),
        ({"lang": "xx"}, "unknown_language"),
        ({"url": "javascript:alert(1)"}, "url_wrong"),
        ({"texts": {"slug": {"en": "x"}}}, "unknown_text"),
        ({"id": an_id("other")}, "slug_taken"),
    ],
)
def test_a_network_is_refused_as_a_whole(changes: dict[str, Any], reason: str) -> None:
    item = NetworkItem(id=an_id("net"), slug="net", name="Net")
    actions.record_networks(actor=SYSTEM, items=[item])
    with pytest.raises(Refusal) as refusal:
        actions.record_networks(actor=SYSTEM, items=[replace(item, **changes)])
    assert refusal.value.reason == reason
    assert (Network.objects.count(), Entry.objects.count()) == (1, 1)


def test_the_public_and_members_write_nothing(memorandum: UUID, cities: dict[str, UUID]) -> None:
    before = Entry.objects.count()
    for actor in (PUBLIC, officer(cities["tilos"])):
        with pytest.raises(Refusal):
            actions.record_networks(actor=actor, items=[NetworkItem(slug="mine", name="Mine")])
        with pytest.raises(Refusal):
            actions.record_agreements(actor=actor, items=[AgreementItem(kind="cooperation", title="Mine")])
        with pytest.raises(Refusal):
            actions.turn_agreements(actor=actor, verb="end", ids=[memorandum])
    assert Entry.objects.count() == before


def test_an_agreement_with_its_parties(cities: dict[str, UUID]) -> None:
    two = [
        PartyItem(organization=cities["athens"], role="coordinator"),
        PartyItem(organization=cities["quiet"], role="supporter"),
    ]
    item = AgreementItem(
        id=an_id("a"), kind="cooperation", title="Μαζί", flows_out="Α", texts={"flows_out": {"en": "A"}}, parties=two
    )
    assert actions.record_agreements(actor=SECRETARIAT, items=[item]) == [an_id("a")]
    assert actions.record_agreements(actor=SECRETARIAT, items=[item]) == []
    assert list(Party.objects.order_by("position").values_list("organization_id", "role")) == [
        (cities["athens"], "coordinator"),
        (cities["quiet"], "supporter"),
    ]
    assert actions.record_agreements(actor=SECRETARIAT, items=[replace(item, parties=two[::-1])]) == [an_id("a")]
    assert [row[0] for row in told()[-2:]] == ["recorded", "changed"]
    assert told()[-1][3]["parties"] == [[str(cities["quiet"]), "supporter"], [str(cities["athens"]), "coordinator"]]
    for changes in ({"parties": [*two, two[0]]}, {"kind": "x"}, {"parties": [PartyItem(organization=an_id("nobody"))]},
                    {"since": date(2020, 1, 1)}, {"precision": "day"}, {"network": an_id("none")}):  # fmt: skip
        with pytest.raises(Refusal):
            actions.record_agreements(actor=SECRETARIAT, items=[replace(item, **changes)])
    with pytest.raises(Refusal, match="state_by_verb"):
        actions.record_agreements(actor=SECRETARIAT, items=[AgreementItem(kind="mou", title="B", status="in_force")])


def test_an_agreement_begins_and_ends(cities: dict[str, UUID]) -> None:
    item = AgreementItem(
        id=an_id("a"), kind="cooperation", title="Μαζί", parties=[PartyItem(organization=cities["athens"])]
    )
    actions.record_agreements(actor=SECRETARIAT, items=[item])
    with pytest.raises(Refusal, match="one_side_only"):
        actions.turn_agreements(actor=SECRETARIAT, verb="begin", ids=[an_id("a")])
    both = [PartyItem(organization=cities["athens"]), PartyItem(organization=cities["tilos"])]
    actions.record_agreements(actor=SECRETARIAT, items=[replace(item, parties=both)])
    assert queries.agreements_visible_to(PUBLIC).count() == 0
    assert queries.agreements_visible_to(officer(cities["tilos"])).count() == 1
    assert queries.agreements_visible_to(officer(cities["karditsa"])).count() == 0
    assert actions.turn_agreements(actor=SECRETARIAT, verb="begin", ids=[an_id("a")], on=date(2026, 3, 1)) == 1
    assert actions.turn_agreements(actor=SECRETARIAT, verb="end", ids=[an_id("a")], on=date(2026, 9, 1)) == 1
    row = Agreement.objects.get(id=an_id("a"))
    assert (row.status, row.since, row.precision, row.until) == ("ended", date(2026, 3, 1), "day", date(2026, 9, 1))
    # Writing it down again leaves what the verbs made of it.
    assert actions.record_agreements(actor=SECRETARIAT, items=[replace(item, parties=both)]) == []
    with pytest.raises(Refusal, match="wrong_state"):
        actions.turn_agreements(actor=SECRETARIAT, verb="end", ids=[an_id("a")])


def test_an_accession_walks_step_by_step(memorandum: UUID, cities: dict[str, UUID]) -> None:
    tilos = officer(cities["tilos"])
    item = AccessionItem(id=an_id("t"), agreement=memorandum, organization=cities["tilos"])
    assert actions.record_accessions(actor=tilos, items=[item]) == [an_id("t")]
    assert not queries.accessions_visible_to(PUBLIC).exists()
    assert queries.accessions_visible_to(tilos).exists()
    assert not queries.accessions_visible_to(officer(cities["karditsa"])).exists()
    steps = [("hand_in", tilos), ("sign", SECRETARIAT), ("begin", SECRETARIAT)]
    for verb, actor in steps:
        assert queries.members_on(an_id("net"), clock.local_today()) == []
        assert actions.turn_accessions(actor=actor, verb=verb, ids=[an_id("t")], on=date(2026, 2, 1)) == 1
    assert [row.id for row in queries.members_on(an_id("net"), date(2026, 2, 1))] == [an_id("t")]
    assert queries.member_areas("net", date(2026, 2, 1)) == {"tilos"}
    assert queries.member_areas("net", date(2026, 1, 31)) == set()
    assert queries.member_areas("nowhere") == set()
    assert [(verb, noun) for verb, noun, _, _ in told()[-4:]] == [
        ("recorded", "accession"), ("documents", "accession"), ("signed", "accession"), ("in_force", "accession"),
    ]  # fmt: skip
    with pytest.raises(Refusal, match="already_acceding"):
        actions.record_accessions(actor=tilos, items=[replace(item, id=an_id("t2"))])


def test_a_member_pauses_returns_leaves_and_comes_back(memorandum: UUID, cities: dict[str, UUID]) -> None:
    one = accede(memorandum, "tilos", status="in_force", since=date(2020, 1, 10), precision="day")
    turn = actions.turn_accessions
    with pytest.raises(Refusal, match="before_it_began"):
        turn(actor=SECRETARIAT, verb="suspend", ids=[one], on=date(2019, 1, 1))
    turn(actor=SECRETARIAT, verb="suspend", ids=[one], on=date(2021, 1, 1))
    turn(actor=SECRETARIAT, verb="resume", ids=[one], on=date(2021, 3, 1))
    turn(actor=officer(cities["tilos"]), verb="end", ids=[one], on=date(2022, 5, 31))
    days = [
        date(2020, 12, 31),
        date(2021, 1, 1),
        date(2021, 2, 28),
        date(2021, 3, 1),
        date(2022, 5, 31),
        date(2022, 6, 1),
    ]
    assert [len(queries.members_on(an_id("net"), day)) for day in days] == [1, 0, 0, 1, 1, 0]
    again = AccessionItem(id=an_id("again"), agreement=memorandum, organization=cities["tilos"])
    assert actions.record_accessions(actor=officer(cities["tilos"]), items=[again]) == [an_id("again")]
    assert Accession.objects.count() == 2


def test_a_pause_taken_back_on_its_day_leaves_no_gap(memorandum: UUID) -> None:
    one = accede(memorandum, "tilos", status="in_force", since=date(2020, 1, 10), precision="day")
    for verb in ("suspend", "resume"):
        actions.turn_accessions(actor=SECRETARIAT, verb=verb, ids=[one], on=date(2021, 1, 1))
    assert not Suspension.objects.exists()
    assert len(queries.members_on(an_id("net"), date(2021, 1, 1))) == 1


def test_what_was_never_in_force_ends_without_days(memorandum: UUID) -> None:
    one = accede(memorandum, "tilos", since=date(2027, 1, 1), precision="day")
    actions.turn_accessions(actor=SECRETARIAT, verb="end", ids=[one])
    row = Accession.objects.get(id=one)
    assert (row.status, row.since, row.precision, row.until) == ("ended", None, "unknown", None)
    assert rules.begins(queries.membership(row)) is None


def test_dates_as_exact_as_they_are(memorandum: UUID) -> None:
    accede(memorandum, "athens", status="in_force", since=date(2018, 1, 1), precision="month")
    unknown = accede(memorandum, "tilos", status="in_force")
    assert Accession.objects.get(organization=an_id("athens")).since == date(2018, 1, 31)
    before = Entry.objects.count()
    with clock.moved(timedelta(days=30)):  # written down again: nothing moves, not the day on which it was noted
        accede(memorandum, "athens", status="in_force", since=date(2018, 1, 1), precision="month")
        accede(memorandum, "tilos", status="in_force")
    assert Entry.objects.count() == before
    # Later a date is found: it replaces "unknown", and is not lost when it is not told again.
    accede(memorandum, "tilos", since=date(2021, 5, 1), precision="no_later_than", source="minutes")
    accede(memorandum, "tilos", source="minutes")
    assert Accession.objects.get(id=unknown).since == date(2021, 5, 1)


def test_whoever_nobody_sees_counts_and_is_not_listed(memorandum: UUID, cities: dict[str, UUID]) -> None:
    accede(memorandum, "athens", status="in_force", since=date(2018, 1, 10), precision="day")
    accede(memorandum, "tilos", status="in_force", since=date(2018, 1, 10), precision="day")
    suspend_organizations(actor=SYSTEM, ids=[cities["tilos"]])
    book = queries.registers([an_id("net")], actor=PUBLIC)[an_id("net")]
    day = date(2020, 1, 1)
    assert (book.count(day).number, [row.organization_id for row in book.members(day)]) == (2, [cities["athens"]])
    [document] = _build([an_id("net")])
    assert [row["area"] for row in document.card["members"]] == ["athens"]
    assert "Tilos" not in str(document.card)


def test_what_the_index_builds_again(memorandum: UUID, cities: dict[str, UUID]) -> None:
    one = accede(memorandum, "tilos", status="in_force")
    net = an_id("net")
    for entry in (("network", net), ("agreement", memorandum), ("accession", one), ("organization", cities["tilos"])):
        assert _affected([entry]) == {net}
    assert _affected([("organization", cities["athens"]), ("person", net), ("service", net)]) == set()
    assert _affected([("area", an_id("area tilos"))]) is None


def test_the_registers_of_one_and_of_three_networks_ask_as_much(
    memorandum: UUID, cities: dict[str, UUID], django_assert_num_queries: Any
) -> None:
    accede(memorandum, "athens", status="in_force")
    with django_assert_num_queries(3):
        queries.registers([an_id("net")], actor=PUBLIC)
    for slug in ("two", "three"):
        actions.record_networks(actor=SYSTEM, items=[NetworkItem(id=an_id(slug), slug=slug, name=slug)])
        item = AgreementItem(id=an_id(f"mou {slug}"), kind="mou", network=an_id(slug), title=slug, status="in_force")
        actions.record_agreements(actor=SYSTEM, items=[item])
        for city in ("athens", "karditsa"):
            entry = AccessionItem(agreement=an_id(f"mou {slug}"), organization=an_id(city), status="in_force")
            actions.record_accessions(actor=SYSTEM, items=[entry])
    with django_assert_num_queries(3):
        queries.registers([an_id("net"), an_id("two"), an_id("three")], actor=PUBLIC)
