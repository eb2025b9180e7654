"""The find page over HTTP: a server of its own on loopback, beside an empty view under the same server."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import brotli

from sympolity.ops.bench.measure import Samples, percentile
from sympolity.ops.bench.questions import Question

__all__ = ["look"]

EMPTY = "/healthz"  # passes every middleware and asks nothing
TICK = os.sysconf("SC_CLK_TCK")
READY = 60.0  # seconds
AGAIN, TIMES = 20, 7  # questions asked again at once, and how often: their pages are kept for the minute


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _family(pid: int) -> set[int]:
    """A process and all that it started."""
    found, new = {pid}, [pid]
    while new:
        try:
            said = Path(f"/proc/{(one := new.pop())}/task/{one}/children").read_text(encoding="ascii")
        except OSError:
            continue
        mine = set(map(int, said.split())) - found
        found |= mine
        new += mine
    return found


def _cpu(pid: int) -> float:
    """Seconds of CPU that a process and its children have had; 0 where the system does not tell."""
    total = 0
    for one in _family(pid):
        try:
            facts = Path(f"/proc/{one}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        total += int(facts[11]) + int(facts[12])
    return total / TICK


@contextmanager
def _serving(data: Path) -> Iterator[tuple[int, int]]:
    """(port, process) of a web server with one worker over the index in ``data``."""
    port = _free_port()
    given = {name: value for name, value in os.environ.items() if name not in {"SYMPOLITY_URL", "DATABASE_URL"}}
    env = given | {
        "SYMPOLITY_DATA": str(data), "PORT": str(port), "HOST": "127.0.0.1", "SYMPOLITY_WORKERS": "1",
        "SYMPOLITY_DEMO": "0", "SYMPOLITY_CLOCK_FILE": "", "SYMPOLITY_DEBUG": "0",
    }  # fmt: skip
    own = [sys.executable, "-m", "sympolity"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([*own, "collectstatic", "--noinput", "-v0"], env=env, check=True, **quiet)  # type: ignore[call-overload]  # noqa: S603
    server = subprocess.Popen([*own, "web"], env=env, start_new_session=True, **quiet)  # type: ignore[call-overload]  # noqa: S603
    try:
        _wait(port)
        yield port, server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait(port: int) -> None:
    end = time.monotonic() + READY
    while time.monotonic() < end:
        try:
            if _get(HTTPConnection("127.0.0.1", port, timeout=5), EMPTY)[0] == 200:
                return
        except (OSError, HTTPException):
            time.sleep(0.1)
    raise OSError("the server of the benchmark did not answer")


def _get(connection: HTTPConnection, path: str) -> tuple[int, bytes]:
    connection.request("GET", path, headers={"Accept-Encoding": "br"})
    answer = connection.getresponse()
    return answer.status, answer.read()


def _round(port: int, pid: int, paths: Sequence[str]) -> tuple[dict[str, Any], list[bytes]]:
    """One connection, one question after the other."""
    connection, samples, bodies, failed = HTTPConnection("127.0.0.1", port, timeout=60), Samples(), list[bytes](), 0
    cpu, begun = _cpu(pid), time.perf_counter()
    for path in paths:
        with samples.take():
            status, body = _get(connection, path)
        failed += not 200 <= status < 300
        bodies.append(body)
    seconds, cpu = time.perf_counter() - begun, _cpu(pid) - cpu
    connection.close()
    figures = samples.figures()
    return {
        "requests": len(paths), "failed": failed, "per_second": len(paths) / seconds, "cpu": cpu * 1000 / len(paths),
        "wall_p50": figures["wall_p50"], "wall_p99": figures["wall_p99"],
    }, bodies  # fmt: skip


def look(data: Path, asked: Sequence[Question], engine_ms: Sequence[float]) -> dict[str, Any]:
    """Each question for the first time, some of them again, and the empty view; CPU of the server alone.

    ``engine_ms``: mean CPU of the engine for the same questions in this process, and for a page that is kept.
    """
    paths = [f"/{one.lang}/find/?{urlencode(one.pairs)}" for one in asked]
    with _serving(data) as (port, pid):
        _round(port, pid, [*paths[:3], *[EMPTY] * 50])
        empty, _ = _round(port, pid, [EMPTY] * 500)
        first, bodies = _round(port, pid, paths[3:])
        _round(port, pid, paths[-AGAIN:])
        again, _ = _round(port, pid, paths[-AGAIN:] * TIMES)
    floor = max(empty["cpu"], 0.01)
    plain = [len(brotli.decompress(body)) for body in bodies if body]
    sent = [len(body) for body in bodies]
    return {
        "empty": empty, "first": first, "again": again, "engine": engine_ms[0],
        "first_over": (first["cpu"] - engine_ms[0]) / floor, "again_over": (again["cpu"] - engine_ms[1]) / floor,
        "bytes": {
            "sent_p50": percentile(sent, 0.5), "sent_p95": percentile(sent, 0.95), "plain_p50": percentile(plain, 0.5),
        },
    }  # fmt: skip
