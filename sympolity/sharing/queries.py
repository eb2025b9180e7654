"""Proposals as they stand in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import QuerySet

from sympolity.kit.actor import Actor, Role
from sympolity.sharing.enums import ProposalState
from sympolity.sharing.models import Proposal
from sympolity.sharing.rules import STANDING, WAITING

__all__ = ["Known", "known", "origins", "present", "standing_ids", "visible_to", "waiting_ids"]

_BATCH = 500  # names in one statement


def visible_to(actor: Actor) -> QuerySet[Proposal]:
    """Raw input may hold anything: curators, administrators and the system alone."""
    allowed = actor.has(Role.CURATOR, Role.ADMINISTRATOR, Role.SYSTEM)
    return Proposal.objects.all() if allowed else Proposal.objects.none()


@dataclass(slots=True)
class Known:
    """What is known of one item of a source: the version that stands, the one that waits, the last of the others.

    ``gone``: those that were taken back with it at the source; one of them stood.
    """

    standing: Proposal | None = None
    waiting: Proposal | None = None
    last: Proposal | None = None
    gone: list[Proposal] = field(default_factory=list)


def known(*, source: str, source_ids: Sequence[str]) -> dict[str, Known]:
    """The items of a source among ``source_ids`` of which something is known."""
    found: dict[str, Known] = {}
    for start in range(0, len(source_ids), _BATCH):
        rows = Proposal.objects.filter(source=source, source_id__in=source_ids[start : start + _BATCH])
        for row in rows.exclude(state=ProposalState.SUPERSEDED).order_by("received_at", "id"):
            item = found.setdefault(row.source_id, Known())
            if row.state == STANDING:
                item.standing = row
            elif row.state in WAITING:
                item.waiting = row
            else:
                item.last = row
                if row.state == ProposalState.RETRACTED:
                    item.gone.append(row)
    return found


def origins(*, noun: str, ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """(source, id there) of the things among ``ids`` that were made from an item of a source."""
    rows = Proposal.objects.filter(noun=noun, noun_id__in=ids, state=STANDING).order_by("received_at")
    return {one: (source, key) for one, source, key in rows.values_list("noun_id", "source", "source_id") if one}


def standing_ids(source: str) -> frozenset[str]:
    """Items of a source that are accepted now."""
    rows = Proposal.objects.filter(source=source, state=STANDING)
    return frozenset(rows.values_list("source_id", flat=True))


def present(*, source: str, source_ids: Sequence[str]) -> list[Proposal]:
    """The versions of items that stand or wait."""
    found: list[Proposal] = []
    for start in range(0, len(source_ids), _BATCH):
        some = source_ids[start : start + _BATCH]
        found += Proposal.objects.filter(source=source, source_id__in=some, state__in=[STANDING, *WAITING])
    return found


def waiting_ids(source: str) -> frozenset[str]:
    """Items of a source that wait: received, invalid, or before a person."""
    rows = Proposal.objects.filter(source=source, state__in=WAITING)
    return frozenset(rows.values_list("source_id", flat=True))
