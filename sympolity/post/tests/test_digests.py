"""What can wait comes once a day, in one mail, and not to whoever has ended it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from sympolity.kit import clock
from sympolity.post.actions import subscribe, unsubscribe
from sympolity.post.digests import gather, last_hour
from sympolity.post.keeping import clean_up
from sympolity.post.models import KeptMail, Message, Recipient
from sympolity.post.tests.writing import carried, message, sent
from sympolity.trail.models import Delivery, Entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("local")]

MONDAY = datetime(2026, 3, 2, 12, 0, tzinfo=clock.ATHENS)
TUESDAY = datetime(2026, 3, 3, 7, 0, tzinfo=clock.ATHENS)


def states() -> list[str]:
    return sorted(Message.objects.values_list("state", flat=True))


def test_one_mail_a_day_for_each_recipient_and_language() -> None:
    with clock.moved(to=MONDAY):
        sent(
            message("anna@city.gr", "follow", "el", title="First"),
            message("anna@city.gr", "follow", "el", title="Second"),
            message("anna@city.gr", "follow", "ar", title="Third"),
            message("bill@city.gr", "follow", title="Fourth"),
            message("bill@city.gr", "tell", title="At once"),
        )
        assert carried().done == 1
        assert gather() == 0
    with clock.moved(to=TUESDAY - timedelta(seconds=5)):
        assert gather() == 0
    with clock.moved(to=TUESDAY + timedelta(seconds=5)):
        assert gather() == 3
        assert gather() == 0
        assert carried().done == 3
    mails = KeptMail.objects.exclude(subject="At once")
    assert sorted(mails.values_list("address", "lang")) == [
        ("anna@city.gr", "ar"), ("anna@city.gr", "el"), ("bill@city.gr", "en"),
    ]  # fmt: skip
    greek = mails.get(lang="el")
    assert greek.text.index("• First\n  It happened.\n  http://127.0.0.1:8000/en/service/2/") < greek.text.index(
        "• Second"
    )
    assert "/el/unsubscribe/" in greek.text
    assert "List-Unsubscribe" in greek.headers
    assert states() == ["gathered"] * 4 + ["posted"] * 4


def test_what_comes_after_the_hour_waits_for_the_next_day() -> None:
    with clock.moved(to=TUESDAY + timedelta(minutes=1)):
        sent(message("anna@city.gr", "follow"))
        assert gather() == 0
    with clock.moved(to=TUESDAY + timedelta(days=1, minutes=1)):
        assert gather() == 1


def test_a_machine_that_was_off_makes_up_for_it_once() -> None:
    with clock.moved(to=MONDAY):
        sent(message("anna@city.gr", "follow", title="A"))
    with clock.moved(to=MONDAY + timedelta(days=2)):
        sent(message("anna@city.gr", "follow", title="B"))
    with clock.moved(to=MONDAY + timedelta(days=9, hours=1)):
        assert gather() == 1
        carried()
    assert KeptMail.objects.get().subject == "2 things happened"


@pytest.mark.parametrize(
    "day", [datetime(2026, 3, 29, 12, tzinfo=clock.ATHENS), datetime(2026, 10, 25, 12, tzinfo=clock.ATHENS)]
)
def test_the_hour_is_seven_on_days_when_the_clock_changes(day: datetime) -> None:
    assert last_hour(day).isoformat()[:13] == f"{day:%Y-%m-%d}T07"


def test_many_things_make_several_mails_and_none_is_left_out() -> None:
    with clock.moved(to=MONDAY):
        sent(*(message("anna@city.gr", "follow", title=f"Thing {number}.") for number in range(230)))
    with clock.moved(to=TUESDAY + timedelta(hours=1)):
        assert gather() == 3
        carried()
    said = "".join(KeptMail.objects.values_list("text", flat=True))
    assert [number for number in range(230) if said.count(f"Thing {number}.") != 1] == []


def test_whoever_ended_it_gets_nothing_from_then_on() -> None:
    with clock.moved(to=MONDAY):
        sent(message("anna@city.gr", "follow"), message("bill@city.gr", "follow"))
        anna, bill = Recipient.objects.get(address="anna@city.gr"), Recipient.objects.get(address="bill@city.gr")
        assert unsubscribe(recipient=anna.id, topic="digest")
        assert unsubscribe(recipient=anna.id, topic="digest")
        assert unsubscribe(recipient=bill.id, topic="pulse")
        assert sent(message("anna@city.gr", "follow"), message("bill@city.gr", "pulse")) == []
        assert len(sent(message("anna@city.gr", "tell"), message("anna@city.gr", "pulse"))) == 2
    with clock.moved(to=TUESDAY + timedelta(hours=1)):
        assert gather() == 1
    assert states() == ["gathered"] + ["posted"] * 3 + ["unwanted"]
    assert Entry.objects.filter(verb="unsubscribed").count() == 2
    assert subscribe(recipient=anna.id, topic="digest")
    assert len(sent(message("anna@city.gr", "follow"))) == 1


def test_messages_go_when_their_time_is_over_and_what_waits_stays() -> None:
    with clock.moved(to=MONDAY):
        sent(
            message("anna@city.gr"),
            message("bill@city.gr", "follow"),
            message("cleo@city.gr", "follow"),
            message("dora@city.gr", "pulse"),
        )
        carried()
        unsubscribe(recipient=Recipient.objects.get(address="dora@city.gr").id, topic="pulse")
    with clock.moved(to=TUESDAY + timedelta(hours=1)):
        gather()
        carried()
    with clock.moved(to=TUESDAY + timedelta(hours=2)):
        sent(message("eva@city.gr"))  # never carried out
        sent(message("fay@city.gr", "follow"))
    with clock.moved(to=MONDAY + timedelta(days=29)):
        assert clean_up() == 0
    with clock.moved(to=MONDAY + timedelta(days=200)):
        assert clean_up() > 0
        assert clean_up() == 0
    assert sorted(Recipient.objects.values_list("address", flat=True)) == ["dora@city.gr", "eva@city.gr", "fay@city.gr"]
    assert states() == ["gathering", "posted"]
    assert Delivery.objects.count() == 1
    assert not KeptMail.objects.exists()


def test_codes_leave_the_mailbox_after_a_day(settings: Any) -> None:
    from django.core.mail import send_mail

    send_mail("Your code", "123456", None, ["eleni@fanari.example"])
    sent(message("anna@city.gr"))
    carried()
    with clock.moved(timedelta(hours=25)):
        clean_up()
    assert KeptMail.objects.get().address == "anna@city.gr"
