"""An item, checked: the values of its row, its texts, its parties."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sympolity.kit import clock
from sympolity.kit.refusals import Refusal
from sympolity.languages.texts import HUMAN, Provenance
from sympolity.network import rules
from sympolity.network.actions.items import AccessionItem, AgreementItem, NetworkItem
from sympolity.network.enums import AccessionState, AgreementKind, AgreementState, ExchangeState, PartyRole, Precision
from sympolity.network.models import Party
from sympolity.people.actions import checking, wording

__all__ = ["Row", "accession", "agreement", "network", "parties"]

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Row:
    """A checked item. ``first``: what counts at recording only."""

    id: UUID
    values: dict[str, Any]
    first: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    provenance: Provenance = HUMAN


def network(item: NetworkItem, where: str) -> Row:
    if not _SLUG.fullmatch(item.slug) or len(item.slug) > 60:
        raise Refusal("slug_wrong", where=where)
    lang = checking.language(item.lang, where)
    values = {
        "slug": item.slug,
        "lang": lang,
        "name": checking.line(item.name, 200, "name", where, needed=True),
        "short": checking.line(item.short, 20, "short", where),
        "description": checking.text(item.description, "description", where),
        "url": checking.web(item.url, where),
        "example": bool(item.example),
        "position": item.position,
    }
    said = wording.checked(item.texts, ("name", "short", "description"), lang, where)
    item.provenance.check(where)
    return Row(item.id or uuid.uuid4(), values, texts=said, provenance=item.provenance)


def agreement(item: AgreementItem, where: str) -> Row:
    _known_word(AgreementKind.values, item.kind, "unknown_kind", where)
    _known_word(AgreementState.values, item.status, "unknown_state", where)
    _known_word(ExchangeState.values, item.exchange, "unknown_exchange", where)
    lang = checking.language(item.lang, where)
    long = ("body", "flows_out", "flows_in")
    values = {
        "network_id": item.network,
        "kind": str(item.kind),
        "lang": lang,
        "title": checking.line(item.title, 200, "title", where, needed=True),
        **{name: checking.text(getattr(item, name), name, where) for name in long},
        "source": checking.line(item.source, 300, "source", where),
        "exchange": str(item.exchange),
        "position": item.position,
    }
    said = wording.checked(item.texts, ("title", *long), lang, where)
    item.provenance.check(where)
    known, first = _days(item, where)
    return Row(item.id or uuid.uuid4(), values | known, {"status": str(item.status)} | first, said, item.provenance)


def accession(item: AccessionItem, where: str) -> Row:
    _known_word(AccessionState.values, item.status, "unknown_state", where)
    values, first = _days(item, where)
    values |= {
        "agreement_id": item.agreement,
        "organization_id": item.organization,
        "source": checking.line(item.source, 300, "source", where),
    }
    (first if item.noted_on is None else values)["noted_on"] = item.noted_on or clock.local_today()
    return Row(item.id or uuid.uuid4(), values, first | {"status": str(item.status)})


def _days(item: AgreementItem | AccessionItem, where: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Beginning, precision and end: what always counts, and what counts at recording only.

    The end comes by a verb later, and a beginning that is not told leaves the one that stands.
    """
    _known_word(Precision.values, item.precision, "unknown_precision", where)
    if (item.since is None) != (item.precision == Precision.UNKNOWN):
        raise Refusal("date_without_precision" if item.since else "precision_without_date", where=where)
    since = rules.latest(item.since, item.precision)
    if since and item.until and item.until < since:
        raise Refusal("ends_before_it_begins", where=where)
    begins = {"since": since, "precision": str(item.precision)}
    end = {"until": item.until}
    return (begins, end) if since else ({}, begins | end)


def parties(item: AgreementItem, row: Row) -> list[Party]:
    made: list[Party] = []
    for place, one in enumerate(item.parties):
        _known_word(PartyRole.values, one.role, "unknown_role", str(row.id))
        made.append(Party(agreement_id=row.id, organization_id=one.organization, role=str(one.role), position=place))
    checking.once(party.organization_id for party in made)
    return made


def _known_word(words: Sequence[str], word: str, reason: str, where: str) -> None:
    if word not in words:
        raise Refusal(reason, where=where)
