"""What could not be sent, as those who run the installation see it and turn it."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from io import StringIO
from unittest.mock import patch

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from sympolity.kit import clock
from sympolity.kit.actor import SYSTEM
from sympolity.ops import figures
from sympolity.ops.deliveries import Deliveries
from sympolity.people.models import Person
from sympolity.post.actions import Outgoing, send
from sympolity.post.channel import MAIL
from sympolity.trail import deliveries, journal
from sympolity.trail.couriers import Courier
from sympolity.trail.models import Delivery
from tests.find.network import Network
from tests.reader import HOST, Reader

ADMINISTRATOR = "admin@centre-athens.example"
BACKEND = "django.core.mail.backends.locmem.EmailBackend.send_messages"
WORDS = b"5.1.1 no <such> user"


@pytest.fixture
def client(network: Network) -> Client:
    Delivery.objects.all().delete()  # those of the demo
    client = Client(HTTP_HOST=HOST)
    client.force_login(Person.objects.get(email=ADMINISTRATOR))
    return client


def refused(*to: str) -> None:
    """Messages that the mail server refuses for good."""
    with journal.action(SYSTEM) as t:
        send(t, [Outgoing(kind="trial", to=one, lang="en") for one in to])
    with patch(BACKEND, side_effect=smtplib.SMTPRecipientsRefused({"x": (550, WORDS)})):
        Courier(MAIL, "test").round()


def states() -> list[str]:
    return sorted(Delivery.objects.values_list("state", flat=True))


def said(*words: str) -> str:
    out = StringIO()
    call_command("post", *words, stdout=out)
    return out.getvalue()


def test_the_operator_page_shows_what_is_parked_and_sends_it_again(client: Client) -> None:
    assert (
        not Reader(client, signed_in=True)
        .get("/en/operator/")
        .document.values("form", "action")
        .count("/en/operator/post/")
    )
    refused("anna@city.gr", "bill@city.gr")
    page = Reader(client, signed_in=True).get("/en/operator/")
    assert "2 × 550 5.1.1 no <such> user" in " ".join(page.text.split())
    answer = client.post("/en/operator/post/", {"verb": "replay"})
    assert (answer.status_code, answer["Location"]) == (302, "/en/operator/")
    assert states() == ["waiting", "waiting"]
    Courier(MAIL, "test").round()
    assert sorted(each.to[0] for each in mail.outbox) == ["anna@city.gr", "bill@city.gr"]


def test_what_shall_not_go_out_rests(client: Client) -> None:
    refused("anna@city.gr")
    client.post("/el/operator/post/", {"verb": "settle"})
    assert states() == ["settled"]
    assert deliveries.standing().parked == 0


@pytest.mark.parametrize("email", ["", "katerina@centre-athens.example", "eleni@fanari.example"])
def test_nobody_else_turns_anything(client: Client, email: str) -> None:
    refused("anna@city.gr")
    other = Client(HTTP_HOST=HOST)
    if email:
        other.force_login(Person.objects.get(email=email))
    for verb in ("replay", "settle", "drop", ""):
        assert other.post("/en/operator/post/", {"verb": verb}).status_code == 404
    assert states() == ["parked"]


def test_the_figures_tell_how_long_the_oldest_waits(client: Client) -> None:
    assert figures.written().post == deliveries.Standing()
    refused("anna@city.gr")
    with journal.action(SYSTEM) as t:
        send(t, [Outgoing(kind="trial", to="bill@city.gr", lang="en")])
    found = figures.written().post
    assert (found.waiting, found.parked) == (1, 1)
    assert found.since is not None
    assert clock.now() - found.since < timedelta(minutes=1)


def test_the_command_lists_and_turns(client: Client) -> None:
    assert said() == "0 wait; 0 parked\n"
    refused("anna@city.gr", "bill@city.gr")
    first, second = Delivery.objects.order_by("id").values_list("id", flat=True)
    assert said().splitlines()[0] == "0 wait; 2 parked"
    assert f"{first}" in said()
    assert "550 5.1.1 no <such> user" in said()
    assert said("--replay", str(first)) == "1 go out again\n"
    assert said("--settle", "all") == "1 rest\n"
    assert states() == ["settled", "waiting"]
    for words in (("--replay", str(second)), ("--replay", "nonsense"), ("--settle", "0" * 32)):
        with pytest.raises(CommandError, match="Nothing was changed"):
            said(*words)
    assert said().startswith("1 wait, the oldest since 2")


def test_a_trial_goes_out(client: Client) -> None:
    assert said("--try", "anna@city.gr").startswith("queued")
    with pytest.raises(CommandError, match="no e-mail address"):
        said("--try", "anna")
    Deliveries().look("test", wait=True)
    assert [each.subject for each in mail.outbox if each.to == ["anna@city.gr"]] == ["Mail from this site arrives"]
