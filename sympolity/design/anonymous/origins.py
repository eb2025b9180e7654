"""Was a form sent from a page of ours? What the browser itself says of it.

Sources: the Fetch standard (Origin), Fetch Metadata Request Headers (Sec-Fetch-Site).
"""

from __future__ import annotations

from enum import StrEnum
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

__all__ = ["Origin", "origin_of"]


class Origin(StrEnum):
    OURS = "ours"
    UNKNOWN = "unknown"  # an old browser, which says nothing
    FOREIGN = "foreign"


def origin_of(request: HttpRequest) -> Origin:
    """Where the form of a POST stood."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site not in {None, "same-origin", "none"}:
        return Origin.FOREIGN
    if origin is not None:
        return Origin.OURS if origin in _ours(request) else Origin.FOREIGN
    if site == "same-origin":
        return Origin.OURS
    referer = request.headers.get("Referer")
    if referer is None:
        return Origin.UNKNOWN
    return Origin.OURS if _origin(referer) in _ours(request) else Origin.FOREIGN


def _ours(request: HttpRequest) -> set[str]:
    return {_origin(settings.SITE_URL), f"{request.scheme}://{request.get_host()}"}


def _origin(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"
