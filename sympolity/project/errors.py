"""Error pages in the reader's language: what happened, what to do now. No database, no stack trace."""

from __future__ import annotations

import errno
import logging
import re
import sys
import traceback
import unicodedata
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import pgettext

from sympolity.kit.actor import PUBLIC
from sympolity.kit.bidi import clean_line
from sympolity.languages import registry
from sympolity.portal.site import site
from sympolity.project.middleware import method_of

log = logging.getLogger("sympolity.errors")
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}  # the disk is full, or does not write
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")  # looks like a language (RFC 5646)


def _lang(request: HttpRequest) -> str:
    first = request.path_info.lstrip("/").split("/", 1)[0]
    return first if any(row.code == first for row in registry.INTERFACE) else registry.FALLBACK


def page(request: HttpRequest, status: int, title: str, say: str, **more: Any) -> HttpResponse:
    """An error page; never asks the database."""
    context = {"title": title, "say": say, "status": status, **more}
    response = HttpResponse(render_to_string("design/error.html", context, request=request), status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _answer(request: HttpRequest, status: int, title: str, say: str, **more: Any) -> HttpResponse:
    request.actor = PUBLIC  # type: ignore[attr-defined]
    return page(request, status, title, say, **more)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    with translation.override(_lang(request)):
        return _answer(
            request, 400, pgettext("error page", "We could not read this address"),
            pgettext("error page", "Something in the link is broken. Search again, or begin at the first page."),
        )  # fmt: skip


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    with translation.override(_lang(request)):
        return _answer(
            request, 403, pgettext("error page", "You may not do this"),
            pgettext("error page", "Sign in with the address of your organization, or go back."),
        )  # fmt: skip


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    with translation.override(_lang(request)):
        return _answer(
            request, 403, pgettext("error page", "This form is too old"),
            pgettext("error page", "Go back, load the page again, and send it once more. Nothing was changed."),
        )  # fmt: skip


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    lang = _lang(request)
    with translation.override(lang):
        return _answer(
            request, 404, pgettext("error page", "There is no page here"),
            pgettext("error page", "The page may have moved or ended. Search for what you need, or begin at the first page."),
            guess=readable_words(request.path_info), choices=_choices(request), **_ways_on(lang),
        )  # fmt: skip


_PARTS_OF_ADDRESSES = frozenset(
    {"account", "city", "cities", "code", "find", "network", "notices", "organization", "service"}
)
_EXTENSION = re.compile(r"\.[a-z]{2,4}$")  # of a file: .html
_JOINERS = "\u200c\u200d"  # Persian and Kurdish spell with them
_WORDS, _LONGEST = 6, 24


def readable_words(path: str) -> str:
    """The words that a path seems to ask for ("/en/legal-help/": legal help); never ids, numbers or odd signs."""
    found: list[str] = []
    for at, part in enumerate(path[:400].strip("/").split("/")):
        words = [word for word in re.split(r"[-_+. ]+", clean_line(_EXTENSION.sub("", part))) if word]
        if (at == 0 and _TAG.fullmatch(part)) or part in _PARTS_OF_ADDRESSES or not all(map(_is_word, words)):
            continue
        found += words
    return " ".join(found[:_WORDS])


def _is_word(word: str) -> bool:
    """Letters with their marks only, and of a length that people use."""
    return 2 <= len(word) <= _LONGEST and all(
        unicodedata.category(char)[0] in "LM" or char in _JOINERS for char in word
    )


def _choices(request: HttpRequest) -> list[dict[str, Any]]:
    """Languages to choose from, where the path begins with none of ours; the rest of it is kept behind a language's code."""
    first, _, rest = request.path.lstrip("/").partition("/")
    if any(row.code == first for row in registry.INTERFACE):
        return []
    query = request.META.get("QUERY_STRING", "")[:1500]
    rest = quote(rest[:400]) + (f"?{query}" if query else "") if _TAG.fullmatch(first) else ""
    return [
        {"code": row.code, "name": row.name, "dir": row.direction, "url": f"/{row.code}/{rest}", "current": False}
        for row in registry.INTERFACE
    ]


def _ways_on(lang: str) -> dict[str, Any]:
    """Needs and cities, if the index tells them now. An error page never fails because of them."""
    try:
        here = site()
        return {
            "doors": [
                {"url": f"/{lang}/find/?need={need.slug}", "icon": need.icon, "label": need.name}
                for need in here.needs(lang, "")
                if not need.fallback
            ],
            "cities": [{"url": f"/{lang}/city/{slug}/", "label": name} for slug, name in here.cities(lang)],
        }
    except Exception:  # noqa: BLE001 - whatever is wrong with the index, the reader gets the page
        log.warning("the page for missing pages stands without needs and cities")
        return {}


def _unavailable(request: HttpRequest) -> HttpResponse:
    """The database does not answer: Find still does."""
    with translation.override(_lang(request)):
        response = _answer(
            request, 503, pgettext("error page", "This page cannot be read at the moment"),
            pgettext("error page", "Try again in a minute. The search still answers. In danger call 112."),
        )  # fmt: skip
    response.headers["Retry-After"] = "30"
    return response


def _bare(title: str, say: str) -> HttpResponse:
    """A page that needs no template, style or context."""
    lang = translation.get_language() or registry.FALLBACK
    body = format_html(
        '<!doctype html><html lang="{}" dir="{}"><head><meta charset="utf-8"><meta name="viewport" '
        'content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>{}</title></head>'
        '<body><main><h1>{}</h1><p>{}</p><p><a href="tel:112"><bdi dir="ltr">112</bdi></a></p></main></body></html>',
        lang, registry.direction(lang), title, title, say,
    )  # fmt: skip
    response = HttpResponse(body, status=500)
    response.headers["Cache-Control"] = "no-store"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    match = request.resolver_match
    kind, fault, trace = sys.exc_info()
    frames = " < ".join(
        f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(traceback.extract_tb(trace)[-6:])
    )
    # Never the message: a database puts the failing row into it.
    log.error(
        "%s %s failed: %s (%s)", method_of(request), match.view_name if match else "?", kind and kind.__name__, frames
    )
    if isinstance(fault, DatabaseError) or (isinstance(fault, OSError) and fault.errno in _NO_ROOM):
        return _unavailable(request)
    with translation.override(_lang(request)):
        title = pgettext("error page", "Something went wrong on our side")
        say = pgettext("error page", "It is not your fault. Try again in a minute. In danger call 112.")
        retry = request.get_full_path() if request.method in {"GET", "HEAD"} else ""
        try:
            return _answer(request, 500, title, say, retry=retry)
        except Exception as second:  # noqa: BLE001 - what every page needs is broken: the words alone still help
            log.error("the error page failed too: %s", type(second).__name__)  # noqa: TRY400 - never the message
            return _bare(title, say)
