"""The call list: organizations that nobody has answered for, and what they say of themselves."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from sympolity.desk import calling
from sympolity.desk.gate import actor_of, only
from sympolity.directory.asking_models import Asking
from sympolity.directory.models import Service
from sympolity.directory.queries import dossiers, in_areas_of
from sympolity.directory.truth import answers
from sympolity.directory.truth.answers import Word
from sympolity.directory.truth.calls import board
from sympolity.kit import clock
from sympolity.kit.actor import Role
from sympolity.kit.refusals import Refusal

__all__ = ["calls"]

SIZE = 10  # organizations on a page
SAID = 20  # corrections on a page


@require_http_methods(["GET", "HEAD", "POST"])
@only(Role.CURATOR, Role.ADMINISTRATOR)
def calls(request: HttpRequest) -> HttpResponse:
    """Whom to call next, with what to ask; below, what organizations wrote themselves."""
    if request.method != "POST":
        return _page(request, {}, 200)
    return _decided(request) if "proposal" in request.POST else _called(request)


def _page(request: HttpRequest, typed: Mapping[UUID, Word], status: int) -> HttpResponse:
    actor, number = actor_of(request), _number(request)
    found = board(actor, clock.local_today(), first=(number - 1) * SIZE, size=SIZE, most_said=SAID)
    cards = [calling.card(call, typed) for call in found.calls]
    context = {
        "cards": cards, "total": found.total, "said": calling.said_of(found.said), "said_total": found.said_total,
        "nobody": calling.NOBODY, "previous": f"?page={number - 1}" if number > 1 else "",
        "next": f"?page={number + 1}" if number * SIZE < found.total else "",
        "errors": [{"id": f"words-{row['id']}", "text": row["error"]} for card in cards for row in card["rows"] if row["error"]],
    }  # fmt: skip
    return render(request, "desk/calls.html", context, status=status)


def _number(request: HttpRequest) -> int:
    said = request.GET.get("page", "")
    return int(said) if said.isascii() and said.isdigit() and 0 < int(said[:4]) == int(said[:5]) else 1


def _called(request: HttpRequest) -> HttpResponse:
    """Take down what was said in one call. Services of others, or outside the curator's areas, are none of it."""
    actor, asking = actor_of(request), _asking(request)
    services = in_areas_of(actor).filter(organization=asking.organization_id)
    named = [one for one in services.values_list("id", flat=True) if f"words-{one}" in request.POST]
    words = calling.read(request.POST, named)
    wrong = calling.missing(words)
    try:
        found = dossiers(Service.objects.filter(id__in=[one for one in words if one not in wrong]), actor)
        good = {one: word for one, word in words.items() if one not in wrong}
        answers.answer_by_phone(actor=actor, asking=asking, dossiers=found, words=good)
    except Refusal as error:
        raise Http404 from error
    if wrong:
        return _page(request, words, 422)
    return redirect(reverse("desk_calls"))


def _asking(request: HttpRequest) -> Asking:
    try:
        wanted = UUID(request.POST.get("asking", ""))
    except ValueError as error:
        raise Http404 from error
    row = Asking.objects.filter(id=wanted).first()
    if row is None:
        raise Http404
    return row


def _decided(request: HttpRequest) -> HttpResponse:
    """A correction was written into the record, or was none. What somebody else has decided is left alone."""
    verb = request.POST.get("verb", "")
    try:
        wanted = UUID(request.POST.get("proposal", ""))
    except ValueError as error:
        raise Http404 from error
    if verb in {"accept", "decline"}:
        try:
            answers.decide(actor=actor_of(request), verb=verb, ids=[wanted])
        except Refusal:
            return redirect(reverse("desk_calls"))
    return redirect(reverse("desk_calls"))
