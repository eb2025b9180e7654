"""``make hostile``, on a machine without other work: lines that are slow hold up nobody. Loopback only."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from sympolity.portal.basemap import MAGIC
from tests.endurance.load import ask
from tests.endurance.test_peak import SAME
from tests.running.served import Served, serving

SLOW_CLIENTS = 200  # connections that send a byte a second
SLOW_FOR = 20.0  # seconds
ALONE = 15.0  # seconds without them
SLOW_FORMS = 40  # forms that come byte by byte
IDLE_READERS = 80  # that ask for a large file and read nothing
LARGE = 64 * 1024 * 1024  # bytes of the file

pytestmark = pytest.mark.hostile


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data = tmp_path_factory.mktemp("crowd")
    with (data / "large.pmtiles").open("wb") as file:
        file.write(MAGIC)
        file.truncate(LARGE)
    with serving(data, SYMPOLITY_MAP_TILES="large.pmtiles") as one:
        yield one


def _trickle(port: int, over: threading.Event) -> None:
    """Connections that send a byte a second of a request that never ends."""
    lines: list[socket.socket] = []
    try:
        for _ in range(SLOW_CLIENTS):
            lines.append(socket.create_connection(("127.0.0.1", port), timeout=10))
        text = b"GET /en/find/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: " + b"a" * 10_000
        for at in range(len(text)):
            for line in lines:
                with contextlib.suppress(OSError):
                    line.send(text[at : at + 1])
            if over.wait(1.0):
                return
    finally:
        for line in lines:
            line.close()


def test_slow_clients_hold_up_nobody(served: Served, capfd: pytest.CaptureFixture[str]) -> None:
    alone = ask(served, SAME, ALONE, rate=10)
    over = threading.Event()
    slow = threading.Thread(target=_trickle, args=(served.port, over))
    slow.start()
    try:
        time.sleep(2)
        beside = ask(served, SAME, SLOW_FOR, rate=10)
    finally:
        over.set()
        slow.join()
    quiet, busy = (one.of(200, 0.99) for one in (alone, beside))
    with capfd.disabled():
        print(f"\n{SLOW_CLIENTS} slow clients: p99 of the others {busy:.0f} ms, alone {quiet:.0f} ms")
    assert set(beside.statuses()) == {200}
    assert busy <= max(3 * quiet, 250)


@contextlib.contextmanager
def _lines(port: int, count: int, text: bytes) -> Iterator[list[socket.socket]]:
    """Connections that have sent ``text`` and wait."""
    with contextlib.ExitStack() as stack:
        lines = []
        for _ in range(count):
            line = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            line.sendall(text)
            lines.append(line)
        yield lines


def _beside(served: Served, path: str = "/en/find/?q=legal", count: int = 50) -> float:
    """Seconds of the slowest of ``count`` questions, each of which is answered."""
    times = []
    for one in range(count):
        begun = time.perf_counter()
        assert served.ask(path if one % 5 else "/healthz")[0] == 200
        times.append(time.perf_counter() - begun)
    return max(times)


def test_who_reads_nothing_of_a_large_file_holds_up_nobody(served: Served, capfd: pytest.CaptureFixture[str]) -> None:
    path = "/map/tiles.pmtiles"
    assert served.ask(path)[0] == 403
    asks = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nRange: bytes=0-\r\n\r\n".encode()
    with _lines(served.port, IDLE_READERS, asks) as lines:
        time.sleep(1)
        slowest = _beside(served)
        firsts = Counter(line.recv(12) for line in lines)
    served.until(lambda: _begun(served.port, asks) == {b"HTTP/1.1 206"}, 10)
    with capfd.disabled():
        print(f"\n{IDLE_READERS} idle readers ({dict(firsts)}): the slowest of 50 others {slowest * 1e3:.0f} ms")
    assert slowest < 2
    assert set(firsts) == {b"HTTP/1.1 206", b"HTTP/1.1 503"}


def _begun(port: int, asks: bytes) -> set[bytes]:
    """First bytes of the answers to a few that ask at once."""
    with _lines(port, 4, asks) as lines:
        return {line.recv(12) for line in lines}


def _form(port: int, rest: str = "", length: int = 90_000) -> bytes:
    """The head of a form, with the token of its page."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    line.request("GET", "/en/account/")
    answer = line.getresponse()
    answer.read()
    cookie = (answer.headers["Set-Cookie"] or "").partition(";")[0]
    line.close()
    return (
        f"POST /en/account/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n{rest}\r\n"
    ).encode()


def test_slow_forms_hold_up_nobody(served: Served, capfd: pytest.CaptureFixture[str]) -> None:
    """None of them is ever whole; those beyond the places are sent away, and places become free with their lines."""
    head = _form(served.port)
    with _lines(served.port, SLOW_FORMS, head + b"email=") as lines:
        time.sleep(0.5)
        for line in lines:
            with contextlib.suppress(OSError):
                line.send(b"a")
        slowest = _beside(served)
    with _lines(served.port, 1, _form(served.port, length=7) + b"email=a") as (line,):
        status = line.recv(12)
    with capfd.disabled():
        print(f"\n{SLOW_FORMS} slow forms: the slowest of 50 others {slowest * 1e3:.0f} ms")
    assert slowest < 2
    assert status == b"HTTP/1.1 403"  # the form has no token: it was read and looked at
