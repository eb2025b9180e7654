"""Links that end mails of one topic to one recipient (RFC 8058). They hold no address and never expire.

A GET shows a page with a button, since mail scanners open links; only a POST acts.
"""

from __future__ import annotations

from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import translation

__all__ = ["path", "read", "token"]

_LONGEST = 300


def _signer() -> Signer:
    return Signer(salt="post.unsubscribe")


def token(recipient: UUID, topic: str) -> str:
    """What proves that somebody got one of our mails of ``topic``."""
    return _signer().sign(f"{recipient.hex}.{topic}")


def read(given: str) -> tuple[UUID, str] | None:
    """(recipient, topic) of a token of ours; None for any other text."""
    if len(given) > _LONGEST or not given.isascii():
        return None
    try:
        recipient, _, topic = _signer().unsign(given).partition(".")
        return UUID(recipient), topic
    except (BadSignature, ValueError):
        return None


def path(recipient: UUID, topic: str, lang: str) -> str:
    """The page of the link, in the recipient's language."""
    with translation.override(lang):
        return reverse("unsubscribe", kwargs={"token": token(recipient, topic)})
