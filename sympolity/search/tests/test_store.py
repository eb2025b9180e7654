"""One gate to the engine: panics and damaged files become IndexAway, in this process and no further."""

from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from sympolity.search import store
from sympolity.search.tests.index import Shelf, replaced, thing

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    made = Shelf(tmp_path / "index", monkeypatch, [thing(at, f"word{at} help") for at in range(1, 40)])
    made.indexer.step()
    return made


def test_the_gate_holds_what_is_no_exception(tmp_path: Path) -> None:
    class Panic(BaseException):
        pass

    with pytest.raises(store.IndexAway), store.gate(tmp_path, "g1"):
        raise Panic
    assert (tmp_path / "broken-g1").exists()
    with pytest.raises(KeyboardInterrupt), store.gate(tmp_path, "g2"):
        raise KeyboardInterrupt
    assert not (tmp_path / "broken-g2").exists()


def test_the_engine_really_panics_and_the_gate_holds_it(shelf: Shelf) -> None:
    """In a process of its own: a search for 0 hits, which Snapshot never asks, panics inside the engine."""
    program = textwrap.dedent(
        """
        import sys, tantivy
        from pathlib import Path
        from sympolity.search import store
        root, name = Path(sys.argv[1]), sys.argv[2]
        held = store.Reader(root).snapshot()
        try:
            held.searcher.search(tantivy.Query.all_query(), limit=0)
        except Exception:
            print("exception")
        except BaseException as error:
            print(type(error).__name__)
        try:
            with store.gate(root, name):
                held.searcher.search(tantivy.Query.all_query(), limit=0)
        except store.IndexAway:
            print("away")
        """
    )
    command = [sys.executable, "-c", program, str(shelf.root), store.current(shelf.root)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(store.__file__).parents[2])
    assert done.stdout.split() == ["PanicException", "away"], done.stderr
    assert (shelf.root / f"broken-{store.current(shelf.root)}").exists()


def test_a_file_cut_under_an_open_reader_is_noticed_before_it_is_read(shelf: Shelf) -> None:
    reader = store.Reader(shelf.root)
    reader.snapshot()
    victim = next(iter((shelf.root / store.current(shelf.root)).glob("*.store")))
    replaced(victim, victim.read_bytes()[:1])
    time.sleep(0.25)  # looked at five times a second
    with pytest.raises(store.IndexAway):
        reader.snapshot()
    assert list(shelf.root.glob("broken-*"))


def test_an_open_reader_goes_on_without_the_folder(shelf: Shelf) -> None:
    reader = store.Reader(shelf.root)
    before = reader.snapshot()
    shutil.rmtree(shelf.root)
    assert reader.snapshot() is before
    with pytest.raises(store.IndexAway):
        store.Reader(shelf.root).snapshot()


@pytest.mark.parametrize("text", ["", "../../etc", "g1/..", "\x00", "g" * 5000, "none"])
def test_a_strange_name_of_the_generation_is_no_index(shelf: Shelf, text: str) -> None:
    (shelf.root / "current").write_text(text)
    with pytest.raises(store.IndexAway):
        store.Reader(shelf.root).snapshot()


def test_sums_find_one_changed_byte(shelf: Shelf) -> None:
    folder = shelf.root / store.current(shelf.root)
    assert store.files_sound(folder, read=True)
    victim = max(
        folder.glob("*.*"), key=lambda path: path.stat().st_size if path.name in store.read_sums(folder) else 0
    )
    body = bytearray(victim.read_bytes())
    body[len(body) // 2] ^= 1
    replaced(victim, bytes(body))
    assert store.files_sound(folder, read=False)
    assert not store.files_sound(folder, read=True)


def test_a_new_state_is_read_before_it_is_used(shelf: Shelf) -> None:
    """Readers are answered from the state before in between; what was hidden is forgotten at once."""
    reader = store.Reader(shelf.root)
    warmed: list[tuple[str, int]] = []
    reader._warm = lambda: warmed.append(reader.snapshot().stamp)
    before = reader.snapshot()
    shelf.put(thing(77, "later help"))
    shelf.indexer.step()
    assert reader.snapshot() is before
    assert reader.renew()
    now = reader.snapshot()
    assert now.stamp != before.stamp
    assert warmed == [now.stamp]
    assert not reader.renew()
    shelf.put(thing(78, "last help"))
    shelf.indexer.step()
    (shelf.root / "purge").touch()
    assert reader.snapshot().stamp != now.stamp


def test_a_state_that_nobody_makes_warm_is_used_all_the_same(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = store.Reader(shelf.root)
    reader._warm = lambda: None
    before = reader.snapshot()
    shelf.put(thing(77, "later help"))
    shelf.indexer.step()
    assert reader.snapshot() is before
    monkeypatch.setattr(store, "LATE", 0.0)
    assert reader.snapshot().stamp != before.stamp
