"""A file becomes proposals and records; again it changes nothing; what is wrong waits and blocks nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sympolity.directory.actions import Outcome
from sympolity.directory.models import Location, Service
from sympolity.exchange import formats
from sympolity.exchange.applying import Change, apply, record_id
from sympolity.exchange.formats.signpost import map_record
from sympolity.exchange.importing import Result, run_import
from sympolity.exchange.placing import placing
from sympolity.exchange.reading import Unreadable
from sympolity.exchange.tests.pages import a_page, a_record, written
from sympolity.kit.actor import SYSTEM
from sympolity.languages.models import Text
from sympolity.people.models import Organization
from sympolity.sharing import actions as sharing
from sympolity.sharing.models import Proposal
from sympolity.trail.models import Entry

pytestmark = pytest.mark.django_db


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


def names() -> dict[str, str]:
    return dict(Service.objects.order_by("name").values_list("name", "status"))


TEN = [a_record(number) for number in range(1, 11)]


def test_records_stand_with_their_place_provider_and_texts(tmp_path: Path) -> None:
    assert counts(bring(tmp_path, *TEN)) == {"created": 10}
    service = Service.objects.get(id=record_id("signpost", "service", "4"))
    assert (service.name, service.lang, service.origin, service.example) == ("Comedor 4", "es", "Signpost", False)
    assert [category.slug for category in service.categories.all()] == ["food"]
    assert Text.objects.get(noun_id=service.id, field="name").body == "Kitchen 4"
    place = service.locations.get()
    assert (place.area.slug, place.locality, place.address, place.lat) == ("elsewhere", "Villa Clara", "Calle 4", 13.7)
    owner = service.organization
    assert (owner.name, owner.kind, owner.status, owner.example) == ("Casa 1", "ngo", "approved", False)
    assert Organization.objects.count() == 3
    proposal = Proposal.objects.get(source_id="4")
    assert (proposal.state, proposal.noun_id, proposal.place) == ("accepted", service.id, "record 4 (line 1)")
    assert proposal.raw == TEN[3]


def test_the_same_file_again_writes_nothing(tmp_path: Path) -> None:
    wrong = a_record(11, name="", name_es="")
    bring(tmp_path, *TEN, wrong)
    before = Entry.objects.count(), Proposal.objects.count()
    assert counts(bring(tmp_path, *TEN, wrong)) == {"unchanged": 10, "refused": 1}
    assert (Entry.objects.count(), Proposal.objects.count()) == before


def test_a_dry_run_tells_the_same_and_writes_nothing(tmp_path: Path) -> None:
    records = [*TEN, a_record(11, name="", name_es=""), a_record(1)]
    foretold = bring(tmp_path, *records, dry_run=True)
    assert (Service.objects.count(), Proposal.objects.count(), Organization.objects.count()) == (0, 0, 0)
    assert counts(foretold) == counts(bring(tmp_path, *records)) == {"created": 10, "duplicate": 1, "refused": 1}


def test_a_change_is_told_by_its_fields(tmp_path: Path) -> None:
    bring(tmp_path, *TEN)
    changed = a_record(1, name="Cocina", name_es="Cocina", name_en="")
    result = bring(tmp_path, changed, *TEN[1:])
    assert counts(result) == {"updated": 1, "unchanged": 9}
    assert result.updated == ["1: service.name, service.texts.name.en"]
    assert "Cocina" in names()
    assert not Text.objects.filter(noun_id=record_id("signpost", "service", "1")).exists()  # taken back at the source
    assert sorted(Proposal.objects.filter(source_id="1").values_list("state", flat=True)) == ["accepted", "superseded"]


def test_a_translation_made_here_stays(tmp_path: Path) -> None:
    bring(tmp_path, *TEN)
    service = record_id("signpost", "service", "1")
    Text.objects.create(noun="service", noun_id=service, field="name", language="ar", body="مطبخ", source_hash="")
    bring(tmp_path, a_record(1, address="Calle 99", address_es="Calle 99"), *TEN[1:])
    assert set(Text.objects.filter(noun_id=service).values_list("language", flat=True)) == {"en", "ar"}


def test_a_key_without_a_home_that_changed_changes_no_record(tmp_path: Path) -> None:
    bring(tmp_path, *TEN)
    stamp = Service.objects.get(name="Comedor 1").updated_at
    assert counts(bring(tmp_path, a_record(1, tags=[9]), *TEN[1:])) == {"unchanged": 10}
    assert Service.objects.get(name="Comedor 1").updated_at == stamp
    assert Proposal.objects.get(source_id="1", state="accepted").raw["tags"] == [9]


def test_what_is_absent_from_a_whole_file_ends_and_comes_back(tmp_path: Path) -> None:
    bring(tmp_path, *TEN)
    assert counts(bring(tmp_path, *TEN[1:])) == {"unchanged": 9, "ended": 1}
    assert names()["Comedor 1"] == "defunct"
    assert Proposal.objects.get(source_id="1").state == "retracted"
    assert counts(bring(tmp_path, *TEN[1:])) == {"unchanged": 9}
    assert counts(bring(tmp_path, *TEN)) == {"unchanged": 9, "returned": 1}
    assert names()["Comedor 1"] == "active"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"next": "https://signpost.example/?page=2"}, "it is one page of several"),
        ({"previous": "https://signpost.example/"}, "it is one page of several"),
        ({"count": 10}, "count says 10, the file has 9"),
        ({"count": None}, "count says None, the file has 9"),
    ],
)
def test_nothing_ends_because_of_a_part(tmp_path: Path, more: dict[str, Any], why: str) -> None:
    bring(tmp_path, *TEN)
    result = run_import(formats.get("signpost"), [written(tmp_path, a_page(*TEN[1:], **more))])
    assert (counts(result), result.not_whole) == ({"unchanged": 9}, why)
    assert set(names().values()) == {"active"}


def test_an_item_that_lost_its_id_ends_nothing(tmp_path: Path) -> None:
    bring(tmp_path, *TEN)
    result = bring(tmp_path, a_record(1, id=None), *TEN[1:])
    assert (counts(result), result.not_whole) == ({"unchanged": 9, "refused": 1}, "1 records have no id")


def test_too_many_endings_stop_before_anything_is_written(tmp_path: Path) -> None:
    bring(tmp_path, *TEN)
    with pytest.raises(Unreadable, match=r"3 of 10 services of 'signpost'.*--allow-endings"):
        bring(tmp_path, *TEN[3:], a_record(77))
    assert len(names()) == 10
    assert set(names().values()) == {"active"}
    assert counts(bring(tmp_path, *TEN[3:], a_record(77), allow_endings=True)) == {
        "unchanged": 7,
        "created": 1,
        "ended": 3,
    }


def test_a_wrong_item_waits_with_its_place_and_blocks_nobody(tmp_path: Path) -> None:
    wrong = a_record(5, location={"type": "Point", "coordinates": [0, 0]})
    result = bring(tmp_path, *TEN[:4], wrong, *TEN[5:], "text", None)
    assert counts(result) == {"created": 9, "refused": 3}
    assert [(row.place, row.reason.split(":")[0]) for row in result.refused] == [
        ("record 5 (line 1)", "location.coordinates"),
        ("record 11 (line 1)", "a record is an object; here is a text"),
        ("record 12 (line 1)", "a record is an object; here is nothing"),
    ]
    row = Proposal.objects.get(source_id="5")
    assert (row.state, row.place, row.raw) == ("invalid", "record 5 (line 1)", wrong)
    assert counts(bring(tmp_path, *TEN)) == {"created": 1, "unchanged": 9}
    assert not Proposal.objects.filter(state="invalid").exists()


def test_a_new_version_that_is_wrong_leaves_the_record_as_it_was(tmp_path: Path) -> None:
    bring(tmp_path, *TEN)
    assert counts(bring(tmp_path, a_record(1, name="", name_es=""), *TEN[1:])) == {"refused": 1, "unchanged": 9}
    assert names()["Comedor 1"] == "active"
    assert sorted(Proposal.objects.filter(source_id="1").values_list("state", flat=True)) == ["accepted", "invalid"]
    assert counts(bring(tmp_path, *TEN)) == {"unchanged": 10}
    assert not Proposal.objects.filter(state="invalid").exists()


def test_swapped_points_are_found_by_their_neighbours(tmp_path: Path) -> None:
    result = bring(tmp_path, *TEN, a_record(11, location={"type": "Point", "coordinates": [13.7, -89.2]}))
    assert counts(result) == {"created": 10, "refused": 1}
    assert "seems swapped" in result.refused[0].reason


def test_an_id_twice_is_one_thing_when_it_says_the_same(tmp_path: Path) -> None:
    result = bring(tmp_path, *TEN, TEN[0])
    assert counts(result) == {"created": 10, "duplicate": 1}
    assert result.duplicates == ["record 11 (line 1): id 1 stood before in the files, the same"]


def test_an_id_twice_that_says_something_else_waits_for_a_person(tmp_path: Path) -> None:
    other = a_record(1, name="Otra", name_es="Otra")
    result = bring(tmp_path, *TEN, other, other)
    assert counts(result) == {"created": 10, "waiting": 1, "duplicate": 1}
    waits = Proposal.objects.get(state="review")
    assert (waits.source_id[:2], waits.raw, waits.reason) == (
        "1~",
        other,
        "another record of the files has the same id and says something else; the first was taken",
    )
    assert counts(bring(tmp_path, *TEN, other)) == {"unchanged": 10, "waiting": 1}
    assert "Otra" not in names()


def test_the_same_thing_under_two_ids_waits_for_a_person(tmp_path: Path) -> None:
    twin = TEN[0] | {"id": 12}
    result = bring(tmp_path, *TEN, twin)
    assert (counts(result), result.asked) == ({"created": 10, "waiting": 1}, 1)
    reason = "likely the same as id 1: the same name and the same organization or place"
    assert [(row.source_id, row.reason) for row in result.waiting] == [("12", reason)]
    assert Service.objects.filter(name="Comedor 1").count() == 1
    # In another order, and when the first stands already, it is the same record that waits.
    again = bring(tmp_path, twin, *TEN)
    assert (counts(again), again.asked) == ({"unchanged": 10, "waiting": 1}, 0)


def test_a_twin_of_what_another_source_brought_waits(tmp_path: Path) -> None:
    bring(tmp_path, *TEN, source="signpost:one")
    result = bring(tmp_path, TEN[3] | {"id": 77}, a_record(78), source="signpost:two")
    assert counts(result) == {"created": 1, "waiting": 1}
    assert "likely the same as id 4 of signpost:one" in result.waiting[0].reason


def test_the_same_name_elsewhere_is_another_service(tmp_path: Path) -> None:
    branch = TEN[0] | {"id": 12, "location": {"type": "Point", "coordinates": [-89.3, 13.8]}}
    nameless = TEN[0] | {"id": 13, "location": None, "provider": {"id": 9, "name": "Otra casa"}}
    assert counts(bring(tmp_path, *TEN, branch, nameless)) == {"created": 12}


def test_many_at_one_point_say_where_a_town_is_and_not_what_is_the_same(tmp_path: Path) -> None:
    middle = {"location": {"type": "Point", "coordinates": [-89.2, 13.7]}, "name": "Comedor", "name_es": "Comedor"}
    rows = [a_record(number, **middle, provider={"id": number, "name": f"Casa {number}"}) for number in range(1, 7)]
    assert counts(bring(tmp_path, *rows)) == {"created": 6}
    assert counts(bring(tmp_path, *rows[:2], source="two")) == {"waiting": 2}


def test_a_source_that_gives_a_thing_a_new_id_makes_nobody_wait(tmp_path: Path) -> None:
    bring(tmp_path, *TEN)
    assert counts(bring(tmp_path, *TEN[1:], TEN[0] | {"id": 50})) == {"unchanged": 9, "created": 1, "ended": 1}


def test_free_text_that_names_a_person_or_a_number_is_held(tmp_path: Path) -> None:
    wrong = a_record(11, name_es="Comedor, llamar 2222 3333", name_en="Kitchen")
    result = bring(tmp_path, *TEN, wrong)
    assert counts(result) == {"created": 10, "waiting": 1}
    assert result.waiting[0].reason == "service.name: the text holds a phone number. Look at it before it is public"
    mended = bring(tmp_path, *TEN, a_record(11))
    assert counts(mended) == {"unchanged": 10, "created": 1}
    assert set(Proposal.objects.filter(source_id="11").values_list("state", flat=True)) == {"accepted", "superseded"}


def test_controls_and_broken_letters_do_no_harm(tmp_path: Path) -> None:
    result = bring(
        tmp_path, *TEN, a_record(11, provider={"id": 9, "name": "Casa\x00 9"}), a_record(12, name_es="\ud800\x00x")
    )
    assert counts(result) == {"created": 12}
    assert Organization.objects.get(id=record_id("signpost", "organization", "9")).name == "Casa\ufffd 9"


def test_what_an_action_refuses_is_that_items_alone() -> None:
    changes = [Change("signpost", str(n), placing(), map_record(a_record(n), None).data) for n in range(1, 4)]
    changes[1].mapped["service"]["categories"][:] = ["no-such-need"]
    done, refused = apply(actor=SYSTEM, changes=changes)
    assert done == {"1": Outcome.CREATED, "3": Outcome.CREATED}
    assert list(refused) == ["2"]
    assert "(no-such-need)" in refused["2"]


def test_a_run_that_was_stopped_is_ended_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(**_: Any) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sharing, "turn", stop)
        with pytest.raises(KeyboardInterrupt):
            bring(tmp_path, *TEN)
    assert set(Proposal.objects.values_list("state", flat=True)) == {"received"}
    bring(tmp_path, *TEN)
    assert set(Proposal.objects.values_list("state", flat=True)) == {"accepted", "superseded"}
    assert counts(bring(tmp_path, *TEN)) == {"unchanged": 10}
    assert Service.objects.count() == 10


def test_what_a_person_declined_is_not_brought_in_again(tmp_path: Path) -> None:
    bring(tmp_path, *TEN, a_record(11, name="", name_es=""))
    wrong = Proposal.objects.get(state="invalid")
    sharing.turn(actor=SYSTEM, verb="decline", ids=[wrong.id])
    Proposal.objects.filter(id=wrong.id).update(source_id="13", raw_hash=Proposal.objects.get(source_id="1").raw_hash)
    assert Proposal.objects.get(id=wrong.id).state == "declined"
    assert counts(bring(tmp_path, *TEN, a_record(11))) == {"unchanged": 10, "created": 1}


def test_two_sources_do_not_touch_each_other(tmp_path: Path) -> None:
    bring(tmp_path, *TEN, source="signpost:one")
    others = [a_record(number, name=f"Escuela {number}", name_es=f"Escuela {number}") for number in (1, 2)]
    assert counts(bring(tmp_path, *others, source="signpost:two")) == {"created": 2}
    assert Service.objects.count() == 12
    assert Location.objects.count() == 12


def test_without_facts_nothing_begins(tmp_path: Path) -> None:
    from sympolity.directory.models import Category

    Category.objects.filter(slug="other-help").delete()
    with pytest.raises(Unreadable, match="not loaded here yet"):
        bring(tmp_path, *TEN)
    assert not Proposal.objects.exists()
