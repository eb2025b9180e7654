"""The figures for a monitoring system, in the text format of Prometheus; imported by ``metrics.py`` alone.

Requests are counted as they come, by route and class of status: both are ours and few. Nothing
that a visitor sends becomes a label. All other figures are read when somebody asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import Error as DatabaseError
from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector  # type: ignore[attr-defined,unused-ignore]

from sympolity.kit import clock
from sympolity.ops import counting, figures, health
from sympolity.ops.patience import TooSlow, within

__all__ = ["exposition", "observe"]

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds

disable_created_metrics()  # type: ignore[no-untyped-call]  # several workers that add up cannot tell them
_COUNTED = CollectorRegistry()
_REQUESTS = Counter(
    "sympolity_requests", "Answers by route and class of status.", ["route", "status"], registry=_COUNTED
)
_SECONDS = Histogram(
    "sympolity_request_duration_seconds", "Time until an answer was ready.", buckets=BUCKETS, registry=_COUNTED
)
_EMPTY = Counter("sympolity_find_empty", "Questions to Find that had no result.", registry=_COUNTED)


def observe(route: str, status: int, seconds: float, *, empty: bool = False) -> None:
    """Count one answer. ``empty``: Find was asked and found nothing."""
    _REQUESTS.labels(route, f"{status // 100}xx").inc()
    _SECONDS.observe(seconds)
    if empty:
        _EMPTY.inc()


class _Now:
    """The figures of this moment. What cannot be read is left out: a wrong number would be worse."""

    def collect(self) -> Iterator[Metric]:
        yield from _from_checks()
        yield from _from_tables()
        yield from _from_disk()
        found, began = figures.listed(), figures.started()
        if found is not None:
            yield _gauge("services_listed", "Services that everybody finds.", found)
        if began is not None:
            yield _gauge("start_time_seconds", "When the web workers began, in seconds since 1970.", began.timestamp())


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(f"sympolity_{name}", says, value=value)


def _from_checks() -> Iterator[Metric]:
    seen = health.report()
    checks = GaugeMetricFamily("sympolity_check", "1: well, 0.5: somebody should look, 0: failed.", labels=["check"])
    worth = {health.State.OK: 1.0, health.State.WARNING: 0.5, health.State.FAILED: 0.0}
    for check in seen.checks:
        checks.add_metric([check.name], worth[check.state])
    yield checks
    if seen.behind is not None:
        yield _gauge("index_behind_entries", "Entries of the trail that the find index has not seen.", seen.behind)


def _from_tables() -> Iterator[Metric]:
    try:
        found = within(health.PATIENCE, figures.written)
    except (TooSlow, DatabaseError, OSError):
        return
    yield _gauge("trail_head", "Position of the last entry of the trail.", found.head)
    yield _gauge("organizations_pending", "Organizations that wait for approval.", found.pending)
    yield _gauge("confirmations_due", "Services whose contact or hours wait for a confirmation.", found.due)
    yield _gauge(
        "deliveries_waiting", "Messages on their way: waiting for their hour, or being sent.", found.post.waiting
    )
    yield _gauge("deliveries_parked", "Messages that were refused, or given up after 72 hours.", found.post.parked)
    if found.post.since is not None:
        waits = (clock.now() - found.post.since).total_seconds()
        yield _gauge("delivery_oldest_seconds", "For how long the oldest message has been on its way.", waits)
    behind = GaugeMetricFamily(
        "sympolity_follower_behind_entries", "Entries that a follower has not seen.", labels=["follower"]
    )
    for name, number in found.followers.items():
        behind.add_metric([name], number)
    yield behind


def _from_disk() -> Iterator[Metric]:
    try:
        found = figures.kept()
    except OSError:
        return
    yield _gauge("disk_free_bytes", "Free space on the disk of the data folder.", found.free)
    if found.age is not None:
        yield _gauge("backup_age_seconds", "Time since the last backup.", found.age)
        yield _gauge("backup_size_bytes", "Size of the last backup.", found.backup.size)


def exposition() -> bytes:
    """All figures as text."""
    counted = _COUNTED
    if counting.shared():
        counted = CollectorRegistry()
        adding_up: Callable[..., object] = MultiProcessCollector
        adding_up(counted, path=str(settings.METRICS_ROOT))
    now = CollectorRegistry(auto_describe=False)
    now.register(_Now())  # type: ignore[arg-type,unused-ignore]
    return generate_latest(counted) + generate_latest(now)
