"""The first page of the desk: what waits for whom."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sympolity.desk import reports, waiting
from sympolity.desk.gate import actor_of, only
from sympolity.desk.views import approvals
from sympolity.directory.truth import calls
from sympolity.exchange import queries
from sympolity.exchange.enums import RunState
from sympolity.exchange.rules import may_import
from sympolity.kit import clock
from sympolity.kit.actor import Actor, Role

__all__ = ["desk"]

_OPEN = (RunState.COLUMNS, RunState.PREVIEW, RunState.FAILED)


@require_safe
@only(*(role for role in Role if role != Role.SYSTEM))
def desk(request: HttpRequest) -> HttpResponse:
    """A short list of tasks."""
    actor = actor_of(request)
    context = {
        "imports": queries.runs_visible_to(actor).filter(state__in=_OPEN).count(),
        "records": waiting.waiting(actor).count(),
        "may_import": bool(may_import(actor)),
        "oversees": actor.has(Role.CURATOR, Role.ADMINISTRATOR),
        "reads_facts": actor.has(Role.EDITOR, Role.CURATOR, Role.ADMINISTRATOR),
        "guards": actor.has(Role.SAFEGUARDING, Role.ADMINISTRATOR),
        "calls": calls.count(actor, clock.local_today()),
        "written": calls.corrections_of(actor).count(),
        "said": reports.waiting(actor),
        "applying": _applying(actor),
    }
    return render(request, "desk/home.html", context)


def _applying(actor: Actor) -> int:
    """Organizations and people who wait for a curator's word."""
    if not actor.has(Role.CURATOR, Role.ADMINISTRATOR):
        return 0
    return approvals.waiting(actor).count() + approvals.requests_waiting(actor).count()
