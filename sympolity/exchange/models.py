"""What the room keeps of its own: mappings of tables that people have saved, and runs that they asked for."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from sympolity.exchange.enums import RunFault, RunState
from sympolity.kit import clock

__all__ = ["ImportRun", "Mapping"]


class Mapping(models.Model):
    """Where the columns of a partner's table go, under a name: the next table of the same shape needs no questions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80, unique=True)
    body: models.JSONField[Any, Any] = models.JSONField(default=dict)  # tables.mapping.dumped
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)
    updated_by = models.UUIDField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class ImportRun(models.Model):
    """Files that a person brought in on a page, from the upload to the report.

    The id is made with the form, so that a form that is sent twice makes one run. ``holder`` and
    ``lease_until`` say which work process is at it; when the lease is over, another one takes it up.
    At most one run of a source is running: the database sees to it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    format = models.CharField(max_length=20)
    source = models.CharField(max_length=80)
    names: models.JSONField[Any, Any] = models.JSONField(default=list)  # as the person knows the files
    files: models.JSONField[Any, Any] = models.JSONField(default=list)  # below the folder of uploads
    mapping: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)  # tables.mapping.dumped
    sheet = models.CharField(max_length=100, blank=True)
    peek: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)  # the beginning of a table
    report: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=12, choices=RunState, default=RunState.PREVIEWING)
    fault = models.CharField(max_length=12, choices=RunFault, blank=True)
    reason = models.CharField(max_length=600, blank=True)
    allow_endings = models.BooleanField(default=False)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    asked_by = models.UUIDField(null=True, blank=True)
    asked_for = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)
    holder = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "created_at"], name="import_run_state")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="import_run_state_known"),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(fault=""), name="import_run_failed_has_fault"),
            models.UniqueConstraint(fields=["source"], condition=Q(state="running"), name="import_run_one_of_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.state}"
