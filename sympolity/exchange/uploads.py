"""Files that people bring in on a page: kept in the data folder under random names, never served, removed early."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path, PurePosixPath
from uuid import uuid4

from django.conf import settings

from sympolity.kit import clock
from sympolity.kit.bidi import clean_line

__all__ = [
    "KEPT",
    "MAX_BYTES",
    "MAX_FILES",
    "Received",
    "fresh",
    "keep",
    "name_of",
    "paths",
    "remove",
    "root",
    "sweep",
]

MAX_BYTES = 100_000_000  # all files of one import together
MAX_FILES = 40
KEPT = timedelta(days=14)
_STRAY = timedelta(days=1)  # what no run knows: the upload was broken off
_TABLE = re.compile(r"^[A-Za-z0-9_-]{1,60}\.(csv|json|ndjson|jsonl)$")
_ENDING = re.compile(r"\.[a-z0-9]{1,8}$")


@dataclass(frozen=True, slots=True)
class Received:
    """A file that has arrived whole. ``name``: as the person knows it."""

    name: str
    path: Path
    size: int


def root() -> Path:
    """The folder, for this user alone (settings set the umask)."""
    folder = Path(settings.DATA) / "uploads"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def fresh() -> Path:
    """A new name for a file on its way in."""
    return root() / f"{uuid4().hex}.part"


def name_of(text: str) -> str:
    """The name of a file from outside as words: without folders, controls and tricks of direction."""
    return clean_line(re.split(r"[/\\]", text)[-1], 120) or "?"


def keep(files: Sequence[Received], *, tables: bool = False) -> list[str]:
    """Put received files together into a folder of their own; their places below :func:`root`.

    ``tables``: the format tells its files apart by name; a plain name of a table then stays. Any other is replaced.
    """
    folder = uuid4().hex
    kept: list[str] = []
    for number, file in enumerate(files, 1):
        place = f"{folder}/{number:02}/{_stored(file.name, tables=tables)}"
        target = root() / place
        target.parent.mkdir(mode=0o700, parents=True)
        file.path.replace(target)
        kept.append(place)
    return kept


def _stored(name: str, *, tables: bool) -> str:
    if tables and _TABLE.match(name):
        return name
    ending = _ENDING.search(name.casefold())
    return f"file{ending[0] if ending else ''}"


def paths(places: Iterable[str]) -> list[Path]:
    """Where kept files lie."""
    return [root() / place for place in places]


def remove(places: Iterable[str]) -> None:
    """Remove kept files with their folder; what is gone already is no fault."""
    for folder in {PurePosixPath(place).parts[0] for place in places}:
        shutil.rmtree(root() / folder, ignore_errors=True)


def sweep(known: Iterable[str]) -> int:
    """Remove what no run knows and is older than a day; how many. ``known``: places of all runs."""
    ours = {PurePosixPath(place).parts[0] for place in known}
    before = (clock.now() - _STRAY).timestamp()
    gone = 0
    for entry in list(root().iterdir()):
        if entry.name in ours or entry.lstat().st_mtime > before:
            continue
        gone += 1
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)
    return gone
