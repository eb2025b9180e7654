"""The real page of 220 services of Signpost: all of it stands, is found, and nothing is lost without a word."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sympolity.directory import rules
from sympolity.directory.models import Service
from sympolity.exchange.importing import import_signpost
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
def _facts(transactional_db: None) -> None:
    from sympolity.directory import needs
    from sympolity.places import actions as places

    places.load_areas()
    needs.record_needs(actor=SYSTEM, needs=needs.load())


@pytest.mark.usefixtures("_facts")
def test_the_real_page(page: Path, tmp_path: Path) -> None:
    result = import_signpost(page)
    print(f"\n{result.records} records in {result.seconds:.2f} s")
    for row in result.coverage.rows():
        print(f"{row.key:<34}{row.filled:>5}{row.reached:>5}{row.reached / result.records:>6.0%}  {row.home}")
    assert {name: number for name, number in result.counts.items() if number} == {"created": 220}
    assert (result.not_whole, result.coverage.unknown(), result.page_unknown) == ("", [], [])
    _every_key_is_accounted_for(page)
    _shares(result.coverage.reached)
    _it_is_found(tmp_path / "index")
    before = Entry.objects.count()
    again = import_signpost(page)
    assert {name: number for name, number in again.counts.items() if number} == {"unchanged": 220}
    assert Entry.objects.count() == before


def _every_key_is_accounted_for(page: Path) -> None:
    """What came in is what is kept: the raw input of all proposals is the file."""
    records = json.loads(page.read_text(encoding="utf-8"))["results"]
    kept = dict(Proposal.objects.filter(state="accepted").values_list("source_id", "raw"))
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
    assert everything.total == Service.objects.count() == 220
    for question, least in (("empleo", 3), ("salud", 20), ("Mejicanos", 5), ("job", 15)):
        found = engine.answer(reader, parse({"q": [question]}), keys=keys, lang="es")
        assert found.total >= least, question
    assert Area.objects.filter(slug="elsewhere", kind="outside").exists()
