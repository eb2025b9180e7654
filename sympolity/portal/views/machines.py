"""Addresses for machines: site map, robots, feeds, search description, whom to tell about a weakness."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import chain
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from sympolity.kit import clock
from sympolity.portal import feeds, sitemaps
from sympolity.portal.addresses import absolute
from sympolity.portal.views.answers import RETRY
from sympolity.search.query import FILTERS
from sympolity.search.store import IndexAway

__all__ = ["feed", "opensearch", "robots", "security", "sitemap", "sitemap_part"]

HOUR = 3600  # seconds
FEED_AGE = 600
SECURITY_DAYS = 180  # RFC 9116 advises less than a year
XML = "application/xml; charset=utf-8"
# Pages for one reader only, and endless combinations. "*" and the longest match: RFC 9309.
_CLOSED = ("/*/account/", "/*/confirm/", "/*/saved/", "/*/code/", "/*/find.json", "/*/find/share/", "/*/find/print/", "/*/map.json", "/*/service/*/share/",
           "/*/service/*/print/", "/s/")  # fmt: skip


def _kept(response: HttpResponseBase, seconds: int) -> HttpResponseBase:
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    return response


def _later() -> HttpResponse:
    """There is no index at the moment: come again, what you know stays right."""
    response = HttpResponse("Try again in a moment.\n", status=503, content_type="text/plain; charset=utf-8")
    response.headers["Retry-After"] = str(RETRY)
    response.headers["Cache-Control"] = "no-store"
    return response


def _streamed(request: HttpRequest, parts: Iterator[str], kind: str) -> HttpResponseBase:
    """An answer written while it is read. The first pieces are made at once: what fails then is still a proper error."""
    if request.method == "HEAD":
        return StreamingHttpResponse((), content_type=kind)
    first = [piece for _, piece in zip(range(2), parts, strict=False)]
    return StreamingHttpResponse(chain(first, parts), content_type=kind)


@require_safe
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """The files of the site map."""
    try:
        return _kept(HttpResponse(sitemaps.table(), content_type=XML), HOUR)
    except IndexAway:
        return _later()


@require_safe
def sitemap_part(request: HttpRequest, kind: str, number: int) -> HttpResponseBase:
    """One file of the site map."""
    try:
        pages = sitemaps.part(kind, number)
    except IndexAway:
        return _later()
    if pages is None:
        raise Http404
    return _kept(_streamed(request, sitemaps.written(pages), XML), HOUR)


@require_safe
def feed(request: HttpRequest, lang: str, slug: str = "") -> HttpResponseBase:
    """New and changed services; ``need`` narrows it. The same state has the same ETag."""
    try:
        shown = feeds.feed(lang, slug, request.GET.get("need", ""))
    except IndexAway:
        return _later()
    if shown is None:
        raise Http404
    tag = f'W/"{shown.tag}"'
    if request.headers.get("If-None-Match") == tag:
        response: HttpResponseBase = HttpResponseNotModified()
    else:
        response = _streamed(request, feeds.written(shown), "application/atom+xml; charset=utf-8")
    response.headers["ETag"] = tag
    return _kept(response, FEED_AGE)


@require_safe
def robots(request: HttpRequest) -> HttpResponseBase:
    """What crawlers should leave alone, and where the site map is. Nothing secret stands behind these paths."""
    closed = [*_CLOSED, *(f"/*/find/?*{name}=" for name in sorted({*FILTERS, "map"} - {"need", "in"}))]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), "", f"Sitemap: {absolute('/sitemap.xml')}", ""]
    return _kept(HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8"), HOUR)


@require_safe
def opensearch(request: HttpRequest, lang: str) -> HttpResponseBase:
    """How a browser asks Find (OpenSearch 1.1, draft 6)."""
    context = {
        "image": absolute(static("design/mark-48.png")),
        "own": absolute(request.path),
        "find": absolute(f"/{lang}/find/?q={{searchTerms}}"),
    }
    kind = "application/opensearchdescription+xml; charset=utf-8"
    return _kept(render(request, "portal/opensearch.xml", context, content_type=kind), 24 * HOUR)


@require_safe
def security(request: HttpRequest) -> HttpResponseBase:
    """Whom to tell about a weakness (RFC 9116), once the operator has named an address."""
    if not settings.CONTACT:
        raise Http404
    end = (clock.now() + timedelta(days=SECURITY_DAYS)).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: mailto:{quote(settings.CONTACT, safe='@+')}",
        f"Expires: {sitemaps.moment(end)}",
        "Preferred-Languages: en, el",
    ]
    if settings.HTTPS:  # 2.5.2: an address that begins with https only
        lines.append(f"Canonical: {absolute(request.path)}")
    return _kept(HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8"), 24 * HOUR)
