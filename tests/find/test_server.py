"""A real server on a port of its own: workers killed, index cut or deleted, database away, parent gone."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
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

import pytest
from django.conf import settings

FIND = "/en/find.json?q=legal%20help"
SLOW = 6.0  # times the patience of a quiet machine: the suite runs beside other work


@dataclass
class Served:
    """A running `sympolity serve`."""

    port: int
    data: Path
    process: subprocess.Popen[bytes]
    database: str  # "" = SQLite in the data folder

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
        web = [pid for pid in _below(self.process.pid) if _command(pid).endswith(" web")]
        below = [pid for one in web for pid in _below(one)]
        return [pid for pid in below if "resource_tracker" not in _command(pid)]


def _below(pid: int) -> list[int]:
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


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    except OSError:
        return ""


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextlib.contextmanager
def _own_database() -> Iterator[str]:
    """The address of an empty database beside the one of the tests; "" on SQLite."""
    described = settings.DATABASES["default"]
    if described["ENGINE"].endswith("sqlite3"):
        yield ""
        return
    import psycopg

    login = {
        "host": described["HOST"],
        "port": described["PORT"],
        "user": described["USER"],
        "password": described["PASSWORD"],
    }
    name = f"sympolity_served_{os.getpid()}"
    with psycopg.connect(dbname="postgres", autocommit=True, **login) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            secret = f":{login['password']}" if login["password"] else ""
            yield f"postgresql://{login['user']}{secret}@{login['host']}:{login['port']}/{name}"
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data, port = tmp_path_factory.mktemp("served"), _free_port()
    with _own_database() as database:
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("SYMPOLITY", "DJANGO", "DATABASE"))
        }
        environment |= {"SYMPOLITY_DATA": str(data), "PORT": str(port), "DATABASE_URL": database}
        command = [sys.executable, "-m", "sympolity", "serve"]
        with (data / "log").open("wb") as log:
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
        one = Served(port, data, process, database)
        try:
            one.until(one.answers, 20 * SLOW)
            yield one
        finally:
            for pid in [*_below(process.pid), process.pid]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait()


def test_a_killed_worker_is_replaced(served: Served) -> None:
    workers = served.workers()
    assert len(workers) >= 2
    os.kill(workers[0], signal.SIGKILL)
    assert served.until(lambda: served.answers() and len(served.workers()) >= len(workers), 5 * SLOW) < 5 * SLOW
    assert workers[0] not in served.workers()


def test_a_deleted_index_is_built_again_while_nobody_notices(served: Served) -> None:
    before, total = served.generation(), json.loads(served.ask()[1])["total"]
    assert total > 0
    (served.data / "index").rename(served.data / "gone")  # at once: the indexer makes files meanwhile
    shutil.rmtree(served.data / "gone")
    seen: list[int] = []

    def rebuilt() -> bool:
        seen.append(served.ask()[0])
        return bool(served.generation()) and served.generation() != before

    served.until(rebuilt, 10 * SLOW)
    served.until(served.answers, 5 * SLOW)
    # open readers go on with the files that they hold; a worker that has just started has none yet
    assert set(seen) <= {200, 503}
    assert 200 in seen
    assert json.loads(served.ask()[1])["total"] == total


def test_a_cut_index_is_built_again(served: Served) -> None:
    before, total = served.generation(), json.loads(served.ask()[1])["total"]
    files = sorted((served.data / "index" / before).glob("*.store"), key=lambda path: -path.stat().st_size)
    for path in [*files[:1], *(served.data / "index" / before).glob("*.term")]:
        os.truncate(path, path.stat().st_size // 2)
    seen: list[tuple[int, str]] = []

    def rebuilt() -> bool:
        seen.append(served.ask("/el/find/"))
        return bool(served.generation()) and served.generation() != before

    served.until(rebuilt, 10 * SLOW)
    served.until(served.answers, 5 * SLOW)
    assert {status for status, _ in seen} <= {200, 503, 0}
    assert all("112" in body for status, body in seen if status == 503)
    assert json.loads(served.ask()[1])["total"] == total


@contextlib.contextmanager
def _stopped(served: Served) -> Iterator[None]:
    if served.database:
        import psycopg

        address, _, name = served.database.rpartition("/")
        with psycopg.connect(f"{address}/postgres", autocommit=True) as admin:
            admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            try:
                yield
            finally:
                admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        return
    path, away = served.data / "sympolity.sqlite3", served.data / "away.sqlite3"
    path.rename(away)
    path.mkdir()  # nothing can be opened there, nor made anew
    try:
        yield
    finally:
        path.rmdir()
        away.rename(path)


def test_find_answers_without_the_database_also_those_who_have_signed_in(served: Served) -> None:
    total = json.loads(served.ask()[1])["total"]
    with _stopped(served):
        for cookie in ("", "sessionid=abcdefghijklmnopqrstuvwxyz012345"):
            for path in (FIND, "/el/find/", "/ar/", "/", "/en/find/?open=now&in=athens"):
                status, _ = served.ask(path, cookie)
                assert status == 200, (path, bool(cookie))
            assert json.loads(served.ask(FIND, cookie)[1])["total"] == total
        status, body = served.ask("/el/service/00000000-0000-4000-8000-000000000000/")
        assert status in {500, 503}
        assert "Traceback" not in body
    served.until(lambda: served.ask("/el/service/00000000-0000-4000-8000-000000000000/")[0] == 404, 5 * SLOW)


def test_nothing_lives_on_when_the_main_process_is_killed(served: Served) -> None:
    """The last one: it ends the server."""
    children = _below(served.process.pid)
    assert len(children) >= 5
    served.process.kill()
    served.process.wait()
    served.until(lambda: not any(_runs(pid) for pid in children) and _is_free(served.port), 5 * SLOW)


def _is_free(port: int) -> bool:
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
