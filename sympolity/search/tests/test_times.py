"""Hours as tokens and bits say what the hours say, at every minute that they answer for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sympolity.kit import clock
from sympolity.kit.hours import Hours
from sympolity.search import times

SPECS = ("24/7", "off", "Mo-Fr 09:05-13:37,17:00-21:00", "Mo-Su 22:00-06:00", "Sa,Su 10:10-10:20", "Su 02:30-04:10")
STARTS = [datetime(2026, month, day, tzinfo=clock.ATHENS) for month, day in ((3, 29), (10, 25), (11, 22))]
_places = st.lists(st.builds(lambda spec: {"s": spec}, st.sampled_from(SPECS)), min_size=1, max_size=3)


@settings(max_examples=60, deadline=None)
@example([{"s": "24/7"}], STARTS[0], [11460])  # the last hour of eight days of which one is short
@given(_places, st.sampled_from(STARTS), st.lists(st.integers(0, 8 * 24 * 60 - 1), min_size=5, max_size=20))
def test_tokens_say_what_the_hours_say(places: list[dict[str, Any]], start: datetime, minutes: list[int]) -> None:
    tokens = set(times.times(places, start).tokens)
    for minute in minutes:
        now = start.astimezone(UTC) + timedelta(minutes=minute)
        is_open = any(Hours.from_json(one).state(now).kind == "open" for one in places)
        moment = int(now.timestamp())
        if f"p{moment // times.SLOT}" not in tokens:
            assert is_open == bool({f"o{moment // times.QUARTER}", f"s{moment // times.SLOT}"} & tokens)


@settings(max_examples=60, deadline=None)
@given(_places, st.sampled_from(STARTS))
def test_bits_are_those_of_the_first_day(places: list[dict[str, Any]], start: datetime) -> None:
    found = times.times(places, start)
    first, _ = times.span(start)
    day = range(times.quarters_of_day(start))
    assert [at for at in day if found.whole >> at & 1] == [at for at in day if f"o{first + at}" in found.tokens]
    assert max(found.whole.bit_length(), found.part.bit_length()) <= len(day)
    assert not found.whole & found.part


@pytest.mark.parametrize(("start", "quarters"), list(zip(STARTS, (92, 100, 96), strict=True)))
def test_days_on_which_clocks_change_are_shorter_and_longer(start: datetime, quarters: int) -> None:
    assert times.quarters_of_day(start) == quarters


def test_unknown_hours_are_a_token_of_their_own() -> None:
    assert times.times([{}], STARTS[2]) == times.Times(("o?",))
    assert times.times([{}, {"s": "24/7"}], STARTS[2]).known
