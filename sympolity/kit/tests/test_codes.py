"""Codes that people tell each other: what they type, and what is told to be wrong."""

from __future__ import annotations

from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sympolity.kit import codes

IDS = st.uuids()


@given(IDS, st.integers(0, codes.ATTEMPTS - 1))
def test_a_code_is_seven_or_nine_digits_without_a_zero_in_front(id: UUID, attempt: int) -> None:
    code = codes.make(id, attempt)
    assert code.isascii()
    assert code.isdigit()
    assert len(code) == (7 if attempt < 8 else 9)
    assert code[0] != "0"
    assert codes.make(id, attempt) == code
    assert codes.check(code) == codes.check(codes.group(code)) == code


@given(IDS, st.integers(0, codes.ATTEMPTS - 1))
def test_one_wrong_digit_and_two_swapped_neighbours_are_no_code(id: UUID, attempt: int) -> None:
    code = codes.make(id, attempt)
    for at, digit in enumerate(code):
        for other in "0123456789":
            assert other == digit or codes.check(code[:at] + other + code[at + 1 :]) == ""
    for at in range(len(code) - 1):
        swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
        assert swapped == code or codes.check(swapped) == ""
    for at in range(len(code)):  # a digit forgotten, a digit twice
        assert codes.check(code[:at] + code[at + 1 :]) == codes.check(code[:at] + code[at] + code[at:]) == ""


ID = UUID(int=5)
CODE = codes.make(ID)


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        f"  {codes.group(CODE)} ",
        "-".join(CODE),
        ".".join(CODE),
        "\u00a0".join(CODE),
        f"{CODE[:3]}–{CODE[3:]}",
        f"\u2066{CODE}\u2069\u200e",
        CODE.translate({48 + n: 0x0660 + n for n in range(10)}),
        CODE.translate({48 + n: 0x06F0 + n for n in range(10)}),
    ],
)
def test_it_is_read_as_people_write_it(typed: str) -> None:
    assert codes.check(typed) == CODE


@pytest.mark.parametrize(
    "typed",
    ["", " ", "0", "0000000", "000000000", "abcdefg", f"{CODE}x", f"/{CODE}", f"{CODE}\x00", "²" * 7, "፩" * 7, "१" * 7,
     CODE * 2, "1" * 10_000, "🆘", "-" * 60, f"{CODE[:4]}+{CODE[4:]}"],
)  # fmt: skip
def test_everything_else_is_no_code(typed: str) -> None:
    assert codes.check(typed) == ""


def test_groups_are_those_of_a_phone_number() -> None:
    assert codes.group("4821537") == "482 15 37"
    assert codes.group("482153704") == "482 153 704"


def test_codes_are_spread() -> None:
    made = [codes.make(uuid5(ID, str(n))) for n in range(2000)]
    assert len(set(made)) > 1980
    assert {code[0] for code in made} == set("123456789")
