"""How true the directory is: the page about the method with its table, and the table alone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sympolity.directory.enums import FieldGroup
from sympolity.directory.rules import CALL_FIRST, PERIODS, UNLISTED
from sympolity.directory.truth.figures import WINDOW
from sympolity.kit import clock
from sympolity.kit.fold import fold
from sympolity.portal import truth, words
from sympolity.portal.views.answers import answered, site_or_none

__all__ = ["page", "table"]


@require_safe
def page(request: HttpRequest, lang: str) -> HttpResponse:
    """Counts of every city, and how they are made."""
    here, today = site_or_none(), clock.local_today()
    rows = [
        (here.area_name(one.area, lang), f"/{lang}/city/{one.area}/", one)
        for one in truth.lines(today)
        if here is not None and one.area in here.areas
    ]
    context = {
        "day": words.long_date(today), "whole": next((one for one in truth.lines(today) if one.area == truth.COUNTRY), None),
        "rows": sorted(rows, key=lambda row: fold(row[0].body)), "contact": PERIODS[FieldGroup.CONTACT],
        "hours": PERIODS[FieldGroup.HOURS], "twice": CALL_FIRST * PERIODS[FieldGroup.HOURS],
        "thrice": UNLISTED * PERIODS[FieldGroup.HOURS], "window": WINDOW,
    }  # fmt: skip
    return answered(request, render(request, "portal/truth.html", context))


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """The same counts as CSV, as they are today. Whoever wants the past keeps a copy a day."""
    response = HttpResponse(truth.as_csv(clock.local_today()), content_type="text/csv; charset=utf-8")
    response.headers["Cache-Control"] = f"public, max-age={truth.KEPT}"
    response.headers["Content-Disposition"] = 'attachment; filename="truth.csv"'
    return response
