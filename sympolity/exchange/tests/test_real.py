"""Real files: all of it stands, is found, and nothing is lost without a word."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sympolity.directory import rules
from sympolity.directory.models import Service
from sympolity.exchange import formats, screening
from sympolity.exchange.importing import Result, run_import
from sympolity.kit.actor import PUBLIC, SYSTEM
from sympolity.places.models import Area
from sympolity.search import engine, store
from sympolity.search.indexer import Indexer
from sympolity.search.query import parse
from sympolity.sharing.models import Proposal
from sympolity.trail.models import Entry


@pytest.fixture
def page(shared: Path) -> Path:
    return shared / "data/services-signpost/services_page.json"


@pytest.fixture
def jordan(shared: Path) -> list[Path]:
    folder = shared / "data/services-jordan"
    return [folder / "services_ar.json", folder / "services_en.json"]


@pytest.fixture
def _facts(transactional_db: None) -> None:
    from sympolity.directory import needs
    from sympolity.places import actions as places

    places.load_areas()
    needs.record_needs(actor=SYSTEM, needs=needs.load())


@pytest.mark.usefixtures("_facts")
def test_the_real_page(page: Path, tmp_path: Path) -> None:
    result = run_import(formats.get("signpost"), [page])
    print(f"\n{result.records} records in {result.seconds:.2f} s")
    for row in result.coverage.rows():
        print(f"{row.key:<34}{row.filled:>5}{row.reached:>5}{row.reached / result.records:>6.0%}  {row.home}")
    assert _counted(result) == {"created": 198, "waiting": 22}
    assert {row.reason for row in result.waiting} == {screening.SHELTER}
    assert (result.not_whole, result.coverage.unknown(), result.page_unknown) == ("", [], [])
    _every_key_is_accounted_for(page)
    _shares(result.coverage.reached)
    _it_is_found(tmp_path / "index")
    before = Entry.objects.count()
    again = run_import(formats.get("signpost"), [page])
    assert _counted(again) == {"unchanged": 198, "waiting": 22}
    assert Entry.objects.count() == before


def _every_key_is_accounted_for(page: Path) -> None:
    """What came in is what is kept: the raw input of all proposals is the file."""
    records = json.loads(page.read_text(encoding="utf-8"))["results"]
    kept = dict(Proposal.objects.filter(state__in=["accepted", "review"]).values_list("source_id", "raw"))
    assert kept == {str(record["id"]): record for record in records}


def _shares(reached: dict[str, int]) -> None:
    """The share of the keys that carry the directory, as counted in the file."""
    expected = {
        "name": 220, "name_es": 220, "name_en": 127, "name_ar": 1, "location.coordinates": 206, "provider.name": 220,
        "region.name": 220, "address": 218, "types": 218, "type": 205, "status": 220,
    }  # fmt: skip
    assert {key: reached[key] for key in expected} == expected


def _it_is_found(root: Path) -> None:
    Indexer(root).rebuild()
    reader = store.Reader(root)
    keys = rules.keys(PUBLIC)
    everything = engine.answer(reader, parse({}), keys=keys, lang="en")
    assert everything.total == Service.objects.count() == 198
    for question, least in (("empleo", 3), ("salud", 20), ("Mejicanos", 5), ("job", 15)):
        found = engine.answer(reader, parse({"q": [question]}), keys=keys, lang="es")
        assert found.total >= least, question
    assert Area.objects.filter(slug="elsewhere", kind="outside").exists()


@pytest.mark.usefixtures("_facts")
def test_the_lists_of_jordan(jordan: list[Path], tmp_path: Path) -> None:
    """562 records under 549 ids: double ids, likely copies and places of people in danger wait; all are over, none is lost."""
    form = formats.get("services_advisor")
    result = run_import(form, jordan)
    print(f"\n{result.records} records in {result.seconds:.2f} s")
    assert _counted(result) == {"created": 367, "waiting": 195}
    assert (result.accounted, result.over, result.asked) == (562, 562, 195)
    assert (result.coverage.unknown(), result.page_unknown, dict(result.fallback)) == ([], [], {})
    assert sum("same id" in row.reason for row in result.waiting) == 13
    english = json.loads(jordan[1].read_text(encoding="utf-8"))
    kept = [raw["en"] for raw in Proposal.objects.values_list("raw", flat=True)]
    # PostgreSQL keeps what a record says, and not the order of its keys.
    assert sorted(json.dumps(one, sort_keys=True) for one in kept) == sorted(
        json.dumps(one, sort_keys=True) for one in english
    )
    before = Entry.objects.count()
    again = run_import(form, jordan[::-1])
    assert (_counted(again), again.asked) == ({"unchanged": 367, "waiting": 195}, 0)
    assert Entry.objects.count() == before
    for feature in english[5:505:50]:
        feature["properties"]["locationName"] += " (new)"
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(english), encoding="utf-8")
    third = run_import(form, [jordan[0], changed])
    moved = third.counts["updated"] + third.counts["created"] + third.asked
    assert (moved, third.accounted, third.counts["refused"]) == (10, 562, 0)


@pytest.mark.usefixtures("_facts")
@pytest.mark.parametrize("which", [0, 1])
def test_one_of_the_two_lists_alone(jordan: list[Path], which: int) -> None:
    result = run_import(formats.get("services_advisor"), jordan[which : which + 1], dry_run=True)
    assert (result.accounted, result.counts["refused"], result.coverage.unknown()) == (562, 0, [])


def _counted(result: Result) -> dict[str, int]:
    return {name: number for name, number in result.counts.items() if number}
