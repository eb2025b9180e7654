"""What a log holds of a request: the route, and nothing that a visitor sent. On a real server and in this process."""

from __future__ import annotations

import json
import logging
import re
import socket
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, override_settings
from prometheus_client.parser import text_string_to_metric_families

from sympolity.ops.logs import Json
from tests.find.network import Network
from tests.running.served import Served, patience, serving

MARK = "Zylophonmark"
TOKEN = "a-token-of-the-tests-0123456789"
ADDRESS = "203.0.113.77"


def _request(method: str, target: str, *lines: str, body: bytes = b"") -> bytes:
    head = [f"{method} {target} HTTP/1.1", *lines, "Connection: close"]
    return ("\r\n".join(head) + "\r\n\r\n").encode() + body


def _hostile(host: str) -> Iterator[bytes]:
    """Requests with the mark in every part; each wrong in another way."""
    sent = (
        f"Host: {host}", f"User-Agent: {MARK}", f"Referer: https://{MARK}.example/", f"X-{MARK}: {MARK}",
        f"Cookie: sessionid={MARK}; {MARK}={MARK}", f"X-Forwarded-For: {ADDRESS}", f"Forwarded: for={ADDRESS}",
        f"Authorization: Bearer {MARK}", f"Accept-Language: {MARK}",
    )  # fmt: skip
    for target in (
        f"/en/find/?q={MARK}", f"/{MARK}/", f"/en/{MARK}?{MARK}={MARK}", f"/s/{MARK}/", f"/en/service/{MARK}/", f"/static/{MARK}.css",
        f"/en/find/?q=%00{MARK}%ff", f"/en/%2e%2e/{MARK}", f"//{MARK}.example/en/", f"/en/languages/{MARK}/", "/metrics", "/readyz",
        f"/en/service/00000000-0000-4000-8000-000000000000/?{MARK}", f"/{MARK * 2000}",
    ):  # fmt: skip
        yield _request("GET", target, *sent)
    yield _request(MARK.upper(), f"/en/{MARK}/", *sent)
    yield _request("GET", f"/en/{MARK}/", f"Host: {MARK}.example", *sent[1:])
    yield _request("GET", "/en/", f"Host: {MARK} {MARK}", *sent[1:])
    form = f"email={MARK}@town.example&csrfmiddlewaretoken={MARK}".encode()
    yield from _forms(sent, form)
    yield f"{MARK}\r\n\r\n".encode()
    yield f"GET /{MARK} HTTP/9.9\r\n{MARK}\r\n\r\n".encode()


def _forms(sent: tuple[str, ...], form: bytes) -> Iterator[bytes]:
    kinds = ("application/x-www-form-urlencoded", f"multipart/form-data; boundary={MARK}", "multipart/form-data", MARK)
    for kind in kinds:
        yield _request(
            "POST", "/en/account/", *sent, f"Content-Type: {kind}", f"Content-Length: {len(form)}", body=form
        )
    many = b"&".join(f"{MARK}{number}=1".encode() for number in range(500))
    lines = ("Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(many)}")
    yield _request("POST", "/en/account/", *sent, *lines, body=many)
    yield _request("POST", f"/en/account/code/?{MARK}", *sent, "Content-Length: 9999", body=form)


