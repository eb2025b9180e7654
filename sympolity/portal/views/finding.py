"""Language choice, home, Find. They ask no database."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from sympolity.kit import clock
from sympolity.languages import registry
from sympolity.portal import cities, filters, finding, fragments, mapping, notices, passing
from sympolity.portal.site import site
from sympolity.portal.views.answers import RETRY, actor_of, answered, answered_again, away, with_map
from sympolity.search.store import IndexAway


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """The language choice itself: 200, no redirect by header."""
    rows = [
        {"code": row.code, "dir": row.direction, "name": row.name, "url": f"/{row.code}/"} for row in registry.INTERFACE
    ]
    return answered(request, render(request, "portal/choose.html", {"choices": rows}))


@require_safe
def home(request: HttpRequest, lang: str) -> HttpResponse:
    """What do you need today?"""
    try:
        here = site()
    except IndexAway:
        return away(request)
    context = {
        "board": notices.of_home(here, lang, clock.now()),
        "doors": [need for need in here.needs(lang, "") if not need.fallback],
        "cities": here.cities(lang),
        "urgent": cities.urgent(here, lang),
        "helplines": here.helplines(lang),
        "example": True,
    }
    return answered(request, render(request, "portal/home.html", context))


@require_safe
def find(request: HttpRequest, lang: str) -> HttpResponse:
    """List, filters, map."""
    with_map(request)
    try:
        key = fragments.page_key(request)
        if key is not None and actor_of(request).is_public:
            page = fragments.page_of(key, lambda: _find(request, lang))
        else:
            page = _find(request, lang)
    except IndexAway:
        return away(request)
    request.found = page.total  # type: ignore[attr-defined]  # counted, never what was asked
    return answered_again(request, page)


def _find(request: HttpRequest, lang: str) -> fragments.Page:
    found = finding.find(request.GET, actor=actor_of(request), lang=lang, facets=filters.COUNTED)
    context = {"found": found, "sensitive": passing.asks_sensitive(found), **filters.context(found)}
    context["worded"] = bool(found.query.q)
    context |= mapping.context(found, request.GET.get("map", ""))
    return fragments.Page(render(request, "portal/find.html", context).content, found.answer.total)


@require_safe
def find_json(request: HttpRequest, lang: str) -> HttpResponse:
    """The same answer for programs."""
    try:
        found = finding.find(request.GET, actor=actor_of(request), lang=lang)
        request.found = found.answer.total  # type: ignore[attr-defined]  # counted, never what was asked
    except IndexAway:
        words = pgettext("find", "The search is being set up again. Try once more in a moment.")
        response = JsonResponse({"error": "index_away", "message": words}, status=503)
        response.headers["Retry-After"] = str(RETRY)
        return response
    response = JsonResponse(finding.as_json(found), json_dumps_params={"ensure_ascii": False})
    return answered(request, response)
