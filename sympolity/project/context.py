"""What every page knows of the site: languages, navigation, the way out.

The design room knows no URL name: the links of header and footer are given to it here.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import ResolverMatch
from django.utils.translation import pgettext

from sympolity.kit.actor import Role
from sympolity.languages import registry
from sympolity.portal import addresses
from sympolity.project.middleware import has_session

_AT_DESK = tuple(role for role in Role if role != Role.SYSTEM)
_LONGEST = 1000  # characters of a path that links to other languages repeat; each of ours is far shorter
_CODE = re.compile(r"[a-z0-9-]{1,60}")  # of needs and areas


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
        "staff_page": request.path.startswith((f"/{lang}/account/", f"/{lang}/desk/")),
        "page_icons": set(),
        "page_marks": set(),
        **_machines(request, lang),
    }


def _languages(request: HttpRequest, lang: str) -> list[dict[str, Any]]:
    path = request.path
    whole = len(path) <= _LONGEST  # else the links lead home: such an address is no page
    rest = path.split("/", 2)[2] if whole and path.startswith(f"/{lang}/") else ""
    query = request.META.get("QUERY_STRING", "")[:2000] if whole else ""
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


def _machines(request: HttpRequest, lang: str) -> dict[str, Any]:
    """What search engines and link previews are told; nothing of pages of people who have signed in."""
    match = getattr(request, "resolver_match", None)
    if match is None or has_session(request):
        return {}
    start, rest, query = f"/{lang}/", "", ""
    if match.url_name != "choose":
        if not request.path.startswith(start) or request.path.startswith(f"{start}account/"):
            return {}
        kept = _kept_query(request, match.url_name or "")
        if kept is None:
            return {}
        rest, query = quote(request.path[len(start) :]), kept
    canonical = addresses.absolute("/" if match.url_name == "choose" else f"{start}{rest}{query}")
    return {
        "canonical": canonical,
        "alternates": addresses.alternates(rest, query),
        "locale": addresses.locale_of(lang),
        "locales": [addresses.locale_of(row.code) for row in registry.INTERFACE if row.code != lang],
        "site_url": settings.SITE_URL,
        "feed": _feed(request, lang, match),
    }


def _kept_query(request: HttpRequest, page: str) -> str | None:
    """The part of a query that makes a page of its own: on Find one need, one area. None: not for search engines.

    Lists by words, distance, language, hour or page number are another look at services that have pages of
    their own and stand in the site map; search engines ask to keep such endless combinations out, and so do we.
    Elsewhere a query changes nothing that matters: the canonical address has none.
    """
    if page != "find":
        return ""
    chosen = _chosen(request)
    if chosen is None:
        return None
    return f"?{urlencode(chosen)}" if chosen else ""


def _chosen(request: HttpRequest) -> dict[str, str] | None:
    """The need and the area of a Find address, in this order; None when it asks for anything else."""
    try:
        pairs = parse_qsl(request.META.get("QUERY_STRING", "")[:2000], keep_blank_values=True, max_num_fields=2)
    except ValueError:
        return None
    asked = dict(pairs)
    if (
        len(asked) < len(pairs)
        or not set(asked) <= {"need", "in"}
        or not all(_CODE.fullmatch(v) for v in asked.values())
    ):
        return None
    return {name: asked[name] for name in ("need", "in") if name in asked}


def _feed(request: HttpRequest, lang: str, match: ResolverMatch) -> str:
    """The feed that says what is new on this page; "" where there is none."""
    if match.url_name in {"home", "needs", "cities"}:
        return f"/{lang}/services.atom"
    if match.url_name != "find":
        return ""
    asked = _chosen(request) or {}
    area = f"city/{asked['in']}/" if "in" in asked else ""
    need = f"?{urlencode({'need': asked['need']})}" if "need" in asked else ""
    return f"/{lang}/{area}services.atom{need}"


def _nav(request: HttpRequest, lang: str) -> list[dict[str, Any]]:
    rows: tuple[tuple[str, str, tuple[str, ...]], ...] = (
        (pgettext("navigation", "Find help"), "find/", ("find/",)),
        (pgettext("navigation", "Cities"), "cities/", ("cities/", "city/")),
        (pgettext("navigation", "Cooperation"), "cooperation/", ("cooperation/", "network/")),
    )
    if has_session(request) and request.actor.has(*_AT_DESK):  # type: ignore[attr-defined]
        rows += ((pgettext("navigation", "Desk"), "desk/", ("desk/",)),)
    below = request.path.removeprefix(f"/{lang}/")
    return [
        {"label": label, "url": f"/{lang}/{path}", "current": below.startswith(parts)} for label, path, parts in rows
    ]


def _foot(request: HttpRequest, lang: str) -> list[dict[str, Any]]:
    return [
        {"label": pgettext("navigation", "All needs"), "url": f"/{lang}/needs/"},
        {"label": pgettext("free help", "All help is free"), "url": f"/{lang}/free/"},
        {"label": pgettext("navigation", "Type a code"), "url": "/s/"},
        {"label": pgettext("navigation", "Saved on this phone"), "url": f"/{lang}/saved/"},
        {"label": pgettext("navigation", "Languages"), "url": f"/{lang}/languages/"},
        {"label": pgettext("navigation", "About"), "url": f"/{lang}/about/"},
        {"label": pgettext("navigation", "Privacy"), "url": f"/{lang}/privacy/"},
        {"label": pgettext("navigation", "Accessibility"), "url": f"/{lang}/accessibility/"},
        {"label": pgettext("navigation", "Data sources"), "url": f"/{lang}/sources/"},
        {"label": pgettext("navigation", "For organizations"), "url": f"/{lang}/account/"},
    ]
