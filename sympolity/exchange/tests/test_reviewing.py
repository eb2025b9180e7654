"""A person decides about what waits: accepted is applied, declined stays away, and nobody is asked twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from sympolity.directory.actions import Outcome
from sympolity.directory.models import Location, Service
from sympolity.exchange import formats, reviewing
from sympolity.exchange.applying import record_id
from sympolity.exchange.importing import Result, run_import
from sympolity.exchange.tests.pages import a_page, a_record, written
from sympolity.kit.actor import PUBLIC, SYSTEM, Actor, Grant, Role
from sympolity.kit.refusals import Refusal
from sympolity.sharing import actions as sharing
from sympolity.sharing.models import Proposal
from sympolity.trail.models import Entry

pytestmark = pytest.mark.django_db

CURATOR = Actor(person=uuid4(), grants=frozenset({Grant(Role.CURATOR)}))
TWIN = a_record(1) | {"id": 12}
SECOND = a_record(2, name="Otra", name_es="Otra", location={"type": "Point", "coordinates": [-89.25, 13.75]})
HELD = a_record(3, name="Casa, llamar 2222 3333", name_es="Casa, llamar 2222 3333")


@pytest.fixture(autouse=True)
def _facts(db: None) -> None:
    from sympolity.directory import needs
    from sympolity.places import actions as places

    places.load_areas()
    needs.record_needs(actor=SYSTEM, needs=needs.load())


def bring(folder: Path, *records: Any, **options: Any) -> Result:
    return run_import(formats.get("signpost"), [written(folder, a_page(*records))], **options)


def counts(result: Result) -> dict[str, int]:
    return {name: number for name, number in result.counts.items() if number}


def waiting() -> list[Proposal]:
    return list(Proposal.objects.filter(state="review").order_by("source_id"))


def test_accepted_ones_stand_and_are_not_asked_again(tmp_path: Path) -> None:
    records = [a_record(1), a_record(2), TWIN, SECOND, HELD]
    assert counts(bring(tmp_path, *records)) == {"created": 2, "waiting": 3}
    rows = waiting()
    decided = reviewing.accept(actor=CURATOR, ids=[row.id for row in rows])
    assert (set(decided.outcomes.values()), len(decided.outcomes), decided.refused) == ({Outcome.CREATED}, 3, {})
    assert Service.objects.count() == Location.objects.count() == 5  # the second with an id has a place of its own
    assert {(row.state, row.decided_by) for row in Proposal.objects.filter(id__in=[row.id for row in rows])} == {
        ("accepted", CURATOR.person)
    }
    assert Service.objects.get(name="Otra").locations.get().lon == -89.25
    before = Entry.objects.count()
    assert counts(bring(tmp_path, *records)) == {"unchanged": 5}
    assert Entry.objects.count() == before
    # It stands, so a change of it is an ordinary change; what is held for its words is asked again.
    moved = TWIN | {"address_es": "Calle 99", "address": "Calle 99"}
    told = HELD | {"name": "Casa, llamar 2222 4444", "name_es": "Casa, llamar 2222 4444"}
    assert counts(bring(tmp_path, a_record(1), a_record(2), moved, SECOND, told)) == {
        "unchanged": 3,
        "updated": 1,
        "waiting": 1,
    }


def test_declined_ones_stay_away_until_they_change(tmp_path: Path) -> None:
    records = [a_record(1), a_record(2), TWIN, SECOND, HELD]
    bring(tmp_path, *records)
    assert reviewing.decline(actor=CURATOR, ids=[row.id for row in waiting()]) == 3
    again = bring(tmp_path, *records)
    assert (counts(again), again.accounted) == ({"unchanged": 2, "declined": 3}, 5)
    assert Service.objects.count() == 2
    assert counts(bring(tmp_path, *records[:4], a_record(3))) == {"unchanged": 2, "declined": 2, "created": 1}


def test_what_waits_stays_as_it_is_when_its_twin_changes(tmp_path: Path) -> None:
    bring(tmp_path, a_record(1), TWIN)
    other = a_record(1, name="Cocina", name_es="Cocina")
    again = bring(tmp_path, other, TWIN)
    assert (counts(again), again.asked) == ({"updated": 1, "waiting": 1}, 0)


def test_what_is_gone_waits_no_more(tmp_path: Path) -> None:
    bring(tmp_path, a_record(1), TWIN)
    assert counts(bring(tmp_path, a_record(1))) == {"unchanged": 1}
    assert Proposal.objects.get(source_id="12").state == "retracted"


def test_only_staff_decides_and_only_of_what_waits(tmp_path: Path) -> None:
    bring(tmp_path, a_record(1), TWIN)
    (row,) = waiting()
    stands = Proposal.objects.get(state="accepted")
    for verb in (reviewing.accept, reviewing.decline):
        with pytest.raises(Refusal, match="unknown_proposal"):
            verb(actor=PUBLIC, ids=[row.id])
        with pytest.raises(Refusal, match="unknown_proposal"):
            verb(actor=CURATOR, ids=[uuid4(), row.id])
        with pytest.raises(Refusal, match="wrong_state"):
            verb(actor=CURATOR, ids=[row.id, stands.id])
    assert waiting() == [row]
    assert Service.objects.count() == 1


def test_one_that_cannot_be_applied_waits_on(tmp_path: Path) -> None:
    bring(tmp_path, a_record(1), TWIN, HELD)
    bad, good = waiting()
    bad.mapped["service"]["categories"] = ["no-such-need"]
    bad.save()
    decided = reviewing.accept(actor=CURATOR, ids=[bad.id, good.id, good.id])
    assert (list(decided.outcomes), list(decided.refused)) == ([good.id], [bad.id])
    assert waiting() == [bad]


def test_an_acceptance_that_was_stopped_can_be_said_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(**_: Any) -> int:
        raise KeyboardInterrupt

    bring(tmp_path, a_record(1), TWIN)
    (row,) = waiting()
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(sharing, "turn", stop)
        reviewing.accept(actor=CURATOR, ids=[row.id])
    assert Service.objects.filter(id=record_id("signpost", "service", "12")).exists()
    assert reviewing.accept(actor=CURATOR, ids=[row.id]).outcomes == {row.id: Outcome.UNCHANGED}
    assert waiting() == []
