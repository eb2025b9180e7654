"""A link in a mail ends such mails: one button for people, one POST for mail programs, nothing by opening it."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.signing import Signer
from django.test import Client

from sympolity.post import unsubscribing
from sympolity.post.models import KeptMail, Recipient, Unwanted
from sympolity.post.tests.writing import carried, message, sent
from sympolity.trail.models import Entry
from tests.reader import Reader

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("local")]

HOST = "127.0.0.1"


@pytest.fixture
def link() -> str:
    """The path that stands in the head of a mail."""
    sent(message("anna@city.gr", "pulse", "el"))
    carried()
    head = str(KeptMail.objects.get().headers["List-Unsubscribe"])
    return head.strip().removeprefix("<http://127.0.0.1:8000").removesuffix(">")


@pytest.fixture
def client() -> Client:
    return Client(HTTP_HOST=HOST, enforce_csrf_checks=True)


def ended() -> list[str]:
    return list(Unwanted.objects.values_list("topic", flat=True))


def test_opening_it_changes_nothing(link: str, client: Client) -> None:
    entries = Entry.objects.count()
    for _ in range(2):
        page = Reader(client).get(link)
        assert page.document.find("form")
    assert client.head(link).status_code == 200
    assert (ended(), Entry.objects.count()) == ([], entries)


def test_one_click_of_a_mail_program_ends_it(link: str, client: Client) -> None:
    """RFC 8058: a POST of this body, no cookie, no page of ours before it, no redirect."""
    answer = client.post(link, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, ended(), answer.cookies) == (200, ["pulse"], {})
    assert client.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Entry.objects.filter(verb="unsubscribed").count() == 1
    assert sent(message("anna@city.gr", "pulse")) == []
    assert len(sent(message("anna@city.gr", "tell"))) == 1


def test_a_person_ends_it_and_takes_it_back(link: str, client: Client) -> None:
    reader = Reader(client)
    page = reader.post(link, {"do": "stop"})
    assert page.document.values("button", "value") == ["again"]
    assert ended() == ["pulse"]
    page = reader.post(link, {"do": "again"})
    assert page.document.values("button", "value") == ["stop"]
    assert ended() == []


@pytest.mark.parametrize(("lang", "dir"), [("en", "ltr"), ("el", "ltr"), ("ar", "rtl")])
def test_the_page_is_in_every_language_and_kept_by_nobody(lang: str, dir: str, link: str, client: Client) -> None:
    page = Reader(client).get(link.replace("/el/", f"/{lang}/", 1))
    assert (page.document.root.get("lang"), page.document.root.get("dir")) == (lang, dir)
    assert page.response.headers["Cache-Control"] == "private, no-store"
    assert "anna" not in page.text


def test_the_link_holds_no_address(link: str) -> None:
    assert "anna" not in link
    assert "city" not in link


def test_links_that_are_not_ours(link: str, client: Client) -> None:
    recipient = Recipient.objects.get().id
    token = link.rstrip("/").rpartition("/")[2]
    forged = [
        token[:-1],
        token + "A",
        token.replace("pulse", "digest"),
        f"{uuid.uuid4().hex}.pulse:{token.partition(':')[2]}",
        Signer(salt="other").sign(f"{recipient.hex}.pulse"),
        Signer(salt="post.unsubscribe").sign("nonsense"),
        unsubscribing.token(uuid.uuid4(), "pulse"),
        "x" * 5000,
        "%00",
        "é",
    ]
    for each in forged:
        url = f"/en/unsubscribe/{each}/"
        answer = client.post(url, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 404, each
    assert ended() == []


def test_an_erased_recipient_has_no_link(link: str, client: Client) -> None:
    Recipient.objects.all().delete()
    assert client.post(link).status_code == 404


@pytest.mark.parametrize("body", [{}, {"do": "x"}, {"do": ["again", "stop"]}, {"topic": "digest", "recipient": "x"}])
def test_only_the_link_says_what_ends(body: Any, link: str, client: Client) -> None:
    assert client.post(link, body).status_code == 200
    assert ended() == ["pulse"]
