"""Whether a thing of the index is open: read once, and kept as long as it stays true.

A state costs 0.1 ms and 500 candidates are put in order for one page. It is kept per hours, not
per thing: services with equal hours share it, and it outlives a new state of the index.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sympolity.kit.hours import Hours, State

__all__ = ["counted", "state"]

KEPT = 50_000  # some 30 MB
_MINUTE = timedelta(minutes=1)
Told = tuple[str, datetime | None, datetime | None]  # (open · closed · unknown · none, open until, opens at)


@dataclass(slots=True, eq=False)
class _Clock:
    """Hours with what was last found of them: (from, to, the state between), replaced as a whole."""

    hours: Hours
    held: tuple[datetime, datetime, State] | None = None

    def at(self, now: datetime) -> State:
        """``hours.state(now)``, kept to its next change; where that is not told, for this minute."""
        held = self.held
        if held is not None and held[0] <= now < held[1]:
            return held[2]
        found = self.hours.state(now)
        change = found.opens if found.kind == "closed" and _holds_until_opening(self.hours) else found.until
        since = now.replace(second=0, microsecond=0)
        self.held = since, change or since + _MINUTE, found
        return found


_clocks: dict[Hours, _Clock] = {}


def _holds_until_opening(hours: Hours) -> bool:
    """Whether closed hours stay closed, and never become unknown, until they open."""
    return hours.known and '"' not in hours.spec and "unknown" not in hours.spec.lower()


def _clock(data: object) -> _Clock:
    hours = Hours.from_json(data)
    if len(_clocks) >= KEPT:
        _clocks.clear()
    return _clocks.setdefault(hours, _Clock(hours))


def _together(states: list[State]) -> Told:
    opened = [one for one in states if one.kind == "open"]
    if opened:
        ends = [one.until for one in opened]
        return "open", None if None in ends else max(end for end in ends if end), None
    known = [one for one in states if one.kind == "closed"]
    if not known:
        return "unknown", None, None
    nexts = [one.opens for one in known if one.opens]
    return "closed", None, min(nexts) if nexts else None


def state(facts: dict[str, Any], now: datetime) -> Told:
    """What is to be told of a thing over all its places; its hours are read once and stay beside its facts."""
    if facts["h"] is None:
        return "none", None, None
    if facts["z"]:
        return "closed", None, None
    clocks: list[_Clock] | None = facts.get("clocks")
    if clocks is None:
        clocks = facts["clocks"] = [_clock(data) for data in facts["h"]]
    if len(clocks) == 1:
        one = clocks[0].at(now)
        return ("unknown", None, None) if one.kind == "unknown" else (one.kind, one.until, one.opens)
    return _together([clock.at(now) for clock in clocks])


def counted(facts: dict[str, Any], now: datetime) -> str:
    """The same as counts take it: open · closed · unknown · none. Unknown is only what has no known hours at all."""
    told = state(facts, now)[0]
    return "closed" if told == "unknown" and any(one.hours.known for one in facts["clocks"]) else told
