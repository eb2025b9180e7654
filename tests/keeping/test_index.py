"""The find index in a backup: one state of it, and only a sound one comes back."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from sympolity.directory.tests.conftest import build
from sympolity.ops.backups import index
from sympolity.ops.backups.comparing import compare
from sympolity.search import store
from sympolity.search.indexer import Indexer


@pytest.fixture
def root(db: None, tmp_path: Path) -> Path:
    build()
    Indexer(tmp_path / "index").rebuild()
    return tmp_path / "index"


def _copied(root: Path, to: Path) -> str:
    """What a backup would hold of ``root``, as files below ``to``."""
    with index.frozen(root) as (name, files):
        (to / name).mkdir(parents=True)
        for file, handle in files.items():
            (to / name / file).write_bytes(handle.read())
    return name


def test_open_files_stay_those_of_one_moment(root: Path, tmp_path: Path) -> None:
    with index.frozen(root) as (name, files):
        before = {file: (root / name / file).read_bytes() for file in files}
        shutil.rmtree(root)
        assert {file: handle.read() for file, handle in files.items()} == before
    assert {"meta.json", "sums.json", "words.txt"} < before.keys()
    assert not any(file.startswith(".") for file in before)


def test_without_an_index_there_is_none(tmp_path: Path) -> None:
    with index.frozen(tmp_path) as found:
        assert found == ("", {})
    (tmp_path / "current").write_text("g1")
    (tmp_path / "g1").mkdir()
    with index.frozen(tmp_path) as found:
        assert found == ("", {})
    assert not index.adopt(tmp_path, "")
    assert not index.adopt(tmp_path, "g1")
    assert not index.adopt(tmp_path, "../g1")


def test_a_copy_is_taken_over_and_followed(root: Path, tmp_path: Path) -> None:
    name = _copied(root, tmp_path / "copy")
    assert index.adopt(tmp_path / "copy", name)
    assert store.current(tmp_path / "copy") == name
    assert compare(tmp_path / "copy").faults == []
    assert Indexer(tmp_path / "copy").step() == 0
    assert store.current(tmp_path / "copy") == name


def test_a_cut_one_or_one_of_another_version_is_not(root: Path, tmp_path: Path) -> None:
    name = _copied(root, tmp_path / "copy")
    term = next((tmp_path / "copy" / name).glob("*.term"))
    whole = term.read_bytes()
    term.write_bytes(whole[:-1])
    assert not index.adopt(tmp_path / "copy", name)
    term.write_bytes(b"?" + whole[1:])
    assert not index.adopt(tmp_path / "copy", name)
    term.write_bytes(whole)
    sums = tmp_path / "copy" / name / "sums.json"
    sums.write_text(json.dumps({**json.loads(sums.read_text()), "version": "0"}))
    assert not index.adopt(tmp_path / "copy", name)
