"""A real server on a port of its own, for tests that kill, cut and take away."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
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

    def kill(self) -> None:
        """All of it at once; returns when nothing of it runs."""
        family = [self.process.pid, *below(self.process.pid)]
        for pid in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        self.until(lambda: not any(runs(pid) for pid in family), 10 * SLOW)

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


def begin(data: Path, port: int, environment: dict[str, str], database: str = "") -> Served:
    """A server that starts; it answers later."""
    _share_static(data)
    with (data / "log").open("ab") as log:
        command = [sys.executable, "-m", "sympolity", "serve"]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    return Served(port, data, process, database, environment)


def plain_environment(data: Path, port: int, database: str) -> dict[str, str]:
    """Of a server, without what the tests themselves have set."""
    others = ("SYMPOLITY", "DJANGO", "DATABASE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    return kept | {"SYMPOLITY_DATA": str(data), "PORT": str(port), "DATABASE_URL": database}


@contextlib.contextmanager
def serving(data: Path, **variables: str) -> Iterator[Served]:
    """``sympolity serve`` with the demo in ``data``; all its processes are gone afterwards."""
    port = free_port()
    with own_database() as database:
        one = begin(data, port, plain_environment(data, port, database) | variables, database)
        try:
            one.until(one.answers, 20 * SLOW)
            _keep_static(data)
            yield one
        finally:
            one.kill()


# Compressing static files is most of a first start: one server of the run does it for all.
_STATIC = Path(os.environ.get("SYMPOLITY_TEST_ROOT", ""), "static")


def _share_static(data: Path) -> None:
    if _STATIC.exists() and not (data / "static").exists():
        shutil.copytree(_STATIC / "static", data / "static")
        shutil.copy(_STATIC / "static.collected", data)


def _keep_static(data: Path) -> None:
    if _STATIC.parent.name and not _STATIC.exists():
        made = Path(tempfile.mkdtemp(dir=_STATIC.parent))
        shutil.copytree(data / "static", made / "static")
        shutil.copy(data / "static.collected", made)
        with contextlib.suppress(OSError):  # another process of the run was quicker
            made.rename(_STATIC)


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
