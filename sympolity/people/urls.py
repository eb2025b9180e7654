"""Sign-in and out. Everything else of allauth stays out of the address space."""

from __future__ import annotations

from django.urls import URLPattern, path

urlpatterns: list[URLPattern] = []
