"""The signed link of an asking: a key to one page, for whoever holds it, until a day.

It carries the id of the asking and its last day, and nothing about anybody. Whoever changes a letter of it holds
nothing. What it opens is decided anew with each request (``steps.may_answer``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.core.signing import BadSignature, Signer

from sympolity.directory.truth.steps import LINK_DAYS

__all__ = ["LONGEST", "Key", "made", "read"]

LONGEST = 100  # characters; ours have 84
_signer = Signer(salt="directory.truth.link", sep=".")
_FIRST = date(2020, 1, 1)  # days are counted from here


@dataclass(frozen=True, slots=True)
class Key:
    """What a link says."""

    asking: UUID
    until: date


def made(asking: UUID, sent: date) -> str:
    """The token for a message that goes out on a day."""
    days = (sent + timedelta(days=LINK_DAYS) - _FIRST).days
    return _signer.sign(f"{asking.hex}{days:05d}")


def read(token: str) -> Key | None:
    """What a token says; None when it is none of ours."""
    if len(token) > LONGEST:
        return None
    try:
        said = _signer.unsign(token)
    except BadSignature:
        return None
    return Key(UUID(said[:32]), _FIRST + timedelta(days=int(said[32:])))
