"""The addresses of the site, and an empty view under the same middleware to compare with."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from sympolity.project.urls import urlpatterns as site

__all__ = ["EMPTY", "urlpatterns"]

EMPTY = "en/bench-empty/"


def empty(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 the signature of a view
    """Nothing: what a request costs before anybody has asked anything."""
    return HttpResponse(b"", content_type="text/html; charset=utf-8")


urlpatterns = [path(EMPTY, empty), *site]
