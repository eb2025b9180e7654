"""The first page of the desk: what waits for whom."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sympolity.desk import waiting
from sympolity.desk.gate import actor_of, only
from sympolity.exchange import queries
from sympolity.exchange.enums import RunState
from sympolity.exchange.rules import may_import
from sympolity.kit.actor import Role

__all__ = ["desk"]

_OPEN = (RunState.COLUMNS, RunState.PREVIEW, RunState.FAILED)


@require_safe
@only(Role.CURATOR, Role.ADMINISTRATOR)
def desk(request: HttpRequest) -> HttpResponse:
    """A short list of tasks."""
    actor = actor_of(request)
    context = {
        "imports": queries.runs_visible_to(actor).filter(state__in=_OPEN).count(),
        "records": waiting.waiting(actor).count(),
        "may_import": bool(may_import(actor)),
    }
    return render(request, "desk/home.html", context)
