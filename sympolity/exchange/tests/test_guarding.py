"""An import does not undo what people decided here, does not mix partners, and publishes no place of people in danger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from sympolity.directory import actions as directory
from sympolity.directory.models import Category, Location, RequiredDocument, Schedule, Service
from sympolity.exchange import formats, reviewing
from sympolity.exchange.applying import record_id
from sympolity.exchange.importing import Result, run_import
from sympolity.exchange.reading import Unreadable
from sympolity.exchange.tests.rich import a_place, a_service, rich
from sympolity.exchange.tests.workbooks import csv_file
from sympolity.kit.actor import SYSTEM, Actor, Grant, Role
from sympolity.languages.models import Text
from sympolity.people.models import Organization
from sympolity.sharing.models import Proposal

pytestmark = pytest.mark.django_db
PERSON = Actor(person=UUID(int=7), grants=frozenset({Grant(Role.ADMINISTRATOR)}))
HEAD = ("id", "name", "organization", "category", "address", "phone", "visibility")


@pytest.fixture(autouse=True)
def _facts(db: None) -> None:
    from sympolity.directory import needs
    from sympolity.places import actions as places

    places.load_areas()
    needs.record_needs(actor=SYSTEM, needs=needs.load())


def bring(*rows: Mapping[str, Any], source: str = "rich", **options: Any) -> Result:
    return run_import(rich(*rows), [], source=source, allow_endings=True, **options)


def table(folder: Path, *rows: Sequence[str], head: Sequence[str] = HEAD, source: str = "city") -> Result:
    return run_import(formats.get("csv"), [csv_file(folder, [head, *rows])], source=source, allow_endings=True)


def counts(result: Result) -> dict[str, int]:
    return {name: number for name, number in result.counts.items() if number}


def reasons() -> dict[str, str]:
    return dict(Proposal.objects.filter(state="review").values_list("source_id", "reason"))


def accept() -> None:
    reviewing.accept(actor=SYSTEM, ids=list(Proposal.objects.filter(state="review").values_list("id", flat=True)))


def shown() -> list[str]:
    return list(Location.objects.order_by("id").values_list("visibility", flat=True))


HOUSE = ("1", "Soup kitchen", "House", "food", "Street 1", "210 1234567")


def test_silence_shows_no_hidden_address(tmp_path: Path) -> None:
    table(tmp_path, [*HOUSE, "hidden"])
    assert shown() == ["hidden"]
    assert counts(table(tmp_path, [*HOUSE, ""])) == {"unchanged": 1}
    assert shown() == ["hidden"]
    assert counts(table(tmp_path, [*HOUSE[:4], "Street 2", "210 1234567"], head=HEAD[:6])) == {"updated": 1}
    assert list(Location.objects.values_list("visibility", "address")) == [("hidden", "Street 2")]


@pytest.mark.parametrize("between", ["hidden", "", "area only"])
def test_a_wider_address_waits_for_a_person(tmp_path: Path, between: str) -> None:
    table(tmp_path, [*HOUSE, "hidden"])
    first = counts(table(tmp_path, [*HOUSE, between]))
    assert first == {"hidden": {"unchanged": 1}, "": {"unchanged": 1}, "area only": {"waiting": 1}}[between]
    assert counts(table(tmp_path, [*HOUSE, "full"])) == {"waiting": 1}
    assert shown() == ["hidden"]
    assert "not public here" in reasons()["1"]
    accept()
    assert shown() == ["full"]


def test_a_hidden_place_under_another_id_waits_too() -> None:
    bring(a_service(1, a_place("a", visibility="hidden")))
    assert counts(bring(a_service(1, a_place("b")))) == {"waiting": 1}
    assert Location.objects.count() == 1


def test_what_people_hid_stays_hidden_when_the_source_goes_on() -> None:
    bring(a_service(1, a_place("a", visibility="full")))
    Location.objects.update(visibility="hidden")
    assert counts(bring(a_service(1, a_place("a", visibility="full", address="Street 9")))) == {"updated": 1}
    assert list(Location.objects.values_list("visibility", "address")) == [("hidden", "Street 9")]


def test_only_what_the_source_changed_is_written() -> None:
    said: dict[str, Any] = {
        "columns": {"phone": "210 1111111", "description": "Soup", "for_whom": ["women"], "min_age": 3, "max_age": 9},
        "opening_hours": "Mo 09:00-10:00", "documents": [{"key": "d", "name": "Card"}],
    }  # fmt: skip
    bring(a_service(1, a_place("a", step_free=True), **said))
    service = Service.objects.get()
    Organization.objects.update(
        anonymous=True,
        kind="municipality",
        phone="210 9999999",
        url="https://a.example",
        email="a@b.example",
        name="Ours",
    )
    Service.objects.update(
        phone="210 2222222", name="Ours", for_whom=["men"], status="inactive", cost="free", max_age=12
    )
    Location.objects.update(lat=38.5, address="Ours 1", step_free=False)
    Schedule.objects.update(opening_hours="Tu 09:00-10:00")
    RequiredDocument.objects.update(name="Passport")
    Text.objects.filter(noun="service", noun_id=service.id).update(body="Δικό μας")
    service.categories.set([Category.objects.get(slug="health")])
    changed = a_service(1, a_place("a", step_free=True, locality="Town"), **said)
    changed["service"]["columns"] = {**said["columns"], "description": "Bread"}
    assert counts(bring(changed)) == {"updated": 1}
    service.refresh_from_db()
    place, owner = Location.objects.get(), Organization.objects.get()
    assert (service.phone, service.name, service.for_whom, service.status, service.cost, service.min_age, service.max_age) == (
        "210 2222222", "Ours", ["men"], "inactive", "free", 3, 12,
    )  # fmt: skip
    assert (service.description, place.locality) == ("Bread", "Town")
    assert (place.lat, place.address, place.step_free) == (38.5, "Ours 1", False)
    assert (owner.anonymous, owner.kind, owner.phone, owner.url, owner.email, owner.name) == (
        True, "municipality", "210 9999999", "https://a.example", "a@b.example", "Ours",
    )  # fmt: skip
    assert [row.opening_hours for row in Schedule.objects.all()] == ["Tu 09:00-10:00"]
    assert [row.name for row in RequiredDocument.objects.all()] == ["Passport"]
    assert [row.slug for row in service.categories.all()] == ["health"]
    assert Text.objects.get(noun="service", noun_id=service.id).body == "Δικό μας"


def test_a_new_service_does_not_overwrite_its_organization_as_people_left_it() -> None:
    bring(a_service(1))
    from sympolity.people import actions as people

    one = Organization.objects.get()
    item = people.OrganizationItem(
        id=one.id, kind="municipality", name="Ours", lang="en", phone="210 1", anonymous=True
    )
    people.register_organizations(actor=PERSON, items=[item])
    assert counts(bring(a_service(1), a_service(2))) == {"unchanged": 1, "created": 1}
    one.refresh_from_db()
    assert (one.kind, one.name, one.phone, one.anonymous) == ("municipality", "Ours", "210 1", True)


def test_a_service_that_a_person_ended_is_not_brought_back() -> None:
    bring(a_service(1), a_service(2))
    one = record_id("rich", "service", "1")
    directory.end_services(actor=PERSON, services=[one], reason="closed")
    changed = a_service(1, summary="More")
    changed["service"]["columns"] = {"summary": "More"}
    assert counts(bring(changed, a_service(2))) == {"waiting": 1, "unchanged": 1}
    assert reasons() == {"1": "a person ended it here: bring it back?"}
    # Gone from the source and come again it is still a person's word.
    bring(a_service(2))
    assert counts(bring(changed, a_service(2))) == {"waiting": 1, "unchanged": 1}
    assert Service.objects.get(id=one).status == "defunct"
    accept()
    assert (Service.objects.get(id=one).status, Service.objects.get(id=one).summary) == ("active", "More")


def test_tables_need_the_name_of_their_source(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="--source"):
        table(tmp_path, [*HOUSE, ""], source="")
    assert Proposal.objects.count() == 0


def test_a_service_does_not_go_to_another_organization_by_itself() -> None:
    bring(a_service(1))
    assert counts(bring(a_service(1, owner="two"))) == {"waiting": 1}
    assert Service.objects.get().organization.name == "House one"
    assert "another organization" in reasons()["1"]
    accept()
    assert Service.objects.get().organization.name == "House two"


def _called(number: int, phone: str) -> dict[str, Any]:
    return a_service(number, columns={"phone": phone})


def test_many_contacts_at_once_wait() -> None:
    bring(*(_called(number, f"210 000000{number}") for number in range(1, 10)))
    four = [_called(number, f"210 {'999' if number < 5 else '000'}000{number}") for number in range(1, 10)]
    assert counts(bring(*four)) == {"updated": 4, "unchanged": 5}
    all_of_them = [_called(number, f"210 555000{number}") for number in range(1, 10)]
    foretold = bring(*all_of_them, dry_run=True)
    assert counts(foretold) == counts(bring(*all_of_them)) == {"waiting": 9}
    assert set(reasons().values()) == {"many contacts change at once"}
    assert not Service.objects.filter(phone__contains="555").exists()
    assert counts(bring(*all_of_them)) == {"waiting": 9}
    accept()
    assert counts(bring(*all_of_them)) == {"unchanged": 9}


@pytest.mark.parametrize(
    ("need", "columns", "place", "waits"),
    [
        ("women-shelter", {}, {}, True),
        ("violence-at-home", {}, {"lat": None, "lon": None}, True),
        ("trafficking", {}, {"address": ""}, True),
        ("child-alone", {}, {}, True),
        ("safety", {}, {}, True),
        ("shelter", {"for_whom": ["survivors"]}, {}, True),
        ("shelter", {}, {}, False),
        ("women-shelter", {}, {"visibility": "area_only"}, False),
        ("women-shelter", {}, {"address": "", "lat": None, "lon": None}, False),
    ],
)
def test_no_place_of_people_in_danger_is_published(need: str, columns: Any, place: Any, waits: bool) -> None:
    one = a_service(1, a_place("a", **place), categories=[need], columns=columns)
    assert counts(bring(one)) == ({"waiting": 1} if waits else {"created": 1})
    accept()
    # What a person has looked at is asked of again when it lies elsewhere, not when a word changes.
    one["service"] |= {"columns": {**columns, "summary": "More"}}
    assert counts(bring(one)) == {"updated": 1}
    one["locations"] = [one["locations"][0] | {"address": "Street 77"}]
    hidden = "visibility" in place
    assert counts(bring(one)) == ({"updated": 1} if hidden or (need == "shelter" and not columns) else {"waiting": 1})


def test_a_table_with_a_shelter_waits_too(tmp_path: Path) -> None:
    assert counts(table(tmp_path, ["1", "House", "Org", "women-shelter", "Street 1", "", ""])) == {"waiting": 1}


def test_what_an_organization_has_made_its_own_waits_and_its_own_facts_stay() -> None:
    """Somebody of the organization has claimed it: from then on its records are theirs."""
    from sympolity.people import actions as people
    from sympolity.people.models import Affiliation

    bring(a_service(1))
    [owner] = Organization.objects.all()
    person = people.admit(email="maria@owner.example", name="Maria", language="el")
    row = people.AffiliationItem(organization=owner.id, role=Role.EDITOR)
    people.enrol_persons(
        actor=SYSTEM, items=[people.PersonItem(email=person.email, name="Maria", language="el", affiliations=(row,))]
    )
    Organization.objects.update(phone="+30 210 0000009")
    changed = a_service(1, columns={"phone": "+30 210 0000004"})
    assert counts(bring(changed, a_service(2))) == {"waiting": 2}
    assert all("keeps its records here itself" in reason for reason in reasons().values())
    accept()
    assert Service.objects.get(id=record_id("rich", "service", "1")).phone == "+30 210 0000004"
    assert Organization.objects.get(id=owner.id).phone == "+30 210 0000009"
    people.revoke_affiliations(actor=SYSTEM, ids=[Affiliation.objects.get().id])
    assert counts(bring(a_service(1, columns={"phone": "+30 210 0000005"}), a_service(2))) == {
        "updated": 1,
        "unchanged": 1,
    }
