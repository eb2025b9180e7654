"""HSDS through the whole import: made once, unchanged the second time, and only what was changed the third."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from sympolity.directory.models import Location, Service
from sympolity.exchange import formats
from sympolity.exchange.importing import run_import
from sympolity.exchange.result import Result
from sympolity.exchange.tests.hsds_samples import Maker, a_service, as_tables
from sympolity.kit.actor import SYSTEM
from sympolity.people.models import Organization

pytestmark = pytest.mark.usefixtures("_facts")


@pytest.fixture
def _facts(db: None) -> None:
    from sympolity.directory import needs
    from sympolity.places import actions as places

    places.load_areas()
    needs.record_needs(actor=SYSTEM, needs=needs.load())


def taken(path: Path, source: str = "hsds") -> Result:
    result = run_import(formats.get("hsds"), [path], source=source)
    assert result.accounted == result.records
    assert (result.coverage.unknown(), result.page_unknown) == ([], [])
    return result


def counts(result: Result) -> dict[str, int]:
    return {name: number for name, number in result.counts.items() if number}


def written(folder: Path, services: list[dict[str, Any]]) -> Path:
    path = folder / "services.json"
    path.write_text(json.dumps(services), encoding="utf-8")
    return path


def test_three_runs_over_any_valid_services(tmp_path: Path) -> None:
    """Sixty services as the schema allows them: nothing breaks, and each has one outcome."""
    services = [Maker(seed, rich=0.3 + seed % 4 / 5).service() for seed in range(60)]
    first = taken(written(tmp_path, services))
    assert first.records == 60
    assert first.counts["refused"] == 0, first.refused
    stands = first.counts["created"]
    assert stands > 30
    assert stands + first.counts["waiting"] == 60, "no organization, or a name in a sentence: a person looks first"
    again = taken(written(tmp_path, services))
    assert (again.counts["unchanged"], again.counts["waiting"]) == (stands, 60 - stands)
    changed = copy.deepcopy(services)
    standing = {str(one) for one in Service.objects.values_list("name", flat=True)}
    chosen = [one for one in changed if one["name"] in standing][:10]
    for one in chosen:
        one["description"] = "Other words than before."
    third = taken(written(tmp_path, changed))
    assert third.counts["updated"] == 10
    assert {line.split(":")[0] for line in third.updated} == {one["id"] for one in chosen}


def test_tables_after_json_change_nothing(tmp_path: Path) -> None:
    services = [a_service(number) for number in range(12)]
    assert counts(taken(written(tmp_path, services))) == {"created": 12}
    again = taken(as_tables(tmp_path / "tables", services))
    assert counts(again) == {"unchanged": 12}, "other raw input, the same services"
    assert (Service.objects.count(), Location.objects.count(), Organization.objects.count()) == (12, 12, 7)
    gone = taken(as_tables(tmp_path / "fewer", services[:11]))
    assert counts(gone) == {"unchanged": 11, "ended": 1}


def test_what_stands(tmp_path: Path) -> None:
    more = {
        "fees": "None", "languages": [{"code": "ara"}], "required_documents": [{"id": "d1", "document": "Any paper with your name"}],
        "holiday_schedules": [{"id": "x", "start_date": "2030-08-01", "end_date": "2030-08-15", "closed": True}],
    }  # fmt: skip
    taken(written(tmp_path, [a_service(1, **more)]))
    service = Service.objects.get()
    assert (service.name, service.origin, service.cost, service.languages) == ("Kitchen 1", "HSDS", "free", ["ar"])
    assert [one.slug for one in service.categories.all()] == ["meals"]
    assert [one.name for one in service.documents.all()] == ["Any paper with your name"]
    schedule = service.schedules.get()
    assert (schedule.opening_hours, schedule.exceptions.get().hours) == ("Mo-Tu 09:00-12:00", "off")
    assert service.locations.get().address == "Street 1"
