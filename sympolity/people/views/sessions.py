"""Where you are signed in, and how to end it."""

from __future__ import annotations

from uuid import UUID

from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sympolity.kit import clock
from sympolity.kit.actor import Actor
from sympolity.people import actions, queries

__all__ = ["sessions"]

_MOST = 50


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def sessions(request: HttpRequest) -> HttpResponse:
    """The list; by POST one of them ends, or all but this one."""
    if not request.user.is_authenticated:
        return HttpResponseRedirect(reverse("account_login"))
    actor, key = Actor(person=request.user.pk), request.session.session_key or ""
    if request.method == "POST":
        _end(request, actor, key)
        return HttpResponseRedirect(reverse("account_sessions"))
    rows = list(queries.sign_ins_visible_to(actor).order_by("-at", "id")[:_MOST])
    living = Session.objects.filter(session_key__in=[row.session_key for row in rows], expire_date__gt=clock.now())
    open_ = set(living.values_list("session_key", flat=True))
    context = {
        "here": next((row for row in rows if row.session_key == key), None),
        "others": [row for row in rows if row.session_key in open_ and row.session_key != key],
        "ended": [row for row in rows if row.session_key not in open_],
    }
    return render(request, "people/sessions.html", context)


def _end(request: HttpRequest, actor: Actor, key: str) -> None:
    if request.POST.get("all"):
        actions.end_other_sign_ins(actor=actor, session_key=key)
        return
    try:
        actions.end_sign_ins(actor=actor, ids=[UUID(request.POST.get("id", "")[:40])])
    except ValueError:
        return
