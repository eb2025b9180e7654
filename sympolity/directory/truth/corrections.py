"""Corrections: what an organization says of its service in its own words. A proposal that a person writes into the record.

The words wait beside the record (``sharing``), one version for each service; a newer one takes the place of an older.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from sympolity.directory import queries
from sympolity.directory.enums import Said
from sympolity.kit.actor import SYSTEM
from sympolity.kit.bidi import clean_text
from sympolity.sharing import actions
from sympolity.sharing.enums import ProposalOrigin
from sympolity.sharing.models import Proposal

__all__ = ["LONGEST", "Correction", "cleaned", "receive", "waiting", "words_of"]

LONGEST = 1000  # characters
_SOURCE = "confirmation"


@dataclass(frozen=True, slots=True)
class Correction:
    """``said``: hours_changed, changed or closed; ``lang``: in which the page was that they wrote on."""

    service: UUID
    said: Said
    words: str
    lang: str


def cleaned(words: str) -> str:
    """Words as they are kept."""
    return clean_text(words.strip())[:LONGEST].strip()


def waiting(service: OuterRef) -> Exists:
    """Is there one about a service?"""
    return Exists(queries.corrections().filter(noun_id=service))


def receive(corrections: Sequence[Correction]) -> Mapping[UUID, UUID]:
    """Keep what is said until a person has looked. The proposal of each service; an action of its own."""
    arrivals = [
        actions.Arrival(
            source_id=str(one.service),
            noun=queries.CORRECTION,
            noun_id=one.service,
            raw=_raw(one),
            raw_hash=_hash(one),
            place="",
        )
        for one in corrections
    ]
    made = actions.receive(actor=SYSTEM, origin=ProposalOrigin.CORRECTION, source=_SOURCE, arrivals=arrivals)
    actions.turn(actor=SYSTEM, verb="ask", ids=[row.id for row in made.values()])
    return {UUID(key): row.id for key, row in made.items()}


def _raw(one: Correction) -> dict[str, Any]:
    return {"said": str(one.said), "words": cleaned(one.words), "lang": one.lang}


def _hash(one: Correction) -> str:
    return hashlib.sha256(f"{one.said}\n{cleaned(one.words)}".encode()).hexdigest()


def words_of(proposals: Sequence[UUID]) -> dict[UUID, str]:
    """The words of corrections, by the id of the proposal."""
    rows = Proposal.objects.filter(id__in=proposals, noun=queries.CORRECTION).values_list("id", "raw")
    return {one: str(raw.get("words", "")) for one, raw in rows}
