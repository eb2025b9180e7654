"""Room on the disk: asked for before anything is written."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from sympolity.ops.backups.failures import BackupError

__all__ = ["files_below", "in_words", "need", "to_disk"]

MARGIN = 32 << 20  # bytes that are to stay free


def in_words(size: int) -> str:
    """A number of bytes as people read it."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{size / 1_000_000:.1f} MB" if size < 1_000_000_000 else f"{size / 1_000_000_000:.1f} GB"


def need(folder: Path, size: int) -> None:
    """BackupError unless ``size`` bytes fit into the disk of ``folder`` (or of what will hold it)."""
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    free = shutil.disk_usage(there).free
    if free < size + MARGIN:
        raise BackupError(
            f"There is not enough room in {folder}: about {in_words(size + MARGIN)} are needed, {in_words(free)} are free. "
            "Make room, or name another folder."
        )


def files_below(folder: Path) -> list[tuple[str, Path]]:
    """(name below the folder, path) of all files; BackupError for a link to a folder, which would not be followed."""
    found: list[tuple[str, Path]] = []
    for base, folders, files in os.walk(folder):
        for name in folders:
            if Path(base, name).is_symlink():
                raise BackupError(
                    f"{Path(base, name)} is a link to a folder. Put the folder itself there: links are not kept."
                )
        found += [(Path(base, name).relative_to(folder).as_posix(), Path(base, name)) for name in files]
    return sorted(found)


def to_disk(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
