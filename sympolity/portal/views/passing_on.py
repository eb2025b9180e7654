"""Passing on what was found: codes, links, print, and what is kept in the browser.

What is shared or printed is always what everybody may see, whoever is signed in.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from sympolity.directory.queries import Dossier, dossiers, visible_to
from sympolity.kit import clock, codes
from sympolity.kit.actor import PUBLIC
from sympolity.portal import filters, finding, passing, sheets
from sympolity.portal.views.answers import actor_of, answered, away, site_or_none
from sympolity.portal.views.neutral import choice, led_on
from sympolity.search.store import IndexAway

__all__ = ["code", "print_list", "print_service", "saved", "share_list", "share_service", "told"]

TYPED = 40  # characters of a mistyped code that are shown again


def _public(id: UUID) -> Dossier:
    """A service as everybody may see it. :raises Http404: absent, hidden, for members: all the same."""
    found = dossiers(visible_to(PUBLIC).filter(id=id))
    if not found:
        raise Http404
    return found[0]


# --- codes ------------------------------------------------------------------------------------


def _named(request: HttpRequest, typed: str) -> tuple[UUID | None, str]:
    """The service with this code, or else what is wrong: "" (nothing typed), "mistake", "unknown"."""
    if not typed.strip():
        return None, ""
    found = codes.check(typed)
    if not found:
        return None, "mistake"
    known = visible_to(actor_of(request)).filter(code=found).values_list("id", flat=True).first()
    return known, "" if known else "unknown"


@require_safe
def code(request: HttpRequest, lang: str) -> HttpResponse:
    """The form in which a code is typed, in the reader's language."""
    typed = request.GET.get("code", "")
    known, problem = _named(request, typed)
    if known:
        return HttpResponseRedirect(f"/{lang}/service/{known}/")
    response = render(request, "portal/code.html", {"typed": typed[:TYPED], "problem": problem})
    response.status_code = 404 if problem else 200
    return answered(request, response)


@require_safe
def told(request: HttpRequest, typed: str = "") -> HttpResponse:
    """``/s/<code>/``, as it is told by phone: to the service, in the language of whoever opens it."""
    typed = typed or request.GET.get("code", "")
    known, problem = _named(request, typed)
    if known:
        path = f"/service/{known}/"
        return led_on(request, path) or choice(request, path)
    path = f"/code/?{urlencode({'code': typed[:TYPED]})}" if problem else "/code/"
    response = led_on(request, path)
    if response is None:
        response = choice(request, path, "portal/code_choose.html", typed=typed[:TYPED], problem=problem)
        response.status_code = 404 if problem else 200
    return response


# --- links ------------------------------------------------------------------------------------


@require_safe
def share_service(request: HttpRequest, lang: str, id: UUID) -> HttpResponse:
    """Ways to pass a service on."""
    dossier = _public(id)
    parts = passing.of_service(dossier)
    name = dossier.texts.said("name", lang)
    message = passing.by_message(name="" if parts["sensitive"] else name.body, link=parts["link"], code=parts["code"])
    context = {"name": name, "message": message, "back": f"/{lang}/service/{id}/", "example": dossier.service.example}
    context |= {**parts, "code_page": f"{settings.SITE_URL}/s/"}
    return answered(request, render(request, "portal/share.html", context))


@require_safe
def share_list(request: HttpRequest, lang: str) -> HttpResponse:
    """Ways to pass a list on: the question, which is asked anew by whoever opens it."""
    try:
        found = finding.find(request.GET, actor=PUBLIC, lang=lang, facets=False, limit=1)
        name = filters.title(found)
    except IndexAway:
        return away(request)
    parts = passing.of_list(found)
    message = passing.by_message(name="", link=parts["link"])
    context = {"name": name, "message": message, "back": found.url(), **parts}
    return answered(request, render(request, "portal/share.html", context))


# --- paper ------------------------------------------------------------------------------------


def _asked(request: HttpRequest) -> tuple[str, str]:
    """(second language, paper) as they stand in the address."""
    return request.GET.get("with", ""), sheets.paper_of(request.GET.get("paper", ""))


@require_safe
def print_service(request: HttpRequest, lang: str, id: UUID) -> HttpResponse:
    """A service on A4 or A6, in two languages."""
    dossier = _public(id)
    wanted, paper = _asked(request)
    spoken = dossier.texts.languages()
    second = sheets.other_language(wanted, lang, spoken)
    context: dict[str, Any] = sheets.service_sheet(
        dossier, lang=lang, second=second, here=site_or_none(), now=clock.now()
    )
    context |= {"paper": paper, "options": sheets.choices(lang, spoken, second), "back": f"/{lang}/service/{id}/"}
    return answered(request, render(request, "portal/sheet_service.html", context))


@require_safe
def print_list(request: HttpRequest, lang: str) -> HttpResponse:
    """One page of results on paper, in two languages."""
    wanted, paper = _asked(request)
    second = sheets.other_language(wanted, lang, ())
    try:
        context = sheets.list_sheet(request.GET, lang=lang, second=second)
    except IndexAway:
        return away(request)
    context |= {"paper": paper, "options": sheets.choices(lang, (), second)}
    return answered(request, render(request, "portal/sheet_list.html", context))


# --- this phone -------------------------------------------------------------------------------


@require_safe
def saved(request: HttpRequest, lang: str) -> HttpResponse:
    """What this browser keeps. The server never learns what that is: the page is the same for everybody."""
    words = {
        "remove": pgettext("saved", "Remove"),
        "since": pgettext("saved, before a date", "saved on"),
    }
    return answered(request, render(request, "portal/saved.html", {"words": words}))
