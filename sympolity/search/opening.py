"""Whether a thing of the index is open: read once, and kept as long as it stays true.

A state costs 0.1 ms and 500 candidates are put in order for one page. It is kept per hours, not
per thing: services with equal hours share it, and it outlives a new state of the index.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sympolity.kit.hours import Hours, State

__all__ = ["state"]

KEPT = 50_000  # some 30 MB
_MINUTE = timedelta(minutes=1)
_kept: dict[Hours, tuple[datetime, datetime, State]] = {}  # hours -> (from, to, the state between)


def _holds_until_opening(hours: Hours) -> bool:
    """Whether closed hours stay closed, and never become unknown, until they open."""
    return hours.known and '"' not in hours.spec and "unknown" not in hours.spec.lower()


def _state_of(hours: Hours, now: datetime) -> State:
    """``hours.state(now)``, kept to its next change; where that is not told, for this minute."""
    held = _kept.get(hours)
    if held is not None and held[0] <= now < held[1]:
        return held[2]
    found = hours.state(now)
    change = found.opens if found.kind == "closed" and _holds_until_opening(hours) else found.until
    if len(_kept) >= KEPT:
        _kept.clear()
    since = now.replace(second=0, microsecond=0)
    _kept[hours] = (since, change or since + _MINUTE, found)
    return found


def _hours(facts: dict[str, Any]) -> tuple[Hours, ...]:
    """The hours of all places of a thing, kept beside its facts."""
    known: tuple[Hours, ...] | None = facts.get("hours")
    if known is None:
        known = facts["hours"] = tuple(Hours.from_json(data) for data in facts["h"])
    return known


def state(facts: dict[str, Any], now: datetime) -> tuple[str, datetime | None, datetime | None]:
    """(open · closed · unknown · none, open until, opens at) over all places of a thing."""
    if facts["h"] is None:
        return "none", None, None
    if facts["z"]:
        return "closed", None, None
    states = [_state_of(hours, now) for hours in _hours(facts)]
    opened = [one for one in states if one.kind == "open"]
    if opened:
        ends = [one.until for one in opened]
        return "open", None if None in ends else max(end for end in ends if end), None
    known = [one for one in states if one.kind == "closed"]
    if not known:
        return "unknown", None, None
    nexts = [one.opens for one in known if one.opens]
    return "closed", None, min(nexts) if nexts else None
