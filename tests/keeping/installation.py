"""Installations of the tests: a data folder and a database of their own, used through the console command."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

from tests.database import own_database
from tests.house.staircase import HOUSE

PATIENCE = 60.0  # seconds, for what takes one on a quiet machine


@dataclass
class Installation:
    """``database``: its address, "" = SQLite in the data folder. ``code``: the folder that holds the package."""

    data: Path
    database: str
    code: Path = HOUSE
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        ours = ("SYMPOLITY", "DJANGO", "DATABASE", "PORT", "HOST", "COV")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return kept | {"SYMPOLITY_DATA": str(self.data), "DATABASE_URL": self.database, **self.variables}

    def start(self, *words: str, out: Any = subprocess.PIPE) -> subprocess.Popen[str]:
        """``python -m …`` in this installation."""
        command = [sys.executable, "-m", *words]
        return subprocess.Popen(
            command, cwd=self.code, env=self.environment, stdout=out, stderr=out, text=True, start_new_session=True
        )

    def run(self, *words: str, code: int = 0) -> str:
        """A verb; what it printed, on both. Fails when it ends with another code."""
        process = self.start("sympolity", *words)
        printed, complained = process.communicate(timeout=120)
        assert process.returncode == code, (words, process.returncode, printed, complained)
        assert "Traceback" not in complained
        return printed + complained

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the database says."""
        with self.connected() as db:
            return list(db.execute(query).fetchall())

    @contextlib.contextmanager
    def connected(self) -> Iterator[Any]:
        """A connection of the driver, without Django."""
        if self.database:
            import psycopg

            with psycopg.connect(self.database, autocommit=True) as db:
                yield db
            return
        with contextlib.closing(
            sqlite3.connect(self.data / "sympolity.sqlite3", timeout=20, isolation_level=None)
        ) as db:
            yield db

    def counts(self, tables: list[str]) -> dict[str, int]:
        return {table: self.rows(f'SELECT count(*) FROM "{table}"')[0][0] for table in tables}

    def tree(self) -> dict[str, bytes]:
        """Names and bytes of what a restore could touch."""
        left_out = {"serve.lock", "cache"}
        paths = [path for path in self.data.rglob("*") if path.is_file()]
        return {
            path.relative_to(self.data).as_posix(): path.read_bytes()
            for path in paths
            if path.relative_to(self.data).parts[0] not in left_out
            and not path.name.endswith((".lock", "-shm", "-wal"))
        }


@dataclass
class Served:
    """A running ``sympolity serve``."""

    port: int
    process: subprocess.Popen[str]

    def ask(self, path: str) -> tuple[int, str]:
        """(status, body); status 0 when nobody answers."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError:
            return 0, ""


def until(fits: Callable[[], Any], seconds: float = PATIENCE) -> None:
    """Wait until ``fits``; fails after ``seconds``."""
    limit = time.monotonic() + seconds
    while not fits():
        assert time.monotonic() < limit, f"not within {seconds} s"
        time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextlib.contextmanager
def serving(one: Installation) -> Iterator[Served]:
    """The installation, served on a port of its own until the block ends."""
    port = _free_port()
    one.variables |= {"PORT": str(port), "SYMPOLITY_WORKERS": "1"}
    with (one.data.parent / f"{one.data.name}.log").open("w") as log:
        process = one.start("sympolity", "serve", out=log)
    served = Served(port, process)

    def ready() -> bool:
        assert process.poll() is None, (one.data.parent / f"{one.data.name}.log").read_text()
        return served.ask("/en/find.json")[0] == 200

    try:
        until(ready)
        yield served
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def empty(folder: Path) -> Iterator[Installation]:
    """An installation without anything: a folder that is not there, and an empty database."""
    with own_database() as address:
        yield Installation(folder, address)
