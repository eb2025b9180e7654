"""Cities and notices. They ask no database."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from sympolity.kit import clock
from sympolity.portal import cities as pages
from sympolity.portal import notices as boards
from sympolity.portal.site import site
from sympolity.portal.views.answers import actor_of, answered, away, with_map
from sympolity.search.store import IndexAway

__all__ = ["cities", "city", "notices"]


@require_safe
def cities(request: HttpRequest, lang: str) -> HttpResponse:
    """Every city, with how much there is."""
    try:
        asked = request.GET.get("name", "")
        context = pages.all_cities(actor=actor_of(request), lang=lang, now=clock.now(), asked=asked)
    except IndexAway:
        return away(request)
    return answered(request, render(request, "portal/cities.html", context))


@require_safe
def city(request: HttpRequest, lang: str, slug: str) -> HttpResponse:
    """One municipality. A neighbourhood leads to its municipality, what is larger to the list."""
    try:
        here = site()
        kind = here.areas.get(slug, {}).get("kind")
        if kind in {"region", "regional_unit", "country"}:
            region = pages.region_of(here, slug)
            return redirect(f"/{lang}/cities/" + (f"#{region}" if region else ""))
        own = pages.municipality_of(here, slug)
        if not own:
            raise Http404
        if own != slug:
            return redirect("city", lang=lang, slug=own)
        context = pages.city(slug, actor=actor_of(request), lang=lang, now=clock.now())
    except IndexAway:
        return away(request)
    with_map(request)
    return answered(request, render(request, "portal/city.html", context))


@require_safe
def notices(request: HttpRequest, lang: str) -> HttpResponse:
    """All notices in force."""
    try:
        board = boards.everywhere(site(), lang, clock.now())
    except IndexAway:
        return away(request)
    return answered(request, render(request, "portal/notices.html", {"board": board}))
