"""Pages that visitors see."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def choose(request: HttpRequest) -> HttpResponse:
    """The language choice itself: 200, no redirect by header."""
    return render(request, "portal/choose.html")


def home(request: HttpRequest, lang: str) -> HttpResponse:
    """Home in a language."""
    return render(request, "portal/home.html")
