"""Rules of proposals: the flow as a table, the trust rule, and what differs between two versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympolity.kit.actor import Actor, Role
from sympolity.kit.flow import Flow, Turn
from sympolity.kit.refusals import Allowed, Answer, Refused
from sympolity.sharing.enums import ProposalOrigin
from sympolity.sharing.enums import ProposalState as State

__all__ = ["FLOW", "STANDING", "WAITING", "differences", "may_receive", "trusts"]

WAITING = (State.RECEIVED, State.INVALID, State.REVIEW)  # at most one of an item
STANDING = State.ACCEPTED  # at most one of an item: the version the record was made from

_MACHINE = frozenset({Role.SYSTEM})
_PEOPLE = frozenset({Role.CURATOR, Role.ADMINISTRATOR, Role.SYSTEM})


# domain.md, Proposal.
# trust: accepted by rule · ask: a person shall look · refuse: it cannot be applied as it is ·
# retry: after a change of the mapping · supersede: a newer version came · retract: gone at its origin.
FLOW = Flow(
    "proposal",
    [
        Turn("trust", frozenset({State.RECEIVED}), State.ACCEPTED, _MACHINE),
        Turn("ask", frozenset({State.RECEIVED}), State.REVIEW, _MACHINE),
        Turn("refuse", frozenset({State.RECEIVED}), State.INVALID, _MACHINE),
        Turn("retry", frozenset({State.INVALID}), State.RECEIVED, _PEOPLE),
        Turn("accept", frozenset({State.REVIEW}), State.ACCEPTED, _PEOPLE),
        Turn("decline", frozenset({State.REVIEW, State.INVALID}), State.DECLINED, _PEOPLE),
        Turn("supersede", frozenset({*WAITING, State.ACCEPTED, State.DECLINED}), State.SUPERSEDED, _MACHINE),
        Turn("retract", frozenset({*WAITING, State.ACCEPTED}), State.RETRACTED, _MACHINE),
    ],
)


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
