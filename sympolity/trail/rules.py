"""Rules of deliveries: the flow as a table, and how long one waits for the next try."""

from __future__ import annotations

from datetime import timedelta

from sympolity.kit.actor import Role
from sympolity.kit.flow import Flow, Turn
from sympolity.trail.enums import DeliveryState as State

__all__ = ["FLOW", "PATIENCE", "pause"]

PATIENCE = timedelta(hours=72)  # after the first failure; then a person decides (architecture.md, Followers)
_FIRST = timedelta(seconds=30)
_LONGEST = timedelta(hours=1)
_MACHINE = frozenset({Role.SYSTEM})
_PEOPLE = frozenset({Role.ADMINISTRATOR, Role.SYSTEM})

# claim: also one whose holder is gone (its lease is over) · wait: try again later · park: given up or refused ·
# replay: a person lets it go out after all · settle: a person lets it rest.
FLOW = Flow(
    "delivery",
    [
        Turn("claim", frozenset({State.WAITING, State.SENDING}), State.SENDING, _MACHINE),
        Turn("finish", frozenset({State.SENDING}), State.DONE, _MACHINE),
        Turn("wait", frozenset({State.SENDING}), State.WAITING, _MACHINE),
        Turn("park", frozenset({State.WAITING, State.SENDING}), State.PARKED, _MACHINE),
        Turn("replay", frozenset({State.PARKED}), State.WAITING, _PEOPLE),
        Turn("settle", frozenset({State.PARKED}), State.SETTLED, _PEOPLE),
    ],
)


def pause(tries: int, chance: float) -> timedelta:
    """How long to wait after so many tries: 30 s, doubled each time, at most an hour, a quarter more or less.

    ``chance``: 0 to 1. Without it all that failed together would come back together.
    """
    doubled = _FIRST * (1 << min(max(tries - 1, 0), 12))
    return min(doubled, _LONGEST) * (0.75 + chance / 2)
