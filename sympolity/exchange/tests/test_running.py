"""The run itself, whatever the format: everything that mapped data can say, and a run that is stopped anywhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import models, transaction

from sympolity.directory import actions as directory
from sympolity.directory.models import (
    Location,
    RequiredDocument,
    Schedule,
    ScheduleException,
    Service,
    ServiceAtLocation,
)
from sympolity.exchange import applying, reviewing
from sympolity.exchange.importing import Result, run_import
from sympolity.exchange.reading import Unreadable
from sympolity.exchange.result import Lines
from sympolity.exchange.tests.rich import a_place, a_service, rich
from sympolity.kit.actor import SYSTEM
from sympolity.languages.models import Text
from sympolity.people import actions as people
from sympolity.people.models import Organization
from sympolity.places.actions import record_boundaries
from sympolity.places.tests.test_boundaries import square
from sympolity.sharing import actions as sharing
from sympolity.sharing.models import Proposal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _facts(db: None) -> None:
    from sympolity.directory import needs
    from sympolity.places import actions as places

    places.load_areas()
    needs.record_needs(actor=SYSTEM, needs=needs.load())


def bring(*rows: Any, **options: Any) -> Result:
    result = run_import(rich(*rows), [], **options)
    assert result.accounted == result.records == len(rows)
    return result


def counts(result: Result) -> dict[str, int]:
    return {name: number for name, number in result.counts.items() if number}


FULL: dict[str, Any] = {
    "columns": {
        "description": "Soup and bread", "phone": "+30 210 0000000", "cost": "free", "for_whom": ["women"], "min_age": 0,
        "ends_on": "2031-05-05", "languages": ["el", "ar"],
    },
    "opening_hours": "Mo-Fr 09:00-15:00",
    "exceptions": [{"key": "x", "first": "2027-08-10", "last": "2027-08-20", "hours": "off", "note": "Holidays"}],
    "documents": [{"key": "d", "name": "Card", "note": "", "texts": {"name": {"el": "Κάρτα"}}}],
}  # fmt: skip


def test_everything_that_mapped_data_says_stands_and_is_taken_back() -> None:
    places = [a_place("a", 1, step_free=True, texts={"address": {"el": "Οδός 1"}}), a_place("b", 2, step_free=False)]
    assert counts(bring(a_service(1, *places, **FULL))) == {"created": 1}
    service = Service.objects.get()
    said = (service.origin, service.phone, service.cost, service.min_age, service.ends_on, service.languages)
    assert said == ("Rich", "+30 210 0000000", "free", 0, dt.date(2031, 5, 5), ["el", "ar"])
    assert sorted(service.locations.values_list("address", "step_free")) == [("Street 1", True), ("Street 2", False)]
    assert Schedule.objects.get().opening_hours == "Mo-Fr 09:00-15:00"
    assert (ScheduleException.objects.get().note, RequiredDocument.objects.get().name) == ("Holidays", "Card")
    assert set(Text.objects.filter(language="el").values_list("noun", "body")) >= {
        ("location", "Οδός 1"), ("required_document", "Κάρτα"), ("service", "Υπηρεσία 1"),
    }  # fmt: skip
    bare = bring(a_service(1, a_place("a", 1)))
    assert counts(bare) == {"updated": 1}
    service.refresh_from_db()
    empty = (service.phone, service.cost, service.min_age, service.ends_on, service.languages)
    assert empty == ("", "unknown", None, None, [])
    assert [(row.address, row.step_free) for row in service.locations.all()] == [("Street 1", None)]
    assert (RequiredDocument.objects.count(), ScheduleException.objects.count()) == (0, 0)
    assert not Text.objects.filter(noun="location").exists()


def test_a_place_of_two_organizations_stands_once_and_keeps_its_owner() -> None:
    shared = a_place("shared")
    rows = [a_service(1, shared), a_service(2, shared, owner="two")]
    assert counts(bring(*rows)) == {"created": 2}
    owner = applying.record_id("rich", "organization", "one")
    assert [(row.organization_id, row.services.count()) for row in Location.objects.all()] == [(owner, 2)]
    assert counts(bring(*rows)) == {"unchanged": 2}
    # The one that brought it gives it away, with its service: a person says whether it is the same service.
    assert counts(bring(a_service(1, shared, owner="three"), rows[1])) == {"waiting": 1, "unchanged": 1}
    assert Location.objects.get().organization_id == owner
    reviewing.accept(actor=SYSTEM, ids=[Proposal.objects.get(state="review").id])
    assert Location.objects.get().organization_id == applying.record_id("rich", "organization", "three")


def test_a_place_lies_in_the_area_whose_boundary_holds_it() -> None:
    rows = [a_service(1, a_place("in", lat=37.95, lon=23.75)), a_service(2, a_place("out", lat=31.0, lon=36.0))]
    bring(*rows)
    assert set(Location.objects.values_list("area__slug", flat=True)) == {"elsewhere"}
    record_boundaries(boundaries=[square("athens", 37.9, 23.7)])
    assert counts(bring(*rows, dry_run=True)) == {"updated": 1, "unchanged": 1}
    result = bring(*rows)
    assert (counts(result), result.updated) == ({"updated": 1, "unchanged": 1}, ["1: area by its point"])
    assert sorted(Location.objects.values_list("address", "area__slug")) == [
        ("Street 1", "athens"),
        ("Street 1", "elsewhere"),
    ]
    assert counts(bring(*rows)) == {"unchanged": 2}
    # Organizations of a file of this country have no area outside the tree.
    bring(a_service(9, a_place("here", lat=37.96, lon=23.76), owner="of-athens"), source="other")
    assert Organization.objects.get(name="House of-athens").area is None


def test_what_is_over_is_kept_and_counted() -> None:
    result = bring(a_service(1, columns={"ends_on": "2014-12-31"}), a_service(2))
    assert (counts(result), result.over) == ({"created": 2}, 1)
    assert (
        Service.objects.get(name="Service 1").status == "active"
    )  # that it is over is told by the day, not by a state


def test_a_second_run_says_unchanged_and_a_third_says_what_was_changed() -> None:
    rows = [a_service(number) for number in range(1, 121)]
    rows += [
        a_service(200, held="a person is named"),
        a_service(201, wrong="name: no"),
        rows[0],
        rows[1] | {"held": "x"},
    ]
    rows[120]["held"], rows[121]["wrong"] = "a person is named", "name: no"
    first = bring(*rows)
    assert counts(first) == {"created": 120, "waiting": 2, "refused": 1, "duplicate": 1}
    second = bring(*rows)
    assert (counts(second), second.asked) == ({"unchanged": 120, "waiting": 2, "refused": 1, "duplicate": 1}, 0)
    changed = [
        a_service(number, status="inactive") if number % 12 == 0 else row for number, row in enumerate(rows[:120], 1)
    ]
    third = bring(*changed, *rows[120:122], changed[0], rows[123])
    assert counts(third) == {"updated": 10, "unchanged": 110, "waiting": 2, "refused": 1, "duplicate": 1}
    assert [line.split(":")[0] for line in third.updated] == [str(12 * number) for number in range(1, 11)]


def test_long_lists_are_counted_and_cut() -> None:
    rows = [a_service(number, wrong="name: no") | {"wrong": "name: no"} for number in range(30)]
    result = bring(*rows, limit=10)
    assert (len(result.refused), result.refused.total, result.counts["refused"]) == (10, 30, 30)
    lines: Lines[str] = Lines(None)
    for number in range(5000):
        lines.add(str(number))
    assert len(lines) == lines.total == 5000


def test_the_number_of_files_is_checked() -> None:
    from pathlib import Path

    with pytest.raises(Unreadable, match="rich takes 0 to 9 files; here are 10"):
        run_import(rich(), [Path(str(number)) for number in range(10)])


def test_one_that_the_directory_refuses_does_not_hold_up_its_batch() -> None:
    rows = [a_service(number) for number in range(1, 21)]
    rows[7] = a_service(8, columns={"phone": "none"})
    rows[15] = a_service(16, categories=["no-such-need"])
    result = bring(*rows)
    assert counts(result) == {"created": 18, "refused": 2}
    assert [(row.source_id, row.reason) for row in result.refused] == [
        ("8", "phone: this is no phone number (none)"),
        (
            "16",
            "categories: a category of the table of types is not loaded here. Run: sympolity serve --prepare-only (no-such-need)",
        ),
    ]
    assert counts(bring(*rows)) == {"unchanged": 18, "refused": 2}


# A run that is stopped anywhere.

_STEPS = [
    (sharing, "receive"),
    (sharing, "turn"),
    (people, "register_organizations"),
    (directory, "record_locations"),
    (directory, "record_services"),
]
_TABLES: list[type[models.Model]] = [
    Service,
    Location,
    Organization,
    ServiceAtLocation,
    Schedule,
    RequiredDocument,
    Text,
]
_OWN = {"created_at", "updated_at", "received_at", "decided_at"}


class _Stopped(BaseException):
    """Stands for a kill: nothing catches it."""


def _tables() -> dict[str, list[str]]:
    """What stands, without times and ids of links."""
    found = {
        model.__name__: sorted(
            str([row[f.attname] for f in model._meta.concrete_fields if f.name not in _OWN and (model in {Service, Location, Organization} or f.name != "id")])
            for row in model._default_manager.values()
        )
        for model in _TABLES
    }  # fmt: skip
    kept = Proposal.objects.exclude(state="superseded").values_list(
        "source_id", "state", "raw_hash", "mapped", "reason"
    )
    return found | {"Proposal": sorted(map(str, kept))}


def _stopping(patch: pytest.MonkeyPatch, at: int) -> list[int]:
    """From now on the ``at``-th step of all is done and then nothing more. The number of steps that were done."""
    done = [0]

    def stopping(step: Callable[..., Any]) -> Callable[..., Any]:
        def run(**words: Any) -> Any:
            result = step(**words)
            done[0] += 1
            if done[0] == at:
                raise _Stopped
            return result

        return run

    for module, name in _STEPS:
        patch.setattr(module, name, stopping(getattr(module, name)))
    return done


def test_a_run_that_was_stopped_anywhere_is_ended_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "BATCH", 3)
    bring(a_service(1, **FULL), a_service(90))
    rows = [
        a_service(1), a_service(2, a_place("s"), **FULL), a_service(3, a_place("s"), owner="two"),
        a_service(4) | {"held": "a person is named"}, a_service(5) | {"wrong": "name: no"}, a_service(2),
    ]  # fmt: skip
    begun = transaction.savepoint()
    run_import(rich(*rows), [], allow_endings=True)
    wanted = _tables()
    transaction.savepoint_rollback(begun)
    at, ended = 0, False
    while not ended:
        at += 1
        begun = transaction.savepoint()
        with monkeypatch.context() as patch:
            done = _stopping(patch, at)
            with suppress(_Stopped):
                run_import(rich(*rows), [], allow_endings=True)
            ended = done[0] < at
        run_import(rich(*rows), [], allow_endings=True)
        assert _tables() == wanted, f"stopped after step {at}"
        transaction.savepoint_rollback(begun)
    assert at > 8
