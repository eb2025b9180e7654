"""Kill -9 of whoever carries mails out, again and again: each mail is in the mailbox once, and none is missing.

`make test`: 10 kills. `make hostile`: 100. A real mail server cannot be asked whether it took a mail before the line
broke: there each mail arrives at least once, and repetitions have the same Message-ID.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sympolity.kit import clock
from sympolity.post.mailing import message_id
from sympolity.post.models import KeptMail, Message
from sympolity.post.tests.server import serving
from sympolity.post.tests.writing import message, sent
from sympolity.trail.models import Delivery
from tests.endurance.test_indexer import _database_url
from tests.running.served import runs

EACH = 10  # mails that are written before each kill
LONGEST = 0.05  # seconds from the first mail in hand until the kill
PATIENCE = 300.0

pytestmark = [pytest.mark.django_db(transaction=True)]
KILLS = [10, pytest.param(100, marks=pytest.mark.hostile)]


class Couriers:
    """Couriers over the database of this test, their clock in a file."""

    def __init__(self, folder: Path, smtp: str) -> None:
        self.clock = folder / "clock"
        self.clock.write_text("0")
        environment = {**os.environ, "SYMPOLITY_DATA": str(folder), "DATABASE_URL": _database_url()}
        environment |= {"DJANGO_SETTINGS_MODULE": "sympolity.project.settings", "SYMPOLITY_SMTP": smtp}
        environment |= {"SYMPOLITY_CLOCK_FILE": str(self.clock)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.endurance.posting"],
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._line() == "ready"

    def _line(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def begin(self) -> int:
        assert self.process.stdin
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        return int(self._line())

    def now(self) -> datetime:
        return clock.now() + timedelta(seconds=float(self.clock.read_text()))

    def later(self, seconds: float) -> None:
        """Move the clock on: leases end."""
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(str(float(self.clock.read_text()) + seconds))
        fresh.rename(self.clock)


@pytest.fixture
def couriers_of(tmp_path: Path) -> Iterator[Callable[[str], Couriers]]:
    made: list[Couriers] = []

    def make(smtp: str = "") -> Couriers:
        made.append(Couriers(tmp_path, smtp))
        return made[-1]

    yield make
    for each in made:
        each.process.kill()
        each.process.communicate()


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    begun = time.monotonic()
    while runs(pid):
        assert time.monotonic() - begun < PATIENCE
        time.sleep(0.002)


def _in_hand(couriers: Couriers) -> int:
    """How many mails somebody holds at the moment that the couriers' clock tells."""
    return Delivery.objects.filter(state="sending", lease_until__gt=couriers.now()).count()


def _at_work(couriers: Couriers) -> None:
    """Wait until the new courier holds a mail, or has carried all of them out."""
    begun = time.monotonic()
    while not _in_hand(couriers) and Delivery.objects.filter(state="waiting").exists():
        assert time.monotonic() - begun < PATIENCE
        time.sleep(0.001)


def _killed_again_and_again(couriers: Couriers, kills: int) -> int:
    """How often a mail was held by a courier when it was killed."""
    chance, held, number = random.Random(kills), 0, 0
    for _ in range(kills):
        sent(*(message(f"ok+{number + one}@city.gr", "trial") for one in range(EACH)))
        number += EACH
        pid = couriers.begin()
        _at_work(couriers)
        time.sleep(chance.uniform(0, LONGEST))
        _kill(pid)
        held += _in_hand(couriers)
        couriers.later(150)  # longer than a lease
    return held


def _ends(couriers: Couriers) -> None:
    """Let one courier work undisturbed until nothing is left."""
    couriers.later(150)
    pid, begun = couriers.begin(), time.monotonic()
    try:
        while Delivery.objects.exclude(state="done").exists():
            assert time.monotonic() - begun < PATIENCE, Counter(Delivery.objects.values_list("state", "fault"))
            time.sleep(0.05)
    finally:
        _kill(pid)


def _wanted() -> Counter[str]:
    """The Message-ID of every message, each once."""
    return Counter(message_id(f"message:{one}") for one in Message.objects.values_list("id", flat=True))


@pytest.mark.parametrize("kills", KILLS)
def test_each_mail_is_in_the_mailbox_once(
    couriers_of: Callable[[str], Couriers], kills: int, capfd: pytest.CaptureFixture[str]
) -> None:
    couriers = couriers_of("")
    held = _killed_again_and_again(couriers, kills)
    _ends(couriers)
    assert Counter(KeptMail.objects.values_list("message_id", flat=True)) == _wanted()
    assert Message.objects.count() == kills * EACH
    with capfd.disabled():
        print(f"\n{kills} kills, {held} of them with a mail in hand: {kills * EACH} mails, each once")
    assert held > 0, "no kill hit anything"


@pytest.mark.parametrize("kills", KILLS)
def test_a_mail_server_gets_each_mail_at_least_once_and_can_tell_repetitions(
    couriers_of: Callable[[str], Couriers], kills: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with serving(tmp_path / "mail") as server:
        couriers = couriers_of(f"smtp://127.0.0.1:{server.port}")
        held = _killed_again_and_again(couriers, kills)
        _ends(couriers)
        arrived = Counter(str(mail["Message-ID"]).strip() for mail in server.mails())
    assert set(arrived) == set(_wanted())
    repeated = arrived.total() - len(arrived)
    with capfd.disabled():
        print(f"\n{kills} kills, {held} of them with a mail in hand: {len(arrived)} mails, {repeated} of them twice")
    assert repeated <= held, "nothing is repeated but what was in hand"
