"""``make hostile``, on a machine without other work: each process killed ten times; the site answers within 5 s each time."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator

import pytest

from tests.running.served import Served, below, runs, serving

ASKED = 5.0  # seconds, literally: no patience with a busy machine
KILLS = 10
# name -> the verb that it runs; workers are told by their number
KILLED = {
    "first worker": "",
    "second worker": "",
    "web server above the workers": "web",
    "index": "index",
    "work": "work",
}
SETTLED = 11.0  # seconds that a process has lived when it is killed: one that ends sooner is started again more slowly
WAIT = 60.0  # seconds for what is not measured

pytestmark = pytest.mark.hostile


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("killed")) as one:
        yield one


def _victim(served: Served, name: str) -> int:
    if verb := KILLED[name]:
        return served.process_of(verb)[0]
    workers = sorted(served.workers())
    return workers[0] if name == "first worker" else workers[-1]


def _complete(served: Served) -> bool:
    return len(served.workers()) == 2 and all(len(served.process_of(verb)) == 1 for verb in ("web", "index", "work"))


@pytest.mark.parametrize("name", KILLED)
def test_ten_kills_and_an_answer_within_five_seconds_each(
    served: Served, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    answered, whole = list[float](), list[float]()
    for _ in range(KILLS):
        served.until(lambda: _complete(served) and served.answers(), WAIT)
        time.sleep(SETTLED)
        victim = _victim(served, name)
        ending = [victim, *below(victim)]  # workers end with the web server above them
        begun = time.monotonic()
        with contextlib.suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
        served.until(lambda gone=ending: not any(runs(pid) for pid in gone) and served.answers(), WAIT)  # type: ignore[misc]
        answered.append(time.monotonic() - begun)
        served.until(lambda: _complete(served), WAIT)
        whole.append(time.monotonic() - begun)
    with capfd.disabled():
        told = " ".join(f"{seconds:.1f}" for seconds in answered)
        print(f"\n{name}: answers after {told} s; most {max(answered):.1f}, all processes again {max(whole):.1f} s")
    assert max(answered) <= ASKED
