"""What is looked at one by one is the same as what the index counts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from sympolity.kit import clock
from sympolity.search import engine, few, ranking, store, tiles
from sympolity.search.query import FindQuery
from sympolity.search.tests.index import Shelf, thing

pytestmark = pytest.mark.django_db

HERE = (37.98, 23.73)
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=clock.ATHENS)
HOURS = ("24/7", "Mo-Fr 09:00-11:00", "", None, "Mo-Fr 10:00-12:02")
QUESTIONS = [
    {"q": "rare "},
    {"q": "rare word1 "},
    {"q": "rare ", "chosen": {"cost": ("free",)}},
    {"q": "rare ", "chosen": {"cost": ("free",), "need": ("food", "health")}},
    {"q": "rare ", "open_now": True},
    {"q": "rare ", "near": HERE, "within": 5.0},
    {"q": "rare ", "near": HERE, "within": 5.0, "open_now": True, "chosen": {"need": ("food",)}},
    {"q": "rare ", "near": HERE},
    {"q": "rare ", "near": HERE, "sort": "near"},
    {"q": "rare ", "sort": "confirmed"},
    {"q": "rare ", "near": HERE, "within": 0.5},
    {"q": "rare nowhere "},
    {"q": "rare", "near": (-20.0, 100.0), "within": 5.0},
]


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> store.Reader:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    rows = []
    for at in range(1, 91):
        doors = frozenset({"staff"} if at % 9 == 0 else {"public"})
        row = thing(at, f"rare word{at % 4}", doors=doors, hours=HOURS[at % 5], fresh=20_000 + at % 7)
        row.filters |= {f"need:{('food', 'health', 'work')[at % 3]}"}
        row.filters ^= {"cost:free"} if at % 4 == 0 else set()
        row.languages = {"en"} if at % 2 else {"el"}
        far = [(HERE[0] + at / 1000, HERE[1] + place * at / 500) for place in range(at % 4)]
        row.points = far
        rows.append(row)
    shelf = Shelf(tmp_path / "index", monkeypatch, rows)
    shelf.indexer.step()
    return store.Reader(shelf.root)


def _told(reader: store.Reader, asked: dict[str, object], *keys: str) -> tuple[object, ...]:
    found = engine.answer(reader, FindQuery(**asked), keys=frozenset(keys), lang="en", now=NOON, limit=200)  # type: ignore[arg-type]
    facets = {group: {name: count for name, count in values.items() if count} for group, values in found.facets.items()}
    rows = {hit.key: (hit.state, hit.km) for hit in found.hits}
    counts = (found.open_count, found.unknown_count, found.within, found.corrected, found.relaxed)
    return found.total, rows, facets, counts


@pytest.mark.parametrize("keys", [("public",), ("public", "staff"), ("staff",)], ids="+".join)
@pytest.mark.parametrize("asked", QUESTIONS, ids=str)
def test_one_by_one_and_by_the_index_the_same_is_told(
    reader: store.Reader, monkeypatch: pytest.MonkeyPatch, asked: dict[str, object], keys: tuple[str, ...]
) -> None:
    here = _told(reader, asked, *keys)
    monkeypatch.setattr(few, "found", lambda *_: None)
    assert here == _told(reader, asked, *keys)


def test_of_many_matches_near_a_place_the_nearest_are_candidates(
    reader: store.Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(few, "found", lambda *_: None)
    asked = {"q": "rare ", "near": HERE, "within": 60.0}
    every = engine.answer(reader, FindQuery(**asked), keys=frozenset({"public"}), lang="en", now=NOON, limit=200)  # type: ignore[arg-type]
    for name, value in (("POOL", 10), ("MANY", 20)):
        monkeypatch.setattr(ranking, name, value)
    some = engine.answer(reader, FindQuery(**asked), keys=frozenset({"public"}), lang="en", now=NOON)  # type: ignore[arg-type]
    assert some.total == every.total
    assert 5 <= len(some.hits) <= 10
    far = sorted(hit.km for hit in every.hits if hit.km is not None)
    assert max(hit.km or 0.0 for hit in some.hits) <= far[len(far) // 2]


def test_a_flat_map_around_a_place_is_good_enough() -> None:
    from sympolity.search.columns import _packed, roughly

    for lat in (-69.0, -5.0, 0.0, 37.98, 65.0):
        points = [(lat + up / 10, 23.73 + side / 10) for up in range(-8, 9) for side in range(-8, 9)]
        flat = roughly((lat, 23.73), [None, *(_packed(*point) for point in points)])
        exact = [tiles.distance((lat, 23.73), point) for point in points]
        assert flat[0] is None
        near = [(a, b) for a, b in zip(flat[1:], exact, strict=True) if b < 60]
        assert all(a is not None and abs(a - b) <= 0.03 * b + 0.002 for a, b in near)
