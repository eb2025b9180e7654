"""What the views of this room share: the reader, caching, and the page shown while there is no index."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from sympolity.kit.actor import Actor
from sympolity.portal.fragments import Page
from sympolity.portal.site import Site, site
from sympolity.search.store import IndexAway

__all__ = ["actor_of", "answered", "answered_again", "away", "site_or_none", "with_map"]

PAGE_AGE = 60
RETRY = 5


def actor_of(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def with_map(request: HttpRequest) -> None:
    """This page has a map: the policy lets it load the operator's tiles."""
    request.draws_map = True  # type: ignore[attr-defined]


def answered(request: HttpRequest, response: HttpResponse, *, tag: str = "") -> HttpResponse:
    """Caching: public pages for a minute with an ETag; pages of signed-in people never. ``tag``: the ETag, if known."""
    if response.status_code != 200:
        return response
    if not actor_of(request).is_public:
        response.headers["Cache-Control"] = "private, no-store"
        return response
    patch_vary_headers(response, ("Cookie",))
    response.headers["Cache-Control"] = f"public, max-age={PAGE_AGE}"
    tag = tag or tag_of(response.content)
    if request.headers.get("If-None-Match") == tag:
        fresh = HttpResponseNotModified()
        for name in ("Cache-Control", "Vary"):
            fresh.headers[name] = response.headers[name]
        fresh.headers["ETag"] = tag
        return fresh
    response.headers["ETag"] = tag
    return response


def tag_of(content: bytes) -> str:
    """The ETag of a page."""
    return f'W/"{hashlib.blake2s(content, digest_size=12).hexdigest()}"'


def answered_again(request: HttpRequest, page: Page) -> HttpResponse:
    """A page that may be kept: its ETag and its compressed bytes are made once."""
    page.tag = page.tag or tag_of(page.content)
    response = HttpResponse(page.content)
    response.packed = page.packed  # type: ignore[attr-defined]  # read by project.middleware.compress
    return answered(request, response, tag=page.tag)


def away(request: HttpRequest) -> HttpResponse:
    """No index at the moment: a plain page with the number that always works."""
    response = render(request, "portal/away.html", status=503)
    response.headers["Retry-After"] = str(RETRY)
    response.headers["Cache-Control"] = "no-store"
    return response


def site_or_none() -> Site | None:
    """The facts of the site, or None while there is no index."""
    try:
        return site()
    except IndexAway:
        return None
