"""What comes from outside shows what it holds: no turned lines, no hidden letters."""

from __future__ import annotations

import sys
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sympolity.kit import bidi
from sympolity.kit.bidi import clean_line, clean_text, shallow, without_bidi


def test_bidi_controls_go() -> None:
    assert without_bidi("a\u202eb\u2066c\u200fd\u061ce\ufeff") == "abcde"


def test_joiners_of_persian_stay() -> None:
    assert clean_line("کتاب\u200cها") == "کتاب\u200cها"


@pytest.mark.parametrize(
    "hidden", ["\u00ad", "\u200b", "\u2060", "\u206a", "\u3164", "\ufff9", "\U000e0041", "\ud800", "\0"]
)
def test_hidden_letters_go(hidden: str) -> None:
    assert clean_text(f"a{hidden}b") == "ab"


@pytest.mark.parametrize("end", ["\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_every_new_line_is_one(end: str) -> None:
    assert clean_text(f"a{end}b") == "a\nb"
    assert clean_line(f"a{end}b") == "a b"


def test_a_line_is_limited() -> None:
    assert clean_line("  ab   cd  ef", 6) == "ab cd"
    assert clean_line("x" * 1_000_000, 5) == "xxxxx"


def test_marks_on_one_letter_are_limited_in_linear_time() -> None:
    start = time.perf_counter()
    assert len(clean_text("o" + "\u0316\u0301" * 200_000)) <= 7
    assert time.perf_counter() - start < 2
    assert shallow("Việt şêx مُحَمَّد") == "Việt şêx مُحَمَّد"


@settings(max_examples=100)
@given(st.text(st.characters(), max_size=80))
def test_clean_text_is_clean_and_stays_so(text: str) -> None:
    clean = clean_text(text)
    assert clean_text(clean) == clean
    assert {unicodedata.category(char) for char in clean if char not in "\n\t"}.isdisjoint({"Cc", "Cs", "Cn"})
    clean.encode()


def test_no_letter_that_combines_stands_where_it_is_not_looked_for() -> None:
    above = range(bidi._PLANES, sys.maxunicode + 1)
    assert not [char for char in above if unicodedata.combining(chr(char))]
