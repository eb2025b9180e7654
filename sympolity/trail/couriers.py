"""Couriers carry deliveries out, one channel each; rooms above register the channels.

A courier keeps to three answers of a channel: *later* (the delivery waits, longer each time), *never* (it is parked)
and *away* (nothing gets through: the courier rests, and the patience of all that is due begins). An error of ours
counts as *later*: it must neither lose a delivery nor stop the others.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import Error as DatabaseError

from sympolity.kit import clock
from sympolity.trail import deliveries
from sympolity.trail.models import Delivery

__all__ = ["Away", "Carry", "Channel", "Courier", "Later", "Never", "Tally", "all_channels", "register"]

log = logging.getLogger("sympolity.deliveries")
_REST = timedelta(seconds=60)  # of a courier whose other side is away: what waits is out two minutes after it is back
_ROUNDS = 5  # looks at what is due, in one round

Carry = Callable[[Delivery], str]  # takes it there and returns a note; raises one of the three below


class _Failure(Exception):
    """``fault``: a code; ``reason``: the words of the other side."""

    def __init__(self, fault: str, reason: str = "") -> None:
        super().__init__(f"{fault}: {reason}")
        self.fault = fault
        self.reason = reason


class Later(_Failure):
    """Not now; perhaps later."""


class Never(_Failure):
    """Refused for good: a person has to look."""


class Away(_Failure):
    """The other side cannot be reached, or takes nothing from us at all."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(deliveries.AWAY, reason)


@dataclass(frozen=True, slots=True)
class Channel:
    """``open``: a connection for several deliveries, or :class:`Away`. ``lease``: longer than one of them can take."""

    name: str
    open: Callable[[], AbstractContextManager[Carry]]
    lease: timedelta = timedelta(minutes=2)


_channels: dict[str, Channel] = {}


def register(channel: Channel) -> None:
    """Add a channel whose deliveries the work process carries out."""
    _channels[channel.name] = channel


def all_channels() -> tuple[Channel, ...]:
    return tuple(_channels.values())


@dataclass(slots=True)
class Tally:
    """What became of the deliveries of a round."""

    done: int = 0
    later: int = 0
    parked: int = 0
    away: bool = False


class Courier:
    """Carries out the deliveries of one channel, and remembers that its other side was away."""

    def __init__(self, channel: Channel, holder: str) -> None:
        self.channel = channel
        self.holder = holder
        self._rests_until: datetime | None = None
        self._woken = False

    def round(self, stop: Callable[[], bool] = lambda: False) -> Tally:
        """Carry out what is due. Raises what the database raises; what was held then goes out after its lease."""
        tally, now = Tally(), clock.now()
        if self._rests_until is not None and now < self._rests_until <= now + 2 * _REST:
            return tally
        with ExitStack() as connection:
            carry: Carry | None = None
            for row in self._mine(stop):
                try:
                    carry = carry or connection.enter_context(self.channel.open())
                    self._carry(carry, row, tally)
                except Away as error:
                    self._rest(row, error.reason)
                    tally.away = True
                    break
        return tally

    def _mine(self, stop: Callable[[], bool]) -> Iterator[Delivery]:
        """Deliveries that are due, each claimed just before it is carried."""
        for _ in range(_ROUNDS):
            rows = deliveries.due(self.channel.name)
            if not rows:
                return
            for row in rows:
                if stop():
                    return
                if deliveries.claim(row, self.holder, self.channel.lease):
                    yield row

    def _carry(self, carry: Carry, row: Delivery, tally: Tally) -> None:
        if row.fault == deliveries.LOST and row.give_up_at is not None and row.give_up_at <= clock.now():
            deliveries.park(row, fault=deliveries.LOST, reason="whoever sent it was gone each time")
            tally.parked += 1
            return
        try:
            note = carry(row)
        except (Away, DatabaseError):
            raise
        except Later as error:
            deliveries.put_back(row, fault=error.fault, reason=error.reason)
            tally.later += 1
        except Never as error:
            deliveries.park(row, fault=error.fault, reason=error.reason)
            tally.parked += 1
        except Exception as error:
            log.exception("a delivery by %s failed", self.channel.name)
            deliveries.put_back(row, fault="error", reason=type(error).__name__)
            tally.later += 1
        else:
            deliveries.finish(row, note=note)
            tally.done += 1
            self._wake()

    def _wake(self) -> None:
        """Something got through: once after a start, and after each time the other side was away."""
        if not self._woken:
            deliveries.wake(self.channel.name)
            self._woken = True

    def _rest(self, row: Delivery, reason: str) -> None:
        rest = _REST * (0.75 + random.random() / 2)  # noqa: S311 - no secret
        log.warning("%s cannot be reached: %s", self.channel.name, reason)
        deliveries.put_back(row, fault=deliveries.AWAY, reason=reason, after=rest)
        deliveries.park_overdue(self.channel.name, reason=reason)
        self._rests_until, self._woken = clock.now() + rest, False
