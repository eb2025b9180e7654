"""Records that nobody has seen yet: none brings the run down, and each key is told a home or that it has none."""

from __future__ import annotations

import copy
import json
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sympolity.directory import shapes
from sympolity.exchange import drafting, screening
from sympolity.exchange.applying import sentence
from sympolity.exchange.coverage import Coverage
from sympolity.exchange.examples import changes
from sympolity.exchange.formats import get
from sympolity.exchange.formats.shape import Format, Mapped, Wrong
from sympolity.exchange.formats.table_cells import Mapper
from sympolity.exchange.placing import Placing
from sympolity.exchange.tables import mapping
from sympolity.exchange.tests.features import a_feature, in_arabic
from sympolity.exchange.tests.hsds_samples import Maker
from sympolity.exchange.tests.odd import bent
from sympolity.exchange.tests.pages import a_record
from sympolity.kit.refusals import Refusal
from sympolity.trail.journal import plain

PLACING = Placing(UUID(int=1), UUID(int=1))
SEEDS = st.integers(0, 10**9)
HEADER = ["id", "name", "organization", "category", "address", "lat", "lon", "phone", "opening_hours", "ends_on", "url"]
CELLS = (
    "", " ", "x" * 400, "37,98", "91", "٣٧", "=1+1", "#REF!", "#N/A", "2026-02-30", "46000", "31/12/26", "Mo-Fr 9-5", "24/7", "ναι", "a@b.example",
    "+30 210 0000000; 211", "http://x", "Δευτέρα 9:00-17:00", "\u202eabc", "food", "Τρόφιμα, νομική", "1e400", "-0", "∞",
)  # fmt: skip


def _through(form: Format, raw: dict[str, Any]) -> None:
    """What a run does of a record before it writes."""
    raw = plain(raw)
    name = form.id_of(raw)
    points = form.points_of(raw)
    assert all(isinstance(axis, float) for point in points for axis in point)
    coverage = Coverage(form.home_of)
    try:
        mapped = form.map_record(raw, None)
    except Wrong:
        coverage.add(raw, frozenset())
    else:
        assert mapped.source_id == name
        coverage.add(raw, mapped.used)
        _drafted(mapped)
    for row in coverage.rows():
        assert row.home is None or row.home.column or row.home.reason
        assert 0 <= row.reached <= row.filled
    assert set(coverage.unknown()) == {row.key for row in coverage.rows() if row.home is None}


def _drafted(mapped: Mapped) -> None:
    data = {"origin": "", **plain(mapped.data)}
    assert json.loads(json.dumps(data)) == data
    assert isinstance(screening.held_in(data), str)
    assert screening.exposed(data) is not None
    assert changes({}, data)
    change = drafting.Change("x", mapped.source_id, PLACING, data)
    try:
        drafting._service(change, shapes.Known({}, {}, {}, {}, {}, {}, {})).checked()
        for row in data["locations"]:
            point = drafting.point_of(row)
            areas = {point: UUID(int=1)} if point else {}
            drafting._location(UUID(int=2), drafting._Said(change, row, []), None, areas).checked()
    except Refusal as error:
        sentence(error)


def _in_two(number: int) -> dict[str, Any]:
    return {"en": a_feature(number), "ar": in_arabic(number)}


@settings(max_examples=128, deadline=None)
@given(SEEDS)
def test_services_of_hsds_in_any_shape(seed: int) -> None:
    chance = Random(seed)
    _through(get("hsds"), bent(Maker(seed, rich=chance.random()).service(), chance, chance.randrange(12)))


@settings(max_examples=244, deadline=None)
@given(SEEDS)
def test_records_of_signpost_in_any_shape(seed: int) -> None:
    chance = Random(seed)
    _through(get("signpost"), bent(copy.deepcopy(a_record(seed % 1000 + 1)), chance, chance.randrange(8)))


@settings(max_examples=100, deadline=None)
@given(SEEDS)
def test_features_of_services_advisor_in_any_shape(seed: int) -> None:
    chance = Random(seed)
    raw = bent(copy.deepcopy(_in_two(seed % 50 + 1)), chance, chance.randrange(8))
    if raw:  # the reader gives one feature at least
        _through(get("services_advisor"), raw)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(CELLS), min_size=len(HEADER), max_size=len(HEADER)))
def test_rows_of_tables_with_any_cells(cells: list[str]) -> None:
    raw = dict(zip(HEADER, cells, strict=True))
    columns = mapping.guess(HEADER, [])
    try:
        mapped = Mapper(raw, columns, HEADER, "en").mapped(None)
    except Wrong:
        return
    _drafted(mapped)


@pytest.mark.parametrize("name", ["hsds", "signpost", "services_advisor"])
def test_names_that_nobody_knows_are_told_as_unknown(name: str) -> None:
    form = get(name)
    for key in ("nonsense", "name.nonsense", "x" * 500, "", ".", "[]", "a[].b[].c", "en.properties"):
        home = form.home_of(key)
        assert home is None or home.column or home.reason
