"""The pages of post: unsubscribing, and the mailbox of a machine without a mail server."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from sympolity.kit import clock
from sympolity.languages import registry
from sympolity.post import actions, queries, unsubscribing
from sympolity.post.mailbox import linked, reach
from sympolity.post.rules import Reach

__all__ = ["mail", "mailbox", "unsubscribe"]

_PAGE = 50


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "private, no-store"
    return response


@csrf_exempt  # the link is the authority: a mail program sends this form in the reader's name, without a page of ours
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """A GET shows what the link would end; a POST ends it (RFC 8058), or takes that back."""
    found = unsubscribing.read(token)
    if found is None:
        raise Http404
    recipient, topic = found
    said = ""
    if request.method == "POST":
        said = "again" if request.POST.get("do") == "again" else "ended"
        act = actions.subscribe if said == "again" else actions.unsubscribe
        if not act(recipient=recipient, topic=topic):
            raise Http404
    return _private(render(request, "post/unsubscribe.html", {"said": said, "gathered": topic == "digest"}))


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """Mails that did not go out because this machine has no mail server; 404 for whoever may read none."""
    mine = reach(request)
    if mine == Reach.NOTHING:
        raise Http404
    rows = list(queries.kept(mine)[: _PAGE + 1])
    mails = [(row, row.at.astimezone(clock.ATHENS), _direction(row.lang)) for row in rows[:_PAGE]]
    context = {"mails": mails, "more": len(rows) > _PAGE, "everything": mine == Reach.EVERYTHING}
    return _private(render(request, "post/mailbox.html", context))


@require_safe
def mail(request: HttpRequest, id: UUID) -> HttpResponse:
    """One mail, its links to be followed."""
    row = get_object_or_404(queries.kept(reach(request)), id=id)
    context = {
        "mail": row,
        "at": row.at.astimezone(clock.ATHENS),
        "pieces": linked(row.text),
        "mail_dir": _direction(row.lang),
        "sender": settings.DEFAULT_FROM_EMAIL,
    }
    return _private(render(request, "post/mail.html", context))


def _direction(lang: str) -> str:
    return registry.direction(lang) if lang else "auto"
