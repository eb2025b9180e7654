"""Mails through a mail server that is good, slow, rude or away."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from typing import Any

import pytest

from sympolity.kit import clock
from sympolity.post.models import Recipient
from sympolity.post.queries import Failure, failed_addresses
from sympolity.post.tests.server import MailServer, serving
from sympolity.post.tests.writing import carried, message, sent
from sympolity.trail import deliveries
from sympolity.trail.couriers import Tally
from sympolity.trail.models import Delivery, Entry

pytestmark = pytest.mark.django_db


def told() -> dict[str, tuple[str, str]]:
    """What became of each recipient's delivery: state and fault, by the part before the @."""
    from sympolity.post.models import Message

    to = {row.id: row.recipient.address.partition("@")[0] for row in Message.objects.select_related("recipient")}
    return {to[row.noun_id]: (row.state, row.fault) for row in Delivery.objects.all()}


def test_a_mail_arrives_with_all_its_heads(server: MailServer) -> None:
    sent(message("OK@City.gr", "pulse", "el", title="Ώρες"))
    assert carried() == Tally(done=1)
    [mail] = server.mails()
    assert (mail["To"], mail["Subject"], mail["Content-Language"]) == ("ok@city.gr", "Ώρες", "el")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].strip().startswith("<http://127.0.0.1:8000/el/unsubscribe/")
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert mail["Bcc"] is None


def test_each_answer_of_a_server_has_its_end(server: MailServer) -> None:
    names = ["ok", "soft", "hard", "policy", "late", "words", "cut", "drop"]
    sent(*(message(f"{name}@city.gr") for name in names))
    assert carried() == Tally(done=1, later=4, parked=3)
    assert told() == {
        "ok": ("done", ""),
        "soft": ("waiting", "later"),
        "hard": ("parked", "address_refused"),
        "policy": ("parked", "address_refused"),
        "late": ("waiting", "later"),
        "words": ("parked", "words_refused"),
        "cut": ("waiting", "broken_off"),
        "drop": ("waiting", "broken_off"),
    }
    assert sorted(mail["To"] for mail in server.mails()) == ["cut@city.gr", "ok@city.gr"]


def test_a_line_that_drops_after_the_words_repeats_the_mail_under_its_id(server: MailServer) -> None:
    sent(message("cut@city.gr"))
    carried()
    with clock.moved(timedelta(minutes=5)):
        carried()
    first, second = server.mails()
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@sympolity.example>")


def test_a_server_that_hangs_holds_up_one_mail_only(server: MailServer) -> None:
    sent(message("hang@city.gr"), message("ok@city.gr"))
    assert carried() == Tally(done=1, later=1)
    assert told()["hang"] == ("waiting", "broken_off")


def test_a_refused_address_is_a_signal_until_a_mail_arrives(server: MailServer, settings: Any) -> None:
    sent(message("hard@city.gr"), message("policy@city.gr"), message("words@city.gr"))
    carried()
    asked = ["Hard@city.gr", "policy@city.gr", "words@city.gr", "nobody@city.gr", "no address", ""]
    refused = Recipient.objects.get(address="hard@city.gr")
    assert refused.refused == "550 5.1.1 no such user"
    assert failed_addresses(asked) == {
        "Hard@city.gr": Failure(refused.refused_at, "550 5.1.1 no such user"),
        "no address": Failure(None),
        "": Failure(None),
    }, "what is refused by policy or for its words says nothing of the address"
    assert Entry.objects.filter(noun="recipient", verb="refused", noun_id=refused.id).count() == 1
    Recipient.objects.filter(id=refused.id).update(address="ok@city.gr")  # the mailbox was made anew
    deliveries.replay(actor=_system(), ids=list(Delivery.objects.filter(state="parked").values_list("id", flat=True)))
    carried()
    assert failed_addresses(["ok@city.gr"]) == {}
    assert Entry.objects.filter(noun="recipient", verb="reached", noun_id=refused.id).count() == 1


def _system() -> Any:
    from sympolity.kit.actor import SYSTEM

    return SYSTEM


@pytest.mark.parametrize("mode", ["busy", "stranger"])
def test_a_server_that_takes_nothing_of_us_parks_nothing(server: MailServer, mode: str) -> None:
    sent(message("ok@city.gr"), message("ok+two@city.gr"))
    server.mode(mode)
    assert carried() == Tally(away=True)
    assert {fault for _, fault in told().values()} == {"away"}
    server.mode("")
    with clock.moved(timedelta(minutes=2)):
        assert carried() == Tally(done=2)


def test_a_server_that_is_down_for_71_hours_loses_nothing(server: MailServer, settings: Any) -> None:
    sent(*(message(f"ok+{number}@city.gr") for number in range(5)))
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1  # nothing listens there
    start = clock.now()
    for hour in range(0, 72, 3):
        with clock.moved(to=start + timedelta(hours=hour)):
            assert carried() == Tally(away=True)
    settings.EMAIL_PORT = port
    with clock.moved(to=start + timedelta(hours=71, minutes=30)):
        assert carried() == Tally(done=5)
    assert len({mail["Message-ID"] for mail in server.mails()}) == len(server.mails()) == 5


def test_one_connection_carries_many(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    connect = smtplib.SMTP.connect

    def counted(self: smtplib.SMTP, *rest: Any, **more: Any) -> Any:
        opened.append(self)
        return connect(self, *rest, **more)

    monkeypatch.setattr(smtplib.SMTP, "connect", counted)
    sent(*(message(f"ok+{number}@city.gr") for number in range(20)))
    assert carried() == Tally(done=20)
    assert len(opened) == 1


def test_addresses_of_examples_never_reach_a_mail_server(server: MailServer) -> None:
    sent(message("eleni@fanari.example"), message("x@example.com"))
    assert carried() == Tally(done=2)
    assert server.mails() == []
    assert set(Delivery.objects.values_list("reason", flat=True)) == {"nobody can have this address"}


def test_a_message_that_was_erased_meanwhile_ends_quietly(server: MailServer) -> None:
    sent(message("ok@city.gr"))
    Recipient.objects.all().delete()
    assert carried() == Tally(done=1)
    assert server.mails() == []


def test_a_server_that_comes_up_later_gets_what_waited(tmp_path: Any, server: MailServer, settings: Any) -> None:
    sent(message("ok@city.gr"))
    settings.EMAIL_PORT = 1
    carried()
    with serving(tmp_path / "other") as other, clock.moved(timedelta(minutes=3)):
        settings.EMAIL_PORT = other.port
        assert carried() == Tally(done=1)
        assert len(other.mails()) == 1
