"""What the verbs of the directory write, and for whom."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from sympolity.directory import actions, locations, queries, rules, writing
from sympolity.directory.drafts import ConfirmationDraft
from sympolity.directory.models import Helpline, Location, Service
from sympolity.directory.tests.conftest import SECRET, House, an_id, build
from sympolity.kit import clock
from sympolity.kit.actor import PUBLIC, SYSTEM, Actor, Grant, Role
from sympolity.kit.refusals import Refusal
from sympolity.languages.models import Text
from sympolity.trail.models import Entry, EntryDetail
from sympolity.trail.tests.writing import together


def _told(noun: str, noun_id: UUID) -> list[dict[str, Any]]:
    rows = (
        EntryDetail.objects.filter(entry__noun=noun, entry__noun_id=noun_id)
        .order_by("entry_id")
        .select_related("entry")
    )
    return [{"verb": row.entry.verb, **row.body} for row in rows]


# --- whose it is ------------------------------------------------------------------------------


def test_nobody_takes_over_a_place_of_others(house: House) -> None:
    thief = house.editor(house.other)
    for draft in (house.place("refuge", house.other), replace(house.place("refuge", house.other), columns={})):
        with pytest.raises(Refusal, match="not_yours"):
            actions.record_locations(actor=thief, drafts=[house.place("mine", house.other), draft])
    row = Location.objects.get()
    assert (row.organization_id, row.address, row.visibility) == (house.shelter, SECRET, "hidden")


def test_nobody_takes_over_a_service_of_others(house: House) -> None:
    actions.record_services(
        actor=house.editor(house.shelter), drafts=[house.service("beds", house.shelter, house.refuge)]
    )
    with pytest.raises(Refusal, match="not_yours"):
        actions.record_services(actor=house.editor(house.other), drafts=[house.service("beds", house.other)])
    assert Service.objects.get().organization_id == house.shelter


def test_a_hidden_place_of_others_cannot_be_linked(house: House) -> None:
    thief = house.editor(house.other)
    with pytest.raises(Refusal) as refused:
        actions.record_services(
            actor=thief, drafts=[house.service("fine", house.other), house.service("spy", house.other, house.refuge)]
        )
    assert (refused.value.reason, refused.value.where) == ("not_your_location", "1.locations")
    actions.record_services(actor=thief, drafts=[house.service("spy", house.other)])
    with pytest.raises(Refusal, match="not_your_location"):
        actions.record_services(actor=thief, drafts=[house.service("spy", house.other, house.refuge)])
    with pytest.raises(Refusal, match="unknown_location"):
        actions.record_services(actor=thief, drafts=[house.service("spy", house.other, an_id("atlantis"))])
    assert [(row.name, row.locations.count()) for row in Service.objects.all()] == [("spy", 0)]


def test_own_places_and_public_ones_can_be_linked(house: House) -> None:
    actions.record_locations(
        actor=SYSTEM, drafts=[house.place("hall", house.shelter), house.place("den", house.other, visibility="hidden")]
    )
    mine = house.service("mine", house.other, an_id("hall"), an_id("den"))
    assert actions.record_services(actor=house.editor(house.other), drafts=[mine]) == {mine.id: "created"}
    whole = house.service("whole", house.other, house.refuge)
    assert actions.record_services(actor=SYSTEM, drafts=[whole]) == {whole.id: "created"}


def test_a_link_that_stands_may_stay(house: House) -> None:
    actions.record_services(actor=SYSTEM, drafts=[house.service("joint", house.other, house.refuge)])
    renamed = house.service("joint", house.other, house.refuge, phone="210 0000000")
    assert actions.record_services(actor=house.editor(house.other), drafts=[renamed]) == {renamed.id: "changed"}


def test_the_line_of_areas_needs_no_further_query(house: House, django_assert_num_queries: Any) -> None:
    actions.record_services(actor=SYSTEM, drafts=[house.service("beds", house.shelter, house.refuge)])
    [dossier] = queries.dossiers(Service.objects.all())
    with django_assert_num_queries(0):
        assert len(queries.area_line(dossier.places[0].location)) == 4


# --- written once, and in order -----------------------------------------------------------------


def test_an_unchanged_batch_writes_nothing(house: House) -> None:
    drafts = [house.service("beds", house.shelter, house.refuge), house.service("food", house.shelter)]
    actions.record_services(actor=SYSTEM, drafts=drafts)
    before = list(Service.objects.order_by("id").values())
    count = Entry.objects.count()
    with clock.moved(timedelta(hours=1)):
        assert set(actions.record_services(actor=SYSTEM, drafts=drafts).values()) == {"unchanged"}
        place = house.place("refuge", house.shelter, address=SECRET, visibility="hidden", lat=38.0, lon=23.7)
        assert set(actions.record_locations(actor=SYSTEM, drafts=[place]).values()) == {"unchanged"}
    assert (list(Service.objects.order_by("id").values()), Entry.objects.count()) == (before, count)


def test_times_are_those_of_the_clock(house: House) -> None:
    first, second, third = (datetime(2030, 1, day, 12, tzinfo=UTC) for day in (1, 2, 3))
    draft = house.service("beds", house.shelter)
    minute = timedelta(minutes=1)
    with clock.moved(to=first):
        actions.record_services(actor=SYSTEM, drafts=[draft])
    with clock.moved(to=second):
        actions.record_services(actor=SYSTEM, drafts=[house.service("beds", house.shelter, phone="210 0000000")])
    row = Service.objects.get()
    assert first <= row.created_at < first + minute
    assert second <= row.updated_at < second + minute
    with clock.moved(to=third):
        assert actions.end_services(actor=SYSTEM, services=[row.id], reason="over") == 1
    row.refresh_from_db()
    assert third <= row.updated_at < third + minute


def _slowly(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> threading.Event:
    """The first call of ``module.name`` takes its time; the event tells that it has begun."""
    begun, good = threading.Event(), getattr(module, name)

    def slow(*args: Any, **kwargs: Any) -> Any:
        if not begun.is_set():
            begun.set()
            time.sleep(0.5)
        return good(*args, **kwargs)

    monkeypatch.setattr(module, name, slow)
    return begun


@pytest.mark.django_db(transaction=True)
def test_two_writers_of_one_service_see_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    house = build()
    drafts = [
        house.service("beds", house.shelter, phone=phone) for phone in ("210 0000000", "210 0000001", "210 0000002")
    ]
    actions.record_services(actor=SYSTEM, drafts=drafts[:1])
    begun = _slowly(monkeypatch, writing, "write")

    def first() -> None:
        actions.record_services(actor=SYSTEM, drafts=drafts[1:2])

    def second() -> None:
        assert begun.wait(20)
        actions.record_services(actor=SYSTEM, drafts=drafts[2:])

    together(first, second)
    phones = [
        (row.get("before", {}).get("columns", {}).get("phone"), row["after"]["columns"]["phone"])
        for row in _told("service", drafts[0].id)
    ]
    assert phones == [(None, "210 0000000"), ("210 0000000", "210 0000001"), ("210 0000001", "210 0000002")]
    assert Service.objects.get().phone == "210 0000002"


@pytest.mark.django_db(transaction=True)
def test_two_writers_of_one_place_see_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    house = build()
    begun = _slowly(monkeypatch, locations, "_write")
    hidden, public = (house.place("hall", house.shelter, visibility=one) for one in ("hidden", "full"))
    actions.record_locations(actor=SYSTEM, drafts=[hidden])
    begun.clear()

    def first() -> None:
        actions.record_locations(actor=SYSTEM, drafts=[public])

    def second() -> None:
        assert begun.wait(20)
        assert actions.record_locations(actor=SYSTEM, drafts=[hidden]) == {hidden.id: "changed"}

    together(first, second)
    assert [row["verb"] for row in _told("location", hidden.id)] == ["recorded", "changed", "hidden"]
    assert Location.objects.get(id=hidden.id).visibility == "hidden"


# --- who vouches ------------------------------------------------------------------------------


def test_a_centre_vouches_for_others_and_a_visit_is_said_only_where_there_was_one(house: House) -> None:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    centre = an_id("centre")
    rows = [
        ConfirmationDraft("contact", at, "phone", centre), ConfirmationDraft("hours", at, "visit", centre),
        ConfirmationDraft("rest", at, "link", house.shelter), ConfirmationDraft("capacity", at, "visit", house.other),
    ]  # fmt: skip
    own = house.service("advice", centre)
    drafts = [house.service("beds", house.shelter), own]
    drafts[0].confirmations = tuple(rows)
    own.confirmations = (ConfirmationDraft("contact", at, "desk", centre),)
    actions.record_services(actor=SYSTEM, drafts=drafts)
    found = {dossier.service.name: dossier.seals for dossier in queries.dossiers(Service.objects.all())}
    assert {group: (seal.vouched, seal.visited) for group, seal in found["beds"].items()} == {
        "contact": (True, False), "hours": (True, True), "rest": (False, False), "capacity": (False, True),
    }  # fmt: skip
    assert [(seal.vouched, seal.by_owner) for seal in found["advice"].values()] == [(False, True)]


# --- helplines --------------------------------------------------------------------------------


def _line(number: str, name: str = "Line") -> dict[str, Any]:
    return {"number": number, "name": {"en": name, "el": "Γραμμή"}, "description": {"en": "Help"}, "source": "https://example.org/",
            "checked_on": date(2026, 3, 1)}  # fmt: skip


@pytest.mark.django_db
def test_helplines_are_written_by_administrators_only() -> None:
    admin = Actor(uuid4(), uuid4(), frozenset({Grant(Role.ADMINISTRATOR, everywhere=True)}), approved=True)
    editor = Actor(uuid4(), uuid4(), frozenset({Grant(Role.EDITOR)}), approved=True)
    curator = Actor(uuid4(), uuid4(), frozenset({Grant(Role.CURATOR, everywhere=True)}), approved=True)
    for actor in (PUBLIC, editor, curator):
        with pytest.raises(Refusal, match="not_administrator"):
            actions.record_helplines(actor=actor, rows=[_line("112")])
    assert not Helpline.objects.exists()
    assert actions.record_helplines(actor=admin, rows=[_line("112")]) == 1
    assert rules.may_record_helplines(SYSTEM)


@pytest.mark.django_db
def test_a_number_that_is_no_longer_official_is_withdrawn() -> None:
    assert actions.record_helplines(actor=SYSTEM, rows=[_line("112"), {**_line("100"), "checked_on": None}]) == 2
    old = Helpline.objects.get(number="100")
    assert actions.record_helplines(actor=SYSTEM, rows=[_line("112")]) == 1
    assert list(Helpline.objects.values_list("number", flat=True)) == ["112"]
    assert not Text.objects.filter(noun_id=old.id).exists()
    assert _told("helpline", old.id)[-1] == {
        "verb": "withdrawn",
        "before": {"number": "100", "source": "https://example.org/"},
    }
    count = Entry.objects.count()
    assert actions.record_helplines(actor=SYSTEM, rows=[_line("112")]) == 0
    assert Entry.objects.count() == count


# --- who says that it is true ----------------------------------------------------------------------


def test_a_curator_confirms_in_the_own_areas_only(house: House) -> None:
    actions.record_services(actor=SYSTEM, drafts=[house.service("bed", house.shelter, house.refuge)])
    said = {an_id("bed"): [ConfirmationDraft("contact", clock.now(), "phone")]}

    def curator(area: UUID) -> Actor:
        return Actor(person=uuid4(), grants=frozenset({Grant(Role.CURATOR, frozenset({area}))}))

    for stranger in (PUBLIC, house.editor(house.other), curator(uuid4())):
        with pytest.raises(Refusal, match="not_your_area"):
            actions.confirm(actor=stranger, confirmations=said)
    assert "contact" not in queries.dossiers(Service.objects.all())[0].seals
    assert actions.confirm(actor=curator(house.area), confirmations=said) == 1
    assert actions.confirm(actor=house.editor(house.shelter), confirmations=said) == 1
    assert "contact" in queries.dossiers(Service.objects.all())[0].seals
