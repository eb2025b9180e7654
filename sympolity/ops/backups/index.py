"""The find index as a backup keeps it: one state of the generation in use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from sympolity.search import store

__all__ = ["adopt", "frozen", "size"]

TRIES = 50
# Locks and the engine's list of files to remove belong to the process that writes.
_LEFT_OUT = (".lock", ".new", ".managed.json")


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file() and not path.name.endswith(_LEFT_OUT))


def size(root: Path) -> int:
    """Bytes of the generation in use."""
    folder = root / (store.current(root) or "none")
    try:
        return sum(path.stat().st_size for path in _files(folder))
    except OSError:
        return 0


@contextmanager
def frozen(root: Path) -> Iterator[tuple[str, dict[str, BinaryIO]]]:
    """The name of the generation and its open files; ("", {}) when there is no sound index.

    Files of a segment never change and an open one can be read after it was deleted: it is enough
    that the list of segments is the same before and after all are open.
    """
    with ExitStack() as held:
        found: tuple[str, dict[str, BinaryIO]] | None = None
        for _ in range(TRIES):
            found = _try(root, held)
            if found is not None:
                break
            held.close()
        yield found or ("", {})


def _try(root: Path, held: ExitStack) -> tuple[str, dict[str, BinaryIO]] | None:
    """The open files of one state; None when it changed meanwhile."""
    name = store.current(root)
    folder = root / name
    if not name or not folder.is_dir():
        return "", {}
    try:
        before = (folder / "meta.json").read_bytes()
        files: dict[str, BinaryIO] = {path.name: held.enter_context(path.open("rb")) for path in _files(folder)}
        same = before == (folder / "meta.json").read_bytes() == os.pread(files["meta.json"].fileno(), 1 << 26, 0)
    except (OSError, KeyError):
        return None
    return (name, files) if same else None


def adopt(root: Path, name: str) -> bool:
    """Make the restored files under ``root``/``name`` the index in use; False when they cannot serve.

    Their sums are written anew: those in the backup may lack its newest files.
    """
    folder = root / name
    if not name or not name.isalnum():
        return False
    try:
        if not store.files_sound(folder, read=True):  # of our version, and whole when it was read
            return False
        store.write_sums(folder)
    except (store.IndexAway, OSError, ValueError, KeyError, TypeError):
        return False
    if not store.files_sound(folder, read=False):
        return False
    (root / "current").write_text(name, encoding="ascii")
    return True
