"""A hundred services cost as many statements as one, and are as right."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sympolity.directory import actions
from sympolity.directory.drafts import ConfirmationDraft, DocumentDraft, ExceptionDraft, LocationDraft, ServiceDraft
from sympolity.directory.models import RequiredDocument, Schedule, ScheduleException, Service
from sympolity.directory.tests.conftest import House, an_id
from sympolity.kit import clock
from sympolity.kit.actor import SYSTEM
from sympolity.kit.refusals import Refusal
from sympolity.languages.models import Text
from sympolity.languages.texts import Provenance
from sympolity.trail.models import Entry, EntryDetail

MACHINE = Provenance("machine", "tests")
# SQLite takes 999 values in a statement: wide rows need several for a hundred of them.
MORE = {"sqlite": 15, "postgresql": 0}
MORE_PLACES = {"sqlite": 6, "postgresql": 0}


def _place(house: House, key: str) -> LocationDraft:
    said = {"address": {"el": f"Οδός {key}", "ar": f"شارع {key}"}}
    return LocationDraft(
        an_id(f"place {key}"), house.shelter, house.area, "en", {"address": f"Street {key}", "lat": 38.0, "lon": 23.7}, said
    )  # fmt: skip


def _full(house: House, key: str, **columns: Any) -> ServiceDraft:
    """A service with everything that hangs on one."""
    draft: ServiceDraft = house.service(f"full {key}", house.shelter, an_id(f"place {key}"), **columns)
    draft.texts = {"name": {"el": f"όνομα {key}", "ar": f"اسم {key}"}, "description": {"el": f"λόγια {key}"}}
    draft.opening_hours = "Mo-Fr 09:00-17:00"
    draft.exceptions = (
        ExceptionDraft(an_id(f"day {key}"), date(2030, 8, 1), date(2030, 8, 20), "off", "away", {"note": {"el": "λείπουμε"}}),
    )  # fmt: skip
    draft.documents = tuple(
        DocumentDraft(an_id(f"paper {key} {place}"), f"paper {place}", texts={"name": {"el": f"χαρτί {place}"}})
        for place in range(3)
    )
    draft.confirmations = (ConfirmationDraft("contact", clock.now(), "phone", house.shelter),)
    return draft


def _statements(verb: Any, drafts: list[Any]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        verb(actor=SYSTEM, drafts=drafts)
    return len(seen)


def test_a_hundred_cost_as_many_statements_as_one(house: House) -> None:
    keys = [f"{number}" for number in range(101)]
    one = _statements(actions.record_locations, [_place(house, keys[0])])
    many = _statements(actions.record_locations, [_place(house, key) for key in keys[1:]])
    assert many - one <= MORE_PLACES[connection.vendor]
    new = _statements(actions.record_services, [_full(house, keys[0])])
    more = _statements(actions.record_services, [_full(house, key) for key in keys[1:]])
    assert (new <= 26, more - new <= MORE[connection.vendor]) == (True, True), (new, more)
    changed = _statements(actions.record_services, [_full(house, keys[0], phone="210 0000000")])
    more = _statements(actions.record_services, [_full(house, key, phone="210 0000000") for key in keys[1:]])
    assert (changed <= 36, more - changed <= MORE[connection.vendor]) == (True, True), (changed, more)
    same = _statements(actions.record_services, [_full(house, key, phone="210 0000000") for key in keys[:100]])
    assert same <= 14
    assert Service.objects.filter(phone="210 0000000").count() == 101


def test_a_batch_of_new_changed_and_unchanged_ones_is_told_as_such(house: House) -> None:
    actions.record_locations(actor=SYSTEM, drafts=[_place(house, key) for key in "abc"])
    actions.record_services(actor=SYSTEM, drafts=[_full(house, key) for key in "ab"])
    count = Entry.objects.count()
    changed = _full(house, "b", phone="210 0000000")
    changed.documents = (*changed.documents[:1], DocumentDraft(an_id("paper new"), "new"))
    changed.exceptions = ()
    done = actions.record_services(actor=SYSTEM, drafts=[_full(house, "a"), changed, _full(house, "c")])
    assert [done[an_id(f"full {key}")] for key in "abc"] == ["unchanged", "changed", "created"]
    assert Entry.objects.count() == count + 2
    told = EntryDetail.objects.get(entry__noun_id=changed.id, entry__verb="changed").body
    assert set(told["after"]) == set(told["before"]) == {"columns", "documents", "exceptions"}
    papers = RequiredDocument.objects.filter(service=changed.id).order_by("position")
    assert list(papers.values_list("name", flat=True)) == ["paper 0", "new"]
    parts = Text.objects.filter(noun__in=["required_document", "schedule_exception"])
    gone = {an_id("paper b 1"), an_id("paper b 2"), an_id("day b")}
    assert gone.isdisjoint(parts.values_list("noun_id", flat=True))
    assert (ScheduleException.objects.count(), Schedule.objects.count()) == (2, 3)
    assert Service.objects.get(id=changed.id).confirmations.count() == 1


def test_what_hangs_on_another_service_is_not_taken_over(house: House) -> None:
    actions.record_locations(actor=SYSTEM, drafts=[_place(house, key) for key in "ab"])
    actions.record_services(actor=SYSTEM, drafts=[_full(house, "a")])
    thief = _full(house, "b")
    for name in ("documents", "exceptions"):
        own = getattr(thief, name)
        setattr(thief, name, getattr(_full(house, "a"), name))
        with pytest.raises(Refusal) as refused:
            actions.record_services(actor=SYSTEM, drafts=[_full(house, "a"), thief])
        assert (refused.value.reason, refused.value.where) == ("not_yours", f"1.{name}")
        setattr(thief, name, own)
    twice = _full(house, "b")
    twice.documents = (twice.documents[0], twice.documents[0])
    with pytest.raises(Refusal, match="not_yours"):
        actions.record_services(actor=SYSTEM, drafts=[twice])
    with pytest.raises(Refusal) as refused:
        actions.record_services(actor=SYSTEM, drafts=[_full(house, "a"), _full(house, "a")])
    assert (refused.value.reason, refused.value.where) == ("twice", "1.id")
    assert Service.objects.count() == 1


def test_who_stands_for_a_translation_is_kept_and_never_raised_by_a_form(house: House) -> None:
    def draft(provenance: Provenance, **said: str) -> ServiceDraft:
        made: ServiceDraft = house.service("beds", house.shelter)
        made.texts, made.provenance = {"name": said}, provenance
        return made

    def states() -> dict[str, str]:
        return dict(Text.objects.filter(noun="service").values_list("language", "state"))

    human = Provenance()
    assert actions.record_services(actor=SYSTEM, drafts=[draft(MACHINE, el="κλίνες", ar="أسرة")])
    assert states() == {"el": "machine", "ar": "machine"}
    assert set(Text.objects.values_list("origin", flat=True)) == {"tests"}
    # A form on which a machine's words stood raises only those that the person wrote.
    actions.record_services(actor=SYSTEM, drafts=[draft(human, el="κρεβάτια", ar="أسرة")])
    assert states() == {"el": "human", "ar": "machine"}
    assert set(actions.record_services(actor=SYSTEM, drafts=[draft(human, ar="أسرة")]).values()) == {"unchanged"}
    # A machine's draft takes a review away from no one, and says of its own words what they are.
    Text.objects.filter(language="ar").update(state="reviewed")
    assert set(actions.record_services(actor=SYSTEM, drafts=[draft(MACHINE, ar="أسرة")]).values()) == {"unchanged"}
    assert set(actions.record_services(actor=SYSTEM, drafts=[draft(MACHINE, el="κρεβάτια")]).values()) == {"changed"}
    assert states() == {"el": "machine", "ar": "reviewed"}
    told = EntryDetail.objects.filter(entry__noun="service").latest("entry_id").body
    assert (told["before"], told["after"]) == ({"texts_are": "human"}, {"texts_are": "machine"})
    for wrong in (Provenance("reviewed"), Provenance("guessed"), Provenance("human", "x" * 81)):
        with pytest.raises(Refusal):
            actions.record_services(actor=SYSTEM, drafts=[draft(wrong, el="κλίνες")])


def test_texts_are_compared_as_they_are_stored(house: House) -> None:
    made: ServiceDraft = house.service("beds", house.shelter)
    said = {"name": {"ku": " Nivîn\u202e ", "xx": "?", "el": "κλίνες"}}
    made.texts = said
    assert set(actions.record_services(actor=SYSTEM, drafts=[made]).values()) == {"created"}
    assert dict(Text.objects.values_list("language", "body")) == {"kmr": "Nivîn", "el": "κλίνες"}
    again: ServiceDraft = house.service("beds", house.shelter)
    again.texts = said
    assert set(actions.record_services(actor=SYSTEM, drafts=[again]).values()) == {"unchanged"}
    for wrong, reason in (({"phone": {"el": "1"}}, "unknown_text"), ({"name": {"el": "x" * 20_001}}, "text_too_long")):
        bad: ServiceDraft = house.service("beds", house.shelter)
        bad.texts = wrong
        with pytest.raises(Refusal, match=reason):
            actions.record_services(actor=SYSTEM, drafts=[bad])
