"""What is kept of asking organizations whether their services are still as they stand here."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from sympolity.directory import enums

__all__ = ["Asking", "Reply"]


class Asking(models.Model):
    """One organization is asked about all its services, step by step, until nothing is due or a person has called.

    ``step_at``: when it came to its present step. Addresses are not kept here: they are looked up for each message.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=enums.AskingState, default=enums.AskingState.ASKED)
    began_at = models.DateTimeField()
    step_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "step_at"], name="asking_step")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=enums.AskingState.values), name="asking_state"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, state__in=["asked", "reminded", "second", "calling"])
                | Q(ended_at__isnull=False, state__in=["answered", "withdrawn"]),
                name="asking_ended",
            ),
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(state__in=["asked", "reminded", "second", "calling"]),
                name="asking_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.state}"


class Reply(models.Model):
    """What was said of one service, by the link or on the phone. ``proposal``: what shall be changed, in their words."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asking = models.ForeignKey(Asking, on_delete=models.CASCADE, related_name="replies")
    service = models.ForeignKey("directory.Service", on_delete=models.CASCADE, related_name="+")
    said = models.CharField(max_length=14, choices=enums.Said)
    how = models.CharField(max_length=10, choices=enums.ConfirmedHow)
    held = models.BooleanField(default=False)  # a person has to look before it takes effect
    proposal = models.UUIDField(null=True, blank=True)
    by_person = models.UUIDField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["asking", "service", "at"], name="reply_latest")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(said__in=enums.Said.values), name="reply_said"),
            models.CheckConstraint(condition=Q(how__in=["link", "phone"]), name="reply_how"),
        ]

    def __str__(self) -> str:
        return f"{self.said} of {self.service_id}"