def _send(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(request)
        line.settimeout(3)
        found = b""
        try:
            while part := line.recv(65536):
                found += part
        except OSError:
            pass
        return found


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    variables = {"SYMPOLITY_LOG": "json", "SYMPOLITY_LOG_REQUESTS": "1", "SYMPOLITY_METRICS_TOKEN": TOKEN}
    with serving(tmp_path_factory.mktemp("logged"), **variables) as one:
        yield one


def _lines(served: Served) -> list[dict[str, Any]]:
    """The events of the log: everything but what ``serve`` prints for the person who started it."""
    return [json.loads(line) for line in served.log().splitlines() if line.startswith("{")]


def test_nothing_of_a_request_is_in_the_log(served: Served) -> None:
    answers = [_send(served.port, request) for request in _hostile(f"127.0.0.1:{served.port}")]
    statuses = {int(found[1]) for each in answers if (found := re.match(rb"HTTP/1\.1 (\d{3})", each))}
    assert statuses >= {200, 400, 401, 403, 404}  # each way of being refused was walked
    served.until(lambda: sum(line["logger"] == "sympolity.request" for line in _lines(served)) >= 20, patience(5))
    log = served.log().lower()
    assert MARK.lower() not in log
    assert ADDRESS not in log
    assert "127.0.0.1" not in json.dumps(_lines(served))
    assert "00000000-0000-4000" not in log


def test_each_line_is_json_with_the_same_fields(served: Served) -> None:
    served.ask("/el/find/?q=x")
    served.until(lambda: any(line.get("language") == "el" for line in _lines(served)), patience(5))
    printed = [line for line in served.log().splitlines() if not line.startswith("{")]
    assert all(line.startswith(("Sympolity http", "Demo accounts", "  ")) for line in printed), printed
    for line in _lines(served):
        assert {"time", "level", "logger", "message"} <= set(line)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"])
        if line["logger"] == "sympolity.request":
            told = set(line) - {"time", "level", "logger", "message"}
            assert told == {"route", "method", "status", "milliseconds", "language", "bytes"}
    asked = [line for line in _lines(served) if line.get("language") == "el"]
    assert {(line["route"], line["method"], line["status"]) for line in asked} == {("find", "GET", 200)}


def test_the_workers_count_together(served: Served) -> None:
    from urllib.request import Request, urlopen

    def counted() -> float:
        request = Request(f"http://127.0.0.1:{served.port}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        with urlopen(request, timeout=10) as answer:
            families = {one.name: one for one in text_string_to_metric_families(answer.read().decode())}
        return sum(
            sample.value
            for sample in families["sympolity_requests"].samples
            if sample.labels == {"route": "healthz", "status": "2xx"}
        )

    before = counted()
    for _ in range(40):
        assert served.ask("/healthz")[0] == 200
    assert {counted() for _ in range(8)} == {before + 40}  # whichever worker answers
    assert len(list((served.data / "metrics").glob("counter_*.db"))) >= 2


class _Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(Json())
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(self.format(record))


@pytest.fixture
def kept() -> Iterator[_Kept]:
    """Everything that reaches a console at the levels of the settings."""
    handler = _Kept()
    ours = [logging.getLogger(), logging.getLogger("sympolity")]
    for logger in ours:
        logger.addHandler(handler)
    yield handler
    for logger in ours:
        logger.removeHandler(handler)


def test_a_failing_page_tells_where_and_not_what(
    network: Network, kept: _Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise ValueError(MARK)

    monkeypatch.setattr("sympolity.portal.views.finding.site", fails)
    client = Client(HTTP_HOST="127.0.0.1", raise_request_exception=False)
    assert client.get(f"/en/?{MARK}={MARK}", HTTP_USER_AGENT=MARK).status_code == 500
    rows = [json.loads(line) for line in kept.said]
    assert not [line for line in kept.said if MARK in line]
    assert [row["logger"] for row in rows] == ["sympolity.errors", "sympolity.request"]
    assert rows[1]["status"] == 500
    assert rows[1]["level"] == "error"
    assert "ValueError" in rows[0]["message"]


def test_an_error_with_its_trace_is_told_without_its_message() -> None:
    try:
        raise ValueError(MARK)
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 1, "no backup\nwas made", None, sys.exc_info())
    row = json.loads(Json().format(record))
    assert row["error"] == "ValueError"
    assert "test_log.py" in row["at"]
    assert MARK not in json.dumps(row)
    assert "\n" not in Json().format(record)


def test_ordinary_requests_are_logged_when_asked_for_and_slow_ones_always(
    network: Network, kept: _Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(HTTP_HOST="127.0.0.1")
    monkeypatch.setattr("sympolity.project.middleware.SLOW", 1000.0)  # whatever else runs on this machine
    client.get("/healthz")
    assert kept.said == []
    with override_settings(LOG_REQUESTS=True):
        client.get("/en/find/?q=legal", HTTP_ACCEPT_ENCODING="br")
    [row] = [json.loads(line) for line in kept.said]
    assert (row["route"], row["language"], row["level"]) == ("find", "en", "info")
    assert 1000 < row["bytes"] < 20_000
    kept.said.clear()
    monkeypatch.setattr("sympolity.project.middleware.SLOW", 0.0)
    client.get("/healthz")
    assert [json.loads(line)["level"] for line in kept.said] == ["warning"]
