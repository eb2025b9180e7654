"""Approval: by a curator of the area, by two persons where housing or work is offered, with look-alikes in sight."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from sympolity.kit.actor import SYSTEM, Actor
from sympolity.kit.refusals import Refusal
from sympolity.people import acting, actions
from sympolity.people.lookalike import look_alikes
from sympolity.people.models import Application, Organization, Person
from sympolity.post.models import Message
from sympolity.trail.models import Entry
from tests.reader import HOST, Reader

pytestmark = pytest.mark.django_db

Enrol = Callable[..., Person]


@pytest.fixture
def apply(network: dict[str, UUID], areas: dict[str, UUID]) -> Callable[..., Organization]:
    """``apply("Home", offers_housing=True)``: somebody registers an organization in Athens."""

    def applied(name: str = "Home", kind: str = "ngo", **more: Any) -> Organization:
        person = actions.admit(email=f"{len(name)}-{abs(hash(name))}@other.example", name="Sofia", language="el")
        item = actions.OrganizationItem(kind=kind, name=name, area=areas["athens"], lang="en")
        [one] = actions.found_organizations(
            actor=Actor(person=person.id), items=[actions.FoundingItem(organization=item, **more)]
        )
        return Organization.objects.get(id=one)

    return applied


@pytest.fixture
def curators(enrol: Enrol, areas: dict[str, UUID]) -> dict[str, Person]:
    return {
        "first": enrol("dimitris", areas=[areas["athens"]], centre="curator"),
        "second": enrol("katerina", everywhere=True, centre="curator"),
        "far": enrol("anna", areas=[areas["tilos"]], centre="curator"),
    }


def _in(person: Person) -> Reader:
    client = Client(HTTP_HOST=HOST)
    client.force_login(person)
    return Reader(client, signed_in=True)


def _status(one: Organization) -> str:
    one.refresh_from_db()
    return one.status


def _say(reader: Reader, one: Organization, verb: str, words: str = "") -> int:
    return reader.client.post(f"/en/desk/approvals/{one.id}/", {"verb": verb, "words": words}).status_code


def test_one_curator_is_enough_where_neither_housing_nor_work_is_offered(
    apply: Any, curators: dict[str, Person]
) -> None:
    one, reader = apply(), _in(curators["first"])
    assert "Home" in reader.get("/en/desk/approvals/").text
    page = reader.get(f"/en/desk/approvals/{one.id}/")
    assert "Two persons decide" not in page.text
    assert _say(reader, one, "approve") == 302
    assert _status(one) == "approved"
    assert Message.objects.get(kind="people_approved").lang == "el"
    person = Application.objects.get().applicant
    assert person
    actions.equip_examples(actor=SYSTEM, persons=[person.id])
    assert acting.actor_for(person.id).approved


@pytest.mark.parametrize(
    "what", [{"kind": "company"}, {"kind": "individual_supporter"}, {"offers_housing": True}, {"offers_work": True}]
)
def test_housing_and_work_take_two_different_persons(
    what: dict[str, Any], apply: Any, curators: dict[str, Person]
) -> None:
    one, first, second = apply(**what), _in(curators["first"]), _in(curators["second"])
    assert "Two persons decide" in first.get(f"/en/desk/approvals/{one.id}/").text
    assert _say(first, one, "vouch") == 302
    assert _status(one) == "pending"
    assert _say(first, one, "approve") == 200
    assert _say(first, one, "vouch") == 200
    assert _status(one) == "pending", "the same person twice is one person"
    assert "That was you" in first.get(f"/en/desk/approvals/{one.id}/").text
    assert _say(second, one, "approve") == 302
    assert _status(one) == "approved"
    assert list(Entry.objects.filter(verb__in=("vouched", "approved")).order_by("position").values_list("verb", "actor_id")) == [
        ("vouched", curators["first"].id), ("approved", curators["second"].id),
    ]  # fmt: skip


def test_of_two_who_press_at_once_one_only_vouches(apply: Any, curators: dict[str, Person]) -> None:
    one = apply(offers_work=True)
    for name, status in (("first", "pending"), ("second", "approved")):
        actions.approve_organizations(actor=acting.actor_for(curators[name].id), ids=[one.id])
        assert _status(one) == status


def test_a_curator_who_applied_decides_nothing(apply: Any, curators: dict[str, Person]) -> None:
    one = apply()
    Application.objects.update(applicant=curators["first"])
    for verb, words in (("approve", ""), ("decline", "x"), ("ask", "x")):
        assert _say(_in(curators["first"]), one, verb, words) == 200
    assert _status(one) == "pending"


def test_another_city_s_curator_has_no_such_page(apply: Any, curators: dict[str, Person]) -> None:
    one, far = apply(), _in(curators["far"])
    assert "Home" not in far.get("/en/desk/approvals/").text
    assert far.client.get(f"/en/desk/approvals/{one.id}/").status_code == 404
    assert _say(far, one, "approve") == 404
    with pytest.raises(Refusal, match="other_area"):
        actions.approve_organizations(actor=acting.actor_for(curators["far"].id), ids=[one.id])


def test_asked_answered_and_approved(apply: Any, curators: dict[str, Person]) -> None:
    one, reader = apply(), _in(curators["first"])
    assert _say(reader, one, "ask") == 200, "without a question nothing is asked"
    assert _say(reader, one, "ask", "Who pays you?") == 302
    person = Application.objects.get().applicant
    assert person
    actions.equip_examples(actor=SYSTEM, persons=[person.id])
    theirs = _in(person)
    assert "Who pays you?" in theirs.get("/en/desk/organization/").text
    theirs.client.post("/en/desk/organization/", {"answer": ""})
    assert Application.objects.get().answered_at is None
    theirs.client.post("/en/desk/organization/", {"answer": "The municipality."})
    assert "The municipality." in reader.get(f"/en/desk/approvals/{one.id}/").text
    assert "Who pays you?" not in theirs.get("/en/desk/organization/").text
    assert _say(reader, one, "approve") == 302


def test_declined_with_a_reason_that_reaches_whoever_applied(apply: Any, curators: dict[str, Person]) -> None:
    one, reader = apply(), _in(curators["first"])
    assert _say(reader, one, "decline", " \u202e ") == 200
    assert _say(reader, one, "decline", "We could not reach you.") == 302
    assert _status(one) == "closed"
    assert "We could not reach you." in str(Message.objects.get(kind="people_declined").letter)
    assert _say(reader, one, "approve") == 404


def test_what_is_written_into_every_field_stays_text(apply: Any, curators: dict[str, Person]) -> None:
    evil = '"><script>alert(1)</script>\u202egnp.exe'
    one = apply(name=f"Home {evil}", words=evil)
    page = _in(curators["first"]).get(f"/en/desk/approvals/{one.id}/")
    body = page.response.content.decode()
    assert "<script>alert" not in body
    assert "\u202e" not in body


# --- names that look like others ------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "ΡRAKSIS", "РRАКSIS", "Praksis", "PRAKSlS", "P R A K S I S", "Ｐraksis", "praksıs", "Πράξις", "ΠΡΑΞΙΣ", "Pra\u200bksis",
        "Práksis",
    ],
)  # fmt: skip
def test_names_that_could_be_taken_for_praksis(name: str) -> None:
    assert look_alikes([name], [(1, "PRAKSIS"), (2, "METAdrasi")]) == [1]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Greek Council for Refugees", "Greek Counci1 for Refugees"), ("Αρσις", "Arsis"), ("المجلس اليوناني", "المجلس اليونانى")],
)  # fmt: skip
def test_other_pairs_that_look_or_sound_alike(one: str, other: str) -> None:
    assert look_alikes([other], [(1, one)]) == [1]


def test_different_names_are_different() -> None:
    known = [(1, "Municipality of Athens"), (2, "ARSIS"), (3, "Home"), (4, "ΕΚΚΑ")]
    for name in ("Municipality of Patras", "Municipality in Athens", "Harmony", "Hope", "", "!!!", "\u202e", "🙂"):
        assert look_alikes([name], known) == []


def test_the_curator_sees_whom_the_name_looks_like(
    apply: Any, curators: dict[str, Person], network: dict[str, UUID]
) -> None:
    one = apply(name="Lеgаl")  # with the Cyrillic letters e and a
    page = _in(curators["first"]).get(f"/en/desk/approvals/{one.id}/")
    assert "looks like that of a known organization" in page.text
    two = apply(name="Something else entirely")
    assert "looks like" not in _in(curators["first"]).get(f"/en/desk/approvals/{two.id}/").text


@pytest.mark.parametrize("many", [1, 8])
def test_the_list_takes_the_same_queries_with_more(
    many: int, apply: Any, curators: dict[str, Person], django_assert_max_num_queries: Any
) -> None:
    for number in range(many):
        apply(name=f"Home number {number}")
    client = _in(curators["first"]).client
    with django_assert_max_num_queries(12):
        client.get("/en/desk/approvals/")
    one = Organization.objects.filter(status="pending").exclude(application=None).first()
    assert one
    with django_assert_max_num_queries(12):
        client.get(f"/en/desk/approvals/{one.id}/")
