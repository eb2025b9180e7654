"""How a network grew: the steps of its history in words, and as a line drawn on the server."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import pgettext

from sympolity.languages.texts import Said
from sympolity.network.enums import Precision
from sympolity.network.rules import Step
from sympolity.portal import words

__all__ = ["Chart", "Row", "chart", "rows", "since"]

LEFT, RIGHT, TOP, BOTTOM = 14, 524, 30, 168  # units of the drawing, 560 × 200
APART = 30  # between two numbers that stand beside each other
YEARS = 5  # names of years at most


@dataclass(frozen=True, slots=True)
class Row:
    """One step in words."""

    when: str
    count: int
    joined: list[Said]
    left: list[Said]


@dataclass(frozen=True, slots=True)
class Chart:
    """Paths and words of the drawing; its numbers as strings, which no template writes with a comma.

    ``dashed`` is what has no documented day.
    """

    line: str
    dashed: str
    area: str
    numbers: list[tuple[str, str, int]]
    years: list[tuple[str, int]]


def since(day: date | None, precision: str) -> str:
    """When something began, as exactly as it is documented."""
    if day is None or precision == Precision.UNKNOWN:
        return pgettext("since", "Date not documented")
    if precision == Precision.MONTH:
        return words.long_month(day)
    if precision == Precision.NO_LATER_THAN:
        return pgettext("since", "No later than %(date)s") % {"date": words.long_date(day)}
    return words.long_date(day)


def rows(steps: Sequence[Step], names: Callable[[UUID], Said | None]) -> list[Row]:
    """The steps in words; organizations without a name for this reader are left out of them."""
    return [
        Row(
            since(step.day, step.precision),
            step.count.number,
            sorted((name for one in step.joined if (name := names(one))), key=str),
            sorted((name for one in step.left if (name := names(one))), key=str),
        )
        for step in steps
    ]


def chart(steps: Sequence[Step], today: date) -> Chart | None:
    """The line; None when there is nothing to draw yet."""
    dated = [step for step in steps if step.precision != Precision.UNKNOWN]
    if len(dated) < 2:
        return None
    begin, top = dated[0].day, max(step.count.number for step in steps)
    days = max(1, (today - begin).days)

    def across(day: date) -> float:
        return round(LEFT + (RIGHT - LEFT) * (day - begin).days / days, 1)

    def up(count: int) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * count / max(1, top), 1)

    line = f"M{across(begin)} {BOTTOM}V{up(dated[0].count.number)}"
    numbers = [(across(begin) + 8, up(dated[0].count.number) - 8, dated[0].count.number)]
    for step in dated[1:]:
        x, y = across(step.day), up(step.count.number)
        line += f"H{x}V{y}"
        if x - numbers[-1][0] >= APART:
            numbers.append((round(x - 10, 1), round(y - 8, 1), step.count.number))
    area, dashed, end = line, "", up(steps[-1].count.number)
    if steps[-1].precision == Precision.UNKNOWN:
        area += f"V{end}"
        dashed = f"M{across(dated[-1].day)} {up(dated[-1].count.number)}V{end}H{RIGHT}"
    else:
        line += f"H{RIGHT}"
    numbers.append((RIGHT + 18.0, end + 6, steps[-1].count.number))
    every = max(1, -(-(today.year - begin.year + 1) // YEARS))
    years = [(across(max(begin, date(year, 1, 1))), year) for year in range(begin.year, today.year + 1, every)]
    years = [(max(x, LEFT + 8.0), year) for x, year in years]
    return Chart(
        line,
        dashed,
        f"{area}H{RIGHT}V{BOTTOM}Z",
        [(str(x), str(y), count) for x, y, count in numbers],
        [(str(x), year) for x, year in years],
    )
