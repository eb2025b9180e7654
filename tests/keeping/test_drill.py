"""The drill: a backup while everybody writes, restored into nothing, and served."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from sympolity.ops.backups.reading import check
from tests.keeping.installation import Installation, Served, serving, until

# By name: how rare a word is, and so the order of near equals, counts documents that were replaced.
ASKED = (
    "/en/find.json?sort=name",
    "/en/find.json?sort=name&q=legal%20help",
    "/ar/find.json?sort=name&q=%D8%B7%D8%A8%D9%8A%D8%A8&open=now",
    "/el/find.json?sort=name&in=athens&page=2",
    "/en/find.json?sort=name&speaks=ar&near=37.98,23.73&within=5",
)
WITHIN = 120.0  # seconds, from a backup file to a sound installation


@contextmanager
def _writing(one: Installation) -> Iterator[list[int]]:
    """Somebody writes through actions; the positions of what was acknowledged."""
    process, told = one.start("tests.keeping.writer"), list[int]()

    listener = threading.Thread(target=_lines, args=(process, told), daemon=True)
    listener.start()
    try:
        until(lambda: len(told) > 3)
        yield told
        assert process.poll() is None, "the writer ended by itself"
    finally:
        process.kill()
        listener.join(10)
        process.communicate()


def _lines(process: subprocess.Popen[str], told: list[int]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        told.append(int(line))


def _made(one: Installation, folder: Path) -> Path:
    return Path(one.run("backup", "--to", str(folder)).splitlines()[0])


def test_a_backup_while_others_write_is_one_moment_and_comes_back_whole(
    demo: Installation, nothing: Callable[[str], Installation], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with _writing(demo) as told:
        before = told[-1]
        path = _made(demo, tmp_path / "elsewhere")
        after = told[-1]
    manifest = check(path)
    assert before <= manifest.contents.trail[0]
    assert after > before, "nobody wrote during the backup"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.glob("[!.]*")] == [path.name]

    other = nothing("restored")
    begun = time.monotonic()
    printed = other.run("restore", str(path))
    seconds = time.monotonic() - begun
    with capsys.disabled():
        print(f"\nrestored {path.stat().st_size / 1e6:.1f} MB in {seconds:.1f} s")
    assert seconds < WITHIN
    assert f"{manifest.contents.trail[0]} entries, sound" in printed
    assert other.counts(list(manifest.contents.rows)) == manifest.contents.rows
    assert "sound" in other.run("verify")
    media = {name: data for name, data in demo.tree().items() if name.startswith(("media/", "secret_key"))}
    assert len(media) == 2
    assert media.items() <= other.tree().items()
    assert not list(other.data.glob(".restoring-*"))

    # the index that came back answers as one that is made of the restored tables
    process = other.start(
        "tests.keeping.answers", str(tmp_path / "fresh"), "", "legal help", "γιατρός", "doctor athens"
    )
    answers, complained = process.communicate(timeout=60)
    assert process.returncode == 0, complained
    kept, fresh = json.loads(answers)
    assert kept == fresh
    assert kept[0][1] > 0


def _results(printed: str) -> object:
    found = json.loads(printed)
    return {key: part for key, part in found.items() if key != "milliseconds"}


def _same(first: Served, second: Served, address: str) -> bool:
    """Soon, if not at once: the first may still follow what was written before."""
    return bool(_results(first.ask(address)[1]) == _results(second.ask(address)[1]))


def test_a_served_installation_is_restored_beside_and_answers_the_same(
    demo: Installation, nothing: Callable[[str], Installation], tmp_path: Path
) -> None:
    other = nothing("second")
    note = demo.data / "backups" / "last.json"
    with serving(demo) as first:
        until(note.exists)  # the work process makes its first one
        path = _made(demo, tmp_path / "elsewhere")
        assert "runs with the data folder" in demo.run("restore", str(path), code=1)
        other.run("restore", str(path))
        with serving(other) as second:
            for address in ASKED:
                assert second.ask(address)[0] == 200, address
                until(partial(_same, first, second, address))
    told = json.loads(note.read_text())
    assert told["error"] == ""
    assert Path(told["file"]).stat().st_size == told["size"]
