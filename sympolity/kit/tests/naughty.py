"""What a child process may be led to do; run behind the fence by ``test_limited``."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from sympolity.kit.limited import Limited


def main(args: Sequence[str], source: BinaryIO) -> Iterator[str]:
    if args[0] == "lines":
        yield from (line.decode().rstrip("\n") for line in source)
        return
    yield "one"
    yield from DEEDS[args[0]]()


def _refuse() -> Iterator[str]:
    raise Limited("the file is a hedgehog")


def _fail() -> Iterator[str]:
    raise ValueError("secret of the file")


def _spin() -> Iterator[str]:
    while True:
        pass


def _leave() -> Iterator[str]:
    os._exit(7)


def _sleep() -> Iterator[str]:
    time.sleep(60)
    yield ""


def _tried(deed: Callable[[], object]) -> Iterator[str]:
    try:
        deed()
    except OSError as error:
        yield f"refused: {error.strerror}"
    else:
        yield "done"


DEEDS: dict[str, Callable[[], Iterator[str]]] = {
    "refuse": _refuse,
    "fail": _fail,
    "spin": _spin,
    "leave": _leave,
    "sleep": _sleep,
    "memory": lambda: iter([str(len(bytearray(10**9)))]),
    "long": lambda: iter(["x" * 20_000_000]),
    "open": lambda: _tried(Path("/etc/hostname").open),
    "write": lambda: _tried(Path("/tmp/sympolity-naughty").touch),
    "socket": lambda: _tried(socket.socket),
    "pipe": lambda: _tried(os.pipe),
}
