"""The data folder: whether there is anything in it, moving that aside, and putting restored files there."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from sympolity.ops.backups import room, sqlite
from sympolity.ops.backups.failures import BackupError
from sympolity.ops.backups.making import MARKS
from sympolity.ops.backups.manifest import SQLITE_MEMBER

__all__ = ["aside_name", "holds", "move_aside", "place", "refuse_links"]


def holds() -> list[str]:
    """What the data folder and the database hold already, in words.

    The secret key alone is nothing: every command makes one. Neither is a find index without its database.
    """
    found: list[str] = []
    if connection.vendor == "sqlite":
        if not sqlite.is_empty():
            found.append(f"the database {sqlite.database()}")
    else:
        from sympolity.ops.backups import postgres

        if not postgres.is_empty():
            found.append(f"the database {connection.settings_dict['NAME']}")
    if any(path.is_file() for path in Path(settings.MEDIA_ROOT).rglob("*")):
        found.append(f"files in {settings.MEDIA_ROOT}")
    return found


def refuse_links() -> None:
    """BackupError when ``media`` leads to another disk: files restored beside it cannot take its name."""
    media = Path(settings.DATA) / "media"
    if media.is_symlink():
        raise BackupError(
            f"{media} is a link to {media.readlink()}. Remove the link, restore, move the files of {media} to where it "
            "led, and set the link again. Nothing was changed."
        )


def aside_name(at: datetime) -> str:
    """The name of the folder, and of the schema of PostgreSQL, that what was there is moved to."""
    return f"before_{at:%Y%m%dT%H%M%SZ}".lower()


def _present() -> list[Path]:
    data = Path(settings.DATA)
    names = ["media", "index", "secret_key", *MARKS]
    found = [data / name for name in names]
    if connection.vendor == "sqlite":
        path = sqlite.database()
        found += [path.with_name(path.name + ending) for ending in ("", "-wal", "-shm", "-journal")]
    return [path for path in found if path.exists() or path.is_symlink()]


def move_aside(folder: Path) -> None:
    """Move everything that a backup holds into ``folder``, which is new; nothing is deleted."""
    folder.mkdir(mode=0o700)
    for path in _present():
        path.rename(folder / path.name)
    room.to_disk(folder)


def place(stage: Path, database: Path | None) -> None:
    """Rename what was restored to where it belongs, the database last: without it the rest counts as nothing."""
    data = Path(settings.DATA)
    for name in ("media", "index", "secret_key", *MARKS):
        if not (stage / name).exists():
            continue
        if name == "index" and (data / name).exists():
            (data / name).rename(stage / "index.before")  # of no database: goes with the staging folder
        elif (data / name).is_dir() and not (data / name).is_symlink():
            _remove_empty(data / name)
        (stage / name).rename(data / name)
    room.to_disk(data)
    if database is not None:
        for ending in ("-wal", "-shm", "-journal"):  # of an empty database: what is there must not be read into ours
            database.with_name(database.name + ending).unlink(missing_ok=True)
        (stage / SQLITE_MEMBER).rename(database)
        room.to_disk(database.parent)


def _remove_empty(folder: Path) -> None:
    """Remove folders without files."""
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir()
    folder.rmdir()
