"""Absolute addresses of pages in every interface language, as machines are told them.

They are made from the address of the site in the settings, never from what a request says of its host.
"""

from __future__ import annotations

from functools import cache

from babel.core import get_global
from django.conf import settings
from django.urls import Resolver404, resolve

from sympolity.languages import registry

__all__ = ["absolute", "alternates", "exists", "locale_of"]


def absolute(path: str) -> str:
    """The full address of a path that begins with "/"."""
    return f"{settings.SITE_URL}{path}"


def exists(path: str) -> bool:
    """Whether some page answers at a path (what it says of this very thing is another question)."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def alternates(rest: str, query: str = "") -> list[tuple[str, str]]:
    """(hreflang, address) of a page in every interface language; ``rest`` is its path below the language.

    ``x-default`` is the address without a language, where there is one: it leads on by what the browser asks for.
    """
    rows = [(row.code, absolute(f"/{row.code}/{rest}{query}")) for row in registry.INTERFACE]
    return [*rows, ("x-default", absolute(f"/{rest}{query}"))] if exists(f"/{rest}") else rows


@cache
def locale_of(lang: str) -> str:
    """Language and country as Open Graph wants them, by the likely subtags of CLDR: ``el_GR``."""
    code = registry.get(lang).cldr or lang
    likely = str(get_global("likely_subtags").get(code, code)).split("_")
    return "_".join([likely[0], *(part for part in likely[1:] if len(part) == 2)])
