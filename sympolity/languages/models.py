"""Text: the other languages of a noun's fields. The source text is a column of the noun."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q


class TextState(models.TextChoices):
    """Who stands for the words."""

    MACHINE = "machine"
    HUMAN = "human"
    REVIEWED = "reviewed"


class Text(models.Model):
    """One field of one thing in one language.

    ``source_hash`` is the hash of the source column when this was written: a text is outdated
    when the column has another hash now. That is computed, never stored.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    noun = models.CharField(max_length=40)
    noun_id = models.UUIDField()
    field = models.CharField(max_length=40)
    language = models.CharField(max_length=8)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=TextState, default=TextState.HUMAN)
    origin = models.CharField(max_length=80, blank=True)
    reviewer_id = models.UUIDField(null=True, blank=True)
    source_hash = models.CharField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["noun", "noun_id", "field", "language"], name="text_one_per_language"),
            models.CheckConstraint(condition=Q(state__in=TextState.values), name="text_state"),
        ]

    def __str__(self) -> str:
        return f"{self.noun}.{self.field} [{self.language}]"
