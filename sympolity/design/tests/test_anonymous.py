"""Forms without an account: what is taken, what is not, and what is known of whoever sent it."""

from __future__ import annotations

import os
import re
import sqlite3
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.test import RequestFactory

from sympolity.design import anonymous
from sympolity.design.anonymous import Limit, Network, Trouble, keys, tokens
from sympolity.kit import clock

ORIGIN = "http://testserver"
OURS = {"HTTP_ORIGIN": ORIGIN, "HTTP_SEC_FETCH_SITE": "same-origin"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of this test alone."""
    monkeypatch.setattr(settings, "SENDERS_ROOT", tmp_path / "senders", raising=False)
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["testserver"])
    return tmp_path / "senders"


@pytest.fixture
def no_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(settings, "SENDERS_ROOT", None)
    yield
    with clock.moved(timedelta(days=400)):
        keys.forget()


def _post(token: str, **headers: str) -> HttpRequest:
    return RequestFactory().post("/", {"form": token}, **(headers or OURS))  # type: ignore[arg-type]


def _trouble(token: str, purpose: str = "one", **headers: str) -> Trouble | None:
    return anonymous.received(_post(token, **headers), purpose).trouble


def _token(purpose: str = "one") -> str:
    return anonymous.blank(purpose)["token"]


def _from(address: str, **more: Any) -> str:
    return anonymous.network_of(RequestFactory().get("/", REMOTE_ADDR=address, **more)).name


# --- the token ---------------------------------------------------------------------------------


def test_a_fresh_form_is_taken() -> None:
    assert _trouble(_token()) is None


def test_a_token_holds_nothing_of_anybody() -> None:
    said = signing.Signer(salt="sympolity.design.anonymous").unsign_object(_token("report:x"))
    assert (set(said), said["p"], len(said["n"])) == ({"p", "n", "t"}, "report:x", 16)


@pytest.mark.parametrize(
    "made",
    [
        lambda token: "",
        lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
        lambda token: "x" + token,
        lambda token: token * 40,
        lambda token: signing.dumps({"p": "one", "n": "1", "t": 0}),
        lambda token: signing.dumps({"p": "one", "n": "1", "t": 0}, salt="another"),
        lambda token: "\0☃",
    ],
)
def test_a_forged_token_is_none(made: Any) -> None:
    assert _trouble(made(_token())) is Trouble.FORGED


def test_a_token_is_of_one_form() -> None:
    assert _trouble(_token("one"), "other") is Trouble.FORGED


def test_a_form_is_open_for_twelve_hours() -> None:
    token = _token()
    with clock.moved(tokens.LIFE - timedelta(minutes=1)):
        assert _trouble(token) is None
    with clock.moved(tokens.LIFE + timedelta(minutes=1)):
        assert _trouble(token) is Trouble.STALE
    with clock.moved(-timedelta(hours=1)):
        assert _trouble(token) is Trouble.STALE


def test_one_form_makes_one_thing() -> None:
    first, second = _token(), _token()
    ids = [anonymous.received(_post(token), "one").id for token in (first, first, second)]
    assert (ids[0] == ids[1], ids[0] == ids[2]) == (True, False)


# --- where it came from ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "trouble", "proven"),
    [
        (OURS, None, True),
        ({"HTTP_ORIGIN": ORIGIN}, None, True),
        ({"HTTP_SEC_FETCH_SITE": "same-origin"}, None, True),
        ({"HTTP_REFERER": f"{ORIGIN}/en/"}, None, True),
        ({"HTTP_X_NOTHING": "an old telephone"}, None, False),
        ({"HTTP_SEC_FETCH_SITE": "none"}, None, False),
        ({"HTTP_ORIGIN": "null"}, Trouble.FOREIGN, False),
        ({"HTTP_ORIGIN": "https://elsewhere.example"}, Trouble.FOREIGN, False),
        ({"HTTP_ORIGIN": f"{ORIGIN}.elsewhere.example"}, Trouble.FOREIGN, False),
        ({"HTTP_ORIGIN": ORIGIN, "HTTP_SEC_FETCH_SITE": "cross-site"}, Trouble.FOREIGN, False),
        ({"HTTP_SEC_FETCH_SITE": "same-site"}, Trouble.FOREIGN, False),
        ({"HTTP_REFERER": "https://elsewhere.example/"}, Trouble.FOREIGN, False),
        ({"HTTP_REFERER": "http://[broken"}, Trouble.FOREIGN, False),
    ],
)
def test_what_the_browser_says(headers: dict[str, str], trouble: Trouble | None, *, proven: bool) -> None:
    sent = anonymous.received(_post(_token(), **headers), "one")
    assert (sent.trouble, sent.proven) == (trouble, proven)


def test_a_field_that_nobody_sees_is_filled_by_machines() -> None:
    request = RequestFactory().post("/", {"form": _token(), "website": "https://spam.example"}, **OURS)  # type: ignore[arg-type]
    assert anonymous.received(request, "one").trouble is Trouble.TRAPPED


# --- networks ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("192.0.2.7:4711", "192.0.2.0/24"),
        ("::ffff:192.0.2.7", "192.0.2.0/24"),
        ("2001:db8:1:2::9", "2001:db8:1::/48"),
        ("[2001:db8:1:2::9]:443", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("", ""),
        ("unix:", ""),
        ("a.b.c.d", ""),
        ("1.2.3.4.5", ""),
    ],
)
def test_an_address_is_shortened_to_its_network(address: str, network: str) -> None:
    assert _from(address) == network


def test_behind_our_web_server_its_last_word_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"HTTP_X_FORWARDED_FOR": "203.0.113.5, 198.51.100.9"}
    monkeypatch.setattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0)
    assert _from("192.0.2.1", **told) == "192.0.2.0/24", "a visitor who writes the header is not believed"
    monkeypatch.setattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 1)
    assert _from("192.0.2.1", **told) == "198.51.100.0/24"
    assert _from("192.0.2.1") == "192.0.2.0/24"


def test_a_network_is_never_written_out() -> None:
    assert "192" not in repr(Network("192.0.2.0/24"))


def test_words_for_networks() -> None:
    here, there = Network("192.0.2.0/24"), Network("198.51.100.0/24")
    assert anonymous.tag(here, "report", "a") == anonymous.tag(here, "report", "a")
    words = {
        anonymous.tag(here, "report", "a"),
        anonymous.tag(here, "report", "b"),
        anonymous.tag(there, "report", "a"),
    }
    assert len(words) == 3, "nobody can tell that one network spoke of two things"
    assert {word.partition(".")[0] for word in words} == {keys.today().name}  # type: ignore[union-attr]
    # The day's name and a keyed digest: no place for an address. Three digits of one may stand in a digest by chance.
    assert [word for word in words if not re.fullmatch(r"[0-9a-f]{8}\.[0-9a-f]{32}", word)] == []
    assert anonymous.tag(Network(""), "report", "a") == ""


def test_no_word_lasts_longer_than_the_day(folder: Path) -> None:
    here = Network("192.0.2.0/24")
    before = anonymous.tag(here, "a")
    assert anonymous.admitted([Limit("a", 5, network=here)])
    kept = {path.name for path in folder.iterdir()}
    with clock.moved(timedelta(days=1)):
        anonymous.forget()
        assert list(folder.iterdir()) == []
        after = anonymous.tag(here, "a")
    assert before.partition(".")[0] != after.partition(".")[0]
    assert len(kept) == 2


def test_the_key_is_ours_alone(folder: Path) -> None:
    anonymous.tag(Network("192.0.2.0/24"), "a")
    anonymous.admitted([Limit("a", 5)])
    assert stat.S_IMODE(folder.lstat().st_mode) == 0o700
    assert {stat.S_IMODE(path.lstat().st_mode) & 0o077 for path in folder.iterdir()} == {0}
    for path in folder.iterdir():
        assert b"192" not in path.read_bytes()


@pytest.mark.parametrize("made", ["open", "link"])
def test_a_folder_that_others_may_read_is_not_used(folder: Path, made: str, tmp_path: Path) -> None:
    if made == "open":
        folder.mkdir()
        folder.chmod(0o755)
    else:
        (tmp_path / "theirs").mkdir(mode=0o700)
        folder.symlink_to(tmp_path / "theirs")
    assert anonymous.tag(Network("192.0.2.0/24"), "a")
    assert list(folder.iterdir()) == []
    with clock.moved(timedelta(days=400)):
        keys.forget()


def test_without_a_folder_a_process_keeps_to_itself(no_folder: None) -> None:
    here = Network("192.0.2.0/24")
    assert anonymous.tag(here, "a") == anonymous.tag(here, "a") != ""
    assert [anonymous.admitted([Limit("a", 2, network=here)]) for _ in range(3)] == [True, True, False]


# --- limits ------------------------------------------------------------------------------------


def test_limits_for_each_network_and_for_all() -> None:
    here, there = Network("192.0.2.0/24"), Network("198.51.100.0/24")
    each = [[Limit("a", 2, network=one), Limit("a", 3)] for one in (here, here, here, there, there)]
    assert [anonymous.admitted(limits) for limits in each] == [True, True, False, True, False]


def test_a_limit_ends_with_its_span() -> None:
    limits = [Limit("a", 1, 3600)]
    with clock.moved(to=clock.now().replace(hour=8)):
        assert (anonymous.admitted(limits), anonymous.admitted(limits)) == (True, False)
        with clock.moved(timedelta(seconds=3601)):
            assert anonymous.admitted(limits)


def test_where_nothing_can_be_counted_nobody_is_turned_away(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise sqlite3.OperationalError

    monkeypatch.setattr(sqlite3, "connect", broken)
    assert anonymous.admitted([Limit("a", 0)])


def test_two_processes_agree_on_a_key() -> None:
    here = Network("192.0.2.0/24")
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.write(write, anonymous.tag(here, "a").encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(read, 100).decode() == anonymous.tag(here, "a")
