"""Answers of the engine over a small index: doors, order, pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from sympolity.search import engine, store, tiles
from sympolity.search.query import FindQuery
from sympolity.search.tests.index import Shelf, thing

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> store.Reader:
    rows = [
        thing(at, f"help number{at}", doors=frozenset({"staff"} if at % 5 == 0 else {"public"})) for at in range(1, 61)
    ]
    shelf = Shelf(tmp_path / "index", monkeypatch, rows)
    shelf.indexer.step()
    return store.Reader(shelf.root)


def _ask(reader: store.Reader, *keys: str, **asked: object) -> engine.Answer:
    return engine.answer(reader, FindQuery(**asked), keys=frozenset(keys or {"public"}), lang="en")  # type: ignore[arg-type]


def test_a_door_needs_a_key(reader: store.Reader) -> None:
    assert _ask(reader).total == 48
    assert _ask(reader, "staff").total == 12
    assert _ask(reader, "public", "staff").total == 60
    assert engine.answer(reader, FindQuery(), keys=frozenset(), lang="en").total == 0
    hidden = "service:00000000-0000-0000-0000-00000000003c"
    assert hidden not in _ask(reader, q="number60").keys
    assert _ask(reader, "staff", q="number60").keys == [hidden]


@pytest.mark.parametrize("page", [1, 2, 3, 4, 10**6, 10**12])
def test_pages_beyond_the_last_are_the_last(reader: store.Reader, page: int) -> None:
    answer = _ask(reader, page=page)
    assert (answer.page, answer.pages) == (min(page, 3), 3)
    assert len(answer.hits) == (20 if answer.page < 3 else 8)


def test_pages_part_what_is_found(reader: store.Reader) -> None:
    keys = [hit.key for page in (1, 2, 3) for hit in _ask(reader, page=page).hits]
    assert len(keys) == len(set(keys)) == 48
    assert sorted(keys) == sorted(_ask(reader).keys)


def test_words_behind_doors_are_no_words(reader: store.Reader) -> None:
    assert _ask(reader, q="numbre11").corrected == "number11"
    assert _ask(reader, q="nubmer60").corrected != "number60"
    assert "number60" not in _ask(reader, q="numberzz").suggestions


def test_facets_count_what_the_actor_may_see(reader: store.Reader) -> None:
    assert _ask(reader).facets["cost"] == {"free": 48}
    assert _ask(reader, "staff").facets["cost"] == {"free": 12}


@pytest.fixture
def spread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> store.Reader:
    """600 places in rows around Athens, some 30 km wide; every third has a second place far away."""
    rows = [
        thing(at, f"help place{at}", points=[_place(at), *([(40.6, 22.9)] if at % 3 == 0 else [])])
        for at in range(1, 601)
    ]
    shelf = Shelf(tmp_path / "index", monkeypatch, rows)
    shelf.indexer.step()
    return store.Reader(shelf.root)


NEAR = (37.98, 23.73)


def _place(at: int) -> tuple[float, float]:
    return round(37.85 + at % 25 / 100, 5), round(23.6 + at // 25 / 100, 5)


@pytest.mark.parametrize("km", [1.0, 5.0, 12.0, 20.0])
@pytest.mark.parametrize("words", ["", "help ", "place77 "])
def test_within_lists_nothing_that_is_farther(spread: store.Reader, km: float, words: str) -> None:
    wanted = {
        at for at in range(1, 601) if tiles.distance(NEAR, _place(at)) <= km and words in {"", "help ", f"place{at} "}
    }
    found = _ask(spread, q=words, near=NEAR, within=km)
    told = {int(key[-12:], 16) for key in found.keys}
    assert told <= wanted
    assert all(hit.km is not None and hit.km <= km for hit in found.hits)
    # of hundreds on the edge some count by the middle of their tile
    assert len(wanted - told) <= max(len(wanted) // 20, len(wanted) - engine.POOL)
    assert abs(found.total - len(wanted)) <= len(wanted) // 20


def test_the_nearest_come_first_also_of_more_than_are_put_in_order(spread: store.Reader) -> None:
    nearest = sorted(range(1, 601), key=lambda at: tiles.distance(NEAR, _place(at)))
    found = _ask(spread, near=NEAR, sort="near")
    assert found.total == 600
    assert {int(hit.key[-12:], 16) for hit in found.hits[:10]} == set(nearest[:10])


def test_only_what_is_asked_for_is_counted(spread: store.Reader) -> None:
    found = engine.answer(spread, FindQuery(), keys=frozenset({"public"}), lang="en", facets={"cost"})
    assert (found.facets, found.open_count, found.within) == ({"cost": {"free": 600}}, 0, {})


@pytest.mark.parametrize("words", ["", "help", "seldom"])
@pytest.mark.parametrize("chosen", [(), ("food",), ("food", "health")])
def test_counts_within_a_circle_are_those_after_choosing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, chosen: tuple[str, ...]
) -> None:
    """Also for a word that few things say, whose distances are looked at one by one."""
    needs = ("food", "health", "legal")
    rows = [
        thing(
            at,
            f"help {'seldom' if at % 7 == 0 else 'often'}",
            points=[_place(at)],
            filters={"cost:free", f"need:{needs[at % 3]}"},
        )
        for at in range(1, 201)
    ]
    shelf = Shelf(tmp_path / "index", monkeypatch, rows)
    shelf.indexer.step()
    reader = store.Reader(shelf.root)
    found = _ask(reader, q=words, near=NEAR, within=12.0, chosen={"need": chosen} if chosen else {})
    after = {one: _ask(reader, q=words, near=NEAR, within=12.0, chosen={"need": (one,)}).total for one in needs}
    assert found.facets["need"] == {one: count for one, count in after.items() if count}
    assert sum(after.values()) > 10
