"""Starting and watching the processes of an installation.

A child whose parent is gone ends itself: after kill -9 of the main process nothing lives on
and no port stays taken. A child that ends is started again, with a pause that grows.
"""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

log = logging.getLogger("sympolity.supervisor")
__all__ = [
    "AlreadyRunning",
    "Child",
    "Supervisor",
    "end_with_parent",
    "only_one",
    "port_becomes_free",
    "port_is_free",
    "stopping",
]

PARENT = "SUPERVISOR_PID"  # in the environment of a child
FIRST, BEHIND = "web", 5  # who reads waits for no other process, least of all after a kill; how nice the others are
STEADY = 10.0  # seconds; a child that lived longer ended for a reason from outside, and is started again at once


class AlreadyRunning(Exception):
    """Another process of this installation holds the job."""


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Hold ``lock`` for as long as the block runs; it goes with the process, however that ends.

    Raises :class:`AlreadyRunning` when another process of this machine holds it.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise AlreadyRunning(str(lock)) from error
        yield


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def port_becomes_free(host: str, port: int, patience: float = 3.0) -> bool:
    """The same within ``patience`` seconds: workers of a killed server end a moment after it."""
    limit = time.monotonic() + patience
    while not port_is_free(host, port):
        if time.monotonic() > limit:
            return False
        time.sleep(0.05)
    return True


def end_with_parent(parent: int | None = None, pause: float = 0.2) -> None:
    """End this process as soon as its parent is another one (Linux and other POSIX).

    ``parent``: its number, where the caller knows it; else the supervisor that started us, else whoever is the
    parent now. To ask only now would be too late for a parent that was killed while we were still loading.
    """
    named = os.environ.pop(PARENT, "")  # taken out: what we start ourselves has us as its parent
    wanted = parent or int(named or os.getppid())

    def watch() -> None:
        while os.getppid() == wanted:
            time.sleep(pause)
        os._exit(3)

    if os.getppid() != wanted:
        os._exit(3)
    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()


def stopping() -> Callable[[], bool]:
    """A function that turns true when this process is asked to end (SIGTERM, SIGINT)."""
    asked = threading.Event()

    def ask(*_: Any) -> None:
        asked.set()

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    return asked.is_set


@dataclass(slots=True)
class Child:
    """A verb that runs in a process of its own."""

    verb: str
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    not_before: float = 0.0


class Supervisor:
    """Keeps children alive until it is asked to stop."""

    def __init__(self, verbs: list[str], environment: Mapping[str, str]) -> None:
        self.children = [Child(verb) for verb in verbs]
        self.environment = {**os.environ, **environment, PARENT: str(os.getpid())}

    def start(self, child: Child) -> None:
        """Start a child in a session of its own, so that Ctrl-C reaches it through us only."""
        command = [sys.executable, "-m", "sympolity", child.verb]
        child.process = subprocess.Popen(command, env=self.environment, start_new_session=True)  # noqa: S603 our own verbs
        child.started = time.monotonic()
        if child.verb != FIRST:
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, child.process.pid, BEHIND)

    def run(self, stop: Callable[[], bool], pause: float = 0.05) -> None:
        """Start all children and start again those that end."""
        for child in self.children:
            self.start(child)
        try:
            while not stop():
                for child in self.children:
                    self._look(child)
                time.sleep(pause)
        finally:
            self.end()

    def _look(self, child: Child) -> None:
        process, now = child.process, time.monotonic()
        if process is not None and process.poll() is None:
            return
        if process is not None:
            lived = now - child.started
            child.failures = 0 if lived > STEADY else child.failures + 1
            child.not_before = now + min(10.0, 0.2 * 2**child.failures if child.failures > 1 else 0.0)
            log.warning("%s ended (code %s); starting it again", child.verb, process.returncode)
            child.process = None
        if now >= child.not_before:
            self.start(child)

    def end(self, patience: float = 8.0) -> None:
        """Ask the children to end, then end them."""
        alive = [child.process for child in self.children if child.process is not None and child.process.poll() is None]
        for process in alive:
            process.terminate()
        limit = time.monotonic() + patience
        for process in alive:
            try:
                process.wait(max(0.1, limit - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
