"""Deliveries: what the world outside shall get. Queued in the transaction of the action that causes it.

A delivery is claimed by compare-and-set, and the claim is committed before the world outside hears of it. Whoever is
killed in between leaves it *sending*; when the lease is over somebody else claims it and it goes out again, under the
same key: at least once, and the other side can tell a repetition by the key. Nothing is dropped: what cannot be
delivered is parked, shown, and replayed by a person.

``couriers.py`` carries them out.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from sympolity.kit import clock
from sympolity.kit.actor import SYSTEM, Actor, Role
from sympolity.kit.bidi import clean_line
from sympolity.kit.refusals import Refusal
from sympolity.trail import rules
from sympolity.trail.enums import DeliveryState
from sympolity.trail.journal import Journal, action
from sympolity.trail.models import Delivery

__all__ = [
    "AWAY",
    "LOST",
    "Order",
    "Standing",
    "claim",
    "due",
    "finish",
    "park",
    "park_overdue",
    "put_back",
    "queue",
    "replay",
    "settle",
    "standing",
    "visible_to",
    "wake",
]

AWAY = "away"  # the fault while the other side of a channel cannot be reached at all
LOST = "lost"  # the fault when whoever held it was gone, and nobody knows whether it went out
BATCH = 100
_ENDED = (DeliveryState.DONE, DeliveryState.SETTLED)


def visible_to(actor: Actor) -> QuerySet[Delivery]:
    """Administrators and the system alone."""
    allowed = actor.has(Role.ADMINISTRATOR, Role.SYSTEM)
    return Delivery.objects.all() if allowed else Delivery.objects.none()


# --- queueing ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What shall go out, by which channel. ``key``: two orders with the same key are one."""

    channel: str
    key: str
    noun: str
    noun_id: UUID


def queue(_: Journal, orders: Sequence[Order]) -> None:
    """Queue deliveries in the transaction of an action; those whose key is known are left out.

    The entry of the trail is that of the thing which goes out.
    """
    now = clock.now()
    rows = [
        Delivery(
            channel=one.channel, key=one.key, noun=one.noun, noun_id=one.noun_id, created_at=now, due_at=now
        )
        for one in orders
    ]  # fmt: skip
    Delivery.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)


# --- for couriers --------------------------------------------------------------------------------


def due(channel: str) -> list[Delivery]:
    """Deliveries that may be claimed now: first those whose holder is gone, then those that are due. Two queries."""
    now, rows = clock.now(), Delivery.objects.filter(channel=channel)
    lost = rows.filter(state=DeliveryState.SENDING, lease_until__lt=now).order_by("due_at", "id")
    waiting = rows.filter(state=DeliveryState.WAITING, due_at__lte=now).order_by("due_at", "id")
    return [*lost[:BATCH], *waiting[:BATCH]]


def claim(row: Delivery, holder: str, lease: timedelta) -> bool:
    """Make a delivery ours until the lease is over; False when another was quicker. ``row`` then tells of it."""
    now = clock.now()
    taken = {"state": DeliveryState.SENDING, "holder": holder, "lease_until": now + lease, "tries": row.tries + 1}
    if row.state == DeliveryState.SENDING:
        taken |= {"fault": LOST, "give_up_at": row.give_up_at or now + rules.PATIENCE}
    mine = Delivery.objects.filter(id=row.id, state=row.state, tries=row.tries)
    if not mine.update(**taken):
        return False
    for name, value in taken.items():
        setattr(row, name, value)
    return True


def _held(row: Delivery) -> QuerySet[Delivery]:
    """The row while it is still ours: another may have claimed it since our lease was over."""
    return Delivery.objects.filter(id=row.id, state=DeliveryState.SENDING, holder=row.holder, tries=row.tries)


def finish(row: Delivery, *, note: str = "") -> bool:
    """It went out; whether it was still ours."""
    return bool(
        _held(row).update(
            state=DeliveryState.DONE, ended_at=clock.now(), holder="", lease_until=None, fault="",
            reason=clean_line(note, 300),
        )
    )  # fmt: skip


