"""From the members of a backup to files in a staging folder, or to the tables of PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from sympolity.ops.backups.failures import BackupError
from sympolity.ops.backups.manifest import Manifest
from sympolity.ops.backups.reading import Stored, stored

__all__ = ["unpack"]


def unpack(path: Path, manifest: Manifest, stage: Path) -> Iterator[Stored]:
    """Write files into ``stage``, each on the disk afterwards; members that are tables are given to the caller.

    BackupError when the file is no longer the one that was checked.
    """
    inside = stage.resolve()
    for member in stored(path):
        if member.name not in manifest.members:
            raise BackupError(f"{path} was changed while it was read. Nothing was changed here.")
        if member.name.endswith(".copy") and member.name.startswith("database/"):
            yield member
        else:
            target = (stage / _place(member.name, manifest)).resolve()
            if inside not in target.parents:  # the manifest was checked; this is where it would do harm
                raise BackupError(f"{path} holds a file that leads out of its folder. Nothing was changed.")
            _write(member, target)
        if member.done() != manifest.members[member.name]:
            raise BackupError(f"{path} was changed while it was read. Nothing was changed here.")


def _place(name: str, manifest: Manifest) -> str:
    """Where a member lies in a data folder."""
    folder, _, rest = name.partition("/")
    if folder == "index":
        return f"index/{manifest.index}/{rest}"
    return rest if folder == "marks" else name


def _write(member: Stored, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for block in member.blocks():
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
