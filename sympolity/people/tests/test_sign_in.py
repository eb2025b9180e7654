"""The journey of signing in by a code, and the ways to abuse it."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from sympolity.kit.actor import SYSTEM
from sympolity.people import actions
from sympolity.people.models import Person
from sympolity.trail.models import Entry, EntryDetail
from tests.document import read
from tests.reader import Reader

pytestmark = pytest.mark.django_db

START, CODE = "/en/account/", "/en/account/code/"
SESSION = settings.SESSION_COOKIE_NAME


@pytest.fixture
def eleni(enrol: Callable[..., Person]) -> Person:
    """A supporter: her role asks for no second factor (see test_factor.py)."""
    return enrol("eleni", factor=False, legal="supporter")


@pytest.fixture
def client() -> Client:
    return Client(HTTP_HOST="127.0.0.1")


def ask(client: Client, email: str = "eleni@work.example", start: str = START, **more: str) -> Any:
    return client.post(start, {"email": email, **more})


def code_in_mail() -> str:
    found = re.search(r"^\d{6}$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found, mail.outbox[-1].body
    return found.group()


def wrong_code() -> str:
    return "000000" if code_in_mail() != "000000" else "111111"


def test_the_whole_journey(client: Client, eleni: Person, network: dict[str, UUID]) -> None:
    reader = Reader(client, signed_in=True)
    assert reader.get("/el/account/").document.find("form")
    answer = ask(client, "ELENI@work.example", "/el/account/")
    assert (answer.status_code, answer["Location"]) == (302, "/el/account/code/")
    assert reader.get("/el/account/code/").document.find("input")
    answer = client.post("/el/account/code/", {"code": code_in_mail()})
    assert (answer.status_code, answer["Location"]) == (302, "/el/")
    page = reader.get("/el/account/")
    assert "eleni" in page.text
    assert "Legal" in page.text
    answer = client.get("/el/account/out/")
    assert answer["Location"] == "/el/account/", "a GET signs nobody out"
    assert "eleni" in reader.get("/el/account/").text
    answer = client.post("/el/account/out/")
    assert (answer.status_code, answer["Location"], answer.cookies[SESSION].value) == (302, "/el/", "")
    entries = Entry.objects.filter(noun="person", verb__startswith="signed_").order_by("position")
    assert [(entry.verb, entry.noun_id, entry.actor_id, entry.organization_id) for entry in entries] == [
        ("signed_in", eleni.id, eleni.id, network["legal"]),
        ("signed_out", eleni.id, eleni.id, network["legal"]),
    ]
    assert "work.example" not in str(list(EntryDetail.objects.filter(entry__verb__startswith="signed_").values()))


@pytest.mark.parametrize(("lang", "said"), [("en", "ltr"), ("el", "ltr"), ("ar", "rtl")])
def test_pages_in_every_language(lang: str, said: str, client: Client, eleni: Person) -> None:
    reader = Reader(client, signed_in=True)
    page = reader.get(f"/{lang}/account/")
    assert (page.document.root.get("lang"), page.document.root.get("dir")) == (lang, said)
    assert ask(client, start=f"/{lang}/account/")["Location"] == f"/{lang}/account/code/"
    assert reader.get(f"/{lang}/account/code/").document.root.get("lang") == lang
    assert reader.post(f"/{lang}/account/code/", {"code": wrong_code()}).document.root.get("lang") == lang


def test_a_mail_holds_the_code_and_no_link(client: Client, eleni: Person) -> None:
    ask(client)
    [sent] = mail.outbox
    assert sent.to == ["eleni@work.example"]
    assert code_in_mail()
    assert "http" not in sent.body
    assert code_in_mail() not in sent.subject


@pytest.mark.parametrize("zero", ["0", "\u0660", "\u06f0"])
def test_digits_of_any_keyboard(zero: str, client: Client, eleni: Person) -> None:
    ask(client)
    typed = "".join(chr(ord(zero) + int(digit)) for digit in code_in_mail())
    assert client.post(CODE, {"code": f" {typed[:3]} {typed[3:]}\u200f"})["Location"] == "/en/"


def test_three_wrong_codes_end_it(client: Client, eleni: Person) -> None:
    ask(client)
    right, wrong = code_in_mail(), wrong_code()
    for _ in range(2):
        page = Reader(client, signed_in=True).post(CODE, {"code": wrong})
        assert page.document.find("input")
    answer = client.post(CODE, {"code": wrong})
    assert answer["Location"] == "/en/account/?ended=tries"
    assert "Too many wrong codes" in Reader(client, signed_in=True).get(answer["Location"]).text
    assert client.post(CODE, {"code": right})["Location"] == START
    assert "_auth_user_id" not in client.session


def test_ten_wrong_codes_in_a_quarter_of_an_hour_close_the_address(eleni: Person, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"request_login_code": "99/m/key"}
    ends = []
    for _ in range(4):  # from four browsers, each with a code of its own
        client = Client()
        ask(client)
        ends += [client.post(CODE, {"code": wrong_code()}).get("Location", "") for _ in range(3)]
    assert [end.rpartition("?")[2] for end in ends] == ["", "", "ended=tries"] * 3 + ["", "ended=tries", START]
    client = Client()
    ask(client)
    assert client.post(CODE, {"code": code_in_mail()})["Location"] == "/en/account/?ended=tries", "the right code too"
    assert "_auth_user_id" not in client.session


def test_a_code_counts_for_ten_minutes(client: Client, eleni: Person) -> None:
    ask(client)
    session = client.session
    session["account_login"]["state"]["stages"]["login_by_code"]["data"]["at"] -= 601
    session.save()
    answer = client.post(CODE, {"code": code_in_mail()})
    assert answer["Location"] == "/en/account/?ended=late"
    assert "too old" in Reader(client, signed_in=True).get(answer["Location"]).text
    assert "_auth_user_id" not in client.session


def test_a_code_works_once_and_only_in_the_browser_that_asked(eleni: Person) -> None:
    first, other = Client(), Client()
    ask(first)
    code = code_in_mail()
    assert other.post(CODE, {"code": code})["Location"] == START
    assert first.post(CODE, {"code": code})["Location"] == "/en/"
    first.post("/en/account/out/")
    assert first.post(CODE, {"code": code})["Location"] == START


def without_token(response: Any) -> str:
    """A page without what differs each time, and without the address itself."""
    body = re.sub(r'value="\w{64}"', "", response.content.decode())
    return re.sub(r"[a-z]+@work\.example", "", body)


def test_an_unknown_address_gets_the_same_answers(eleni: Person) -> None:
    answers = {}
    for email in ("eleni@work.example", "nobody@work.example"):
        client = Client()
        seen = [ask(client, email)]
        seen += [client.get(CODE)] + [client.post(CODE, {"code": "12"}) for _ in range(4)]
        seen += [ask(client, email) for _ in range(4)]
        answers[email] = [
            (each.status_code, each.get("Location"), without_token(each), sorted(each.cookies)) for each in seen
        ]
    first, second = answers.values()
    assert first == second
    assert [status for status, *_ in first][-1] == 429, "asking without end is stopped"
    assert {tuple(each.to) for each in mail.outbox} == {("eleni@work.example",), ("nobody@work.example",)}
    assert not re.search(r"\d{6}", str(mail.outbox[-1].body))


def test_somebody_shut_out_is_as_unknown(client: Client, eleni: Person) -> None:
    Person.objects.filter(id=eleni.id).update(is_active=False)
    assert ask(client)["Location"] == CODE
    assert not re.search(r"\d{6}", str(mail.outbox[-1].body))


def test_somebody_shut_out_while_the_code_was_on_its_way(client: Client, eleni: Person) -> None:
    ask(client)
    Person.objects.filter(id=eleni.id).update(is_active=False)
    assert client.post(CODE, {"code": code_in_mail()})["Location"] == START
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("path", ["again/", "inactive/", "signup/", "login/", "password/reset/", "email/"])
def test_there_is_nothing_else_of_the_library(path: str, client: Client) -> None:
    found = [client.get(f"/en/account/{path}").status_code, client.post(f"/en/account/{path}").status_code]
    assert found == [404, 404]
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http://localhost/x",
        "/" + "x" * 600,
    ],
)
def test_no_open_redirect(target: str, client: Client, eleni: Person) -> None:
    answer = ask(client, next=target)
    assert answer["Location"] == CODE
    answer = client.post(f"{CODE}?next={target}", {"code": code_in_mail(), "next": target})
    assert answer["Location"] == "/en/"
    assert client.post("/en/account/out/", {"next": target})["Location"] == "/en/"


def test_one_comes_back_to_where_one_was(client: Client, eleni: Person) -> None:
    answer = ask(client, next="/en/service/1/")
    assert answer["Location"] == "/en/account/code/?next=%2Fen%2Fservice%2F1%2F"
    assert client.post(answer["Location"], {"code": code_in_mail()})["Location"] == "/en/service/1/"


@pytest.mark.parametrize("path", ["", "code/", "out/", "acting/"])
def test_forms_need_their_token(path: str, eleni: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(eleni)
    assert client.post(f"/en/account/{path}", {"email": "eleni@work.example"}).status_code == 403
    assert "_auth_user_id" in client.session
    assert not mail.outbox


def test_the_session_gets_a_new_key_at_sign_in(client: Client, eleni: Person) -> None:
    ask(client)
    before = client.cookies[SESSION].value
    client.post(CODE, {"code": code_in_mail()})
    assert client.cookies[SESSION].value != before
    assert client.cookies[SESSION]["httponly"]


@pytest.mark.parametrize(
    "email",
    [
        "",
        "eleni",
        "a@b",
        "x" * 100_000 + "@work.example",
        "a\x00@work.example",
        "é@\udcff.example",
        "a@b.gr\nBcc: c@d.gr",
    ],
)
def test_what_is_no_address_is_said_and_sends_nothing(email: str, client: Client) -> None:
    page = Reader(client, signed_in=True).read(ask(client, email.encode("utf-8", "replace").decode()))
    assert "Write your whole address" in page.text or "allowed" in page.text
    assert not mail.outbox


@pytest.mark.parametrize("code", ["", "x" * 100_000, "\x00", "١٢", "<script>", "½²"])
def test_what_is_no_code_is_wrong(code: str, client: Client, eleni: Person) -> None:
    ask(client)
    Reader(client, signed_in=True).post(CODE, {"code": code})
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "error", [smtplib.SMTPServerDisconnected("x"), ConnectionRefusedError("x"), TimeoutError("x"), ValueError("x")]
)
def test_a_mail_server_that_fails_gets_a_clear_page(error: Exception, client: Client, network: dict[str, UUID]) -> None:
    actions.enrol_persons(actor=SYSTEM, items=[actions.PersonItem(email="anna@city.gr")])
    for email in ("anna@city.gr", "nobody@city.gr"):
        with patch("django.core.mail.backends.locmem.EmailBackend.send_messages", side_effect=error):
            page = Reader(client, signed_in=True).read(ask(client, email), status=503)
        assert "The mail could not be sent" in page.text
    assert "account_login" not in client.session


def test_codes_of_example_addresses_are_written_on_the_console(
    client: Client, network: dict[str, UUID], caplog: Any
) -> None:
    items = [actions.PersonItem(email="eleni@centre.example"), actions.PersonItem(email="anna@city.gr")]
    actions.enrol_persons(actor=SYSTEM, items=items)
    with caplog.at_level("INFO", "sympolity"):
        for email in ("eleni@centre.example", "nobody@centre.example", "anna@city.gr"):
            ask(Client(), email)
            lines = [record.getMessage() for record in caplog.records]
            assert lines == [f"Sign-in code for eleni@centre.example: {_first_code()}"]


def _first_code() -> str:
    found = re.search(r"^\d{6}$", str(mail.outbox[0].body), re.MULTILINE)
    assert found
    return found.group()


def test_an_example_address_needs_no_mail_server(client: Client, eleni: Person) -> None:
    with patch("django.core.mail.backends.locmem.EmailBackend.send_messages", side_effect=ConnectionRefusedError):
        assert ask(client)["Location"] == CODE


def test_choosing_for_whom_to_act(enrol: Callable[..., Person], network: dict[str, UUID], client: Client) -> None:
    client.force_login(enrol("nour", legal="editor", island="translator"))
    page = client.get(START)
    assert read(page.content.decode()).values("input", "value").count(str(network["island"])) == 1
    assert client.get("/en/account/acting/").status_code == 405
    assert client.post("/en/account/acting/", {"organization": str(network["island"])})["Location"] == START
    page = client.get(START)
    assert read(page.content.decode()).values("input", "value").count(str(network["legal"])) == 1


def test_no_cookie_but_on_the_pages_of_signing_in(client: Client) -> None:
    for path in ("/", "/en/", "/el/", "/ar/", "/en/nothing/", "/en/account/nothing/"):
        assert not client.get(path).cookies, path
    assert set(client.get(START).cookies) == {settings.CSRF_COOKIE_NAME}


def test_pages_of_an_account_are_kept_by_nobody(client: Client, eleni: Person) -> None:
    assert "no-store" in client.get(START)["Cache-Control"]
    client.force_login(eleni)
    answer = client.get(START)
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    assert not answer.has_header("Content-Encoding")
