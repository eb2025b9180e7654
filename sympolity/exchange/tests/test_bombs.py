"""Hostile tables are refused with their reason, soon and in little memory."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from sympolity.exchange.reading import Unreadable
from sympolity.exchange.tables.reading import opened
from sympolity.exchange.tests import hostile
from sympolity.kit.limited import Spent

SECONDS = 2.0 * 3  # what is asked for, and room for a slow machine
MEMORY = 150_000_000


def _refusal(path: Path, spent: Spent | None = None) -> str:
    begun = time.monotonic()
    with pytest.raises(Unreadable) as caught:
        for _ in opened(path, kind=path.suffix[1:], spent=spent).table()[1]:
            pass
    assert time.monotonic() - begun < SECONDS
    return str(caught.value)


@pytest.mark.parametrize("name", hostile.XLSX)
def test_a_hostile_workbook_is_refused(name: str, tmp_path: Path) -> None:
    make, reason = hostile.XLSX[name]
    path = tmp_path / "table.xlsx"
    path.write_bytes(make())
    spent = Spent()
    assert reason in _refusal(path, spent)
    assert spent.memory < MEMORY


@pytest.mark.parametrize("name", hostile.CSV)
def test_a_hostile_csv_is_refused(name: str, tmp_path: Path) -> None:
    make, reason = hostile.CSV[name]
    path = tmp_path / "table.csv"
    path.write_bytes(make())
    assert reason in _refusal(path)
