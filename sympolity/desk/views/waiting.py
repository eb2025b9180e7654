"""Records that wait for a person: looked at field by field, accepted or declined."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from sympolity.desk import waiting as queue
from sympolity.desk.gate import actor_of, only
from sympolity.desk.paging import part_of
from sympolity.desk.report import field
from sympolity.desk.words import REFUSALS
from sympolity.kit.actor import Role
from sympolity.sharing.models import Proposal

__all__ = ["waiting"]

_SIZE = 10


@require_http_methods(["GET", "HEAD", "POST"])
@only(Role.CURATOR, Role.ADMINISTRATOR)
def waiting(request: HttpRequest) -> HttpResponse:
    """The list; a decision by POST is answered by the list as it is then. Sent again, it finds nothing that waits."""
    actor = actor_of(request)
    decision, errors = None, []
    if request.method == "POST":
        ids, verb = _ids(request.POST.getlist("id")), request.POST.get("verb", "")
        if verb == "again":
            decision = queue.again(actor, _of_source(request, queue.waiting(actor)))
        elif ids and verb in {"accept", "decline"}:
            decision = queue.decide(actor, ids, verb)
        else:
            errors.append({"id": "records", "text": REFUSALS["nothing_chosen"]})
    rows = queue.waiting(actor)
    sources = queue.sources(rows)
    source = request.GET.get("source", "")
    source = source if source in dict(sources) else ""
    rows = rows.filter(source=source) if source else rows
    part = part_of(request, rows, _SIZE, source=source)
    context = {
        "cards": [(card, [field(*one) for one in card.fields]) for card in queue.cards(part.rows)], "part": part, "sources": sources, "source": source, "total": sum(dict(sources).values()),
        "decision": decision, "verb": request.POST.get("verb", ""), "errors": errors,
        "unusable": queue.unusable(rows).count(),
    }  # fmt: skip
    return render(request, "desk/waiting.html", context)


def _of_source(request: HttpRequest, rows: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """Those of the source that the address names, or all."""
    source = request.GET.get("source", "")
    return rows.filter(source=source) if source and "\0" not in source else rows


def _ids(said: list[str]) -> list[UUID]:
    found = []
    for text in said[: _SIZE * 10]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
