"""Codes, directions and names of languages, against CLDR."""

from __future__ import annotations

import pytest
from babel import Locale, UnknownLocaleError
from hypothesis import given
from hypothesis import strategies as st

from sympolity.languages import registry

RIGHT_TO_LEFT = {"ar", "fa", "ur", "ckb", "ps"}


def test_the_eleven_languages_of_the_interface_stand_first() -> None:
    assert list(registry.LANGUAGES)[:11] == ["el", "en", "fr", "ar", "fa", "ur", "so", "kmr", "ckb", "ln", "uk"]
    assert {row.code for row in registry.INTERFACE} <= set(list(registry.LANGUAGES)[:11])
    assert registry.FALLBACK in {row.code for row in registry.INTERFACE}


def test_directions_are_those_of_the_scripts() -> None:
    assert {code for code in registry.LANGUAGES if registry.direction(code) == "rtl"} == RIGHT_TO_LEFT
    assert registry.direction("xx") == "auto"


@pytest.mark.parametrize("code", registry.LANGUAGES)
def test_cldr_agrees_where_it_knows_the_language(code: str) -> None:
    row = registry.get(code)
    try:
        locale = Locale.parse(row.cldr or code)
    except UnknownLocaleError:
        pytest.fail(f"{code}: CLDR has no locale {row.cldr or code}")
    assert locale.text_direction == row.direction


@pytest.mark.parametrize(
    ("given_code", "ours"),
    [
        ("el", "el"), ("EL", "el"), ("el-GR", "el"), ("ell", "el"), ("gr", "el"), ("ku", "kmr"), ("kmr-TR", "kmr"), ("pes", "fa"),
        ("prs", "fa"), ("ar_SY", "ar"), (" uk ", "uk"), ("xx", None), ("", None), ("-", None), ("elx", None),
    ],
)  # fmt: skip
def test_codes_from_elsewhere_become_ours(given_code: str, ours: str | None) -> None:
    assert registry.canonical(given_code) == ours


@given(st.text(max_size=60))
def test_any_text_is_a_code_of_ours_or_none(code: str) -> None:
    assert registry.canonical(code) in {None, *registry.LANGUAGES}


def test_a_reader_gets_their_language_then_english_then_the_source_then_greek() -> None:
    assert registry.preference("ar", "fr") == ("ar", "en", "fr", "el")
    assert registry.preference("en", "el") == ("en", "el")
    assert registry.preference("el", "el") == ("el", "en")
