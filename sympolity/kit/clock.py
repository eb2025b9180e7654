"""The only clock. Everything that asks "now?" asks here, so that a test can move time.

In other processes (a web worker, the indexer) time is moved by a file whose text is an
offset in seconds; its path stands in the environment variable ``SYMPOLITY_CLOCK_FILE``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

__all__ = ["ATHENS", "local_today", "moved", "now"]

ATHENS = ZoneInfo("Europe/Athens")
_FILE = "SYMPOLITY_CLOCK_FILE"
_offset = timedelta(0)


def _file_offset() -> timedelta:
    path = os.environ.get(_FILE)
    if not path:
        return timedelta(0)
    try:
        with open(path, encoding="ascii") as handle:
            return timedelta(seconds=float(handle.read().strip() or "0"))
    except (OSError, ValueError, OverflowError):
        return timedelta(0)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC) + _offset + _file_offset()


def local_today(zone: ZoneInfo = ATHENS) -> date:
    """Today's date where the services are."""
    return now().astimezone(zone).date()


@contextmanager
def moved(by: timedelta | None = None, *, to: datetime | None = None) -> Iterator[None]:
    """Move the clock of this process by a span, or to an aware moment (it goes on from there)."""
    global _offset
    before = _offset
    if to is not None:
        _offset = to - datetime.now(UTC) - _file_offset()
    elif by is not None:
        _offset = before + by
    try:
        yield
    finally:
        _offset = before
