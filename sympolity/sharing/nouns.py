"""The noun of the room with the privacy class of every field."""

from __future__ import annotations

from sympolity.kit.nouns import Noun, Privacy, register
from sympolity.sharing import models, queries

__all__ = ["register_all"]

_PROPOSAL = {
    "id": Privacy.STAFF,
    "origin": Privacy.STAFF,
    "source": Privacy.STAFF,
    "source_id": Privacy.STAFF,
    "noun": Privacy.STAFF,
    "noun_id": Privacy.STAFF,
    "raw": Privacy.PERSONAL,  # as it came: it may name or describe a person
    "raw_hash": Privacy.INTERNAL,
    "mapped": Privacy.PERSONAL,  # made from it, not yet looked at
    "state": Privacy.STAFF,
    "reason": Privacy.STAFF,
    "place": Privacy.STAFF,
    "received_at": Privacy.STAFF,
    "decided_at": Privacy.STAFF,
    "decided_by": Privacy.STAFF,
}


def register_all() -> None:
    """Register the proposal."""
    register(Noun("proposal", models.Proposal, _PROPOSAL, visible_to=queries.visible_to))
