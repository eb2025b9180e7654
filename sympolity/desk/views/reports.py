"""Reports of facts, reports of conduct, and the board of what is missing: read, answered, set aside.

The two kinds of reports have pages of their own, so that nobody sees one while looking for the other.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from sympolity.desk import reports as inbox
from sympolity.desk.gate import actor_of, only
from sympolity.desk.paging import part_of
from sympolity.desk.words import REFUSALS
from sympolity.directory.reports import answering, rules
from sympolity.kit.actor import Role
from sympolity.kit.refusals import Refusal

__all__ = ["missing", "reports", "safeguarding"]

_SIZE = 10
_BOARD = 50
_methods = require_http_methods(["GET", "HEAD", "POST"])


@_methods
@only(Role.EDITOR, Role.CURATOR, Role.ADMINISTRATOR)
def reports(request: HttpRequest) -> HttpResponse:
    """What visitors say is wrong: of one's own services, or in one's areas."""
    return _inbox(request, conduct=False)


@_methods
@only(Role.SAFEGUARDING, Role.ADMINISTRATOR)
def safeguarding(request: HttpRequest) -> HttpResponse:
    """What somebody did to a person: for contacts for safeguarding. An administrator finds here only what no contact
    may read."""
    return _inbox(request, conduct=True)


def _inbox(request: HttpRequest, *, conduct: bool) -> HttpResponse:
    """The list; a verdict by POST is answered by the list as it is then."""
    actor, context = actor_of(request), dict[str, Any]()
    if request.method == "POST":
        context = _said(request)
    ended = request.GET.get("ended") == "1"
    part = part_of(request, inbox.reports(actor, conduct=conduct, ended=ended), _SIZE, ended="1" if ended else "")
    context |= {
        "conduct": conduct, "ended": ended, "part": part, "cards": inbox.cards(actor, part.rows, _lang(request)),
        "most": rules.ANSWER_MOST,
    }  # fmt: skip
    return render(request, "desk/reports.html", context, status=422 if context.get("errors") else 200)


def _said(request: HttpRequest) -> dict[str, Any]:
    """What came of a verdict. Words that were refused are put back."""
    given = request.POST
    verb, found = given.get("verb", ""), inbox.ids(given.getlist("id"))
    if not found:
        return {"errors": [{"text": inbox.REFUSALS["unknown_report"]}]}
    typed = given.get("answer", "")[: 4 * rules.ANSWER_MOST]
    verdict = answering.Verdict(found[0], verb, given.get("outcome", ""), given.get("answer", ""), _lang(request))
    try:
        answering.turn_reports(actor=actor_of(request), verdicts=[verdict])
    except Refusal as refusal:
        return {"errors": [_error(refusal)], "typed": typed, "typed_at": found[0], "chosen": verdict.outcome}
    return {"done": verb}


def _error(refusal: Refusal) -> dict[str, Any]:
    return {"text": inbox.REFUSALS.get(refusal.reason) or REFUSALS["wrong_state"]}


def _lang(request: HttpRequest) -> str:
    return str(getattr(request, "LANGUAGE_CODE", "en"))


@_methods
@only(Role.CURATOR, Role.ADMINISTRATOR)
def missing(request: HttpRequest) -> HttpResponse:
    """The board of what people looked for and did not find."""
    actor, context = actor_of(request), dict[str, Any]()
    if request.method == "POST":
        context = _ticked(request)
    part = part_of(request, inbox.missing(actor), _BOARD)
    context |= {"part": part, "lines": inbox.lines(actor, part.rows, _lang(request))}
    return render(request, "desk/missing.html", context, status=422 if context.get("errors") else 200)


def _ticked(request: HttpRequest) -> dict[str, Any]:
    found, verb = inbox.ids(request.POST.getlist("id")), request.POST.get("verb", "")
    if not found:
        return {"errors": [{"id": "board", "text": REFUSALS["nothing_chosen"]}]}
    try:
        return {"done": answering.turn_missing(actor=actor_of(request), verb=verb, lines=found), "verb": verb}
    except Refusal as refusal:
        return {"errors": [_error(refusal)]}
