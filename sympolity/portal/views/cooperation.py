"""Cooperation: the networks of cities, who works with whom, and one network with its members."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from sympolity.kit import clock
from sympolity.network.queries import networks_visible_to
from sympolity.portal import cooperating, words
from sympolity.portal.views.answers import actor_of, answered, site_or_none


@require_safe
def cooperation(request: HttpRequest, lang: str) -> HttpResponse:
    """Networks with their numbers of members, partnership by partnership, statements of partners."""
    today = clock.local_today()
    context = cooperating.overview(actor=actor_of(request), lang=lang, today=today)
    return answered(request, render(request, "portal/cooperation.html", context | {"as_of": words.long_date(today)}))


@require_safe
def network(request: HttpRequest, lang: str, slug: str) -> HttpResponse:
    """One network: what it is, its members with their beginnings, how it grew, and where that is written."""
    actor = actor_of(request)
    row = networks_visible_to(actor).filter(slug=slug).first()
    if row is None:
        raise Http404
    today = clock.local_today()
    context = cooperating.network_page(row, actor=actor, lang=lang, today=today, here=site_or_none())
    crumbs = [
        {"label": pgettext("cooperation", "Cooperation networks"), "url": f"/{lang}/cooperation/"},
        {"label": context["network"].name, "url": ""},
    ]
    context |= {"as_of": words.long_date(today), "crumbs": crumbs}
    return answered(request, render(request, "portal/network.html", context))
