"""The token of an anonymous form: which form it is, when it was opened, and a number that nobody else has."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.utils.crypto import salted_hmac

from sympolity.kit import clock

__all__ = ["LIFE", "Token", "issue", "read"]

LIFE = timedelta(hours=12)  # a page that was left open over a day's errands still works
_SKEW = timedelta(minutes=5)  # between the clocks of two hosts
_SALT = "sympolity.design.anonymous"
_LONGEST = 400  # characters; ours have under 200


@dataclass(frozen=True, slots=True)
class Token:
    """A token that is ours. ``id``: of the thing that its form makes; the same token never makes two."""

    id: UUID
    stale: bool


def issue(purpose: str) -> str:
    """A fresh token for one form. ``purpose`` names the form and what it is about."""
    said = {"p": purpose, "n": secrets.token_hex(8), "t": int(clock.now().timestamp())}
    return signing.Signer(salt=_SALT).sign_object(said)


def read(text: str, purpose: str) -> Token | None:
    """The token in ``text``; None when it is not ours, or was made for another form."""
    if not 0 < len(text) <= _LONGEST:
        return None
    try:
        said = signing.Signer(salt=_SALT).unsign_object(text)
    except (signing.BadSignature, ValueError):
        return None
    if said["p"] != purpose:
        return None
    age = clock.now().timestamp() - said["t"]
    digest = salted_hmac(_SALT, f"{purpose}\n{said['n']}", algorithm="sha256").digest()
    return Token(UUID(bytes=digest[:16], version=4), not -_SKEW.total_seconds() <= age <= LIFE.total_seconds())
