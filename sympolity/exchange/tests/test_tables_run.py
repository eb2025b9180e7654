"""A municipality's table goes in through proposals: again nothing changes, and ten changed rows are ten."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from sympolity.directory.models import Service
from sympolity.exchange.formats import get
from sympolity.exchange.importing import run_import
from sympolity.exchange.tests import workbooks
from sympolity.kit.actor import SYSTEM
from sympolity.languages.models import Text

Write = Callable[[Path, Sequence[Sequence[object]]], Path]


@pytest.fixture
def _facts(db: None) -> None:
    from sympolity.directory import needs
    from sympolity.places import actions as places

    places.load_areas()
    needs.record_needs(actor=SYSTEM, needs=needs.load())


def _csv(folder: Path, rows: Sequence[Sequence[object]]) -> Path:
    return workbooks.csv_file(folder, rows, by=";", encoding="cp1253" if _is_greek(rows) else "utf-8-sig")


def _is_greek(rows: Sequence[Sequence[object]]) -> bool:
    return not any("\u0600" <= char <= "\u06ff" for row in rows for value in row for char in str(value))


def _said(counts: dict[str, int]) -> dict[str, int]:
    return {name: number for name, number in counts.items() if number}


@pytest.mark.usefixtures("_facts")
@pytest.mark.parametrize(("name", "write"), [("csv", _csv), ("xlsx", workbooks.workbook)])
def test_a_table_of_two_hundred_services(name: str, write: Write, tmp_path: Path) -> None:
    rows = workbooks.services(200)
    path = write(tmp_path, rows)
    result = run_import(get(name), [path], source="athens")
    assert (_said(result.counts), result.refused[:3], result.waiting[:3]) == ({"created": 200}, [], [])
    unmapped = [row.key for row in result.coverage.rows() if row.home and not row.home.column]
    assert unmapped == ["Παρατηρήσεις γραφείου"]
    _stands()
    assert _said(run_import(get(name), [path], source="athens").counts) == {"unchanged": 200}
    for at in range(1, 101, 10):
        rows[at][11] = "210 9999999"
    assert _said(run_import(get(name), [write(tmp_path, rows)], source="athens").counts) == {
        "unchanged": 190,
        "updated": 10,
    }
    assert Service.objects.filter(phone="210 9999999").count() == 10


def _stands() -> None:
    """The first row arrived as it is meant."""
    one = Service.objects.get(name="Στέκι αρ. 0")
    place = one.locations.get()
    assert (one.lang, one.organization.name, one.cost, one.languages) == (
        "el",
        "Σύλλογος 0",
        "free",
        ["el", "ar", "en"],
    )
    assert (place.address, place.locality, place.postal_code, place.lat, place.lon) == (
        "Οδός Αθηνάς 0",
        "Αθήνα",
        "10410",
        37.0,
        23.0,
    )
    assert (one.phone, one.email, one.url) == ("210 5500000", "info0@steki.example", "https://www.steki0.example")
    assert [row.opening_hours for row in one.schedules.all()] == ["Mo-Fr 09:00-17:00"]
    assert str(one.ends_on) == "2030-12-31"
    assert {row.slug for row in one.categories.all()} == {"legal"}  # its label
    assert [row.name for row in one.documents.order_by("position")] == ["Διαβατήριο", "Δελτίο αιτούντος"]
    names = Text.objects.filter(noun="service", noun_id=one.id, field="name").values_list("language", "body")
    assert dict(names) == {"en": "Meeting place 0", "ar": "مركز 0"}
