"""A real server on a port of its own, for tests that kill, cut and take away."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.database import own_database

FIND = "/en/find.json?q=legal%20help"
SLOW = 6.0  # times the patience of a quiet machine: the suite runs beside other work


@dataclass
class Served:
    """A running `sympolity serve`."""

    port: int
    data: Path
    process: subprocess.Popen[bytes]
    database: str  # "" = SQLite in the data folder
    environment: dict[str, str]

    def ask(self, path: str = FIND, cookie: str = "") -> tuple[int, str]:
        """(status, body); status 0 when the connection broke."""
        request = Request(f"http://127.0.0.1:{self.port}{path}", headers={"Cookie": cookie} if cookie else {})
        try:
            with urlopen(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def until(self, fits: Callable[[], bool], seconds: float) -> float:
        """Seconds until ``fits``; fails after ``seconds``."""
        begun = time.monotonic()
        while not fits():
            assert time.monotonic() - begun < seconds, f"not within {seconds} s"
            time.sleep(0.05)
        return time.monotonic() - begun

    def answers(self) -> bool:
        """Several in a row: there is more than one worker."""
        return all(self.ask()[0] == 200 for _ in range(6))

    def generation(self) -> str:
        try:
            return (self.data / "index" / "current").read_text()
        except OSError:
            return ""

    def workers(self) -> list[int]:
        web = [pid for pid in below(self.process.pid) if command_of(pid).endswith(" web")]
        children = [pid for one in web for pid in below(one)]
        return [pid for pid in children if "resource_tracker" not in command_of(pid)]

    def process_of(self, verb: str) -> list[int]:
        """The process that runs a verb of ``serve``; workers are none of them."""
        workers = set(self.workers())
        return [pid for pid in below(self.process.pid) if command_of(pid).endswith(f" {verb}") and pid not in workers]

    def log(self) -> str:
        return (self.data / "log").read_text(errors="replace")


def below(pid: int) -> list[int]:
    """All descendants of a process."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    found, todo = [], [pid]
    while todo:
        parent = todo.pop()
        children = [child for child, of in parents.items() if of == parent]
        found += children
        todo += children
    return found


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    except OSError:
        return ""


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextlib.contextmanager
def serving(data: Path, **variables: str) -> Iterator[Served]:
    """``sympolity serve`` with the demo in ``data``; all its processes are gone afterwards."""
    port = free_port()
    with own_database() as database:
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("SYMPOLITY", "DJANGO", "DATABASE"))
        }
        environment |= {"SYMPOLITY_DATA": str(data), "PORT": str(port), "DATABASE_URL": database} | variables
        command = [sys.executable, "-m", "sympolity", "serve"]
        with (data / "log").open("wb") as log:
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
        one = Served(port, data, process, database, environment)
        try:
            one.until(one.answers, 20 * SLOW)
            yield one
        finally:
            for pid in [*below(process.pid), process.pid]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait()


def is_free(port: int) -> bool:
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def patience(seconds: float) -> float:
    """A limit as asked for a quiet machine, times the processes that wait for each processor here (at most SLOW).

    The suite shares its machine: a start that takes 2 s of two processors takes 8 s of a quarter of them.
    """
    return seconds * min(SLOW, max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)))
