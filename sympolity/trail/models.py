"""What happened: an append-only chain of entries, and what may be forgotten beside it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from sympolity.trail.enums import DeliveryState


class Entry(models.Model):
    """One fact of the log. Immutable: triggers refuse UPDATE, DELETE and REPLACE.

    ``position`` is dense and in commit order: it is taken last in the transaction, under one
    lock. Ids of persons and organizations are no foreign keys: the log outlives them.
    """

    position = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    organization_id = models.UUIDField(null=True)
    verb = models.CharField(max_length=40)
    noun = models.CharField(max_length=40)
    noun_id = models.UUIDField()
    detail_hash = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["noun", "noun_id"], name="entry_noun")]

    def __str__(self) -> str:
        return f"{self.position} {self.verb} {self.noun}"


class EntryDetail(models.Model):
    """Before and after, and notes. Can be erased; the salt goes with it, so that short values
    cannot be guessed from the hash in the entry."""

    entry = models.OneToOneField(Entry, on_delete=models.DO_NOTHING, primary_key=True, related_name="detail")
    salt = models.CharField(max_length=32, blank=True)
    body = models.JSONField(default=dict)
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"detail of {self.entry_id}"


class Cursor(models.Model):
    """How far a follower has come; committed together with its effect."""

    name = models.CharField(max_length=60, primary_key=True)
    position = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} at {self.position}"


class Lease(models.Model):
    """Who holds a job that only one process may do, and until when."""

    name = models.CharField(max_length=60, primary_key=True)
    holder = models.CharField(max_length=80)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} held by {self.holder}"


class Delivery(models.Model):
    """One thing that the world outside shall get: what (``noun``, ``noun_id``), by which ``channel``, once.

    ``key``: two with the same key are one. ``due_at``: the next try. ``holder``, ``lease_until``: who tries now.
    ``give_up_at``: set at the first failure. ``fault`` and ``reason``: why the last try failed, as a code and in the
    words of the other side.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.CharField(max_length=40)
    key = models.CharField(max_length=200, unique=True)
    noun = models.CharField(max_length=40)
    noun_id = models.UUIDField()
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    give_up_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveIntegerField(default=0)
    holder = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["channel", "state", "due_at"], name="delivery_due"),
            models.Index(fields=["noun", "noun_id"], name="delivery_of_thing"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state"),
            models.CheckConstraint(
                condition=Q(state="sending", lease_until__isnull=False)
                | (~Q(state="sending") & Q(lease_until__isnull=True)),
                name="delivery_sending_has_lease",
            ),
            models.CheckConstraint(condition=~Q(state="parked") | ~Q(fault=""), name="delivery_parked_has_fault"),
            models.CheckConstraint(
                condition=Q(state__in=["done", "settled"], ended_at__isnull=False)
                | (~Q(state__in=["done", "settled"]) & Q(ended_at__isnull=True)),
                name="delivery_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.noun} {self.noun_id} by {self.channel}: {self.state}"