def put_back(row: Delivery, *, fault: str, reason: str, after: timedelta | None = None) -> None:
    """It failed and is tried again later: after the pause of the rules, or ``after``; parked when the patience is over."""
    now = clock.now()
    give_up = row.give_up_at or now + rules.PATIENCE
    if give_up <= now:
        park(row, fault=fault, reason=reason)
        return
    wait = rules.pause(row.tries, random.random()) if after is None else after  # noqa: S311 - no secret
    _held(row).update(
        state=DeliveryState.WAITING, due_at=now + wait, give_up_at=give_up, holder="", lease_until=None, fault=fault,
        reason=clean_line(reason, 300),
    )  # fmt: skip


def park(row: Delivery, *, fault: str, reason: str) -> None:
    """It goes out no more until a person says so."""
    with action(SYSTEM) as t:
        if _held(row).update(
            state=DeliveryState.PARKED, holder="", lease_until=None, fault=fault, reason=clean_line(reason, 300)
        ):
            t.record("parked", "delivery", row.id, after={"channel": row.channel, "fault": fault})


def park_overdue(channel: str, *, reason: str) -> int:
    """While the other side is away: the patience of all that is due begins; what has lost it is parked. The number parked."""
    now = clock.now()
    due = Delivery.objects.filter(channel=channel, state=DeliveryState.WAITING, due_at__lte=now)
    due.filter(give_up_at=None).update(give_up_at=now + rules.PATIENCE, fault=AWAY)
    parked = 0
    while ids := list(due.filter(give_up_at__lte=now).values_list("id", flat=True)[:BATCH]):
        with action(SYSTEM) as t:
            mine = Delivery.objects.filter(id__in=ids, state=DeliveryState.WAITING)
            mine.update(state=DeliveryState.PARKED, fault=AWAY, reason=clean_line(reason, 300))
            for one in ids:
                t.record("parked", "delivery", one, after={"channel": channel, "fault": AWAY})
        parked += len(ids)
    return parked


def wake(channel: str) -> None:
    """The other side is back: whatever waited for it is due now, with all its patience."""
    waiting = Delivery.objects.filter(channel=channel, state=DeliveryState.WAITING, fault=AWAY)
    waiting.update(due_at=clock.now(), give_up_at=None, fault="", reason="")


# --- for people ----------------------------------------------------------------------------------


def replay(*, actor: Actor, ids: Sequence[UUID]) -> int:
    """Let parked deliveries go out after all, now and with new patience. The number turned.

    Raises :class:`Refusal`: one is absent, not parked, or not the actor's to turn; then nothing is written.
    """
    fresh = {"due_at": clock.now(), "give_up_at": None, "tries": 0, "fault": "", "reason": ""}
    return _turn(actor, "replay", ids, state=DeliveryState.WAITING, **fresh)


def settle(*, actor: Actor, ids: Sequence[UUID]) -> int:
    """Let parked deliveries rest: they need not go out. The number turned. Raises as :func:`replay`."""
    return _turn(actor, "settle", ids, state=DeliveryState.SETTLED, ended_at=clock.now())


def _turn(actor: Actor, verb: str, ids: Sequence[UUID], **columns: object) -> int:
    done = 0
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        with action(actor) as t:
            rows = list(visible_to(actor).filter(id__in=some).order_by("id").select_for_update())
            if len(rows) < len(set(some)):
                raise Refusal("unknown_delivery")
            for row in rows:
                Refusal.unless(rules.FLOW.may(actor, row.state, verb), where=str(row.id))
                t.record(
                    f"{verb}ed" if verb == "replay" else "settled", "delivery", row.id, before={"fault": row.fault}
                )
            done += Delivery.objects.filter(id__in=[row.id for row in rows]).update(**columns)
    return done


@dataclass(frozen=True, slots=True)
class Standing:
    """How deliveries stand. ``since``: when the oldest that should be out by now was queued."""

    waiting: int = 0
    parked: int = 0
    since: datetime | None = None


def standing() -> Standing:
    """One query."""
    late = Q(state__in=[DeliveryState.WAITING, DeliveryState.SENDING])
    found = Delivery.objects.exclude(state__in=_ENDED).aggregate(
        waiting=Count("id", filter=late),
        parked=Count("id", filter=Q(state=DeliveryState.PARKED)),
        since=Min("created_at", filter=late),
    )
    return Standing(found["waiting"], found["parked"], found["since"])
