"""The backup of the night: when it is due, what is known of it, and that it stops nothing else."""

from __future__ import annotations

import errno
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from sympolity.kit import clock
from sympolity.ops import backups
from sympolity.ops.backups import making, nightly, retention, state
from sympolity.ops.backups.archive import Writer
from sympolity.ops.backups.failures import BackupError
from sympolity.ops.supervisor import only_one
from sympolity.project import env

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Backups and what is known of them in a folder of the test."""
    monkeypatch.setattr(settings, "BACKUPS", tmp_path / "backups")
    monkeypatch.setattr(state, "_path", lambda: tmp_path / "backups" / "last.json")


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.ATHENS)


@pytest.mark.parametrize(
    ("made", "now", "due"),
    [
        (None, "2026-11-22T14:00", True),  # never yet
        ("2026-11-21T03:00", "2026-11-22T02:59", False),
        ("2026-11-21T03:00", "2026-11-22T03:00", True),
        ("2026-11-22T03:00", "2026-11-22T03:01", False),
        ("2026-11-22T02:59", "2026-11-22T09:00", True),  # the night was missed: made up for
        ("2026-11-10T03:00", "2026-11-22T01:00", True),
        ("2026-03-28T03:00", "2026-03-29T04:00", True),  # the night without three o'clock
        ("2026-10-25T03:30", "2026-10-25T23:00", False),  # the night with two of them
    ],
)
def test_once_a_night(made: str | None, now: str, due: bool) -> None:
    assert nightly.is_due(state.Last(at=_at(made) if made else None), _at(now)) is due


def test_after_a_failure_it_is_tried_again_an_hour_later() -> None:
    known = state.Last(at=_at("2026-11-20T03:00"), tried=_at("2026-11-22T03:00"), error="full")
    assert not nightly.is_due(known, _at("2026-11-22T03:59"))
    assert nightly.is_due(known, _at("2026-11-22T04:01"))
    assert nightly.is_due(known, _at("2026-11-22T01:00"))  # the clock was set back


def test_the_work_process_makes_one_a_night_and_lets_go_of_old_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "BACKUP_KEEP", (2, 0, 0))
    begin = _at("2026-11-22T03:00")
    for day in range(4):
        for hour in (0, 5, 15):
            with clock.moved(to=begin + timedelta(days=day, hours=hour)):
                call_command("work", "--once")
    there = sorted(path.name for path in Path(settings.BACKUPS).glob("sympolity-*"))
    assert [name[10:18] for name in there] == ["20261124", "20261125"]
    last = backups.last()
    assert last.at == retention.made_at(Path(last.file)) or last.at is not None
    assert Path(last.file).name == there[-1]
    assert last.size == Path(last.file).stat().st_size
    assert last.error == ""


def test_switched_off_it_makes_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "BACKUP", "off")
    call_command("work", "--once")
    assert not Path(settings.BACKUPS).exists()
    assert backups.last() == backups.Last()


def test_a_failure_is_known_and_the_last_success_too(monkeypatch: pytest.MonkeyPatch) -> None:
    assert nightly.run()
    before = backups.last()

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Writer, "finish", full)
    assert not nightly.run()
    after = backups.last()
    assert (after.at, after.file, after.size) == (before.at, before.file, before.size)
    assert "No space left on device" in after.error
    assert after.tried is not None
    assert before.at is not None
    assert after.tried > before.at
    call_command("work", "--once")  # other work goes on


def test_what_nobody_expected_stops_nothing_either(monkeypatch: pytest.MonkeyPatch) -> None:
    def odd(*_: Any) -> None:
        raise RuntimeError("odd")

    monkeypatch.setattr(making, "_write", odd)
    assert not nightly.run()
    assert "RuntimeError" in backups.last().error
    assert [path.name for path in Path(settings.BACKUPS).iterdir() if path.name != ".lock"] == ["last.json"]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BackupError, match="cannot be written"):
        making.make(tmp_path / "file" / "below")


def test_without_room_nothing_is_begun(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sympolity.ops.backups.room.MARGIN", 1 << 60)
    with pytest.raises(BackupError, match="not enough room"):
        making.make(tmp_path / "to")
    assert [path.name for path in (tmp_path / "to").iterdir()] == [".lock"]


def test_a_second_one_at_the_same_time_is_refused_and_what_a_killed_one_left_goes(tmp_path: Path) -> None:
    left = tmp_path / ".sympolity-20260101T000000Z.partial"
    left.mkdir()
    (left / "archive").write_bytes(b"half")
    with only_one(tmp_path / ".lock"), pytest.raises(BackupError, match="Another backup"):
        making.make(tmp_path)
    assert left.exists()
    made = [making.make(tmp_path).path for _ in range(2)]
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", *(path.name for path in made)]
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in made)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"at": "yesterday"}', '{"at": null}'])
def test_an_odd_note_is_no_note(tmp_path: Path, text: str) -> None:
    path = tmp_path / "backups" / "last.json"
    path.parent.mkdir()
    path.write_text(text)
    assert backups.last() == backups.Last()


def test_the_note_is_plain_json() -> None:
    assert nightly.run()
    data = json.loads(state._path().read_text())
    assert set(data) == {"at", "file", "size", "seconds", "tried", "error"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SYMPOLITY_BACKUP", "weekly"),
        *(("SYMPOLITY_BACKUP_KEEP", text) for text in ("7", "7,4", "7,4,x", "7,4,-1", "")),
    ],
)
def test_settings_that_cannot_be_used_are_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    if value:
        with pytest.raises(env.BadSetting, match=name):
            env.backups(Path())
    else:
        assert env.backups(Path("data")) == ("nightly", Path("data/backups"), (7, 4, 6))
