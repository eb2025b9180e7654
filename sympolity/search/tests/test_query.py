"""What can be read is read, what cannot is named."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sympolity.search.query import FILTERS, MAX_VALUES, FindQuery, parse, point


def _one(**asked: str) -> FindQuery:
    return parse({name: [value] for name, value in asked.items()})


def test_a_whole_question() -> None:
    asked = parse({"q": [" legal  help "], "need": ["legal", "asylum"], "in": ["athens"], "near": ["37.98, 23.73"], "within": ["5 km"],
                   "open": ["now"], "speaks": ["AR"], "sort": ["near"], "page": ["٣"]})  # fmt: skip
    assert asked == FindQuery(
        q="legal help", chosen={"need": ("legal", "asylum"), "in": ("athens",), "speaks": ("ar",)}, near=(37.98, 23.73), within=5.0,
        open_now=True, sort="near", page=3,
    )  # fmt: skip
    assert parse({name: [value for key, value in asked.pairs() if key == name] for name, _ in asked.pairs()}) == asked


@pytest.mark.parametrize(
    ("name", "value"),
    [("page", "0"), ("page", "-1"), ("page", "1000000000000"), ("page", "፩"), ("within", "nan"), ("within", "-3"), ("near", "999,999"),
     ("near", "nan,nan"), ("need", "a b"), ("organization", "x"), ("speaks", "klingon"), ("open", "later"), ("sort", "?")],
)  # fmt: skip
def test_nonsense_is_named(name: str, value: str) -> None:
    asked = parse({name: [value]})
    assert asked.problems == (name,)
    assert asked == FindQuery(problems=(name,))


def test_bounds() -> None:
    assert len(_one(q="x" * 10_000).q) == 200
    assert _one(within="99999").within == 500.0
    assert len(parse({"need": [f"n{at}" for at in range(100)]}).chosen["need"]) == MAX_VALUES
    assert point("-90,180") == (-90.0, 180.0)
    assert point("37,9838;23,7275") is None
    assert _one(q="\u202elegal\u202c\x00").q == "legal"


def test_taking_away_and_adding() -> None:
    asked = parse({"need": ["legal", "food"], "open": ["now"], "near": ["38,23"], "within": ["5"], "page": ["3"]})
    assert asked.without("need", "food").chosen == {"need": ("legal",)}
    assert asked.without("need").chosen == {}
    assert asked.without("near").within is None
    assert not asked.without("open").open_now
    assert asked.with_("in", "athens").chosen["in"] == ("athens",)
    assert asked.with_("in", "athens").page == 1


@settings(max_examples=100)
@given(st.dictionaries(st.sampled_from(sorted(FILTERS)), st.lists(st.text(max_size=50), max_size=3)))
def test_nothing_raises_and_what_was_read_can_be_said_again(asked: dict[str, list[str]]) -> None:
    query = parse(asked)
    assert set(query.problems) <= set(FILTERS)
    again = parse({name: [value for key, value in query.pairs() if key == name] for name, _ in query.pairs()})
    assert again.pairs() == query.pairs()
    assert again.problems == ()
