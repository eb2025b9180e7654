"""Followers: named functions that read the trail in order, each with its own cursor.

The cursor commits together with the effect, so that a follower killed at any moment goes on
where it was: at-least-once, idempotent, restartable. A follower whose effect lies outside the
database (the find index) keeps its cursor there and only uses :func:`after`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max

from sympolity.kit import clock
from sympolity.trail.models import Cursor, Entry, Lease

__all__ = ["Follower", "after", "all_followers", "head", "hold", "register", "run"]

BATCH = 100


@dataclass(frozen=True, slots=True)
class Follower:
    """``handle`` gets entries in order and may see one again after a crash."""

    name: str
    handle: Callable[[Sequence[Entry]], None]
    batch: int = BATCH


_followers: dict[str, Follower] = {}


def register(follower: Follower) -> None:
    """Add a follower that the work process runs."""
    _followers[follower.name] = follower


def all_followers() -> tuple[Follower, ...]:
    return tuple(_followers.values())


def head() -> int:
    """The last position, 0 when nothing happened yet."""
    return Entry.objects.aggregate(last=Max("position"))["last"] or 0


def after(position: int, limit: int = BATCH) -> list[Entry]:
    """The next entries behind ``position``, in order."""
    return list(Entry.objects.filter(position__gt=position).order_by("position")[:limit])


def run(follower: Follower) -> int:
    """Let ``follower`` handle its next batch; the number of entries handled.

    Looks first without a transaction: under IMMEDIATE an idle look would wait for writers.
    """
    known = Cursor.objects.filter(name=follower.name).values_list("position", flat=True).first()
    if not Entry.objects.filter(position__gt=known or 0).exists():
        return 0
    if known is None:
        Cursor.objects.get_or_create(name=follower.name)
    with transaction.atomic():
        cursor = Cursor.objects.select_for_update().get(name=follower.name)
        entries = after(cursor.position, follower.batch)
        if entries:
            follower.handle(entries)
            cursor.position = entries[-1].position
            cursor.save(update_fields=["position"])
    return len(entries)


def hold(name: str, holder: str, *, seconds: int = 30) -> bool:
    """Take or renew the lease ``name`` for ``holder``; False when another holds it."""
    now = clock.now()
    until = now + timedelta(seconds=seconds)
    mine = Lease.objects.filter(name=name, holder=holder)
    over = Lease.objects.filter(name=name, until__lt=now)
    if mine.update(until=until) or over.update(holder=holder, until=until):
        return True
    try:
        return Lease.objects.get_or_create(name=name, defaults={"holder": holder, "until": until})[1]
    except IntegrityError:
        return False
