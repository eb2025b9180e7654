"""A message as a mail: its heads, both bodies, and the same Message-ID at every try."""

from __future__ import annotations

import hashlib
from email.utils import format_datetime, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from sympolity.post import kinds, unsubscribing
from sympolity.post.letters import Letter, loaded
from sympolity.post.models import Message
from sympolity.post.rendering import absolute, as_html, as_text

__all__ = ["OutboxMail", "mail_of", "message_id", "topic_of"]


class OutboxMail(EmailMultiAlternatives):
    """A mail of the outbox: its backend knows it from those that others send at once."""


def message_id(key: str) -> str:
    """The Message-ID for an idempotency key: whoever gets a mail twice can tell by it."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"


def topic_of(message: Message) -> str:
    """What its link unsubscribes; "" where there is none."""
    try:
        found = kinds.kind(message.kind)
    except kinds.UnknownKind:  # of a version that knew it
        return ""
    return kinds.DIGEST_TOPIC if found.digest else found.topic


def mail_of(message: Message, key: str) -> OutboxMail:
    """The mail of a message, for the delivery with ``key``."""
    letter, topic = loaded(message.letter), topic_of(message)
    ending = unsubscribing.path(message.recipient_id, topic, message.lang) if topic else ""
    mail = OutboxMail(
        subject=message.subject,
        body=as_text(letter, message.lang, unsubscribe=ending),
        to=[message.recipient.address],
        headers=_headers(message, key, ending),
    )
    mail.attach_alternative(_html(message, letter, ending), "text/html")
    return mail


def _html(message: Message, letter: Letter, ending: str) -> str:
    return as_html(Letter(message.subject, letter.parts), message.lang, unsubscribe=ending)


def _headers(message: Message, key: str, ending: str) -> dict[str, Any]:
    found = {
        "Message-ID": message_id(key),
        "Date": format_datetime(message.created_at),
        "Content-Language": message.lang,
        "Auto-Submitted": "auto-generated",  # RFC 3834: no answering machine shall answer
    }
    if ending:
        found |= {"List-Unsubscribe": f"<{absolute(ending)}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return found
