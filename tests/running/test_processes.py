"""kill -9 of any one process of ``sympolity serve``: the site answers again, and nothing that was written is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.running.served import Served, below, is_free, patience, runs, serving

# name -> the processes it stands for; workers by number
KILLED = ("first worker", "second worker", "web server above the workers", "index", "work")
ASKED = 5.0  # seconds until the site answers again, on a quiet machine


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("killed")) as one:
        yield one


def _victim(served: Served, name: str) -> int:
    match name:
        case "first worker" | "second worker":  # the oldest: once the first is killed, that is the second
            return min(served.workers())
        case "web server above the workers":
            return served.process_of("web")[0]
        case verb:
            return served.process_of(verb)[0]


def _complete(served: Served) -> bool:
    return len(served.workers()) == 2 and all(len(served.process_of(verb)) == 1 for verb in ("web", "index", "work"))


def _verb(served: Served, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sympolity", *words]
    return subprocess.Popen(
        command, env=served.environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def _ready(served: Served) -> bool:
    """Ready, and the index has seen every change."""
    status, body = served.ask("/readyz")
    return status == 200 and json.loads(body)["index_behind"] == 0


def test_every_process_is_one_that_is_killed_here(served: Served) -> None:
    served.until(lambda: _complete(served), patience(ASKED))
    named = {_victim(served, name) for name in KILLED} | set(served.workers())
    assert len(named) == len(KILLED)
    assert set(below(served.process.pid)) - named == set()


@pytest.mark.parametrize("name", KILLED)
def test_it_answers_again_and_nothing_is_lost(served: Served, name: str) -> None:
    served.until(lambda: _complete(served), patience(ASKED))
    victim, number = _victim(served, name), KILLED.index(name)
    writing = _verb(served, "enrol", f"killed{number}@town.example", "--name", name, "--organization", f"Town {number}")
    ending = [victim, *below(victim)]  # workers end with the web server above them
    os.kill(victim, signal.SIGKILL)
    seconds = served.until(lambda: not any(runs(pid) for pid in ending) and served.answers(), patience(ASKED))
    served.until(lambda: _complete(served), patience(2 * ASKED))
    said, _ = writing.communicate(timeout=patience(30))
    assert writing.returncode == 0, said
    served.until(lambda: _ready(served), patience(ASKED))  # also the indexer goes on where it was
    print(f"{name}: answered again after {seconds:.1f} s")


def test_everything_that_was_acknowledged_is_there(served: Served) -> None:
    again = _verb(served, "enrol", "killed0@town.example", "--name", "", "--organization", "Town 0")
    assert again.communicate(timeout=patience(30))[0].count("there already") == 3
    sound = _verb(served, "verify")
    said = sound.communicate(timeout=patience(60))[0]
    assert (sound.returncode, said.splitlines()[-1]) == (0, "sound"), said


def test_nothing_lives_on_when_the_main_process_is_killed(served: Served) -> None:
    """The last one: it ends the server."""
    children = below(served.process.pid)
    assert len(children) >= 5
    served.process.kill()
    served.process.wait()
    served.until(lambda: not any(runs(pid) for pid in children) and is_free(served.port), patience(ASKED))


_LATE = """
import os, sys, time
from sympolity.ops.supervisor import end_with_parent
sys.stdin.read()
end_with_parent()
time.sleep(60)
"""
_ABOVE = """
import os, subprocess, sys
from sympolity.ops.supervisor import PARENT
env = os.environ | {PARENT: str(os.getpid())}
late = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdin=int(sys.argv[2]), stdout=subprocess.DEVNULL, env=env)
print(late.pid, flush=True)
os.kill(os.getpid(), 9)
"""


def test_a_child_that_was_still_loading_when_its_parent_was_killed_ends_too() -> None:
    """It would have taken whoever is above it afterwards for its parent, and held the port for ever."""
    ours, theirs = os.pipe()
    above = subprocess.run(
        [sys.executable, "-c", _ABOVE, _LATE, str(ours)], pass_fds=[ours], stdout=subprocess.PIPE, text=True, check=False
    )  # fmt: skip
    late = int(above.stdout)
    os.close(ours)
    assert runs(late)
    os.close(theirs)  # only now it asks who its parent is
    end = time.monotonic() + patience(30)
    while runs(late) and time.monotonic() < end:
        time.sleep(0.01)
    assert not runs(late)
