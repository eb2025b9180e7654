"""The key of a day: made by the first process of a host that needs it, kept in memory only, gone with the day.

``settings.SENDERS_ROOT`` names a folder on tmpfs. Where there is none, or another user made it, each process has a
key of its own: then its limits hold for itself alone, and what two processes have seen cannot be compared.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from sympolity.kit import clock

__all__ = ["Day", "forget", "today"]

_LENGTH = 32  # bytes of a key
_WAIT = 2.0  # seconds for another process that is counting
_own: dict[str, tuple[bytes, str]] = {}  # day -> key and database of this process, where there is no folder


@dataclass(frozen=True, slots=True)
class Day:
    """Key and counts of one day. ``name``: of the key; tells nothing of it."""

    key: bytes
    database: str

    @property
    def name(self) -> str:
        return hashlib.sha256(b"name" + self.key).hexdigest()[:8]

    def counts(self) -> sqlite3.Connection:
        """An open database of counts; the caller closes it."""
        found = sqlite3.connect(
            self.database, timeout=_WAIT, isolation_level=None, uri=self.database.startswith("file:")
        )
        found.execute("PRAGMA journal_mode = MEMORY")
        found.execute("PRAGMA synchronous = OFF")
        return found


def today() -> Day | None:
    """The key of this day on this host; None when none can be kept. Those of other days are removed."""
    forget()
    name, root = clock.local_today().isoformat(), _folder()
    if root is None:
        return Day(*_own.setdefault(name, (secrets.token_bytes(_LENGTH), _in_memory(name))))
    try:
        return Day(_kept(root / f"{name}.key"), str(root / f"{name}.sqlite3"))
    except OSError:
        return None


def forget() -> None:
    """Throw away keys and counts of all days but this one."""
    name = clock.local_today().isoformat()
    for day in [day for day in _own if day != name]:
        del _own[day]
        _held.pop(day).close()
    root = _folder(make=False)
    if root is None:
        return
    with suppress(OSError):
        for path in list(root.iterdir()):
            if not path.name.startswith(name):
                path.unlink(missing_ok=True)


_held: dict[str, sqlite3.Connection] = {}  # a database in memory lasts as long as somebody holds it


def _in_memory(name: str) -> str:
    database = f"file:senders-{name}-{os.getpid()}?mode=memory&cache=shared"
    if name not in _held:
        _held[name] = sqlite3.connect(database, uri=True, check_same_thread=False)
    return database


def _folder(*, make: bool = True) -> Path | None:
    """Our folder, if it is ours alone: others may write to the folder above it."""
    root: Path | None = settings.SENDERS_ROOT
    if root is None:
        return None
    try:
        if make:
            root.mkdir(mode=0o700, exist_ok=True)
        found = root.lstat()
    except OSError:
        return None
    ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not stat.S_IMODE(found.st_mode) & 0o077
    return root if ours else None


def _kept(path: Path) -> bytes:
    """The key in ``path``; made whole under another name first, so that two processes agree on one."""
    with suppress(FileNotFoundError):
        return path.read_bytes()
    fresh = path.with_name(f"{path.name}-{os.getpid()}-{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(_LENGTH))
        with suppress(FileExistsError):
            os.link(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)
    return path.read_bytes()
