"""Who asks for the mailbox of this machine: the facts on which ``rules.mailbox_reach`` decides."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from sympolity.kit.actor import Actor
from sympolity.post.enums import MailboxMode
from sympolity.post.rules import MailboxFacts, Reach, mailbox_reach

__all__ = ["Segment", "facts", "linked", "reach", "register_census"]

Census = Callable[[UUID | None], bool]
# Any of these: the request came through something that others can reach too.
_BETWEEN = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "X-Real-IP", "Via")
_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_censuses: list[Census] = []


def register_census(census: Census) -> None:
    """Whoever knows the persons says whether this one, or with None anybody, has an address of their own and works here."""
    if census not in _censuses:
        _censuses.append(census)


def _real(person: UUID | None) -> bool:
    return any(census(person) for census in _censuses)


def facts(request: HttpRequest) -> MailboxFacts:
    """What is known of this installation and of whoever asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return MailboxFacts(
        mode=MailboxMode(settings.MAILBOX),
        sends=bool(settings.SMTP),
        demo=settings.DEMO,
        here=_is_here(request),
        real=_real(None),
        reader_real=actor.person is not None and _real(actor.person),
    )


def reach(request: HttpRequest) -> Reach:
    """What of the mailbox whoever asks reads."""
    if settings.SMTP:
        return Reach.NOTHING
    return mailbox_reach(request.actor, facts(request))  # type: ignore[attr-defined]


def _is_here(request: HttpRequest) -> bool:
    """Asked on this machine: the site has no public address, and nothing passed the request on."""
    site = urlsplit(settings.SITE_URL)
    if site.scheme != "http" or site.hostname not in _LOCAL_NAMES:
        return False
    if any(name in request.headers for name in _BETWEEN):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


Segment = tuple[str, str]  # words, and the path they lead to, "" for none
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


def linked(text: str) -> list[Segment]:
    """A text in pieces; addresses of this site among them with the path they lead to."""
    found: list[Any] = []
    at = 0
    for match in _ADDRESS.finditer(text):
        whole = match.group()
        if whole.startswith(f"{settings.SITE_URL}/"):
            found += [(text[at : match.start()], ""), (whole, whole.removeprefix(settings.SITE_URL))]
            at = match.end()
    return [piece for piece in [*found, (text[at:], "")] if piece[0]]
