"""Pages that visitors see: parse, call, render. Find and Home ask no database."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from sympolity.directory.queries import dossiers, visible_to
from sympolity.kit import clock
from sympolity.kit.actor import Actor
from sympolity.languages import registry, texts
from sympolity.people import queries as people
from sympolity.portal import face, filters, finding, mapping
from sympolity.portal.site import Site, site
from sympolity.search.store import IndexAway

QUARTER = 900  # seconds: "open now" holds for a quarter of an hour at most
PAGE_AGE = 60
RETRY = 5


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _answered(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Caching: public pages for a minute with an ETag; pages of signed-in people never."""
    if response.status_code != 200:
        return response
    if not _actor(request).is_public:
        response.headers["Cache-Control"] = "private, no-store"
        return response
    patch_vary_headers(response, ("Cookie",))
    response.headers["Cache-Control"] = f"public, max-age={PAGE_AGE}"
    tag = f'W/"{hashlib.blake2s(response.content, digest_size=12).hexdigest()}"'
    if request.headers.get("If-None-Match") == tag:
        fresh = HttpResponseNotModified()
        for name in ("Cache-Control", "Vary"):
            fresh.headers[name] = response.headers[name]
        fresh.headers["ETag"] = tag
        return fresh
    response.headers["ETag"] = tag
    return response


def _away(request: HttpRequest) -> HttpResponse:
    """No index at the moment: a plain page with the number that always works."""
    response = render(request, "portal/away.html", status=503)
    response.headers["Retry-After"] = str(RETRY)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """The language choice itself: 200, no redirect by header."""
    rows = [
        {"code": row.code, "dir": row.direction, "name": row.name, "url": f"/{row.code}/"} for row in registry.INTERFACE
    ]
    return _answered(request, render(request, "portal/choose.html", {"choices": rows}))


@require_safe
def home(request: HttpRequest, lang: str) -> HttpResponse:
    """What do you need today?"""
    try:
        here = site()
    except IndexAway:
        return _away(request)
    context = {
        "doors": [need for need in here.needs(lang, "") if not need.fallback],
        "cities": here.municipalities(lang),
        "helplines": here.helplines(lang),
        "example": True,
    }
    return _answered(request, render(request, "portal/home.html", context))


@require_safe
def find(request: HttpRequest, lang: str) -> HttpResponse:
    """List, filters, map."""
    try:
        found = finding.find(request.GET, actor=_actor(request), lang=lang)
        context = {"found": found, **filters.context(found), **mapping.context(found, request.GET.get("map", ""))}
    except IndexAway:
        return _away(request)
    return _answered(request, render(request, "portal/find.html", context))


@require_safe
def find_json(request: HttpRequest, lang: str) -> HttpResponse:
    """The same answer for programs."""
    try:
        found = finding.find(request.GET, actor=_actor(request), lang=lang)
    except IndexAway:
        words = pgettext("find", "The search is being set up again. Try once more in a moment.")
        response = JsonResponse({"error": "index_away", "message": words}, status=503)
        response.headers["Retry-After"] = str(RETRY)
        return response
    response = JsonResponse(finding.as_json(found), json_dumps_params={"ensure_ascii": False})
    return _answered(request, response)


def _site() -> Site | None:
    try:
        return site()
    except IndexAway:
        return None


@require_safe
def service(request: HttpRequest, lang: str, id: UUID) -> HttpResponse:
    """One service: the newcomer face, and for members the professional facts on the same page."""
    actor = _actor(request)
    found = dossiers(visible_to(actor).filter(id=id))
    if not found:
        raise Http404
    context = face.context(found[0], actor=actor, lang=lang, here=_site(), now=clock.now())
    return _answered(request, render(request, "portal/service.html", context))


@require_safe
def organization(request: HttpRequest, lang: str, id: UUID) -> HttpResponse:
    """One organization with the services it offers."""
    actor = _actor(request)
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
    }
    try:
        context |= _services_of(actor, lang, row.id, request)
    except IndexAway:
        context["items"] = []
    return _answered(request, render(request, "portal/organization.html", context))


def _services_of(actor: Actor, lang: str, organization_id: UUID, request: HttpRequest) -> dict[str, Any]:
    given = request.GET.copy()
    given.clear()
    given["organization"] = str(organization_id)
    found = finding.find(given, actor=actor, lang=lang, facets=False, limit=100)
    return {"items": found.items, **mapping.context(found, "")}
