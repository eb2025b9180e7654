"""What the verbs take: networks, agreements with their parties, accessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sympolity.languages.texts import HUMAN, Provenance
from sympolity.network.enums import (
    AccessionState,
    AgreementState,
    ExchangeState,
    PartyRole,
    Precision,
)
from sympolity.people.actions.wording import Texts

__all__ = ["AccessionItem", "AgreementItem", "NetworkItem", "PartyItem"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkItem:
    """A network. Its words are in ``lang``; other languages stand in ``texts``."""

    slug: str
    name: str
    lang: str = "el"
    id: UUID | None = None
    short: str = ""
    description: str = ""
    url: str = ""
    example: bool = False
    position: int = 0
    texts: Texts = field(default_factory=dict)
    provenance: Provenance = HUMAN  # of the texts


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyItem:
    """An organization in an agreement."""

    organization: UUID
    role: str = PartyRole.PARTNER


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementItem:
    """An agreement with its parties in order. ``status`` counts at recording only; later it is
    turned by verbs. ``since`` with precision "month": any day of it."""

    kind: str
    title: str
    lang: str = "el"
    id: UUID | None = None
    network: UUID | None = None
    status: str = AgreementState.DRAFT
    body: str = ""
    flows_out: str = ""
    flows_in: str = ""
    since: date | None = None
    precision: str = Precision.UNKNOWN
    until: date | None = None
    source: str = ""
    exchange: str = ExchangeState.NONE
    position: int = 0
    parties: Sequence[PartyItem] = ()
    texts: Texts = field(default_factory=dict)
    provenance: Provenance = HUMAN  # of the texts


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessionItem:
    """An organization accedes to an agreement. ``status`` counts at recording only. ``noted_on``
    None: today, or as it stands."""

    agreement: UUID
    organization: UUID
    id: UUID | None = None
    status: str = AccessionState.REQUESTED
    since: date | None = None
    precision: str = Precision.UNKNOWN
    until: date | None = None
    noted_on: date | None = None
    source: str = ""
