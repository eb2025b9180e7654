"""A database of the code before the last change to the tables is brought forward under readers."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest

from tests.house.staircase import HOUSE, PACKAGE
from tests.keeping.installation import Installation, serving

TRIES = 8  # commits
WAIT = 30.0  # seconds that a reader may wait while tables change
TABLES = (
    "places_area",
    "directory_category",
    "directory_location",
    "directory_service",
    "directory_confirmation",
    "languages_text",
    "people_organization",
    "people_person",
    "trail_entry",
    "trail_entrydetail",
)
# table -> columns that a migration since then changes on purpose; whatever stands here is said in the changelog
INTENDED: dict[str, set[str]] = {}


@dataclass
class Older:
    """An installation of the code of ``commit``, with its demo; "" = there is no history, and it is this code."""

    installation: Installation
    commit: str


def _git(*words: str) -> bytes:
    """What git says; nothing where it, or the history, is missing."""
    try:
        done = subprocess.run(["git", *words], cwd=HOUSE, capture_output=True, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return b""
    return done.stdout


def _before_the_last_change() -> list[str]:
    """The commits before the last one that added a migration, the newest first; [] when they cannot be told.

    Only what is committed counts: the code that is tested may be ahead of it.
    """
    added = ("--diff-filter=A", "--", ":(glob)sympolity/*/migrations/[0-9]*.py")
    last = _git("log", "-1", "--format=%H", *added).decode().strip()
    return _git("rev-list", f"--max-count={TRIES}", f"{last}^").decode().split() if last else []


def _unpack(commit: str, folder: Path) -> bool:
    packed = _git("archive", "--format=tar", commit, "sympolity")
    if packed:
        with tarfile.open(fileobj=io.BytesIO(packed)) as code:
            code.extractall(folder, filter="data")
    return bool(packed)


def _prepared(one: Installation) -> bool:
    """Whether that code can make its demo: the models of some commits are ahead of their migrations."""
    one.variables["PYTHONPATH"] = str(one.code)
    process = one.start("sympolity", "serve", "--prepare-only")
    try:
        process.communicate(timeout=120)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
    return process.returncode == 0


def _why_none(tried: int) -> str:
    if _git("rev-parse", "--is-shallow-repository").strip() == b"true":
        return "the clone is shallow: fetch the whole history"
    return f"none of {tried} older commits can prepare a database" if tried else "git tells no older commit"


@pytest.fixture
def old(nothing: Callable[[str], Installation], tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Older:
    """Of the newest code that lacks the last migration, and can make its demo.

    Without history it is this code, which proves less: said loudly, and refused where CI is true.
    """
    commits = _before_the_last_change()
    for number, commit in enumerate(commits):
        one = nothing(f"data{number}")
        one.code = tmp_path / f"code{number}"
        one.code.mkdir()
        if _unpack(commit, one.code) and _prepared(one):
            with capfd.disabled():
                sys.stderr.write(f"\nupgrade from {_git('log', '-1', '--format=%h of %cs', commit).decode().strip()}\n")
            return Older(one, commit)
    why = _why_none(len(commits))
    if os.environ.get("CI") == "true":
        pytest.fail(f"no older code to upgrade from: {why}")
    with capfd.disabled():
        sys.stderr.write(f"\n!!! NO OLDER CODE TO UPGRADE FROM ({why}): THIS CODE IS BROUGHT FORWARD TO ITSELF\n")
    one = nothing("data")
    one.code = tmp_path / "code"
    shutil.copytree(PACKAGE, one.code / "sympolity")
    assert _prepared(one)
    return Older(one, "")


@dataclass
class Readers:
    """Threads that read again and again until the block ends."""

    looks: int = 0
    errors: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


@contextmanager
def _reading(*jobs: Callable[[], None]) -> Iterator[Readers]:
    readers = Readers()

    def read(job: Callable[[], None]) -> None:
        while not readers.over.is_set():
            try:
                job()
                readers.looks += 1
            except Exception as error:  # noqa: BLE001 - told to the test below
                readers.errors.append(f"{type(error).__name__}: {error}")
            readers.over.wait(0.01)

    threads = [threading.Thread(target=read, args=(job,), daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
    try:
        yield readers
    finally:
        readers.over.set()
        for thread in threads:
            thread.join(WAIT)
    assert not any(thread.is_alive() for thread in threads), "a reader waits for ever"


def _applied(one: Installation) -> set[tuple[str, str]]:
    return {(app, name) for app, name in one.rows("SELECT app, name FROM django_migrations")}


def _columns(one: Installation, table: str) -> list[str]:
    with one.connected() as db:
        return [column[0] for column in db.execute(f'SELECT * FROM "{table}" LIMIT 0').description]


def _contents(one: Installation, columns: dict[str, list[str]]) -> dict[str, list[tuple[str, ...]]]:
    """Every row of every table, as text."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for table, names in columns.items():
        wanted = ", ".join(f'"{name}"' for name in names)
        found[table] = sorted(tuple(map(str, row)) for row in one.rows(f'SELECT {wanted} FROM "{table}"'))
    return found


def test_readers_go_on_while_the_tables_are_brought_forward(old: Older) -> None:
    one = old.installation
    before, applied = one.counts(list(TABLES)), _applied(one)
    assert all(before.values())
    new = Installation(one.data, one.database)
    columns = {table: _columns(one, table) for table in TABLES}
    contents = _contents(one, columns)
    page = f"/en/service/{UUID(str(one.rows('SELECT id FROM directory_service')[0][0]))}/"

    def select() -> None:
        with new.connected() as db:
            if new.database:
                db.execute(f"SET statement_timeout = {int(WAIT * 1000)}")
            for table in TABLES:
                assert len(db.execute(f'SELECT * FROM "{table}"').fetchall()) >= before[table]

    with serving(one) as served:

        def ask() -> None:
            status, body = served.ask("/en/find.json")
            assert status == 200, body[:200]

        def look() -> None:
            """A page that asks the database; of a service that is not shown there is none."""
            status, body = served.ask(page)
            assert status in {200, 404}, body[:200]

        with _reading(select, select, ask, look) as readers:
            new.run("migrate", "-v0")
    assert bool(_applied(new) - applied) == bool(old.commit), "nothing was brought forward"
    assert readers.errors == []
    assert readers.looks > 5
    assert {table for table, count in new.counts(list(TABLES)).items() if count < before[table]} == set()
    kept = {
        table: [name for name in names if name not in INTENDED.get(table, ()) and name in _columns(new, table)]
        for table, names in columns.items()
    }
    for table, names in kept.items():
        at = [columns[table].index(name) for name in names]
        was = sorted(tuple(row[place] for place in at) for row in contents[table])
        assert _contents(new, {table: names})[table] == was, f"{table} lost or changed something"
    assert sum(map(len, kept.values())) > 60
    new.run("serve", "--prepare-only")  # what the new code does at its first start: facts, demo, index of its version
    new.run("index", "--once")
    assert "sound" in new.run("verify")  # the chain, the triggers, the index


def test_where_the_history_is_missing_ci_is_told(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """A clone without history must not pass for a proof."""
    monkeypatch.setattr(f"{__name__}._git", lambda *_: b"")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no older code to upgrade from: git tells no older commit"):
        request.getfixturevalue("old")
