"""What is killed: writers with an import, and a server beside them over the same database."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sympolity.ops import demo
from tests.endurance.load import Others
from tests.endurance.test_indexer import _database_url
from tests.running.served import begin, below, free_port, plain_environment, runs

__all__ = ["ASKED", "Answered", "Groups", "Site"]

ASKED = 5.0  # seconds from the kill until the site answers again
FIND = "/en/find.json"
PATIENCE = 120.0  # seconds for what is not measured


class Groups:
    """Groups of writers over the database of this test, forked from one process that is ready."""

    def __init__(self, folder: Path, *before: str) -> None:
        self.folder = folder
        self.acks = folder / "acks"
        self.acks.mkdir()
        environment = {**os.environ, "SYMPOLITY_DATA": str(folder), "DATABASE_URL": _database_url()}
        environment["DJANGO_SETTINGS_MODULE"] = "sympolity.project.settings"
        self.process = subprocess.Popen(
            [*before, sys.executable, "-m", "tests.endurance.group"],
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.last = 0
        assert self._line() == "ready"

    def end(self) -> None:
        """Whatever became of the test."""
        if self.last:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.last, signal.SIGKILL)
        self.process.kill()
        self.process.communicate()

    def _line(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def begin(self, name: str, **order: Any) -> int:
        """The number of a new group."""
        assert self.process.stdin
        order |= {"name": name, "acks": str(self.acks), "most": 10_000}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        self.last = int(self._line())
        return self.last

    def said(self) -> list[str]:
        """The marks whose writing was acknowledged; a line that the kill cut is none."""
        return [
            line.removesuffix("\n")
            for path in self.acks.iterdir()
            if path.name != "refused"
            for line in path.read_text().splitlines(keepends=True)
            if line.endswith("\n")
        ]

    def refused(self) -> list[str]:
        """Errors of actions that were not acknowledged."""
        path = self.acks / "refused"
        return path.read_text().splitlines() if path.exists() else []

    def wait_for(self, count: int) -> float:
        """Seconds until so many are acknowledged."""
        begun = time.monotonic()
        while len(self.said()) < count:
            assert time.monotonic() - begun < PATIENCE, f"only {len(self.said())} of {count} acknowledged"
            time.sleep(0.01)
        return time.monotonic() - begun

    def kill(self, group: int) -> None:
        """The whole of it, at once."""
        members = below(group)
        os.killpg(group, signal.SIGKILL)
        begun = time.monotonic()
        while any(runs(pid) for pid in [group, *members]):
            assert time.monotonic() - begun < PATIENCE
            time.sleep(0.005)


@dataclass(frozen=True, order=True)
class Answered:
    """Seconds from a start until the site answered, and what others took of the machine meanwhile."""

    seconds: float
    foreign: float

    @property
    def in_time(self) -> bool:
        """With half of the processors it takes twice as long; a tenth at least is ours."""
        return self.seconds * max(0.1, 1 - self.foreign) <= ASKED


class Site:
    """A server that is started and killed, and the writers beside it."""

    def __init__(self, folder: Path, groups: Groups) -> None:
        self.folder, self.groups = folder, groups
        self.port = free_port()
        (folder / "facts.loaded").write_text(demo.facts_mark(), encoding="ascii")  # by prepare()
        self.environment = plain_environment(folder, self.port, _database_url()) | {"SYMPOLITY_DEMO": "0"}
        self.family: set[int] = set()
        self.start()

    def start(self) -> None:
        self.served = begin(self.folder, self.port, self.environment)

    def until_it_answers(self) -> Answered:
        """Several answers in a row, since there is more than one worker."""
        others = Others(self.served.process.pid)
        seconds = self.served.until(lambda: all(self.served.ask(FIND)[0] == 200 for _ in range(6)), PATIENCE)
        return Answered(seconds, others.share())

    def until_it_has(self, processes: int) -> None:
        """Children of the main process, and theirs: how far a start has come."""
        self.served.until(lambda: len(below(self.served.process.pid)) >= processes, PATIENCE)

    def kill(self, group: int, *, alone: bool = False) -> None:
        """Everything at once; or the main process ``alone`` and the writers: the other processes notice it."""
        main = self.served.process.pid
        self.family |= {main, *below(main)}
        os.kill(main, signal.SIGKILL)
        if not alone:
            self.served.kill()
        self.groups.kill(group)
        self.served.process.wait()

    def verified(self) -> str:
        """The last words of ``sympolity verify``, once the index has seen everything."""
        self.served.until(self._has_seen_all, PATIENCE)
        words = [sys.executable, "-m", "sympolity", "verify"]
        said = subprocess.run(words, env=self.environment, check=False, capture_output=True, text=True)
        return said.stdout.splitlines()[-1]

    def _has_seen_all(self) -> bool:
        status, body = self.served.ask("/readyz")
        return status == 200 and json.loads(body)["index_behind"] == 0

    def left(self) -> set[int]:
        """Processes of servers that were killed, and live on."""
        return {pid for pid in self.family if runs(pid)}

    def end(self) -> None:
        """Whatever became of the test."""
        self.served.kill()
        for pid in self.left():
            os.kill(pid, signal.SIGKILL)
