"""One service, one organization."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sympolity.directory.queries import dossiers, visible_to
from sympolity.kit import clock
from sympolity.kit.actor import Actor
from sympolity.languages import texts
from sympolity.people import queries as people
from sympolity.portal import face, finding, jsonld, mapping, passing
from sympolity.portal.views.answers import actor_of, answered, site_or_none, with_map
from sympolity.search.store import IndexAway


@require_safe
def service(request: HttpRequest, lang: str, id: UUID) -> HttpResponse:
    """One service: the newcomer face, and for members the professional facts on the same page."""
    actor = actor_of(request)
    found = dossiers(visible_to(actor).filter(id=id), actor)
    if not found:
        raise Http404
    here, now = site_or_none(), clock.now()
    context = face.context(found[0], actor=actor, lang=lang, here=here, now=now)
    context["data"] = jsonld.service(found[0], lang=lang, here=here, now=now)
    context["sensitive"] = passing.is_sensitive(found[0])
    context["ways"] = passing.ways(found[0], lang, ended=context["ended"])
    with_map(request)
    return answered(request, render(request, "portal/service.html", context))


@require_safe
def organization(request: HttpRequest, lang: str, id: UUID) -> HttpResponse:
    """One organization with the services it offers."""
    actor = actor_of(request)
    row = people.organizations_visible_to(actor).filter(id=id).select_related("area").first()
    if row is None:
        raise Http404
    bundle = texts.bundles("organization", [row])[row.id]
    context: dict[str, Any] = {
        "organization": row,
        "name": bundle.said("name", lang),
        "description": bundle.said("description", lang),
        "kind": row.get_kind_display(),
        "example": row.example,
        "account_pending": row.status != "approved",
        "data": jsonld.organization(row, bundle, lang=lang, here=site_or_none()),
    }
    try:
        context |= _services_of(actor, lang, row.id, request)
    except IndexAway:
        context["items"] = []
    with_map(request)
    return answered(request, render(request, "portal/organization.html", context))


def _services_of(actor: Actor, lang: str, organization_id: UUID, request: HttpRequest) -> dict[str, Any]:
    given = request.GET.copy()
    given.clear()
    given["organization"] = str(organization_id)
    found = finding.find(given, actor=actor, lang=lang, facets=False, limit=100)
    if "organization" not in found.query.chosen:  # the index does not know it yet: what it found is everybody's
        return {"items": []}
    return {"items": found.items, "sensitive": passing.lists_sensitive(found), **mapping.context(found, "")}
