"""The figures of an installation, read when somebody asks: for /metrics and for the operator's page."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Count

from sympolity.directory import due, rules
from sympolity.kit import clock
from sympolity.kit.actor import PUBLIC
from sympolity.ops.backups import Last, last
from sympolity.people.enums import OrganizationState
from sympolity.people.models import Organization
from sympolity.portal import site
from sympolity.search import engine
from sympolity.search.query import FindQuery
from sympolity.search.store import IndexAway
from sympolity.trail import deliveries, followers
from sympolity.trail.enums import DeliveryState
from sympolity.trail.models import Cursor, Delivery

__all__ = ["Kept", "Written", "kept", "listed", "parked", "started", "written"]

_REASONS = 20  # of parked deliveries; the command tells all


@dataclass(frozen=True, slots=True)
class Written:
    """What the tables say. ``followers``: entries that each has not seen yet."""

    head: int
    pending: int
    due: int
    post: deliveries.Standing = field(default_factory=deliveries.Standing)
    followers: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kept:
    """What the disk says. ``free`` and ``total`` in bytes."""

    backup: Last
    free: int
    total: int

    @property
    def age(self) -> float | None:
        """Seconds since the last backup; None when there is none."""
        return (clock.now() - self.backup.at).total_seconds() if self.backup.at else None


def written() -> Written:
    """Five queries. Raises what the database raises."""
    head, known = followers.head(), dict(Cursor.objects.values_list("name", "position"))
    return Written(
        head,
        Organization.objects.filter(status=OrganizationState.PENDING).count(),
        due.waiting(clock.local_today()),
        deliveries.standing(),
        {one.name: max(0, head - known.get(one.name, 0)) for one in followers.all_followers()},
    )


def parked() -> list[tuple[str, int]]:
    """Why deliveries are parked, and how many of each; the most frequent first. Reasons may repeat an address."""
    rows = Delivery.objects.filter(state=DeliveryState.PARKED).values_list("reason", "fault").annotate(n=Count("id"))
    return [(reason or fault, n) for reason, fault, n in rows.order_by("-n", "reason")[:_REASONS]]


def kept() -> Kept:
    """Backup and disk. Raises OSError when the data folder cannot be looked at."""
    disk = shutil.disk_usage(settings.DATA)
    return Kept(last(), disk.free, disk.total)


def listed() -> int | None:
    """How many services everybody finds now; None while there is no index."""
    try:
        return engine.answer(site.READER, FindQuery(), keys=rules.keys(PUBLIC), lang="en", facets=False).total
    except IndexAway:
        return None


def started() -> datetime | None:
    """When the web workers of this machine began; None when nobody noted it."""
    try:
        return datetime.fromtimestamp((Path(settings.METRICS_ROOT) / "started").stat().st_mtime, clock.ATHENS)
    except OSError:
        return None
