"""What the interactive map asks for: its parts and words, places, and the operator's archive of tiles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from sympolity.people import queries as people
from sympolity.portal import basemap, plotting, ranges
from sympolity.portal.views.answers import RETRY, actor_of, answered
from sympolity.search.store import IndexAway

__all__ = ["city_map", "find_map", "map_setting", "organization_map", "service_map", "tiles"]


def _plain(request: HttpRequest, data: dict[str, Any]) -> HttpResponse:
    compact = {"ensure_ascii": False, "separators": (",", ":")}
    return answered(request, JsonResponse(data, json_dumps_params=compact))


def _away() -> HttpResponse:
    words = pgettext("find", "The search is being set up again. Try once more in a moment.")
    response = JsonResponse({"error": "index_away", "message": words}, status=503)
    response.headers["Retry-After"] = str(RETRY)
    return response


def _told(request: HttpRequest, ask: Callable[[], dict[str, Any] | None]) -> HttpResponse:
    """What ``ask`` gives. :raises Http404: it gives nothing."""
    try:
        found = ask()
    except IndexAway:
        return _away()
    if found is None:
        raise Http404
    return _plain(request, found)


@require_safe
def map_setting(request: HttpRequest, lang: str) -> HttpResponse:
    """Files, basemap, names of cities and words."""
    return _told(request, lambda: plotting.setting(lang))


@require_safe
def find_map(request: HttpRequest, lang: str) -> HttpResponse:
    """The places that a page of Find shows, for the same question."""
    return _told(request, lambda: plotting.of_answer(request.GET, actor=actor_of(request), lang=lang))


@require_safe
def service_map(request: HttpRequest, lang: str, id: UUID) -> HttpResponse:
    """The places of one service."""
    return _told(request, lambda: plotting.of_service(id, actor=actor_of(request), lang=lang))


@require_safe
def organization_map(request: HttpRequest, lang: str, id: UUID) -> HttpResponse:
    """The places of what an organization offers."""
    actor = actor_of(request)
    if not people.organizations_visible_to(actor).filter(id=id).exists():
        raise Http404
    return _told(request, lambda: plotting.of_organization(id, actor=actor, lang=lang))


@require_safe
def city_map(request: HttpRequest, lang: str, slug: str) -> HttpResponse:
    """The places of a city, and its boundary."""
    return _told(request, lambda: plotting.of_city(slug, actor=actor_of(request), lang=lang))


@require_safe
def tiles(request: HttpRequest) -> HttpResponseBase:
    """The operator's archive of tiles, in pieces; absent without one."""
    file = basemap.of_settings().file
    if file is None:
        raise Http404
    return ranges.answer(request, file, "application/vnd.pmtiles")
