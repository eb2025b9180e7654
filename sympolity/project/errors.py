"""Error pages in the reader's language: what happened, what to do now. No database, no stack trace."""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path
from typing import Any

from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import pgettext

from sympolity.kit.actor import PUBLIC
from sympolity.languages import registry

log = logging.getLogger("sympolity.errors")


def _lang(request: HttpRequest) -> str:
    first = request.path_info.lstrip("/").split("/", 1)[0]
    return first if any(row.code == first for row in registry.INTERFACE) else registry.FALLBACK


def page(request: HttpRequest, status: int, title: str, say: str) -> HttpResponse:
    """An error page; never asks the database."""
    context = {"title": title, "say": say, "status": status}
    response = HttpResponse(render_to_string("design/error.html", context, request=request), status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _answer(request: HttpRequest, status: int, title: str, say: str) -> HttpResponse:
    request.actor = PUBLIC  # type: ignore[attr-defined]
    return page(request, status, title, say)


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
    with translation.override(_lang(request)):
        return _answer(
            request, 404, pgettext("error page", "There is no page here"),
            pgettext("error page", "The page may have moved or ended. Search for what you need, or begin at the first page."),
        )  # fmt: skip


def _unavailable(request: HttpRequest) -> HttpResponse:
    """The database does not answer: Find still does."""
    with translation.override(_lang(request)):
        response = _answer(
            request, 503, pgettext("error page", "This page cannot be read at the moment"),
            pgettext("error page", "Try again in a minute. The search still answers. In danger call 112."),
        )  # fmt: skip
    response.headers["Retry-After"] = "30"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    match = request.resolver_match
    kind, _, trace = sys.exc_info()
    frames = " < ".join(
        f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(traceback.extract_tb(trace)[-6:])
    )
    # Never the message: a database puts the failing row into it.
    log.error(
        "%s %s failed: %s (%s)", request.method, match.view_name if match else "?", kind and kind.__name__, frames
    )
    if kind is not None and issubclass(kind, DatabaseError):
        return _unavailable(request)
    with translation.override(_lang(request)):
        return _answer(
            request, 500, pgettext("error page", "Something went wrong on our side"),
            pgettext("error page", "It is not your fault. Try again in a minute. In danger call 112."),
        )  # fmt: skip
