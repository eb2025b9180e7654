"""Files of the index cut, changed, or gone, while it rests and while it is served: built anew, and right again."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sympolity.directory.queries import listed
from sympolity.kit import clock
from sympolity.kit.actor import PUBLIC
from sympolity.search import store
from sympolity.search.indexer import Indexer
from tests.endurance.group import prepare
from tests.endurance.test_indexer import _names
from tests.running.served import FIND, Served, serving

WAIT = 60.0  # seconds until the index of the demo is right again


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    if data:
        data[len(data) // 2] ^= 1
        path.write_bytes(data)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


HARMS: dict[str, Callable[[Path], None]] = {"cut": _cut, "one bit": _flip, "empty": _empty, "gone": Path.unlink}


def _files(root: Path) -> list[Path]:
    return sorted(path for path in (root / (root / "current").read_text()).iterdir() if path.is_file())


def _right(root: Path) -> bool:
    """Find says what the tables say."""
    try:
        found = _names(store.Reader(root))
    except store.IndexAway:
        return False
    return found == {str(one.service.id): one.service.name for one in listed(PUBLIC, clock.local_today())}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("harm", HARMS)
def test_a_harmed_file_is_seen_at_the_start_and_the_index_is_made_anew(tmp_path: Path, harm: str) -> None:
    prepare()
    root = tmp_path / "index"
    Indexer(root).rebuild()
    assert _right(root)
    victims = random.Random(harm).sample(_files(root), 3)
    for path in victims:
        HARMS[harm](path)
    indexer = Indexer(root)
    while indexer.step():
        pass
    assert _right(root)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("harmed")) as one:
        yield one


@pytest.mark.hostile
@pytest.mark.parametrize("harm", HARMS)
def test_every_file_harmed_while_it_is_served(served: Served, harm: str, capfd: pytest.CaptureFixture[str]) -> None:
    right = served.ask()[1]
    slowest, wrong = 0.0, 0
    root = served.data / "index"
    for number in range(len(_files(root))):
        files = _files(root)
        HARMS[harm](files[number % len(files)])
        # Whatever an answer says meanwhile: it is right, or it is none.
        status, body = served.ask(FIND)
        wrong += status == 200 and body != right
        slowest = max(slowest, served.until(lambda: served.answers() and served.ask()[1] == right, WAIT))
    with capfd.disabled():
        print(
            f"\nindex, {harm}: each of its files; right again after ≤ {slowest:.1f} s, {wrong} wrong answers meanwhile"
        )
    assert wrong == 0
