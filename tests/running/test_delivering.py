"""The work process and its round of deliveries, over committed tables: not beside the demo, which lies in a transaction."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
from django.core import mail
from django.core.management import call_command

from sympolity.kit.actor import SYSTEM
from sympolity.ops.deliveries import Deliveries
from sympolity.post.actions import Outgoing, send
from sympolity.trail import journal
from sympolity.trail.models import Delivery


def states() -> list[str]:
    return sorted(Delivery.objects.values_list("state", flat=True))


@pytest.mark.django_db(transaction=True)
def test_the_work_process_carries_out_what_waits(settings: Any) -> None:
    settings.BACKUP = "off"
    with journal.action(SYSTEM) as t:
        send(t, [Outgoing(kind="trial", to="anna@city.gr", lang="el")])
    call_command("work", "--once")
    assert [each.to for each in mail.outbox] == [["anna@city.gr"]]
    assert states() == ["done"]


@pytest.mark.django_db(transaction=True)
def test_a_round_that_fails_is_told_and_the_next_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    one = Deliveries()
    with patch("sympolity.ops.deliveries.gather", side_effect=ZeroDivisionError):
        one.look("test")
        assert one._thread is not None
        one._thread.join()
    with journal.action(SYSTEM) as t:
        send(t, [Outgoing(kind="trial", to="anna@city.gr", lang="el")])
    one.look("test")
    one._thread.join()
    assert states() == ["done"]
