"""Short ways to write and carry out messages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sympolity.kit.actor import SYSTEM
from sympolity.post.actions import Outgoing, send
from sympolity.post.channel import MAIL
from sympolity.trail import journal
from sympolity.trail.couriers import Courier, Tally

__all__ = ["carried", "message", "sent"]


def message(to: str, kind: str = "tell", lang: str = "en", key: str = "", **facts: Any) -> Outgoing:
    return Outgoing(kind=kind, to=to, lang=lang, facts=facts, key=key)


def sent(*items: Outgoing) -> list[UUID]:
    with journal.action(SYSTEM) as t:
        return send(t, items)


def carried(holder: str = "test") -> Tally:
    """One round of a courier that knows nothing yet."""
    return Courier(MAIL, holder).round()
