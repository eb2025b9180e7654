"""What every page knows of the site: languages, navigation, the way out.

The design room knows no URL name: the links of header and footer are given to it here.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import pgettext

from sympolity.languages import registry
from sympolity.project.middleware import has_session


def site(request: HttpRequest) -> dict[str, Any]:
    """Context of ``design/base.html``."""
    lang = getattr(request, "LANGUAGE_CODE", registry.FALLBACK)
    return {
        "lang": lang,
        "dir": registry.direction(lang),
        "home_url": f"/{lang}/",
        "find_url": f"/{lang}/find/",
        "exit_url": settings.EXIT_URL,
        "languages": _languages(request, lang),
        "nav": _nav(request, lang),
        "foot": _foot(request, lang),
        "signed_in": has_session(request) and not request.actor.is_public,  # type: ignore[attr-defined]
        "staff_page": request.path.startswith(f"/{lang}/account/"),
        "page_icons": set(),
    }


def _languages(request: HttpRequest, lang: str) -> list[dict[str, Any]]:
    path = request.path
    rest = path.split("/", 2)[2] if path.startswith(f"/{lang}/") else ""
    query = request.META.get("QUERY_STRING", "")[:2000]
    tail = f"?{query}" if query else ""
    return [
        {
            "code": row.code,
            "name": row.name,
            "dir": row.direction,
            "url": f"/{row.code}/{rest}{tail}",
            "current": row.code == lang,
        }
        for row in registry.INTERFACE
    ]


def _nav(request: HttpRequest, lang: str) -> list[dict[str, Any]]:
    rows = (
        (pgettext("navigation", "Find help"), f"/{lang}/find/"),
        (pgettext("navigation", "Cities"), f"/{lang}/cities/"),
        (pgettext("navigation", "Cooperation"), f"/{lang}/cooperation/"),
    )
    return [{"label": label, "url": url, "current": request.path.startswith(url)} for label, url in rows]


def _foot(request: HttpRequest, lang: str) -> list[dict[str, Any]]:
    return [
        {"label": pgettext("navigation", "All needs"), "url": f"/{lang}/needs/"},
        {"label": pgettext("navigation", "Type a code"), "url": "/s/"},
        {"label": pgettext("navigation", "Saved on this phone"), "url": f"/{lang}/saved/"},
        {"label": pgettext("navigation", "Languages"), "url": f"/{lang}/languages/"},
        {"label": pgettext("navigation", "About"), "url": f"/{lang}/about/"},
        {"label": pgettext("navigation", "Privacy"), "url": f"/{lang}/privacy/"},
        {"label": pgettext("navigation", "Accessibility"), "url": f"/{lang}/accessibility/"},
        {"label": pgettext("navigation", "Data sources"), "url": f"/{lang}/sources/"},
        {"label": pgettext("navigation", "For organizations"), "url": f"/{lang}/account/"},
    ]
