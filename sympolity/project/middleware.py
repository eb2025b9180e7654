"""What every answer of ours has: headers, compression, the reader's language, the actor."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import brotli
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from sympolity.kit.actor import actor_of
from sympolity.languages import registry

Handler = Callable[[HttpRequest], HttpResponseBase]

# No inline style or script anywhere; data: is the arcade mask in the style sheet.
CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; script-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def headers(get_response: Handler) -> Handler:
    """The outermost layer: also static files, errors and redirects carry the policy."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers["Content-Security-Policy"] = CSP
        response.headers["X-Content-Type-Options"] = "nosniff"
        # Not no-referrer: browsers would then send "Origin: null" with our own forms.
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(self), interest-cohort=()"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["X-Frame-Options"] = "DENY"
        if not response.has_header("Cache-Control"):
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
)


def compress(get_response: Handler) -> Handler:
    """Brotli 5, else gzip 6. Pages for signed-in people hold a token: they are left alone (BREACH)."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
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
        accepted = {
            part.split(";")[0].strip() for part in request.headers.get("Accept-Encoding", "").lower().split(",")
        }
        if "br" in accepted:
            response.content, name = brotli.compress(response.content, quality=5), "br"
        elif "gzip" in accepted:
            response.content, name = gzip.compress(response.content, 6, mtime=0), "gzip"
        else:
            return response
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
