"""The addresses of the site, and an empty view under the same middleware to compare with."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.module_loading import import_string

__all__ = ["EMPTY", "urlpatterns"]

EMPTY = "en/bench-empty/"


def empty(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 the signature of a view
    """Nothing: what a request costs before anybody has asked anything."""
    return HttpResponse(b"", content_type="text/html; charset=utf-8")


# By name, as settings name it: the addresses stand a step above this room.
urlpatterns = [path(EMPTY, empty), *import_string("sympolity.project.urls.urlpatterns")]
