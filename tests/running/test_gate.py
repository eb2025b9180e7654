"""More people than can be served: some wait, the rest are told at once, and then all is as before."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable
from typing import Any

from sympolity.project.gate import THREADS, Gate
from sympolity.trail.tests.writing import together

PEOPLE = 12


def _ask(gate: Gate) -> tuple[str, dict[str, str]]:
    found: list[Any] = []
    b"".join(gate({}, lambda status, headers: found.extend((status, dict(headers)))))
    return found[0], found[1]


def test_the_crowd_is_told_to_come_again_and_the_first_are_served() -> None:
    inside, go = threading.Semaphore(0), threading.Event()

    def slow(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        del environ
        inside.release()
        assert go.wait(30)
        start("200 OK", [])
        return [b"here"]

    gate = Gate(slow, served=2, waiting=3, patience=30)
    statuses: list[str] = []
    refused: list[dict[str, str]] = []

    def one() -> None:
        begun = time.perf_counter()
        status, headers = _ask(gate)
        statuses.append(status[:3])
        if status.startswith("503"):
            refused.append(headers)
            assert time.perf_counter() - begun < 1
        if statuses.count("503") == PEOPLE - 5:
            go.set()  # all that could not wait are gone: now the others are served

    together(*[one] * PEOPLE)
    assert Counter(statuses) == {"200": 5, "503": PEOPLE - 5}
    assert {headers["Retry-After"] for headers in refused} == {"2"}
    assert _ask(gate)[0] == "200 OK"


def test_who_waits_too_long_is_told_and_a_failure_gives_the_place_back() -> None:
    def broken(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        raise ValueError

    gate = Gate(broken, served=1, waiting=1, patience=0.01)
    for _ in range(3):
        try:
            _ask(gate)
        except ValueError:
            continue
    assert gate._turn.acquire(blocking=False)
    assert _ask(gate)[0].startswith("503")


def test_the_server_has_a_thread_for_each_that_may_wait() -> None:
    from pathlib import Path

    from sympolity.ops.management.commands import web

    assert f"blocking_threads={THREADS}," in Path(web.__file__).read_text()
