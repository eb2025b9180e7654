"""Where the web workers count together: one folder of small files, mapped into memory.

prometheus_client looks at its variable once, when it is imported: nothing here imports it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

__all__ = ["FILES", "VARIABLE", "begin", "join", "shared"]

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
# Bytes of each worker's files: room for every route in every class of status.
FILES: Mapping[str, int] = {"counter": 1 << 18, "histogram": 1 << 14}


def begin(folder: Path) -> None:
    """Begin at nought, for the workers that this process starts. A disk without room: each counts alone."""
    with suppress(OSError):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "started").touch()
        os.environ[VARIABLE] = str(folder)


def join(folder: Path) -> None:
    """Lay out the files of this worker whole, before the library maps them.

    The library makes sparse files: the first count that finds the disk full would end the worker
    (SIGBUS), and every worker after it. Without room this one counts for itself.
    """
    if not shared():
        return
    paths = {folder / f"{kind}_{os.getpid()}.db": size for kind, size in FILES.items()}
    try:
        for path, size in paths.items():
            with path.open("a+b") as file:
                os.posix_fallocate(file.fileno(), 0, size)
    except OSError:
        del os.environ[VARIABLE]
        for path in paths:
            path.unlink(missing_ok=True)


def shared() -> bool:
    """Whether the workers add up."""
    return VARIABLE in os.environ
