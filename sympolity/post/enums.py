"""Words of messages and of the mailbox of this machine."""

from __future__ import annotations

from enum import StrEnum

from django.db.models import TextChoices

__all__ = ["MailboxMode", "MessageState"]


class MessageState(TextChoices):
    GATHERING = "gathering"  # waits for the next digest of its recipient
    POSTED = "posted"  # its delivery tells the rest
    GATHERED = "gathered"  # went into a digest
    UNWANTED = "unwanted"  # unsubscribed while it waited


class MailboxMode(StrEnum):
    """Values of SYMPOLITY_MAILBOX."""

    LOCAL = "local"
    OPEN = "open"
    CLOSED = "closed"
