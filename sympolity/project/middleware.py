"""What every answer of ours has: its measure, headers, compression, the reader's language, the actor."""

from __future__ import annotations

import gzip
import logging
import time
import zlib
from collections.abc import Callable, Iterable, Iterator

import brotli
from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from sympolity.kit.actor import actor_of
from sympolity.languages import registry
from sympolity.ops import metrics
from sympolity.portal import basemap

log = logging.getLogger("sympolity.request")
Handler = Callable[[HttpRequest], HttpResponseBase]

# No inline style or script anywhere; data: is the arcade mask in the style sheet.
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:{tiles}; font-src 'self'; script-src 'self'; "
    "connect-src 'self'{tiles}; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
CSP = _POLICY.format(tiles="")
# The worker of the map asks for tiles under the policy of its own file, not of the page.
_MAP_WORKER = f"{settings.STATIC_URL}maplibre-gl/"


def _policy(request: HttpRequest) -> str:
    """The policy; on a page with a map, and nowhere else, with the origins of the operator's tiles."""
    draws = getattr(request, "draws_map", False) or request.path_info.startswith(_MAP_WORKER)
    origins = basemap.of_settings().origins if draws else ()
    return _POLICY.format(tiles="".join(f" {origin}" for origin in origins))


SLOW = 1.0  # seconds; what takes longer is always logged
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def method_of(request: HttpRequest) -> str:
    """The method, if it is one of the usual: a visitor may send any word."""
    return request.method if request.method in _METHODS else "other"


def _route(request: HttpRequest) -> str:
    """The name of the route; never the path, which may hold what somebody looks for."""
    match = request.resolver_match
    if match is not None:
        return match.view_name or "unnamed"
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "none"


def measured(get_response: Handler) -> Handler:
    """Counts every answer, and logs the slow, the failed and, if the settings ask for it, the others.

    What a log or a figure holds of a request is what this function tells of it, and no more.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        begun = time.perf_counter()
        response = get_response(request)
        seconds, status, route = time.perf_counter() - begun, response.status_code, _route(request)
        metrics.observe(route, status, seconds, empty=getattr(request, "found", None) == 0)
        if settings.LOG_REQUESTS or status >= 500 or seconds > SLOW:
            _tell(request, response, route, seconds)
        return response

    return middleware


def _tell(request: HttpRequest, response: HttpResponseBase, route: str, seconds: float) -> None:
    size = len(response.content) if isinstance(response, HttpResponse) else None  # None: it is still to be made
    facts = {
        "route": route,
        "method": method_of(request),
        "status": response.status_code,
        "milliseconds": round(seconds * 1000),
        "language": getattr(request, "LANGUAGE_CODE", ""),
        "bytes": size,
    }
    status = response.status_code
    level = logging.ERROR if status >= 500 else logging.WARNING if seconds > SLOW else logging.INFO
    words = f"{route} {facts['method']} {status} in {facts['milliseconds']} ms"
    log.log(level, "%s", words, extra={"facts": facts})


def headers(get_response: Handler) -> Handler:
    """Outside all that makes answers: also static files, errors and redirects carry the policy."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers["Content-Security-Policy"] = _policy(request)
        response.headers["X-Content-Type-Options"] = "nosniff"
        # Not no-referrer: browsers would then send "Origin: null" with our own forms.
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(self), interest-cohort=()"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["X-Frame-Options"] = "DENY"
        if response.cookies:
            # Also one that only deletes a session of the past: what sets a cookie is for this browser alone.
            response.headers["Cache-Control"] = "private, no-store"
        elif not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = "no-store"
        return response

    return middleware


_COMPRESSIBLE = (
    "text/",
    "application/json",
    "application/ld+json",
    "application/xml",
    "image/svg+xml",
    "application/geo+json",
    "application/atom+xml",
    "application/opensearchdescription+xml",
)


_STREAMED = ("application/xml", "application/atom+xml")


def _accepted(request: HttpRequest) -> set[str]:
    return {part.split(";")[0].strip() for part in request.headers.get("Accept-Encoding", "").lower().split(",")}


def _gzipped(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Compress piece by piece. What is held back goes out every 64 kB: a reader sees that it goes on."""
    packer, since = zlib.compressobj(6, zlib.DEFLATED, 31), 0
    for part in parts:
        since += len(part)
        packed = packer.compress(part)
        if since > 65_536:
            packed, since = packed + packer.flush(zlib.Z_SYNC_FLUSH), 0
        if packed:
            yield packed
    yield packer.flush()


def _compressed_stream(request: HttpRequest, response: StreamingHttpResponse) -> StreamingHttpResponse:
    """Site maps and feeds become a tenth of their size; gzip, which every crawler reads."""
    kind = response.headers.get("Content-Type", "")
    if response.is_async or response.has_header("Content-Encoding") or not kind.startswith(_STREAMED):
        return response
    patch_vary_headers(response, ("Accept-Encoding",))
    if "gzip" in _accepted(request) and request.method != "HEAD":
        response.streaming_content = _gzipped(iter(response))
        response.headers["Content-Encoding"] = "gzip"
        del response.headers["Content-Length"]
    return response


_PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda content: brotli.compress(content, quality=5),
    "gzip": lambda content: gzip.compress(content, 6, mtime=0),
}


def compress(get_response: Handler) -> Handler:
    """Brotli 5, else gzip 6. Pages for signed-in people hold a token: they are left alone (BREACH)."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if isinstance(response, StreamingHttpResponse):
            return _compressed_stream(request, response)
        if (
            not isinstance(response, HttpResponse)
            or len(response.content) < 300
            or response.has_header("Content-Encoding")
            or not response.headers.get("Content-Type", "").startswith(_COMPRESSIBLE)
        ):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if response.cookies or "private" in response.headers.get("Cache-Control", ""):
            return response
        name = next((one for one in _PACKERS if one in _accepted(request)), "")
        if not name:
            return response
        packed: dict[str, bytes] = getattr(response, "packed", {})  # of a page that is kept: packed once
        if name not in packed:
            packed[name] = _PACKERS[name](response.content)
        response.content = packed[name]
        response.headers["Content-Encoding"] = name
        response.headers["Content-Length"] = str(len(response.content))
        return response

    return middleware


def language(get_response: Handler) -> Handler:
    """The first segment of the path is the reader's language; nothing else decides it."""
    known = {row.code for row in registry.INTERFACE}

    def middleware(request: HttpRequest) -> HttpResponseBase:
        first = request.path_info.lstrip("/").split("/", 1)[0]
        code = first if first in known else registry.FALLBACK
        request.LANGUAGE_CODE = code
        with translation.override(code):
            return get_response(request)

    return middleware


def actor(get_response: Handler) -> Handler:
    """``request.actor``, made once and only when somebody asks; without a session cookie: the public."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def has_session(request: HttpRequest) -> bool:
    """True when the request carries a session cookie."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES
