"""Addresses without a language: what is told or sent opens in the language of whoever receives it.

The language comes from what the browser says; a browser that says nothing we know gets the choice,
whose links lead on to that very page. Only our own paths are ever answered with.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_safe

from sympolity.languages import registry

__all__ = ["choice", "led_on", "page", "query_of", "reader_language"]

QUERY = 1500  # bytes that are carried along; redirects of more than 2,048 are refused by Django
# RFC 3986: what may stand in a query as it is, and % of what is already encoded.
_SAFE = "%&=+;,:@/?!*()'~$-._"


def reader_language(request: HttpRequest) -> str:
    """The interface language that the reader's browser likes best; "" when it names none of ours."""
    known = {row.code for row in registry.INTERFACE}
    for tag, weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        code = registry.canonical(tag)
        if code in known and weight > 0:
            return code or ""
    return ""


def query_of(request: HttpRequest) -> str:
    """The query string with its "?", as it came; a very long one loses its last parts, whole."""
    query = quote(request.META.get("QUERY_STRING", "").encode("latin-1", "replace"), safe=_SAFE)
    if len(query) > QUERY:
        query = query[:QUERY].rpartition("&")[0]
    return f"?{query}" if query else ""


def led_on(request: HttpRequest, path: str) -> HttpResponse | None:
    """A redirect to ``path`` (from "/") below the reader's language; None when that is not known."""
    lang = reader_language(request)
    if not lang:
        return None
    return _never_kept(HttpResponseRedirect(f"/{lang}{path}"))


def choice(request: HttpRequest, path: str, template: str = "portal/choose.html", **context: Any) -> HttpResponse:
    """The choice of a language, whose links lead to ``path`` (from "/")."""
    rows: list[dict[str, Any]] = [
        {"code": row.code, "dir": row.direction, "name": row.name, "url": f"/{row.code}{path}", "current": False}
        for row in registry.INTERFACE
    ]
    shown = {"choices": rows, "languages": rows, **context}
    return _never_kept(render(request, template, shown))


def _never_kept(response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ("Accept-Language",))
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
def page(request: HttpRequest, **parts: Any) -> HttpResponse:
    """The same address below a language. Whether there is such a thing is told there."""
    path = f"{quote(request.path)}{query_of(request)}"
    return led_on(request, path) or choice(request, path)
