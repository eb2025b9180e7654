"""/healthz and /readyz: what they ask, what they say, what they do not tell."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client, override_settings
from django.utils import translation

from sympolity.kit import clock
from sympolity.languages import registry
from sympolity.ops import health, patience, words
from sympolity.ops.backups import Last
from sympolity.ops.health import State
from sympolity.portal import site
from sympolity.trail import followers
from tests.find.network import Network, point_reader

WELL = {"database": "ok", "index": "ok", "disk": "ok", "log": "ok", "backup": "ok"}


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """No report or look of another test counts; the last backup is an hour old."""
    monkeypatch.setattr(health, "_kept", None)
    monkeypatch.setattr(health, "_guard", None)
    monkeypatch.setattr(health, "last", lambda: Last(at=clock.now() - timedelta(hours=1)))


@pytest.fixture
def client() -> Client:
    return Client(HTTP_HOST="127.0.0.1")


@pytest.fixture
def _no_index(tmp_path: Path) -> Iterator[None]:
    before = site.READER.root
    point_reader(tmp_path)
    yield
    point_reader(before)


def _plain(response: Any) -> None:
    """Never kept, no cookie, nobody's language."""
    assert response.headers["Cache-Control"] == "no-store"
    assert not response.cookies
    assert "Content-Language" not in response.headers
    assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.usefixtures("_no_index")
def test_alive_asks_neither_database_nor_index(client: Client) -> None:
    """No ``db`` here: a question to the database would fail the test."""
    for cookie in ("", "a" * 32):
        client.cookies.clear()
        if cookie:
            client.cookies[settings.SESSION_COOKIE_NAME] = cookie
        response = client.get("/healthz")
        assert (response.status_code, response.content) == (200, b"ok")
        assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
        _plain(response)
    assert client.post("/healthz").status_code == 405


def test_ready_says_that_all_is_well(network: Network, client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"ready": True, "checks": WELL, "index_behind": 0, "reasons": [], "warnings": []}
    _plain(response)
    assert client.get("/readyz", HTTP_ACCEPT_LANGUAGE="el").json() == response.json()


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_on_this_machine_it_is_asked_without_https(db: None, path: str) -> None:
    with override_settings(SECURE_SSL_REDIRECT=True):
        fresh = Client(HTTP_HOST="127.0.0.1")
        assert fresh.get("/en/about/").status_code == 301
        assert fresh.get(path).status_code != 301
        assert fresh.get(f"{path}/x").status_code == 301


def _fails(*_: Any, **__: Any) -> Any:
    raise OperationalError("could not connect to server at secret-host as user sympolity")


def _hangs(*_: Any, **__: Any) -> Any:
    time.sleep(3)


def _full(*_: Any) -> Any:
    return shutil._ntuple_diskusage(10_000_000_000, 9_900_000_000, 100_000_000)


def _unwritable(*_: Any, **__: Any) -> Any:
    raise OSError(28, "No space left on device", "/secret/path")


