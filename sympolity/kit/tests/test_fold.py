"""Two spellings of a word fold to one form, and nothing that is typed breaks folding."""

from __future__ import annotations

import csv
import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sympolity.kit.fold import fold, words

VECTORS = Path(__file__).parents[1] / "fold_vectors.json"
CASES = Path(__file__).parents[4] / "shared/data/network-facts/normalisation-cases.csv"


@pytest.mark.parametrize("vector", json.loads(VECTORS.read_text(encoding="utf-8")), ids=lambda v: v["text"])
def test_vectors(vector: dict[str, str]) -> None:
    assert fold(vector["text"]) == vector["folded"]


def test_cases_from_public_issues() -> None:
    if not CASES.exists():
        pytest.skip(f"DATA ABSENT: {CASES}")
    with CASES.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert rows
    assert [row["typed"] for row in rows if fold(row["typed"]) != fold(row["should_find"])] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ΒΟΉΘΕΙΑ", "βοηθεια"),
        ("ὁδός", "ΟΔΟΣ"),
        ("مدرسة", "مدرسه"),
        ("كتاب", "کتاب"),
        ("هەولێر", "ههولیر"),
        ("کتاب‌ها", "کتابها"),
        ("112", "۱۱۲"),
        ("é", "e\u0301"),
        ("go'aan", "go’aan"),
    ],
)
def test_spellings_are_equal(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_vowel_signs_of_indic_scripts_part_no_word() -> None:
    assert words("শরণার্থী শিবির, हिन्दी") == ["শরণার্থী", "শিবির", "हिन्दी"]


def test_words_are_runs_of_letters_and_digits() -> None:
    assert words("Café_au-lait (2€), ΑΜΚΑ!") == ["cafe", "au", "lait", "2", "αμκα"]


@settings(max_examples=100)
@given(st.text(st.characters(), max_size=80))
def test_folding_twice_changes_nothing_that_is_found(text: str) -> None:
    assert words(fold(text)) == words(text)
    assert not any(char.isspace() for word in words(text) for char in word)


def test_a_run_of_marks_costs_no_quadratic_time() -> None:
    start = time.perf_counter()
    assert fold("a" + "\u0316\u0301" * 200_000) == "a"
    assert time.perf_counter() - start < 2
