"""Pages about the site itself: needs, about, data sources, accessibility, privacy, languages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sympolity.directory.queries import origins
from sympolity.languages import registry, reviews
from sympolity.portal import basemap, finding, sources
from sympolity.portal.views.answers import actor_of, answered, away, site_or_none
from sympolity.search.store import IndexAway

__all__ = ["about", "accessibility", "data_sources", "language", "languages", "needs", "privacy"]


def _operator() -> dict[str, Any]:
    return {"operator": settings.OPERATOR, "contact": settings.CONTACT}


@require_safe
def needs(request: HttpRequest, lang: str) -> HttpResponse:
    """All needs with the number of services that answer each."""
    try:
        found = finding.find(QueryDict(), actor=actor_of(request), lang=lang, limit=1)
    except IndexAway:
        return away(request)
    counts = found.answer.facets.get("need", {})
    groups = [
        {
            "need": need,
            "count": counts.get(need.slug, 0),
            "parts": [(part, counts.get(part.slug, 0)) for part in found.site.needs(lang, need.slug)],
        }
        for need in found.site.needs(lang, "")
    ]
    return answered(request, render(request, "portal/needs.html", {"groups": groups, "total": found.answer.total}))


@require_safe
def about(request: HttpRequest, lang: str) -> HttpResponse:
    """What this is, who runs it, who is behind it."""
    return answered(request, render(request, "portal/about.html", _operator()))


@require_safe
def privacy(request: HttpRequest, lang: str) -> HttpResponse:
    """What is kept and what is not."""
    hosts = [origin.removeprefix("https://") for origin in basemap.of_settings().origins]
    return answered(request, render(request, "portal/privacy.html", _operator() | {"tile_hosts": ", ".join(hosts)}))


@require_safe
def accessibility(request: HttpRequest, lang: str) -> HttpResponse:
    """The statement on accessibility."""
    return answered(request, render(request, "portal/accessibility.html", _operator()))


@require_safe
def data_sources(request: HttpRequest, lang: str) -> HttpResponse:
    """Where every fact comes from, and under which licence."""
    here = site_or_none()
    context = {
        "sources": sources.ROWS,
        "helplines": here.helplines(lang) if here else [],
        "origins": origins(actor_of(request)),
    }
    return answered(request, render(request, "portal/sources.html", context))


@require_safe
def languages(request: HttpRequest, lang: str) -> HttpResponse:
    """Every language, and what a native speaker has read of it."""
    rows = [(row, reviews.interface(row.code)) for row in registry.INTERFACE]
    content = [row for row in registry.LANGUAGES.values() if not row.interface]
    return answered(request, render(request, "portal/languages.html", {"rows": rows, "content": content}))


@require_safe
def language(request: HttpRequest, lang: str, code: str) -> HttpResponse:
    """One language: what is there, what is reviewed, by whom."""
    if code not in registry.LANGUAGES:
        raise Http404
    context = {
        "row": registry.get(code),
        "interface": reviews.interface(code),
        "texts": reviews.texts(code),
        **_operator(),
    }
    return answered(request, render(request, "portal/language.html", context))