FAULTS = {
    "database fails": ("sympolity.ops.health._ask", _fails, {"database": "failed", "log": "warning", "index": "warning"}),
    "database hangs": ("sympolity.ops.health._ask", _hangs, {"database": "failed", "log": "warning", "index": "warning"}),
    "triggers missing": ("sympolity.trail.guard.missing", lambda: ["trail_entry_no_update"], {"log": "failed"}),
    "disk full": ("shutil.disk_usage", _full, {"disk": "failed"}),
    "folder not writable": ("tempfile.TemporaryFile", _unwritable, {"disk": "failed"}),
    "no backup": ("sympolity.ops.health.last", Last, {"backup": "warning"}),
    "backup failed": ("sympolity.ops.health.last", lambda: Last(error="secret"), {"backup": "warning"}),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_ready_says_what_is_wrong(
    network: Network, client: Client, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    where, instead, expected = FAULTS[fault]
    monkeypatch.setattr(where, instead)
    begun = time.monotonic()
    response = client.get("/readyz")
    data = response.json()
    assert data["checks"] == WELL | expected
    assert data["ready"] == ("failed" not in expected.values())
    assert response.status_code == (200 if data["ready"] else 503)
    assert len(data["reasons"]) == list(expected.values()).count("failed")
    assert len(data["warnings"]) == list(expected.values()).count("warning")
    assert time.monotonic() - begun < health.PATIENCE + 4
    _plain(response)
    if fault == "database hangs":
        patience._waiting.join()  # type: ignore[union-attr]


@pytest.mark.usefixtures("_no_index")
def test_without_an_index_it_is_not_ready(db: None, client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["reasons"] == ["Search: There is no search index that can be read."]
    assert response.json()["index_behind"] is None


@pytest.mark.parametrize(
    ("minutes", "state", "reason"), [(0, "ok", ""), (2, "warning", "index_late"), (11, "failed", "index_stands_still")]
)
def test_an_index_that_does_not_follow(
    network: Network, monkeypatch: pytest.MonkeyPatch, minutes: int, state: str, reason: str
) -> None:
    """The number of entries tells nothing by itself: it is how long the oldest of them waits."""
    real, position = health._ask, health.index_position()
    assert position is not None

    def behind(_: int | None) -> health._Tables:
        since = clock.now() - timedelta(minutes=minutes)
        return health._Tables(position + 3, since, ())

    monkeypatch.setattr(health, "_ask", behind)
    seen = health.look()
    [check] = [check for check in seen.checks if check.name == "index"]
    assert (check.state, check.reason, seen.behind) == (state, reason, 3)
    monkeypatch.setattr(health, "_ask", real)


def test_behind_is_counted_from_the_tables(network: Network) -> None:
    """In the transaction of the test: the same function that the thread asks."""
    position = health.index_position()
    head = followers.head()
    assert position == head
    asked = health._ask(head - 2)
    assert (asked.head, asked.missing) == (head, ())
    assert asked.since is not None
    assert health._ask(head).since is None


def test_one_look_serves_all_who_ask_within_a_second(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []
    real = health.look

    def counted() -> health.Report:
        looks.append(1)
        return real()

    monkeypatch.setattr(health, "look", counted)
    for _ in range(20):
        health.report()
    assert len(looks) <= 2


def test_a_hanging_database_holds_one_thread_not_many() -> None:
    import threading

    stop = threading.Event()
    before = threading.active_count()
    for _ in range(4):
        with pytest.raises(patience.TooSlow):
            patience.within(0.05, stop.wait)
    assert threading.active_count() <= before + 1
    stop.set()
    patience._waiting.join()  # type: ignore[union-attr]
    assert patience.within(1, lambda: 5) == 5


def test_it_tells_nothing_that_helps_an_attacker(
    network: Network, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = health.look()
    everything = [
        replace(check, state=State.FAILED, reason=reason, number=7)
        for check, reason in zip(list(seen.checks) * 3, words.SENTENCES, strict=False)
    ]
    monkeypatch.setattr(health, "look", lambda: health.Report(tuple(everything), 7))
    body = client.get("/readyz").content.decode()
    assert len(json.loads(body)["reasons"]) == len(words.SENTENCES)
    for told in (str(settings.DATA), settings.DATABASES["default"]["NAME"], "postgres", "sqlite", "trail_entry", "/"):
        assert str(told).lower() not in body.lower()
    assert not re.search(r"\d+\.\d+", body)


@pytest.mark.parametrize("lang", [row.code for row in registry.INTERFACE])
def test_every_reason_has_its_sentence_and_what_to_do(lang: str) -> None:
    with translation.override(lang):
        for reason in words.SENTENCES:
            for number in (0, 1, 2, 700):
                said = words.sentence(health.Check("index", State.FAILED, reason, number))
                assert said.says
                assert said.do
                assert "{n}" not in said.says
        for name in WELL:
            assert words.sentence(health.Check(name)).says
            assert words.CHECKS[name]
