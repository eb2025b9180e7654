"""Forms without an account: report a problem, what came of it, something is missing. See ``design.anonymous``.

Nothing here asks who is signed in: whoever reports is nobody, and what is shown is what everybody may see.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from sympolity.design import anonymous
from sympolity.design.anonymous import Sent, Trouble
from sympolity.directory.enums import CONDUCT
from sympolity.directory.models import Report, Service
from sympolity.directory.queries import visible_to
from sympolity.directory.reports import queries, sending
from sympolity.kit import clock, codes
from sympolity.kit.actor import PUBLIC
from sympolity.kit.refusals import Refusal
from sympolity.languages import texts
from sympolity.languages.texts import Said
from sympolity.portal import complaints, reporting, words
from sympolity.portal.views.answers import answered, site_or_none

__all__ = ["free", "missing", "report", "reported"]

TYPED = 40  # characters of a mistyped code that are shown again
_ECHO = 3_000  # characters of somebody's words that are put back into the form
_form = require_http_methods(["GET", "HEAD", "POST"])


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page with a token, or with something that is nobody else's: kept by nobody, named by no link preview."""
    response = render(request, f"portal/{template}.html", {"sensitive": True, **context}, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _trouble(sent: Sent) -> tuple[dict[str, Any], int]:
    """The error of a form that is not taken, and the status of its page."""
    assert sent.trouble is not None  # noqa: S101 - asked by the callers
    status = 403 if sent.trouble is Trouble.FOREIGN else 422
    return {"errors": [{"text": reporting.TROUBLES[sent.trouble]}]}, status


# --- report a problem --------------------------------------------------------------------------


@csrf_exempt
@_form
def report(request: HttpRequest, lang: str, id: UUID) -> HttpResponse:
    """What is wrong with a service: one tap here, after the one that led here."""
    service = visible_to(PUBLIC).filter(id=id).first()
    if service is None:
        raise Http404
    if request.method != "POST":
        return _report_page(request, lang, service, {}, 200)
    sent = anonymous.received(request, f"report:{id}")
    if sent.trouble:
        return _report_page(request, lang, service, *_trouble(sent))
    return _reported(request, lang, service, sent)


def _report_page(request: HttpRequest, lang: str, service: Service, more: dict[str, Any], status: int) -> HttpResponse:
    typed = request.POST.get("words", "")[:_ECHO]
    context = {
        "name": texts.bundles("service", [service])[service.id].said("name", lang),
        "service_url": f"/{lang}/service/{service.id}/",
        "form": anonymous.blank(f"report:{service.id}"),
        "facts": reporting.choices(conduct=False),
        "conduct": reporting.choices(conduct=True),
        "reader": sending.reader_of(service),
        "typed_fact": "" if "conduct" in request.POST else typed,
        "typed_conduct": typed if "conduct" in request.POST else "",
        "most": reporting.WORDS_MOST,
        **more,
    }
    return _page(request, "report", context, status)


def _reported(request: HttpRequest, lang: str, service: Service, sent: Sent) -> HttpResponse:
    kind, said = request.POST.get("kind", ""), request.POST.get("words", "")
    limits = reporting.limits_of_report(service.id, sent.network, conduct=kind in CONDUCT)
    if not anonymous.admitted(limits):
        return _report_page(request, lang, service, {"too_many": True}, 429)
    sender = anonymous.tag(sent.network, "report", str(service.id)) if sent.proven else ""
    item = sending.ReportItem(sent.id, service.id, kind, said, lang, sender)
    try:
        row = sending.send_reports(items=[item])[0]
    except Refusal as refusal:
        if refusal.reason == "unknown_service":
            raise Http404 from refusal
        return _report_page(request, lang, service, {"errors": [_fault(request, refusal)]}, 422)
    context = {"code": codes.group(row.code), "conduct": row.conduct, "service_url": f"/{lang}/service/{service.id}/"}
    return _page(request, "report_sent", context)


def _fault(request: HttpRequest, refusal: Refusal) -> dict[str, Any]:
    """A fault at the field of the form that was sent: the page has two."""
    fault = reporting.refused(refusal.reason)
    part = "conduct" if "conduct" in request.POST else "fact"
    return {**fault, "id": f"{fault['id']}-{part}" if fault["id"] else ""}


# --- what came of it ---------------------------------------------------------------------------


@csrf_exempt
@_form
def reported(request: HttpRequest, lang: str) -> HttpResponse:
    """What came of a report, for its code. The code is sent in a form: it stands in no address and no history."""
    if request.method != "POST":
        return _code_page(request, {}, 200)
    sent, typed = anonymous.received(request, "reported"), request.POST.get("code", "")
    if sent.trouble:
        more, status = _trouble(sent)
        return _code_page(request, {**more, "typed": typed[:TYPED]}, status)
    code = codes.check(typed)
    if code and not anonymous.admitted(reporting.limits_of_codes(sent.network)):
        return _code_page(request, {"too_many": True}, 429)
    row = queries.by_code(code) if code else None
    if row is None:
        return _code_page(request, {"problem": "unknown" if code else "mistake", "typed": typed[:TYPED]}, 404)
    return _code_page(request, {"told": _told(row)}, 200)


def _told(row: Report) -> dict[str, Any]:
    found = reporting.told(row)
    day = row.created_at.astimezone(clock.ATHENS).date()
    return {**found, "day": words.long_date(day), "answer": Said(row.answer, row.answer_lang or "en")}


def _code_page(request: HttpRequest, more: dict[str, Any], status: int) -> HttpResponse:
    return _page(request, "reported", {"form": anonymous.blank("reported"), **more}, status)


# --- something is missing ----------------------------------------------------------------------


@csrf_exempt
@_form
def missing(request: HttpRequest, lang: str) -> HttpResponse:
    """Somebody says what is missing, and where. What the address names is filled in."""
    if request.method != "POST":
        return _missing_page(request, lang, {}, 200)
    sent = anonymous.received(request, "missing")
    if sent.trouble:
        return _missing_page(request, lang, *_trouble(sent))
    if not anonymous.admitted(reporting.limits_of_missing(sent.network)):
        return _missing_page(request, lang, {"too_many": True}, 429)
    said = {name: request.POST.get(name, "") for name in ("words", "in", "need")}
    item = sending.MissingItem(sent.id, said["words"], lang, said["in"][:80], said["need"][:80])
    try:
        sending.send_missing(items=[item])
    except Refusal as refusal:
        return _missing_page(request, lang, {"errors": [reporting.refused(refusal.reason)]}, 422)
    return _page(request, "missing", {"done": True})


def _missing_page(request: HttpRequest, lang: str, more: dict[str, Any], status: int) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    here = site_or_none()
    need = given.get("need", "")
    context = {
        "form": anonymous.blank("missing"),
        "typed": given.get("words", "")[:_ECHO],
        "city": given.get("in", ""),
        "cities": here.municipalities(lang) if here else [],
        "need": here.need(need, lang) if here and here.has_need(need) else None,
        "most": reporting.MISSING_MOST,
        **more,
    }
    return _page(request, "missing", context, status)


# --- all help is free --------------------------------------------------------------------------


@require_safe
def free(request: HttpRequest, lang: str) -> HttpResponse:
    """That nobody may ask anything for help, and where to complain."""
    here = site_or_none()
    context = {"bodies": complaints.bodies(lang), "helplines": here.helplines(lang) if here else []}
    return answered(request, render(request, "portal/free.html", context))
