"""A workflow is a table: state × verb → next state, and who may say the verb.

One small class runs all of them, so that buttons, actions and the page "who may do what"
come from the same rows. A test compares each table with a reviewed golden file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sympolity.kit.actor import Actor, Role
from sympolity.kit.refusals import Allowed, Answer, Refused

__all__ = ["Flow", "Guard", "Turn"]

Guard = Callable[[Actor, Any], Answer]


@dataclass(frozen=True, slots=True)
class Turn:
    """One row: from any of ``states`` the ``verb`` leads to ``target``.

    ``roles``: who may say it. ``guard``: a further rule on the actor and the facts of the thing.
    ``label``: the public word of the verb, where it is a button.
    """

    verb: str
    states: frozenset[str]
    target: str
    roles: frozenset[Role]
    guard: Guard | None = None
    label: str = ""


class Flow:
    """Runs a table of turns. A verb has at most one row for a state (checked when it is made)."""

    def __init__(self, noun: str, turns: Iterable[Turn]) -> None:
        self.noun = noun
        self._rows: dict[tuple[str, str], Turn] = {}
        for turn in turns:
            for state in turn.states:
                if (state, turn.verb) in self._rows:
                    msg = f"{noun}: {turn.verb!r} leads from {state!r} twice"
                    raise ValueError(msg)
                self._rows[state, turn.verb] = turn

    def next(self, state: str, verb: str) -> str | None:
        """Where ``verb`` leads from ``state``; None when nowhere."""
        turn = self._rows.get((state, verb))
        return turn.target if turn else None

    def may(self, actor: Actor, state: str, verb: str, facts: Any = None) -> Answer:
        """May the actor say ``verb`` of a thing in ``state``? Refused: wrong_state, wrong_role, or the guard's reason."""
        turn = self._rows.get((state, verb))
        if turn is None:
            return Refused("wrong_state", {"state": state, "verb": verb})
        if not actor.has(*turn.roles):
            return Refused("wrong_role", {"verb": verb})
        return turn.guard(actor, facts) if turn.guard else Allowed()

    def verbs(self, actor: Actor, state: str, facts: Any = None) -> list[str]:
        """The verbs the actor may say now: what the page shows as buttons, in the order of the table."""
        return [verb for at, verb in self._rows if at == state and self.may(actor, state, verb, facts)]

    def rows(self) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
        """(state, verb, next state, roles) of every row: for golden files and the page "who may do what"."""
        for (state, verb), turn in self._rows.items():
            yield state, verb, turn.target, tuple(sorted(turn.roles))
