"""The index follows the trail, survives what happens to its files, and is built anew when it must."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from sympolity.kit import clock
from sympolity.search import engine, store
from sympolity.search.indexer import Indexer
from sympolity.search.query import FindQuery
from sympolity.search.tests.index import Shelf, replaced, thing

pytestmark = pytest.mark.django_db
KEYS = frozenset({"public"})


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    made = Shelf(
        tmp_path / "index",
        monkeypatch,
        [thing(1, "lawyer"), thing(2, "doctor", hours="24/7"), thing(3, "lawyer night", hours="")],
    )
    made.indexer.step()
    return made


def _found(reader: store.Reader, words: str = "", keys: frozenset[str] = KEYS) -> set[int]:
    hits = engine.answer(reader, FindQuery(q=words), keys=keys, lang="en").hits
    return {int(hit.card["id"].replace("-", ""), 16) for hit in hits}


def test_what_is_written_is_found_at_the_next_step(shelf: Shelf) -> None:
    reader = store.Reader(shelf.root)
    assert _found(reader, "lawyer") == {1, 3}
    shelf.put(thing(4, "lawyer by phone"))
    assert shelf.indexer.step() == 1
    assert _found(reader, "lawyer") == {1, 3, 4}
    shelf.remove(1)
    shelf.put(thing(3, "night shelter"))
    assert shelf.indexer.step() == 2
    assert _found(reader, "lawyer") == {4}
    assert shelf.indexer.step() == 0


def test_another_audience_counts_at_once(shelf: Shelf) -> None:
    reader = store.Reader(shelf.root)
    shelf.put(thing(1, "lawyer", doors=frozenset({"staff"})))
    shelf.indexer.step()
    assert _found(reader, "lawyer") == {3}
    assert _found(reader, "lawyer", frozenset({"staff"})) == {1}


def test_another_process_goes_on_where_the_last_stopped(shelf: Shelf) -> None:
    shelf.put(thing(4, "baker"))
    shelf.indexer.step()
    name = store.current(shelf.root)
    shelf.put(thing(5, "baker"))
    del shelf.indexer._writer  # killed: its lock is gone with it
    other = Indexer(shelf.root)
    assert other.step() == 1
    assert store.current(shelf.root) == name
    assert _found(store.Reader(shelf.root), "baker") == {4, 5}


def test_a_second_indexer_does_not_write_into_the_same_generation(shelf: Shelf) -> None:
    assert not Indexer(shelf.root)._ready()


@pytest.mark.parametrize("harm", ["deleted", "cut", "garbage", "older version", "no sums", "no meta", "marked"])
def test_a_damaged_generation_is_replaced(shelf: Shelf, harm: str) -> None:
    reader = store.Reader(shelf.root)
    assert _found(reader) == {1, 2, 3}
    name = store.current(shelf.root)
    folder = shelf.root / name
    victim = next(iter(folder.glob("*.term")))
    if harm == "deleted":
        shutil.rmtree(shelf.root)
    elif harm == "cut":
        replaced(victim, victim.read_bytes()[:-1])
    elif harm == "garbage":
        replaced(victim, b"\xff" * victim.stat().st_size)
        shelf.indexer._release()  # found by reading, when a process starts
    elif harm == "older version":
        sums = json.loads((folder / "sums.json").read_text())
        (folder / "sums.json").write_text(json.dumps(sums | {"version": "0.0"}))
    elif harm == "no sums":
        (folder / "sums.json").unlink()
    elif harm == "no meta":
        (folder / "meta.json").unlink()
    else:
        store.mark_broken(shelf.root, name)
    shelf.indexer.step()
    assert store.current(shelf.root) not in {"", name}
    assert store.files_sound(shelf.root / store.current(shelf.root), read=True)
    assert _found(reader) == _found(store.Reader(shelf.root)) == {1, 2, 3}
    assert not list(shelf.root.glob("broken-*"))


def test_a_new_day_is_a_new_generation_and_old_ones_go(shelf: Shelf) -> None:
    for days in (1, 2, 3):
        with clock.moved(timedelta(days=days)):
            shelf.indexer.step()
    assert len([path for path in shelf.root.glob("g*") if path.is_dir()]) == 2


def test_open_and_unknown_hours(shelf: Shelf) -> None:
    reader = store.Reader(shelf.root)
    for moved in (timedelta(0), timedelta(days=5), timedelta(days=30)):
        with clock.moved(moved):
            answer = engine.answer(reader, FindQuery(open_now=True), keys=KEYS, lang="en")
            assert (answer.open_count, answer.unknown_count, answer.total) == (1, 1, 2)


def test_an_empty_network_is_an_index_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf(tmp_path / "index", monkeypatch, [])
    shelf.indexer.step()
    answer = engine.answer(store.Reader(shelf.root), FindQuery(q="x"), keys=KEYS, lang="en")
    assert (answer.total, answer.pages, answer.hits) == (0, 1, [])
