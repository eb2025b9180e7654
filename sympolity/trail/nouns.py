"""The one noun of the room, with the privacy class of every field."""

from __future__ import annotations

from sympolity.kit.nouns import Noun, Privacy, register
from sympolity.trail import deliveries
from sympolity.trail.models import Delivery

__all__ = ["register_all"]

_DELIVERY = {
    "id": Privacy.INTERNAL,
    "channel": Privacy.STAFF,
    "key": Privacy.INTERNAL,
    "noun": Privacy.STAFF,
    "noun_id": Privacy.STAFF,
    "state": Privacy.STAFF,
    "created_at": Privacy.STAFF,
    "due_at": Privacy.STAFF,
    "give_up_at": Privacy.STAFF,
    "ended_at": Privacy.STAFF,
    "tries": Privacy.STAFF,
    "holder": Privacy.INTERNAL,
    "lease_until": Privacy.INTERNAL,
    "fault": Privacy.STAFF,
    "reason": Privacy.PERSONAL,  # mail servers repeat the address
}


def register_all() -> None:
    """Register the delivery."""
    register(Noun("delivery", Delivery, _DELIVERY, visible_to=deliveries.visible_to))
