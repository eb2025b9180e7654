"""One rule for the ways to reach somebody: what could leave an attribute or a tag is in none of them."""

from __future__ import annotations

import re

import pytest

from sympolity.directory.reaching import EMAIL, PHONE, URL


@pytest.mark.parametrize(
    ("pattern", "right", "wrong"),
    [
        (PHONE, ["112", "+30 210 000 0000", "(210) 000-0000"], ["", "call me", "+30\n210", "2" * 40]),
        (EMAIL, ["a@b.example", "first.last+tag@city.example"], ["", "a@b", "a b@c.example", 'a"@b.example', "<a@b.example>", "a@b.ex'le"]),
        (URL, ["https://city.example/a?b=c#d", "HTTPS://CITY.EXAMPLE"], ["", "javascript:alert(1)", "https://a b", 'https://a"onclick', "https://<b>", "//city.example"]),
    ],
)  # fmt: skip
def test_what_is_taken(pattern: re.Pattern[str], right: list[str], wrong: list[str]) -> None:
    assert [one for one in right if not pattern.match(one)] == []
    assert [one for one in wrong if pattern.match(one)] == []
