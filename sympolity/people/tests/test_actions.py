"""What the verbs write: once, wholly or not at all, and into the trail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sympolity.kit.actor import PUBLIC, SYSTEM, Role
from sympolity.kit.refusals import Refusal
from sympolity.languages.texts import bundles
from sympolity.people import acting, actions
from sympolity.people.actions import AffiliationItem, OrganizationItem, PersonItem
from sympolity.people.models import Affiliation, Organization, Person
from sympolity.people.tests.conftest import an_id
from sympolity.trail import verify
from sympolity.trail.models import Entry, EntryDetail

pytestmark = pytest.mark.django_db

HOUSE = OrganizationItem(
    id=an_id("house"), kind="ngo", lang="el", name="Σπίτι", description="Ένα σπίτι.", phone="+30 000 000 0001",
    email="House@Rodia.example", url="https://rodia.example/",
    texts={"name": {"en": "House", "ar": "بيت", "el": "Σπίτι"}, "description": {"en": "A house."}},
)  # fmt: skip
ELENI = PersonItem(id=an_id("eleni"), email="Eleni@Work.example", name="Eleni", language="el")


def told() -> list[tuple[str, str, Any]]:
    """What the trail says: verb, noun, after."""
    rows = EntryDetail.objects.order_by("entry_id").select_related("entry")
    return [(row.entry.verb, row.entry.noun, row.body.get("after")) for row in rows]


def test_registering_writes_record_texts_and_entry(areas: dict[str, UUID]) -> None:
    assert actions.register_organizations(actor=SYSTEM, items=[replace(HOUSE, area=areas["kypseli"])]) == [HOUSE.id]
    house = Organization.objects.get()
    assert (house.status, house.name, house.email, house.area_id) == (
        "pending",
        "Σπίτι",
        "house@rodia.example",
        areas["kypseli"],
    )
    bundle = bundles("organization", [house])[house.id]
    assert {lang: said.body for lang, said in bundle.all("name").items()} == {"el": "Σπίτι", "en": "House", "ar": "بيت"}
    [(verb, noun, after)] = told()
    assert (verb, noun, after["texts"]["name"]) == ("registered", "organization", {"en": "House", "ar": "بيت"})
    assert verify.verify().sound


def test_a_second_identical_call_writes_nothing() -> None:
    items = [HOUSE, replace(HOUSE, id=an_id("other"), name="Άλλο", texts={})]
    assert len(actions.register_organizations(actor=SYSTEM, items=items)) == 2
    before = list(Organization.objects.order_by("id").values())
    assert actions.register_organizations(actor=SYSTEM, items=items) == []
    assert list(Organization.objects.order_by("id").values()) == before
    assert Entry.objects.count() == 2


def test_a_change_tells_before_and_after_of_what_changed_only() -> None:
    actions.register_organizations(actor=SYSTEM, items=[HOUSE])
    changed = replace(HOUSE, phone="+30 000 000 0002", texts={"name": {"en": "The House"}})
    assert actions.register_organizations(actor=SYSTEM, items=[changed]) == [HOUSE.id]
    last = EntryDetail.objects.order_by("entry_id").last()
    assert last is not None
    assert last.body == {
        "before": {"phone": "+30 000 000 0001"},
        "after": {"phone": "+30 000 000 0002", "texts": {"name": {"en": "The House"}}},
    }


def test_a_new_source_makes_the_other_languages_outdated_until_they_are_given_again() -> None:
    actions.register_organizations(actor=SYSTEM, items=[HOUSE])
    actions.register_organizations(actor=SYSTEM, items=[replace(HOUSE, name="Το Σπίτι", texts={})])
    house = Organization.objects.get()
    assert bundles("organization", [house])[house.id].said("name", "en").outdated
    actions.register_organizations(actor=SYSTEM, items=[replace(HOUSE, name="Το Σπίτι")])
    assert not bundles("organization", [house])[house.id].said("name", "en").outdated


def test_loading_again_does_not_take_an_approval_back() -> None:
    actions.register_organizations(actor=SYSTEM, items=[HOUSE])
    assert actions.approve_organizations(actor=SYSTEM, ids=[HOUSE.id] if HOUSE.id else []) == 1
    actions.register_organizations(actor=SYSTEM, items=[HOUSE])
    assert Organization.objects.get().status == "approved"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"kind": "bakery"}, "unknown_kind"),
        ({"status": "lost"}, "unknown_state"),
        ({"lang": "tlh"}, "unknown_language"),
        ({"name": " \u202e\u200b "}, "name_missing"),
        ({"name": "x" * 201}, "name_too_long"),
        ({"description": "x" * 10_001}, "description_too_long"),
        ({"email": "not an address"}, "email_wrong"),
        ({"url": "javascript:alert(1)"}, "url_wrong"),
        ({"url": "https://["}, "url_wrong"),
        ({"area": an_id("atlantis")}, "unknown_area"),
        ({"texts": {"phone": {"en": "x"}}}, "unknown_text"),
        ({"texts": {"name": {"xx": "x"}}}, "unknown_language"),
    ],
)
def test_one_wrong_item_refuses_the_whole_call(changes: dict[str, Any], reason: str) -> None:
    good = replace(HOUSE, id=an_id("good"))
    with pytest.raises(Refusal) as refused:
        actions.register_organizations(actor=SYSTEM, items=[good, replace(HOUSE, **changes)])
    assert refused.value.reason == reason
    assert refused.value.where == "1"
    assert not Organization.objects.exists()
    assert not Entry.objects.exists()


def test_the_same_id_twice_is_refused() -> None:
    with pytest.raises(Refusal, match="twice"):
        actions.register_organizations(actor=SYSTEM, items=[HOUSE, HOUSE])


@given(name=st.text(max_size=300), words=st.text(max_size=300), phone=st.text(max_size=60), url=st.text(max_size=60))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_hostile_text_is_stored_or_refused(name: str, words: str, phone: str, url: str) -> None:
    item = replace(HOUSE, name=name, description=words, phone=phone, url=url, texts={"name": {"en": words}})
    try:
        actions.register_organizations(actor=SYSTEM, items=[item])
    except Refusal:
        return
    assert actions.register_organizations(actor=SYSTEM, items=[item]) == []


def test_who_registers_and_who_changes(
    enrol: Callable[..., Person], network: dict[str, UUID], areas: dict[str, UUID]
) -> None:
    dimitris = acting.actor_for(enrol("dimitris", areas=[areas["athens"]], centre="curator").id)
    eleni = acting.actor_for(enrol("eleni", legal="editor").id)
    here, there = replace(HOUSE, area=areas["kypseli"]), replace(HOUSE, id=an_id("far"), area=areas["tilos"])
    for actor, item, reason in (
        (PUBLIC, here, "not_curator"),
        (eleni, here, "not_curator"),
        (dimitris, there, "other_area"),
    ):
        with pytest.raises(Refusal, match=reason):
            actions.register_organizations(actor=actor, items=[item])
    assert actions.register_organizations(actor=dimitris, items=[here]) == [HOUSE.id]
    mine = OrganizationItem(
        id=network["legal"], kind="ngo", name="Legal", area=areas["kypseli"], phone="+30 000 000 0009"
    )
    assert actions.register_organizations(actor=eleni, items=[mine]) == [network["legal"]]
    with pytest.raises(Refusal, match="by_curator"):
        actions.register_organizations(actor=eleni, items=[replace(mine, kind="municipality")])
    with pytest.raises(Refusal, match="not_yours"):
        actions.register_organizations(actor=eleni, items=[replace(mine, id=network["island"])])


def test_nobody_approves_their_own(enrol: Callable[..., Person], network: dict[str, UUID]) -> None:
    chief = acting.actor_for(enrol("chief", centre="administrator").id)
    with pytest.raises(Refusal, match="own_organization"):
        actions.suspend_organizations(actor=chief, ids=[network["legal"], network["centre"]])
    assert Organization.objects.get(id=network["legal"]).status == "approved", "all or nothing"
    assert actions.approve_organizations(actor=chief, ids=[network["bench"]], note="Seen their statute") == 1
    entry = Entry.objects.order_by("position").last()
    assert entry is not None
    assert (entry.verb, entry.noun_id, entry.actor_id, entry.organization_id) == (
        "approved", network["bench"], chief.person, network["centre"],
    )  # fmt: skip


def test_turns_of_state(network: dict[str, UUID]) -> None:
    ids = [network["legal"], network["island"]]
    assert actions.suspend_organizations(actor=SYSTEM, ids=ids) == 2
    assert actions.suspend_organizations(actor=SYSTEM, ids=ids) == 0
    assert actions.approve_organizations(actor=SYSTEM, ids=ids[:1]) == 1
    assert actions.close_organizations(actor=SYSTEM, ids=ids) == 2
    with pytest.raises(Refusal, match="wrong_state"):
        actions.approve_organizations(actor=SYSTEM, ids=ids)
    with pytest.raises(Refusal, match="unknown_organization"):
        actions.approve_organizations(actor=SYSTEM, ids=[an_id("atlantis")])


def test_enrolling_a_person(network: dict[str, UUID], areas: dict[str, UUID]) -> None:
    scope = AffiliationItem(
        organization=network["centre"], role="curator", areas=[areas["athens"]], since=date(2024, 1, 1)
    )
    item = replace(ELENI, affiliations=[scope])
    assert actions.enrol_persons(actor=SYSTEM, items=[item]) == [ELENI.id]
    eleni = Person.objects.get()
    assert (eleni.email, eleni.name, eleni.language) == ("eleni@work.example", "Eleni", "el")
    assert not eleni.has_usable_password()
    row = Affiliation.objects.get()
    assert (row.role, row.since, row.until, [area.slug for area in row.areas.all()]) == (
        "curator",
        date(2024, 1, 1),
        None,
        ["athens"],
    )
    count = Entry.objects.count()
    assert actions.enrol_persons(actor=SYSTEM, items=[item]) == []
    assert Entry.objects.count() == count


def test_a_person_is_known_by_the_address_too(network: dict[str, UUID]) -> None:
    actions.enrol_persons(actor=SYSTEM, items=[ELENI])
    role = AffiliationItem(organization=network["legal"], role=Role.EDITOR)
    same = replace(ELENI, id=None, email="ELENI@work.example", affiliations=[role])
    assert actions.enrol_persons(actor=SYSTEM, items=[same]) == [ELENI.id]
    assert Person.objects.count() == 1
    wider = replace(same, affiliations=[replace(role, until=date(2099, 1, 1))])
    assert actions.enrol_persons(actor=SYSTEM, items=[wider]) == [ELENI.id]
    assert Affiliation.objects.get().until == date(2099, 1, 1)


def test_no_address_stands_in_what_cannot_be_erased(network: dict[str, UUID]) -> None:
    actions.enrol_persons(actor=SYSTEM, items=[ELENI])
    actions.enrol_persons(actor=SYSTEM, items=[replace(ELENI, email="new@work.example")])
    for entry in Entry.objects.values():
        assert "work.example" not in str(entry)
    positions = list(Entry.objects.filter(noun="person").values_list("position", flat=True))
    verify.erase(actor=SYSTEM, positions=positions, reason="asked")
    assert "work.example" not in str(list(EntryDetail.objects.values()))
    assert verify.verify().sound


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (replace(ELENI, email="no address"), "email_wrong"),
        (replace(ELENI, email=""), "email_missing"),
        (replace(ELENI, language="??"), "unknown_language"),
        (replace(ELENI, name="x" * 121), "name_too_long"),
        (
            replace(ELENI, affiliations=[AffiliationItem(organization=an_id("atlantis"), role="editor")]),
            "unknown_organization",
        ),
        (replace(ELENI, affiliations=[AffiliationItem(organization=an_id("legal"), role="king")]), "unknown_role"),
        (replace(ELENI, affiliations=[AffiliationItem(organization=an_id("legal"), role="system")]), "unknown_role"),
        (
            replace(
                ELENI, affiliations=[AffiliationItem(organization=an_id("legal"), role="editor", areas=[an_id("x")])]
            ),
            "unknown_area",
        ),
        (
            replace(
                ELENI,
                affiliations=[AffiliationItem(organization=an_id("legal"), role="editor", until=date(2001, 1, 1))],
            ),
            "ends_before",
        ),
        (replace(ELENI, affiliations=[AffiliationItem(organization=an_id("legal"), role="editor")] * 2), "twice"),
    ],
)
def test_a_wrong_person_is_refused_whole(item: PersonItem, reason: str, network: dict[str, UUID]) -> None:
    before = Entry.objects.count()
    with pytest.raises(Refusal, match=reason):
        actions.enrol_persons(actor=SYSTEM, items=[replace(ELENI, id=an_id("good"), email="good@work.example"), item])
    assert (Person.objects.count(), Entry.objects.count()) == (0, before)


def test_an_address_has_one_holder(network: dict[str, UUID]) -> None:
    actions.enrol_persons(actor=SYSTEM, items=[ELENI])
    with pytest.raises(Refusal, match="email_taken"):
        actions.enrol_persons(actor=SYSTEM, items=[replace(ELENI, id=an_id("thief"))])


def test_a_curator_cannot_take_over_an_account(
    enrol: Callable[..., Person], network: dict[str, UUID], areas: dict[str, UUID]
) -> None:
    chief = enrol("chief", centre="administrator")
    curator = acting.actor_for(enrol("dimitris", areas=[areas["athens"]], centre="curator").id)
    with pytest.raises(Refusal, match="not_administrator"):
        actions.enrol_persons(
            actor=curator, items=[PersonItem(id=chief.id, email="mine@work.example", name=chief.name)]
        )
    editor = AffiliationItem(organization=network["legal"], role="editor")
    assert actions.enrol_persons(actor=curator, items=[PersonItem(email="new@work.example", affiliations=[editor])])
    with pytest.raises(Refusal, match="role_by_administrator"):
        promoted = AffiliationItem(organization=network["legal"], role="administrator")
        actions.enrol_persons(actor=curator, items=[PersonItem(email="new@work.example", affiliations=[promoted])])
    with pytest.raises(Refusal, match="not_administrator"):
        actions.enrol_persons(actor=curator, items=[PersonItem(email="alone@work.example")])


def test_the_same_number_of_queries_for_one_and_for_many(
    network: dict[str, UUID], django_assert_max_num_queries: Any
) -> None:
    def items(count: int, mark: str) -> list[PersonItem]:
        role = AffiliationItem(organization=network["legal"], role="editor")
        return [PersonItem(email=f"{mark}{n}@work.example", affiliations=[role]) for n in range(count)]

    for count, mark in ((1, "a"), (60, "b")):
        with django_assert_max_num_queries(20):
            actions.enrol_persons(actor=SYSTEM, items=items(count, mark))
