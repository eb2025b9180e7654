"""Is it alive, is it ready, how is it doing? For machines, and for a person who runs it."""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_POST, require_safe

from sympolity.kit import clock
from sympolity.kit.actor import Actor, Role
from sympolity.kit.refusals import Refusal
from sympolity.ops import figures, health, words
from sympolity.ops import metrics as counts
from sympolity.portal.words import clock_time, long_date
from sympolity.trail import deliveries
from sympolity.trail.enums import DeliveryState

__all__ = ["alive", "metrics", "operator", "operator_post", "ready"]


def _unkept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """This process answers. Asks nothing else."""
    return _unkept(HttpResponse("ok", content_type="text/plain; charset=utf-8"))


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 while people can be served, else 503; the reasons in words that tell a stranger nothing useful."""
    seen = health.report()
    with translation.override("en"):
        said = {check.name: f"{words.CHECKS[check.name]}: {words.sentence(check).says}" for check in seen.checks}
    data = {
        "ready": seen.ready,
        "checks": {check.name: check.state.value for check in seen.checks},
        "index_behind": seen.behind,
        "reasons": [said[check.name] for check in seen.of(health.State.FAILED)],
        "warnings": [said[check.name] for check in seen.of(health.State.WARNING)],
    }
    return _unkept(JsonResponse(data, status=200 if seen.ready else 503, json_dumps_params={"indent": 1}))


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures for a monitoring system that knows the token; without one in the settings, no page."""
    if not settings.METRICS_TOKEN:
        raise Http404
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secrets.compare_digest(given.strip().encode(), settings.METRICS_TOKEN.encode()):
        refused = HttpResponse("The token is missing or wrong.\n", content_type="text/plain; charset=utf-8", status=401)
        refused.headers["WWW-Authenticate"] = "Bearer"
        return _unkept(refused)
    return _unkept(HttpResponse(counts.exposition(), content_type=counts.CONTENT_TYPE))


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _moment(moment: datetime | None) -> str:
    """A day and a time of day where the services are; "" for none."""
    return f"{long_date(moment.astimezone(clock.ATHENS).date())}, {clock_time(moment)}" if moment else ""


@require_POST
def operator_post(request: HttpRequest, lang: str) -> HttpResponse:
    """Let all messages that could not be sent go out again, or rest; for administrators."""
    act = {"replay": deliveries.replay, "settle": deliveries.settle}.get(request.POST.get("verb", ""))
    if act is None or not _actor(request).has(Role.ADMINISTRATOR):
        raise Http404
    parked = deliveries.visible_to(_actor(request)).filter(state=DeliveryState.PARKED)
    with suppress(Refusal):  # somebody else was quicker
        act(actor=_actor(request), ids=list(parked.values_list("id", flat=True)))
    return HttpResponseRedirect(reverse("operator", args=[lang]))


@require_safe
def operator(request: HttpRequest, lang: str) -> HttpResponse:
    """The same figures in words, for administrators; for everybody else there is no such page."""
    if not _actor(request).has(Role.ADMINISTRATOR):
        raise Http404
    seen = health.report()
    try:
        written = figures.written()
    except DatabaseError:
        written = None
    try:
        kept = figures.kept()
    except OSError:
        kept = None
    context: dict[str, Any] = {
        "parked": figures.parked() if written and written.post.parked else [],
        "post_since": _moment(written.post.since) if written else "",
        "checks": [(words.CHECKS[check.name], check, words.sentence(check)) for check in seen.checks],
        "ready": seen.ready,
        "warned": bool(seen.of(health.State.WARNING)),
        "behind": seen.behind,
        "written": written,
        "kept": kept,
        "listed": figures.listed(),
        "started": _moment(figures.started()),
        "backed_up": _moment(kept.backup.at) if kept else "",
        "nightly": settings.BACKUP == "nightly",
    }
    response = render(request, "ops/operator.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response
