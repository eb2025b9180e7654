"""Proposals: whatever comes from outside stands beside the record first."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from sympolity.sharing.enums import ProposalOrigin, ProposalState

__all__ = ["Proposal"]


class Proposal(models.Model):
    """One version of one item from outside: its raw input, what it was mapped to, what became of it.

    (source, source_id) names the item at its origin; ``raw_hash`` tells whether it changed. An
    item has at most one version that stands (accepted) and one that waits: a wrong new version
    waits with its reason and leaves the accepted one standing.
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
        indexes: ClassVar = [
            models.Index(fields=["source", "source_id"], name="proposal_source"),
            models.Index(fields=["source", "state"], name="proposal_state_of_source"),
            models.Index(fields=["noun_id"], name="proposal_of_thing"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(origin__in=ProposalOrigin.values), name="proposal_origin"),
            models.CheckConstraint(condition=Q(state__in=ProposalState.values), name="proposal_state"),
            models.CheckConstraint(condition=~Q(state="invalid") | ~Q(reason=""), name="proposal_invalid_has_reason"),
            models.UniqueConstraint(
                fields=["source", "source_id"],
                condition=Q(state__in=["received", "invalid", "review"]),
                name="proposal_one_waits",
            ),
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=Q(state="accepted"), name="proposal_one_stands"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.source_id} {self.state}"
