"""Likely copies are found among thousands of one name, without comparing all with all."""

from __future__ import annotations

import time
from typing import Any

import pytest

from sympolity.exchange.tests.rich import a_place, a_service
from sympolity.exchange.twins import Twins

pytestmark = pytest.mark.django_db


def a_branch(number: int, lat: float, lon: float, **more: Any) -> dict[str, Any]:
    return a_service(number, a_place(f"of-{number}", lat=lat, lon=lon), name="Pharmacy", **more)


def test_a_chain_of_thousands_costs_little() -> None:
    twins, begun = Twins("chain"), time.perf_counter()
    branches = {str(n): a_branch(n, 35 + n // 100 / 100, 20 + n % 100 / 50) for n in range(5000)}
    assert twins.look(branches, ()) == {}
    near = a_branch(9000, 35.2501, 20.0)  # 11 metres from branch 2500
    assert list(twins.look({"9000": near}, ())) == ["9000"]
    assert "likely the same as id 2500:" in twins.look({"9000": near}, ())["9000"]
    assert time.perf_counter() - begun < 5


def test_a_copy_is_found_across_the_edge_of_a_field() -> None:
    twins = Twins("edge")
    assert twins.look({"1": a_branch(1, 35.0, 23.0)}, ()) == {}
    assert list(twins.look({"2": a_branch(2, 34.9995, 22.9995)}, ())) == ["2"]
    assert list(twins.look({"3": a_branch(3, 34.99, 23.0)}, ())) == []


def test_what_is_over_has_no_copy_among_what_goes_on() -> None:
    twins = Twins("over")
    old = a_branch(1, 35.0, 23.0, columns={"ends_on": "2014-12-31"})
    assert twins.look({"1": old, "2": a_branch(2, 35.0, 23.0)}, ()) == {}
    assert list(twins.look({"3": old}, ())) == ["3"]
