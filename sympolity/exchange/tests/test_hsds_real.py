"""The real examples of HSDS: every record and every field is accounted for, and a second run changes nothing."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from sympolity.directory.models import Service
from sympolity.exchange import formats
from sympolity.exchange.importing import run_import
from sympolity.exchange.result import Result
from sympolity.kit.actor import SYSTEM
from sympolity.sharing.models import Proposal

pytestmark = pytest.mark.usefixtures("_facts")


@pytest.fixture
def _facts(transactional_db: None) -> None:
    from sympolity.directory import needs
    from sympolity.places import actions as places

    places.load_areas()
    needs.record_needs(actor=SYSTEM, needs=needs.load())


def _counts(result: Result) -> dict[str, int]:
    assert result.accounted == result.records, "each record has one outcome"
    assert result.coverage.unknown() == [], "each field has a column or a reason"
    assert result.page_unknown == []
    return {name: number for name, number in result.counts.items() if number}


def _taken(path: Path, source: str) -> dict[str, int]:
    return _counts(run_import(formats.get("hsds"), [path], source=source))


def test_the_examples_of_hsds_3(shared: Path) -> None:
    folder = shared / "data/hsds-3-examples"
    expected = {
        "service_full.json": {"created": 1},
        "service_list.json": {"created": 1},
        "service_at_location_full.json": {"created": 1},
        "organization_full.json": {"created": 1},
        "organization_list.json": {"refused": 1},
        "location.json": {"refused": 1},
        "taxonomy.json": {"refused": 1},
        "taxonomy_term.json": {"refused": 1},
        "tabular.json": {"created": 1, "refused": 2},
        "csv": {"created": 1, "refused": 2},
    }
    assert {name: _taken(folder / name, name) for name in expected} == expected
    again = {name: _taken(folder / name, name) for name in expected}
    assert {name: counts.get("unchanged", 0) for name, counts in again.items()} == {
        name: counts.get("created", 0) for name, counts in expected.items()
    }


def test_the_sample_of_ohana(shared: Path, tmp_path: Path) -> None:
    folder = tmp_path / "ohana"
    shutil.copytree(shared / "data/hsds-1-ohana-sample", folder)
    result = run_import(formats.get("hsds"), [folder], source="ohana")
    print(f"\n{result.records} records in {result.seconds:.2f} s")
    for row in result.coverage.rows():
        print(f"{row.key:<60}{row.filled:>5}{row.reached:>5}  {row.home}")
    assert _counts(result) == {"created": 20, "waiting": 3}, (
        "two phone numbers in sentences, a place of people in danger"
    )
    for proposal in Proposal.objects.filter(source="ohana"):
        kept = next(row for row in _rows(folder) if row["id"] == proposal.source_id)
        assert {key: proposal.raw.get(key) for key in kept} == kept
    assert Service.objects.count() == 20
    assert _counts(run_import(formats.get("hsds"), [folder], source="ohana")) == {"unchanged": 20, "waiting": 3}
    _change_by_hand(folder, {"18", "20", "22"})
    third = run_import(formats.get("hsds"), [folder], source="ohana")
    assert _counts(third) == {"updated": 3, "unchanged": 17, "waiting": 3}
    assert {line.split(":")[0] for line in third.updated} == {"18", "20", "22"}


def _rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "services.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _change_by_hand(folder: Path, names: set[str]) -> None:
    rows = [row | ({"description": "Other words."} if row["id"] in names else {}) for row in _rows(folder)]
    with (folder / "services.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_the_names_of_the_schema_have_homes(shared: Path) -> None:
    """The dictionary of HSDS 3 and the columns of HSDS 1, as they are published."""
    from sympolity.exchange.formats.hsds.homes import FIELDS, PARTS

    with (shared / "data/hsds-3-schema/schema.csv").open(encoding="utf-8") as file:
        rows = [(row["table_name"], row["name"]) for row in csv.DictReader(file)]
    for path in (shared / "conformance/hsds/schema").glob("*.json"):
        schema = json.loads(path.read_text(encoding="utf-8"))
        rows += [(path.stem, name) for name in schema.get("properties", ()) if path.stem in FIELDS]
    homeless = {(table, name) for table, name in rows if name not in FIELDS[table] and name not in PARTS.get(table, {})}
    assert homeless == set()
