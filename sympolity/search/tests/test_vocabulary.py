"""Correcting and finishing words."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sympolity.kit.mistakes import distance
from sympolity.search.vocabulary import Vocabulary

WORDS = Vocabulary(
    {"doctor": 9, "doctors": 4, "docks": 1, "lawyer": 5, "interpreter": 3, "γιατρος": 7, "طبيب": 2, "ab": 1}
)


def test_one_mistake_is_corrected_two_in_long_words() -> None:
    assert WORDS.nearest("docter") == "doctor"
    assert WORDS.nearest("odctor") == "doctor"  # also in the first letter
    assert WORDS.nearest("γιατορς") == "γιατρος"
    assert WORDS.nearest("intrepreted") == "interpreter"
    assert WORDS.nearest("lavvier") == ""
    assert WORDS.nearest("doctor") == ""
    assert WORDS.nearest("doc") == ""
    assert WORDS.nearest("1234") == ""


def test_a_word_that_is_not_good_is_passed_over() -> None:
    assert WORDS.nearest("doctot", lambda word: word != "doctor") == ""
    assert WORDS.nearest("doctorz", lambda word: word != "doctors") == "doctor"
    assert WORDS.nearest("doctor", lambda word: word != "doctor") == "doctors"


def test_beginnings_come_commonest_first() -> None:
    assert WORDS.beginning("doc", 9) == ["doctor", "doctors", "docks"]
    assert WORDS.beginning("doc", 1) == ["doctor"]
    assert WORDS.beginning("", 5) == []
    assert WORDS.beginning("zzz", 5) == []
    assert WORDS.beginning("\U0010ffff", 5) == []


def _slow(a: str, b: str) -> int:
    """Optimal string alignment, the whole table."""
    table = [[max(i, j) if 0 in {i, j} else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (a[i - 1] != b[j - 1]))
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


SHORT = st.text("abαβ", max_size=7)


@settings(max_examples=100)
@given(SHORT, SHORT, st.integers(0, 3))
def test_distance_is_that_of_the_whole_table_up_to_the_limit(a: str, b: str, limit: int) -> None:
    assert distance(a, b, limit) == min(_slow(a, b), limit + 1)


@settings(max_examples=100)
@given(st.text(max_size=30))
def test_nothing_raises(text: str) -> None:
    assert WORDS.nearest(text) == "" or len(text) > 3
    assert all(word.startswith(text) for word in WORDS.beginning(text, 5))
