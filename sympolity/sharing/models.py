"""Proposals: whatever comes from outside stands beside the record first."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q


class ProposalOrigin(models.TextChoices):
    IMPORT = "import"
    PARTNER = "partner"
    VISITOR = "visitor"
    CORRECTION = "correction"


class ProposalState(models.TextChoices):
    RECEIVED = "received"
    INVALID = "invalid"
    REVIEW = "review"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    SUPERSEDED = "superseded"
    RETRACTED = "retracted"


class Proposal(models.Model):
    """One item from outside: its raw input, what it was mapped to, what became of it.

    (source, source_id) names the item at its origin; ``raw_hash`` tells whether it changed.
    A wrong item waits here with its reason and never blocks the next.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    origin = models.CharField(max_length=12, choices=ProposalOrigin)
    source = models.CharField(max_length=80)
    source_id = models.CharField(max_length=200)
    noun = models.CharField(max_length=40)
    noun_id = models.UUIDField(null=True, blank=True)
    raw = models.JSONField(default=dict)
    raw_hash = models.CharField(max_length=64)
    mapped = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=ProposalState, default=ProposalState.RECEIVED)
    reason = models.CharField(max_length=300, blank=True)
    place = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["source", "source_id"], name="proposal_source")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(origin__in=ProposalOrigin.values), name="proposal_origin"),
            models.CheckConstraint(condition=Q(state__in=ProposalState.values), name="proposal_state"),
            models.CheckConstraint(condition=~Q(state="invalid") | ~Q(reason=""), name="proposal_invalid_has_reason"),
            models.UniqueConstraint(
                fields=["source", "source_id"],
                condition=Q(state__in=["received", "invalid", "review", "accepted"]),
                name="proposal_one_current",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.source_id} {self.state}"
