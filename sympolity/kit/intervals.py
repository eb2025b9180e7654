"""Spans of time and of dates with an open end; the end is not part of a span of moments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

__all__ = ["DateSpan", "Span", "merged"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Aware moments: ``start`` is in, ``end`` is out."""

    start: datetime
    end: datetime

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


@dataclass(frozen=True, slots=True)
class DateSpan:
    """Days: both ends are in; None = open."""

    start: date | None = None
    end: date | None = None

    def __contains__(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that touch or overlap made one."""
    out: list[Span] = []
    for span in sorted(spans):
        if span.end <= span.start:
            continue
        if out and span.start <= out[-1].end:
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end))
        else:
            out.append(span)
    return out
