"""The nouns of the room with the privacy class of every field."""

from __future__ import annotations

from sympolity.kit.nouns import Noun, Privacy, register
from sympolity.post import models, queries
from sympolity.post.rules import Reach

__all__ = ["register_all"]

_RECIPIENT = {
    "id": Privacy.INTERNAL,
    "address": Privacy.PERSONAL,
    "created_at": Privacy.PERSONAL,
    "refused_at": Privacy.PERSONAL,
    "refused": Privacy.PERSONAL,  # mail servers repeat the address
}
_MESSAGE = {
    "id": Privacy.INTERNAL,
    "recipient": Privacy.PERSONAL,
    "kind": Privacy.STAFF,
    "key": Privacy.INTERNAL,
    "lang": Privacy.PERSONAL,
    "subject": Privacy.PERSONAL,
    "letter": Privacy.PERSONAL,
    "noun": Privacy.STAFF,
    "noun_id": Privacy.STAFF,
    "state": Privacy.STAFF,
    "digest": Privacy.INTERNAL,
    "created_at": Privacy.PERSONAL,
}
_KEPT_MAIL = {
    "id": Privacy.INTERNAL,
    "message_id": Privacy.INTERNAL,
    "address": Privacy.PERSONAL,
    "subject": Privacy.PERSONAL,
    "lang": Privacy.PERSONAL,
    "text": Privacy.PERSONAL,
    "html": Privacy.PERSONAL,
    "headers": Privacy.PERSONAL,
    "at_once": Privacy.INTERNAL,
    "at": Privacy.PERSONAL,
}


def register_all() -> None:
    """Register recipients, messages, and mails of the local mailbox (nobody sees those by their role alone)."""
    register(Noun("recipient", models.Recipient, _RECIPIENT, visible_to=queries.recipients_visible_to))
    register(Noun("message", models.Message, _MESSAGE, visible_to=queries.messages_visible_to))
    register(Noun("kept_mail", models.KeptMail, _KEPT_MAIL, visible_to=lambda _: queries.kept(Reach.NOTHING)))
