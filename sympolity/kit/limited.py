"""Work on a file from outside in a child process that can do little harm.

The child imports its module first and is then fenced in: an upper bound of memory and of processor
time, and no further file, socket or process (no new descriptor can be opened). It reads the file as
its standard input, and what it gives are lines of text on its standard output. The parent waits a
bounded time, and ends the child when it stops asking.

A module for this has ``main(args, source)``: ``args`` are texts, ``source`` is the file open for
reading bytes; it yields lines. What it needs later (a codec, a submodule) it has to import at its
top: nothing can be opened afterwards. It raises :class:`Limited` to say why a file is not taken.

Python alone; the limits are those of Linux (``man 2 setrlimit``).
"""

from __future__ import annotations

import importlib
import json
import math
import os
import resource
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

__all__ = ["Limited", "Spent", "fenced", "run_limited"]

_LINE = 16_000_000  # bytes of one line of the child
_CHUNK = 65_536
_PATIENCE = 5  # how much longer than it may work the child is waited for
_SAYS = b"\x00"  # begins the one line in which the fence itself speaks; JSON never begins so
_ROOT = Path(__file__).resolve().parents[2]


class Limited(Exception):
    """The work was not done: ``reason`` says why, in a sentence; ``kind`` is one of refused, memory, time, failed."""

    def __init__(self, reason: str, kind: str = "refused") -> None:
        super().__init__(reason)
        self.reason = reason
        self.kind = kind


@dataclass(slots=True)
class Spent:
    """What a child cost: peak of resident memory in bytes (0 when it was ended), seconds of processor time."""

    memory: int = 0
    seconds: float = 0.0


def run_limited(
    module: str,
    args: Sequence[str] = (),
    *,
    seconds: float,
    memory: int,
    stdin: BinaryIO | None = None,
    spent: Spent | None = None,
) -> Iterator[str]:
    """The lines that ``module.main(args, stdin)`` yields in a child process, without their line feeds.

    ``seconds`` bounds the child's processor time; on a busy machine it is waited for five times as long (what the
    caller does between two lines does not count). ``memory`` bounds its address space in bytes, about 30 MB of which are
    Python's own. ``stdin``: a real file. Raises :class:`Limited`.
    """
    command = [sys.executable, "-I", "-B", __file__, module, str(math.ceil(seconds)), str(memory), *args]
    child = subprocess.Popen(  # noqa: S603 - our own file and arguments, no shell
        command, stdin=stdin if stdin is not None else subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, cwd="/", env={}, start_new_session=True,
    )  # fmt: skip
    said: dict[str, object] | None = None
    try:
        for line in _lines(child, _PATIENCE * seconds):
            if line.startswith(_SAYS):
                said = json.loads(line[1:])
                break
            yield line.decode()
    finally:
        code = _ended(child)
    _judge(said, code, seconds, memory, spent or Spent())


def _lines(child: subprocess.Popen[bytes], seconds: float) -> Iterator[bytes]:
    """Whole lines of the child, waiting for at most ``seconds`` in all."""
    if child.stdout is None:  # only without PIPE
        return
    pipe = child.stdout.fileno()
    ready = select.poll()
    ready.register(pipe, select.POLLIN | select.POLLHUP)
    left, parts, held = seconds, list[bytes](), 0
    while True:
        begun = time.monotonic()
        if not ready.poll(max(0.0, left) * 1000):
            raise _too_slow(seconds)
        chunk = os.read(pipe, _CHUNK)
        left -= time.monotonic() - begun
        if not chunk:
            return
        *whole, rest = chunk.split(b"\n")
        for piece in whole:
            yield b"".join([*parts, piece])
            parts, held = [], 0
        parts.append(rest)
        held += len(rest)
        if held > _LINE:
            raise Limited(f"a part of the file is longer than {_LINE // 10**6} million characters")


def _too_slow(seconds: float) -> Limited:
    return Limited(f"reading the file took longer than {seconds:g} s: it is too large, or made to be slow", "time")


def _ended(child: subprocess.Popen[bytes]) -> int:
    """End the child if it still runs; its exit code."""
    if child.stdout:
        child.stdout.close()
    try:
        return child.wait(timeout=0.2)  # it has said its last line, and leaves by itself
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()


def _judge(said: dict[str, object] | None, code: int, seconds: float, memory: int, spent: Spent) -> None:
    """Raise what went wrong, if anything did."""
    if said is None:
        if code == -24:  # SIGXCPU: the processor time is used up
            raise _too_slow(seconds)
        raise Limited(f"reading the file ended before its end (code {code})", "failed")
    spent.memory, spent.seconds = int(str(said["memory"])), float(str(said["seconds"]))
    kind, reason = str(said["kind"]), str(said["reason"])
    if kind == "memory":
        raise Limited(f"reading the file took more than {memory // 10**6} MB of memory", kind)
    if kind != "done":
        raise Limited(reason, kind)


def _fence(seconds: int, memory: int) -> None:
    """From here on: no more memory than this, no new descriptor, no process, no core file."""
    none = (0, 0)
    resource.setrlimit(resource.RLIMIT_CORE, none)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, none)
    resource.setrlimit(resource.RLIMIT_NPROC, none)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_NOFILE, none)


def fenced(module: str, seconds: int, memory: int, args: Sequence[str]) -> None:
    """In the child: fence, work, and one last line that says how it went."""
    main = importlib.import_module(module).main
    status = open("/proc/self/status", "rb", buffering=0)  # noqa: SIM115 - open before nothing can be opened
    _fence(seconds, memory)
    out = sys.stdout.buffer
    kind, reason = "done", ""
    try:
        for line in main(args, sys.stdin.buffer):
            out.write(line.encode() + b"\n")
    except Limited as error:
        kind, reason = error.kind, error.reason
    except MemoryError:
        kind = "memory"
    except BrokenPipeError:
        os._exit(0)  # nobody reads any more
    except Exception as error:  # noqa: BLE001 - whatever a hostile file brings about ends here
        kind, reason = "failed", f"reading the file failed ({type(error).__name__})"
    used = resource.getrusage(resource.RUSAGE_SELF)
    last = {"kind": kind, "reason": reason, "memory": _peak(status), "seconds": used.ru_utime + used.ru_stime}
    out.write(_SAYS + json.dumps(last).encode() + b"\n")
    out.flush()
    os._exit(0)


def _peak(status: BinaryIO) -> int:
    """The highest resident memory of this process in bytes (VmHWM).

    ``ru_maxrss`` would count the parent's memory at the moment of the start.
    """
    for line in status.read().splitlines():
        if line.startswith(b"VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


if __name__ == "__main__":
    sys.path.append(str(_ROOT))
    # Under its real name, so that the module's Limited is ours.
    _ours = importlib.import_module("sympolity.kit.limited")
    _ours.fenced(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
