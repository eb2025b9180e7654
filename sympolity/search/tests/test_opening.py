"""A kept state is the state: at any moment, in any order of asking, equal to a fresh reading of the hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sympolity.kit.hours import Hours
from sympolity.search import opening

SPECS = (
    "", "24/7", "off", "Mo-Fr 09:00-17:00", "Mo-Fr 22:00-06:00; PH off", "Sa[1] 10:00-12:00", "Jan-Mar 08:00-20:00",
    'Mo 10:00-12:00 "by appointment"', 'Tu "by appointment"', "Mo-Su 10:00-12:00 unknown; We 09:00-10:00",
    "2026 Dec 24-2026 Dec 31 09:00-17:00", "Mo-Fr 09:00-17:00 || 17:00-18:00 unknown", "nonsense",
)  # fmt: skip
START = datetime(2026, 3, 20, tzinfo=UTC)  # the change to summer time is in reach
EXCEPTION = ["2026-03-24", "2026-03-27", "11:00-13:00", ""]

_places = st.builds(
    lambda spec, special: {"s": spec} | ({"x": [EXCEPTION[:3]]} if special else {}),
    st.sampled_from(SPECS),
    st.booleans(),
)
_facts = st.fixed_dictionaries({"h": st.none() | st.lists(_places, max_size=3), "z": st.booleans()})
_moments = st.lists(st.integers(0, 14 * 24 * 60), min_size=1, max_size=8)


def _fresh(facts: dict[str, Any], now: datetime) -> opening.Told:
    if facts["h"] is None:
        return "none", None, None
    if facts["z"]:
        return "closed", None, None
    states = [Hours.from_json(data).state(now) for data in facts["h"]]
    ends = [state.until for state in states if state.kind == "open"]
    if ends:
        return "open", None if None in ends else max(end for end in ends if end), None
    closed = [state.opens for state in states if state.kind == "closed"]
    if not closed:
        return "unknown", None, None
    return "closed", None, min((opens for opens in closed if opens), default=None)


@settings(max_examples=100, deadline=None)
@given(_facts, _moments, st.integers(0, 59))
def test_kept_is_fresh(facts: dict[str, Any], minutes: list[int], seconds: int) -> None:
    for minute in minutes:
        now = START + timedelta(minutes=minute, seconds=seconds)
        assert opening.state(facts, now) == _fresh(facts, now)


def test_what_is_kept_is_bounded(monkeypatch: Any) -> None:
    monkeypatch.setattr(opening, "KEPT", 5)
    monkeypatch.setattr(opening, "_clocks", {})
    for hour in range(10, 20):
        opening.state({"h": [{"s": f"Mo {hour}:00-22:00"}], "z": False}, START)
        assert len(opening._clocks) <= 5
