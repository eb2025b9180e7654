"""Rules of proposals: the flow as a table, the trust rule, and what differs between two versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sympolity.kit.actor import Actor, Role
from sympolity.kit.refusals import Allowed, Answer, Refused
from sympolity.sharing.enums import ProposalOrigin
from sympolity.sharing.enums import ProposalState as State

__all__ = ["FLOW", "STANDING", "WAITING", "Turn", "differences", "may_receive", "may_turn", "next_state", "trusts"]

WAITING = (State.RECEIVED, State.INVALID, State.REVIEW)  # at most one of an item
STANDING = State.ACCEPTED  # at most one of an item: the version the record was made from

_MACHINE = frozenset({Role.SYSTEM})
_PEOPLE = frozenset({Role.CURATOR, Role.ADMINISTRATOR, Role.SYSTEM})


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a verb leads, and who may say it."""

    next: State
    who: frozenset[Role]


# (state, verb) -> turn (domain.md, Proposal).
# trust: accepted by rule · ask: a person shall look · refuse: it cannot be applied as it is ·
# retry: after a change of the mapping · supersede: a newer version came · retract: gone at its origin.
FLOW: Mapping[tuple[str, str], Turn] = {
    (State.RECEIVED, "trust"): Turn(State.ACCEPTED, _MACHINE),
    (State.RECEIVED, "ask"): Turn(State.REVIEW, _MACHINE),
    (State.RECEIVED, "refuse"): Turn(State.INVALID, _MACHINE),
    (State.INVALID, "retry"): Turn(State.RECEIVED, _PEOPLE),
    (State.INVALID, "decline"): Turn(State.DECLINED, _PEOPLE),
    (State.REVIEW, "accept"): Turn(State.ACCEPTED, _PEOPLE),
    (State.REVIEW, "decline"): Turn(State.DECLINED, _PEOPLE),
    **{(state, "supersede"): Turn(State.SUPERSEDED, _MACHINE) for state in (*WAITING, State.ACCEPTED, State.DECLINED)},
    **{(state, "retract"): Turn(State.RETRACTED, _MACHINE) for state in (*WAITING, State.ACCEPTED)},
}


def next_state(state: str, verb: str) -> State | None:
    """Where ``verb`` leads from ``state``; None when it leads nowhere."""
    turn = FLOW.get((state, verb))
    return turn.next if turn else None


def may_turn(actor: Actor, state: str, verb: str) -> Answer:
    """May the actor say ``verb`` of a proposal in ``state``?"""
    turn = FLOW.get((state, verb))
    if turn is None:
        return Refused("wrong_state", {"state": str(state), "verb": verb})
    return Allowed() if actor.has(*turn.who) else Refused("not_curator")


def may_receive(actor: Actor) -> Answer:
    """Proposals are written by the machinery that reads what comes from outside."""
    return Allowed() if actor.has(Role.SYSTEM) else Refused("not_system")


def trusts(actor: Actor, origin: str) -> bool:
    """The trust rule: a file that the operator imports on the command line needs no second person.

    Whoever runs it holds the whole installation. Everything else waits for a person.
    """
    return origin == ProposalOrigin.IMPORT and actor.has(Role.SYSTEM)


def differences(before: Any, after: Any, path: str = "") -> list[str]:
    """The dotted paths at which two mapped versions differ, in order."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        keys = sorted({*before, *after})
        return [
            found
            for key in keys
            for found in differences(before.get(key), after.get(key), f"{path}.{key}" if path else str(key))
        ]
    return [] if before == after else [path]
