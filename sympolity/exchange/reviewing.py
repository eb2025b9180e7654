"""What a person decides of imported items that wait in review: accepted ones are applied like all others.

The directory's trail says that the system wrote them, as with every import; the proposal says who decided.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sympolity.directory.actions import Outcome
from sympolity.exchange import applying
from sympolity.exchange.drafting import change_of
from sympolity.exchange.placing import placing
from sympolity.kit.actor import SYSTEM, Actor
from sympolity.kit.refusals import Refusal
from sympolity.sharing import actions as sharing
from sympolity.sharing import queries as proposals
from sympolity.sharing import rules
from sympolity.sharing.enums import ProposalState
from sympolity.sharing.models import Proposal

__all__ = ["Decided", "accept", "decline"]


@dataclass(slots=True)
class Decided:
    """What became of accepted proposals, by their id. One that is ``refused`` (why, in words) waits on."""

    outcomes: dict[UUID, Outcome] = field(default_factory=dict)
    refused: dict[UUID, str] = field(default_factory=dict)


def accept(*, actor: Actor, ids: Sequence[UUID]) -> Decided:
    """Apply proposals that wait in review, and say who accepted them.

    Raises :class:`Refusal` when one is unknown, waits no more, or is not the actor's to accept; then nothing is
    written. Killed in between, it can be said again.
    """
    wanted = list(dict.fromkeys(ids))
    _check(actor, wanted, "accept")
    done = Decided()
    for start in range(0, len(wanted), sharing.BATCH):
        by_source: dict[str, list[Proposal]] = defaultdict(list)
        for row in _rows(actor, wanted[start : start + sharing.BATCH]):
            by_source[row.source].append(row)
        for source, rows in sorted(by_source.items()):
            _apply(actor, source, rows, done)
    return done


def decline(*, actor: Actor, ids: Sequence[UUID], reasons: Mapping[UUID, str] | None = None) -> int:
    """Say that proposals in review are not wanted; the number. The same record is not asked of again.

    Raises :class:`Refusal` as :func:`accept` does.
    """
    wanted = list(dict.fromkeys(ids))
    _check(actor, wanted, "decline")
    return sharing.turn(actor=actor, verb="decline", ids=wanted, reasons=reasons)


def _rows(actor: Actor, ids: Sequence[UUID]) -> list[Proposal]:
    found = proposals.visible_to(actor).filter(id__in=ids, noun="service", state=ProposalState.REVIEW)
    return list(found.order_by("received_at", "id"))


def _check(actor: Actor, ids: Sequence[UUID], verb: str) -> None:
    """All of them wait, and are the actor's to decide: looked at before anything is written."""
    for start in range(0, len(ids), sharing.BATCH):
        some = ids[start : start + sharing.BATCH]
        states = dict(proposals.visible_to(actor).filter(id__in=some, noun="service").values_list("id", "state"))
        for one in some:
            if one not in states:
                raise Refusal("unknown_proposal", where=str(one))
            Refusal.unless(rules.FLOW.may(actor, states[one], verb), where=str(one))


def _apply(actor: Actor, source: str, rows: Sequence[Proposal], done: Decided) -> None:
    known = proposals.known(source=source, source_ids=[row.source_id for row in rows])
    placed = placing()
    changes = [change_of(source, row.source_id, placed, row.mapped, known[row.source_id], decided=True) for row in rows]
    outcomes, wrong = applying.apply(actor=SYSTEM, changes=changes)
    ids = {row.source_id: row.id for row in rows}
    sharing.turn(actor=actor, verb="accept", ids=[ids[name] for name in outcomes])
    done.outcomes |= {ids[name]: outcome for name, outcome in outcomes.items()}
    done.refused |= {ids[name]: reason for name, reason in wrong.items()}
