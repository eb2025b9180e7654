"""``sympolity enrol``: the first administrator of an installation without the demo."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from sympolity.kit import clock
from sympolity.kit.actor import SYSTEM, Role
from sympolity.people import actions
from sympolity.people.acting import actor_for
from sympolity.people.models import Affiliation, Organization, Person
from sympolity.trail.models import Entry

pytestmark = pytest.mark.django_db
TOWN = {"name": "Maria", "organization": "Town of Fanari"}


def _enrol(address: str = "maria@town.example", **options: Any) -> str:
    out = StringIO()
    call_command("enrol", address, stdout=out, **(TOWN | options))
    return out.getvalue()


def _administers() -> bool:
    """Whether the one person is an administrator once their second factor is set up."""
    person = Person.objects.get()
    assert not actor_for(person.id).has(Role.ADMINISTRATOR), "and before that they are not"
    actions.equip_examples(actor=SYSTEM, persons=[person.id])
    return actor_for(person.id).has(Role.ADMINISTRATOR)


def _entries() -> list[tuple[str, str]]:
    return list(Entry.objects.order_by("position").values_list("verb", "noun"))


def test_from_nothing_to_an_administrator_who_can_sign_in(mailoutbox: list[Any]) -> None:
    said = _enrol()
    assert said.splitlines()[:3] == [
        "made: organization Town of Fanari (municipality, approved)",
        "made: Maria, maria@town.example",
        "made: Maria, administrator of Town of Fanari",
    ]
    assert "/el/account/" in said
    assert _entries() == [("registered", "organization"), ("enrolled", "person"), ("enrolled", "affiliation")]
    assert _administers()
    client = Client(HTTP_HOST="127.0.0.1")
    client.post("/en/account/", {"email": "maria@town.example"})
    assert [mail.to for mail in mailoutbox] == [["maria@town.example"]]


def test_again_nothing_changes_and_it_says_so() -> None:
    _enrol()
    before = _entries()
    said = _enrol(address="MARIA@town.example", name="Somebody else", organization="town of fanari")
    assert said.splitlines()[:3] == [
        "there already: organization Town of Fanari (municipality, approved); it stays as it is",
        "there already: Maria, maria@town.example; name and language stay as they are",
        "there already: Maria, administrator of Town of Fanari",
    ]
    assert _entries() == before


def test_a_second_person_and_a_second_role() -> None:
    _enrol()
    _enrol("nikos@town.example", name="Nikos", role="curator", everywhere=True)
    _enrol(role="editor")
    assert Organization.objects.count() == 1
    assert set(Affiliation.objects.values_list("person__email", "role", "everywhere")) == {
        ("maria@town.example", "administrator", False),
        ("maria@town.example", "editor", False),
        ("nikos@town.example", "curator", True),
    }


def test_an_ended_role_begins_again() -> None:
    _enrol()
    actions.revoke_affiliations(actor=SYSTEM, ids=[Affiliation.objects.get().id])
    _enrol()
    assert _administers()
    row = Affiliation.objects.get()
    assert row.until is None or row.until >= clock.local_today()


def test_an_organization_that_waits_is_approved_only_when_told() -> None:
    actions.register_organizations(
        actor=SYSTEM, items=[actions.OrganizationItem(kind="ngo", name="Waits", status="pending")]
    )
    with pytest.raises(CommandError, match="waits for approval"):
        _enrol(organization="Waits")
    assert not Person.objects.exists()
    said = _enrol(organization="Waits", approve=True)
    assert "approved: organization Waits" in said
    assert _administers()


def test_an_organization_is_known_by_its_name_in_any_language() -> None:
    item = actions.OrganizationItem(kind="ngo", name="Δήμος", status="approved", texts={"name": {"en": "Town"}})
    actions.register_organizations(actor=SYSTEM, items=[item])
    assert "there already: organization Δήμος" in _enrol(organization="Town")


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"address": "no address"}, "this is no e-mail address"),
        ({"address": "x" * 300 + "@town.example"}, "the address is too long"),
        ({"organization": "  "}, "needs a name"),
        ({"organization": "x" * 900}, "too long"),
        ({"name": "x" * 500}, "too long"),
        ({"area": "nowhere"}, "no area has this name"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(options: dict[str, str], why: str) -> None:
    with pytest.raises(CommandError, match="Nothing was written: ") as caught:
        _enrol(**options)
    assert why in str(caught.value)
    assert not Organization.objects.exists()
    assert not Person.objects.exists()
    assert _entries() == []


def test_two_of_one_name_and_one_that_is_closed() -> None:
    rows = [actions.OrganizationItem(kind="ngo", name=name, status="approved") for name in ("Same", "Same", "Shut")]
    actions.register_organizations(actor=SYSTEM, items=rows)
    actions.close_organizations(actor=SYSTEM, ids=[Organization.objects.get(name="Shut").id])
    for name, why in (("Same", "several organizations"), ("Shut", "suspended or closed")):
        with pytest.raises(CommandError, match=why):
            _enrol(organization=name)


def test_whoever_may_not_sign_in_is_not_let_in_by_it() -> None:
    _enrol()
    Person.objects.update(is_active=False)
    with pytest.raises(CommandError, match="may not sign in"):
        _enrol(role="editor")
