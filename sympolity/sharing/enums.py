"""Words of proposals."""

from __future__ import annotations

from django.db.models import TextChoices

__all__ = ["ProposalOrigin", "ProposalState"]


class ProposalOrigin(TextChoices):
    IMPORT = "import"
    PARTNER = "partner"
    VISITOR = "visitor"
    CORRECTION = "correction"


class ProposalState(TextChoices):
    RECEIVED = "received"
    INVALID = "invalid"
    REVIEW = "review"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    SUPERSEDED = "superseded"
    RETRACTED = "retracted"
