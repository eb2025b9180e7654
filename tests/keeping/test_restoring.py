"""What a restore refuses, what it moves aside, and older states that it brings forward."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from sympolity.ops.backups.failures import BackupError
from sympolity.ops.backups.making import make
from sympolity.ops.backups.reading import check
from sympolity.ops.backups.restoring import restore
from sympolity.ops.supervisor import only_one
from tests.keeping.installation import Installation

Make = Callable[[str], Installation]


def _backup(one: Installation, folder: Path) -> Path:
    return Path(one.run("backup", "--to", str(folder)).splitlines()[0])


def test_what_is_there_is_never_overwritten_but_moved_aside(nothing: Make, small: Path, filled: Path) -> None:
    one = nothing("one")
    (one.data / ".restoring-20260101T000000Z").mkdir(parents=True)  # of a restore that was killed
    one.run("restore", str(filled))
    assert not list(one.data.glob(".restoring-*"))
    assert {path.name for path in one.data.iterdir() if path.stat().st_mode & 0o077} == set()
    rows, there = one.counts(list(check(filled).contents.rows)), one.tree()
    assert rows == check(filled).contents.rows
    assert sum(name.startswith("media/") for name in there) == 2

    printed = one.run("restore", str(small), code=1)
    assert "There is data already" in printed
    assert "--replace" in printed
    assert one.tree() == there

    assert "was not changed" in one.run("restore", str(small), "--replace")
    assert one.counts(["trail_entry", "places_area"]) == {"trail_entry": 0, "places_area": 0}
    (aside,) = one.data.glob("before_*")
    assert {name: (aside / name).read_bytes() for name in there} == there
    if connection.vendor == "postgresql":
        with one.connected() as db:
            db.execute(f"SET search_path = {aside.name}")
            moved = {table: db.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in rows}
    else:
        moved = Installation(aside, "").counts(list(rows))
    assert moved == rows


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None) -> Path:
    """A data folder of the test, for what is refused before anything is done; the database is empty."""
    monkeypatch.setattr(settings, "DATA", tmp_path / "data")
    monkeypatch.setattr(settings, "INDEX_ROOT", tmp_path / "data" / "index")
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "data" / "media")
    return tmp_path / "data"


@pytest.mark.parametrize("lock", ["serve.lock", "index/indexer.lock"])
def test_a_running_installation_is_refused(own: Path, small: Path, lock: str) -> None:
    with only_one(own / lock), pytest.raises(BackupError, match="Stop it first"):
        restore(small)


def test_media_alone_is_data_too(own: Path, small: Path) -> None:
    (own / "media" / "folder").mkdir(parents=True)
    (own / "media" / "folder" / "photo").touch()
    with pytest.raises(BackupError, match="files in"):
        restore(small)


def test_without_room_nothing_is_begun(own: Path, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sympolity.ops.backups.room.MARGIN", 1 << 60)
    with pytest.raises(BackupError, match="not enough room"):
        restore(small)
    assert {path.name for path in own.iterdir()} == {"serve.lock"}


def test_an_older_state_is_restored_as_it_was_and_brought_forward(nothing: Make, tmp_path: Path) -> None:
    old, new = nothing("old"), nothing("new")
    for app in ("directory", "trail"):
        old.run("migrate", app, "0001", "-v0")
    with old.connected() as db:
        db.execute("INSERT INTO trail_lease VALUES ('key', 'data', '2030-01-01 00:00:00')")
    path = _backup(old, tmp_path / "backups")
    told = check(path).contents
    assert ("directory", "0001_initial") in told.migrations
    assert ("directory", "0002_clock_and_reach") not in told.migrations
    new.run("restore", str(path))
    assert new.rows("SELECT name FROM trail_lease") == [("key",)]
    assert ("0002_clock_and_reach",) in new.rows("SELECT name FROM django_migrations WHERE app = 'directory'")


@pytest.mark.only_on("postgresql")
def test_sequences_go_on_and_tables_of_others_are_left_out(
    nothing: Make, tmp_path: Path, transactional_db: None
) -> None:
    ContentType.objects.create(app_label="other", model="other")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE of_others (id int)")
    try:
        path = make(tmp_path).path
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE of_others")
    one, told = nothing("one"), check(path).contents.sequences
    assert told["django_content_type_id_seq"] > 0
    assert "of_others is none of Sympolity" in one.run("restore", str(path))
    query = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
    after = dict(one.rows(query))
    assert all(after[name] >= value for name, value in told.items())
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
