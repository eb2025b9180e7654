"""Retention: the newest of days, weeks and months, and never the newest sound one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sympolity.kit import clock
from sympolity.ops.backups.retention import kept, made_at, prune

KEEP = (7, 4, 6)
NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


def _name(at: datetime) -> str:
    return f"sympolity-{at:%Y%m%dT%H%M%SZ}.tar.gz"


def _nights(count: int) -> list[Path]:
    return [Path(_name(NOW - timedelta(days=ago))) for ago in range(count)]


def test_a_year_of_nights_leaves_days_weeks_and_months() -> None:
    stay = [at for path in kept(_nights(365), KEEP) if (at := made_at(path))]
    ages = sorted((NOW - at).days for at in stay)
    assert ages[:7] == list(range(7))
    # 22 November is a Sunday: its week is the newest one, then Sundays before; then the last days of months
    assert ages[7:] == [7, 14, 21, 22, 53, 83, 114, 145]


def test_of_one_day_the_newest_stays() -> None:
    paths = [Path(_name(NOW + timedelta(hours=hour))) for hour in range(5)]
    assert kept(paths, (1, 0, 0)) == {paths[-1]}


def test_days_are_those_of_the_town() -> None:
    late, early = datetime(2026, 7, 1, 20, 59, tzinfo=UTC), datetime(2026, 7, 1, 21, 1, tzinfo=UTC)
    assert len(kept([Path(_name(late)), Path(_name(early))], (2, 0, 0))) == 2
    assert early.astimezone(clock.ATHENS).day == 2


@given(
    st.lists(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), max_size=40),
    st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)),
)
def test_pruning_again_removes_nothing_and_the_newest_stays(
    moments: list[datetime], keep: tuple[int, int, int]
) -> None:
    paths = {Path(_name(moment.replace(tzinfo=UTC))) for moment in moments}
    stay = kept(paths, keep)
    assert stay <= paths
    assert kept(stay, keep) == stay
    assert len(stay) <= sum(keep)
    if paths and any(keep):
        assert max(paths) in stay


def test_other_files_are_not_touched(small: Path, tmp_path: Path) -> None:
    others = [
        "notes.txt",
        "sympolity-20200101T000000Z.tar.gz.part",
        "sympolity-2020.tar.gz",
        "sympolity-20209901T000000Z.tar.gz",
    ]
    for name in others:
        (tmp_path / name).touch()
    for path in _nights(3):
        (tmp_path / path).write_bytes(small.read_bytes())
    assert [path.name for path in prune(tmp_path, (1, 0, 0))] == sorted(path.name for path in _nights(3)[1:])
    assert {path.name for path in tmp_path.iterdir()} == {*others, _nights(1)[0].name}


def test_the_newest_sound_one_stays_whatever_the_numbers(small: Path, tmp_path: Path) -> None:
    for age, path in enumerate(_nights(5)):
        (tmp_path / path).write_bytes(small.read_bytes() if age in {2, 4} else b"damaged")
    assert len(prune(tmp_path, (1, 0, 0))) == 3
    assert {path.name for path in tmp_path.iterdir()} == {_nights(1)[0].name, _nights(3)[2].name}


@pytest.mark.parametrize("keep", [(0, 0, 0), (1, 0, 0)])
def test_without_a_sound_one_nothing_is_removed(tmp_path: Path, keep: tuple[int, int, int]) -> None:
    for path in _nights(3):
        (tmp_path / path).write_bytes(b"damaged")
    assert prune(tmp_path, keep) == []
    assert len(list(tmp_path.iterdir())) == 3
