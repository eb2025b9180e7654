"""What happened: an append-only chain of entries, and what may be forgotten beside it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


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
