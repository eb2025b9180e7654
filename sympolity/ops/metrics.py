"""Counting answers, and the text of all figures: the door to ``prometheus.py``.

The library behind it decides how to count at the moment it is imported: only here, and only after
this worker has joined the others.
"""

from __future__ import annotations

from functools import cache
from types import ModuleType

from django.conf import settings

from sympolity.ops import counting

__all__ = ["CONTENT_TYPE", "exposition", "observe"]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@cache
def _counts() -> ModuleType:
    counting.join(settings.METRICS_ROOT)
    from sympolity.ops import prometheus

    return prometheus


def observe(route: str, status: int, seconds: float, *, empty: bool = False) -> None:
    """Count one answer by route and status. ``empty``: Find was asked and found nothing."""
    _counts().observe(route, status, seconds, empty=empty)


def exposition() -> bytes:
    """All figures in the text format of Prometheus."""
    return bytes(_counts().exposition())
