"""Messages, to whom they go, what nobody wants any more, and the mailbox of a machine without a mail server."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from sympolity.post.enums import MessageState

__all__ = ["KeptMail", "Message", "Recipient", "Unwanted"]


class Recipient(models.Model):
    """An address to which we write: a person's or an organization's. The only place where post keeps it.

    ``refused_at``, ``refused``: when its mail server refused it for good, and in which words; empty again when a
    mail has arrived since.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    address = models.EmailField(unique=True)
    created_at = models.DateTimeField()
    refused_at = models.DateTimeField(null=True, blank=True)
    refused = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return str(self.id)


class Message(models.Model):
    """One message to one recipient, in their language. ``letter``: its parts, from which text and HTML are made.

    ``key``: two with the same key are one. ``digest``: the message that carries this one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200, unique=True)
    lang = models.CharField(max_length=8)
    subject = models.CharField(max_length=200)
    letter = models.JSONField(default=dict)
    noun = models.CharField(max_length=40, blank=True)
    noun_id = models.UUIDField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=MessageState)
    digest = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="gathered")
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["noun", "noun_id"], name="message_of_thing"),
            models.Index(fields=["state", "created_at"], name="message_state_since"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=MessageState.values), name="message_state"),
            models.CheckConstraint(
                condition=Q(state="gathered", digest__isnull=False) | (~Q(state="gathered") & Q(digest__isnull=True)),
                name="message_gathered_has_digest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Unwanted(models.Model):
    """A recipient does not want a topic. Kept for as long as the recipient is."""

    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="unwanted")
    topic = models.CharField(max_length=60)
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["recipient", "topic"], name="unwanted_once")]

    def __str__(self) -> str:
        return f"{self.topic} by {self.recipient_id}"


class KeptMail(models.Model):
    """A mail of a machine that has no mail server, in the local mailbox. ``message_id`` tells a repetition.

    ``at_once``: sent past the outbox, as sign-in codes are; kept for example addresses only.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message_id = models.CharField(max_length=200, unique=True)
    address = models.EmailField()
    subject = models.CharField(max_length=300)
    lang = models.CharField(max_length=8, blank=True)
    text = models.TextField()
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    at_once = models.BooleanField(default=False)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.message_id
