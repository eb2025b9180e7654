"""More people than can be served: some wait, the rest are told at once, and then all is as before."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings

from sympolity.project import gate as gate_module
from sympolity.project.bodies import MOST, PIECE, Bodies
from sympolity.project.gate import HELD, THREADS, Gate
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


@pytest.mark.parametrize(("seconds", "may_wait"), [(0.001, 9), (0.02, 4), (60.0, 2)])
def test_no_more_wait_than_will_have_their_turn_soon(
    seconds: float, may_wait: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of quick pages many; a single slow one changes little."""
    monkeypatch.setattr(gate_module, "SOON", 0.08)
    monkeypatch.setattr(gate_module, "SLOWEST", 0.04)
    gate = Gate(_echo, served=1, waiting=9, patience=0)
    gate._turn_takes = min(seconds, gate_module.SLOWEST)
    waits = []
    for number in range(12):
        gate._turn.acquire(blocking=False)
        gate._waiting = number
        waits.append(gate._may_wait())
    assert waits == [True] * may_wait + [False] * (12 - may_wait)


def test_the_server_has_a_thread_for_each_that_may_wait() -> None:
    from pathlib import Path

    from sympolity.ops.management.commands import web

    assert f"blocking_threads={THREADS}," in Path(web.__file__).read_text()


def _echo(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    start("200 OK", [])
    return [environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH", 0)))]


def _send(gate: Gate, source: Any, length: int, **more: str) -> tuple[str, bytes]:
    found: list[str] = []
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/en/account/", "CONTENT_LENGTH": str(length)} | more
    body = b"".join(gate(environ | {"wsgi.input": source}, lambda status, _: found.append(status[:3])))
    (status,) = found
    return status, body


class _Silent:
    """A line on which nothing comes until it is cut."""

    def __init__(self) -> None:
        self.asked, self.cut = threading.Semaphore(0), threading.Event()

    def read(self, size: int) -> bytes:
        del size
        self.asked.release()
        assert self.cut.wait(30)
        return b""


def test_slow_bodies_take_no_turn_and_a_cut_one_gives_its_place_back() -> None:
    gate, line = Gate(_echo, served=1, waiting=0, bodies=Bodies(reading=2)), _Silent()
    statuses: list[str] = []

    def look() -> None:
        for _ in range(2):
            assert line.asked.acquire(timeout=30)
        assert _send(gate, BytesIO(b"a"), 1)[0] == "503"
        assert _send(gate, BytesIO(), 0) == ("200", b"")
        line.cut.set()

    together(*[lambda: statuses.append(_send(gate, line, 9)[0])] * 2, look)
    assert statuses == ["408", "408"]
    assert _send(gate, BytesIO(b"whole"), 5) == ("200", b"whole")


def test_half_a_form_is_never_used_and_a_late_one_neither() -> None:
    assert _send(Gate(_echo), BytesIO(b"a" * PIECE), PIECE + 1)[0] == "408"
    assert _send(Gate(_echo, bodies=Bodies(seconds=-1)), BytesIO(b"a"), 1)[0] == "408"
    assert _send(Gate(_echo), BytesIO(b"a" * 100_000), 100_000) == ("200", b"a" * 100_000)


class _Unreadable:
    def read(self, size: int) -> bytes:
        raise AssertionError(size)


@pytest.mark.parametrize(
    ("status", "more"),
    [
        ("413", {}), ("413", {"CONTENT_LENGTH": "9" * 400}), ("200", {"REQUEST_METHOD": "PUT"}), ("200", {"REQUEST_METHOD": "GET"}),
        ("200", {"CONTENT_LENGTH": "-1"}), ("200", {"PATH_INFO": "/en/desk/imports/new/"}),
        ("413", {"PATH_INFO": "/en/desk/imports/new/x", "HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}=a"}),
    ],
)  # fmt: skip
def test_what_no_form_holds_is_not_read(status: str, more: dict[str, str]) -> None:
    assert _send(Gate(_echo), _Unreadable(), MOST + 1, **more)[0] == status


def test_imports_of_somebody_with_a_session_are_read_by_the_page_a_few_at_once() -> None:
    within: list[str] = []
    more = {"PATH_INFO": "/el/desk/imports/new/", "HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}=a"}

    def page(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if not within:
            within.append(_send(gate, BytesIO(b"a"), MOST + 1, **more)[0])
            within.append(_send(gate, BytesIO(b"a"), 1)[0])
        return _echo(environ, start)

    gate = Gate(page, served=1, waiting=0, bodies=Bodies(uploads=1))
    assert _send(gate, BytesIO(b"a" * (MOST + 1)), MOST + 1, **more) == ("200", b"a" * (MOST + 1))
    assert within == ["503", "200"]  # another import has no place; a form beside it has its turn


class _Answer:
    """Parts that count how often they are closed."""

    def __init__(self, *parts: bytes) -> None:
        self.parts, self.closed = parts, 0

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.parts)

    def close(self) -> None:
        self.closed += 1


def _given(gate: Gate) -> tuple[str, Any]:
    found: list[str] = []
    answer = gate({}, lambda status, _: found.append(status[:3]))
    (status,) = found
    return status, answer


def test_long_answers_have_places_of_their_own_until_they_are_closed() -> None:
    answers: list[_Answer] = []

    def long(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        del environ
        start("200 OK", [])
        answers.append(_Answer(b"a" * HELD, b"b", b"c", b"d"))
        return answers[-1]

    gate = Gate(long, served=1, waiting=0, streams=2)
    (_, first), (_, second) = _given(gate), _given(gate)
    assert b"".join(second) == b"a" * HELD + b"bcd"
    assert _given(gate)[0] == "503"
    assert [one.closed for one in answers] == [0, 0, 1]
    first.close()  # nothing of it was read
    first.close()
    assert [one.closed for one in answers] == [1, 0, 1]
    assert [_given(gate)[0] for _ in range(2)] == ["200", "503"]


@pytest.mark.parametrize("parts", [(), (b"a", b"b"), (b"a" * (HELD + 1),)])
def test_other_answers_need_no_place(parts: tuple[bytes, ...]) -> None:
    answer = _Answer(*parts)

    def page(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        del environ
        start("200 OK", [])
        return answer

    assert _given(Gate(page, streams=0)) == ("200", [b"".join(parts)])
    assert answer.closed == 1


def test_whether_we_live_is_told_while_all_others_wait() -> None:
    gate = Gate(_echo, served=0, waiting=0)
    for path, status in (("/healthz", "200"), ("/readyz", "200"), ("/healthz/", "503"), ("/en/", "503")):
        assert _send(gate, BytesIO(), 0, REQUEST_METHOD="GET", PATH_INFO=path)[0] == status


def test_only_so_many_threads_keep_a_connection_and_one_that_has_ended_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate_module, "KEEPING", 2)
    gate, barrier = Gate(_echo), threading.Barrier(3)
    for _ in range(2):
        kept: list[bool] = []

        def one(kept: list[bool] = kept) -> None:
            kept.extend((gate._keeps(), gate._keeps()))
            barrier.wait(30)  # all three live at once

        together(*[one] * 3)
        assert sorted(kept) == [False, False, True, True, True, True]
