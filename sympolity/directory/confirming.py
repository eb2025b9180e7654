"""Confirmations into the tables: the one place that writes them for services that stand.

A confirmation is added, never changed and never taken away: also no import does that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sympolity.directory import models
from sympolity.directory.drafts import ConfirmationDraft
from sympolity.directory.writing import confirmations_of
from sympolity.trail.journal import Journal

__all__ = ["write"]


def write(t: Journal, said: Mapping[UUID, Sequence[ConfirmationDraft]]) -> int:
    """Write what was confirmed of each service, with its entries, in the open action. The number of rows."""
    made: list[models.Confirmation] = []
    for service, drafts in said.items():
        rows = confirmations_of(service, drafts)
        for row in rows:
            row.by_person = t.actor.person
        t.record("confirmed", "service", service, after={"groups": sorted(row.group for row in rows)})
        made += rows
    models.Confirmation.objects.bulk_create(made)
    return len(made)
