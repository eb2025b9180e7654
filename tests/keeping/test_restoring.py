"""What a restore refuses, what it moves aside, and older states that it brings forward."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from sympolity.ops.backups.archive import check
from sympolity.ops.supervisor import only_one
from tests.keeping.installation import Installation

Make = Callable[[str], Installation]


def _backup(one: Installation, folder: Path) -> Path:
    return Path(one.run("backup", "--to", str(folder)).splitlines()[0])


def test_what_is_there_is_never_overwritten_but_moved_aside(demo: Installation, nothing: Make, small: Path) -> None:
    one = nothing("one")
    one.run("restore", str(small))  # an empty network
    path = _backup(demo, one.data.parent / "elsewhere")
    one.run("restore", str(path))  # empty tables count as nothing, whatever their index
    filled, there = one.counts(list(check(path).contents.rows)), one.tree()

    printed = one.run("restore", str(small), code=1)
    assert "There is data already" in printed
    assert "--replace" in printed
    assert one.tree() == there
    assert one.run("restore", str(small), "--into-empty", "--replace", code=2)

    printed = one.run("restore", str(small), "--replace")
    assert "was not changed" in printed
    assert one.counts(["trail_entry", "places_area"]) == {"trail_entry": 0, "places_area": 0}
    (aside,) = one.data.glob("before_*")
    assert (aside / "secret_key").read_bytes() == there["secret_key"]
    assert {name.removeprefix("media/") for name in there if name.startswith("media/")} == {
        path.relative_to(aside / "media").as_posix() for path in (aside / "media").rglob("*") if path.is_file()
    }
    if connection.vendor == "postgresql":
        with one.connected() as db:
            db.execute(f"SET search_path = {aside.name}")
            moved = {table: db.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in filled}
    else:
        moved = Installation(aside, "").counts(list(filled))
    assert moved == filled
    assert "sound" in one.run("verify")


def test_a_running_installation_is_refused(nothing: Make, small: Path) -> None:
    one = nothing("one")
    with only_one(one.data / "serve.lock"):
        assert "Stop it first" in one.run("restore", str(small), code=1)
    with only_one(one.data / "index" / "indexer.lock"):
        assert "Stop it first" in one.run("restore", str(small), code=1)
    (one.data / ".restoring-20260101T000000Z").mkdir()  # of a restore that was killed
    one.run("restore", str(small))
    assert not list(one.data.glob(".restoring-*"))
    assert {path.name for path in one.data.iterdir() if path.stat().st_mode & 0o077} == set()


def test_media_alone_is_data_too(nothing: Make, small: Path) -> None:
    one = nothing("one")
    (one.data / "media").mkdir(parents=True)
    (one.data / "media" / "photo").touch()
    assert "files in" in one.run("restore", str(small), code=1)
    os.unlink(one.data / "media" / "photo")
    one.run("restore", str(small))


def test_an_older_state_is_restored_as_it_was_and_brought_forward(nothing: Make, tmp_path: Path) -> None:
    old, new = nothing("old"), nothing("new")
    for app in ("directory", "trail", "sessions"):
        old.run("migrate", app, "0001", "-v0")
    with old.connected() as db:
        db.execute("INSERT INTO django_session VALUES ('key', 'data', '2030-01-01 00:00:00')")
    path = _backup(old, tmp_path / "backups")
    told = check(path).contents
    assert ("directory", "0001_initial") in told.migrations
    assert ("directory", "0002_clock_and_reach") not in told.migrations
    new.run("restore", str(path))
    assert new.rows("SELECT session_key FROM django_session") == [("key",)]
    assert ("0002_clock_and_reach",) in new.rows("SELECT name FROM django_migrations WHERE app = 'directory'")
    new.run("migrate", "--check")


@pytest.mark.only_on("postgresql")
def test_sequences_go_on_and_tables_of_others_are_left_out(demo: Installation, nothing: Make, tmp_path: Path) -> None:
    with demo.connected() as db:
        db.execute("CREATE TABLE of_others (id int)")
    try:
        path = _backup(demo, tmp_path)
    finally:
        with demo.connected() as db:
            db.execute("DROP TABLE of_others")
    one = nothing("one")
    assert "of_others is none of Sympolity" in one.run("restore", str(path))
    query = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
    before, after = dict(demo.rows(query)), dict(one.rows(query))
    assert before
    assert all(after[name] >= value for name, value in before.items())
    assert one.rows("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'trail_entry_no%'") == [(2,)]


@pytest.mark.only_on("sqlite")
def test_a_damaged_database_is_not_kept_as_if_it_were_sound(nothing: Make, small: Path, tmp_path: Path) -> None:
    one = nothing("one")
    one.run("restore", str(small))
    path = one.data / "sympolity.sqlite3"
    data = bytearray(path.read_bytes())
    for place in range(8192, len(data), 4096):
        data[place : place + 64] = b"\xff" * 64
    path.write_bytes(data)
    assert "database" in one.run("backup", "--to", str(tmp_path / "to"), code=1)
    assert not list((tmp_path / "to").glob("sympolity*"))
