"""Greek in Latin letters: as passports write it, and as people type it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sympolity.kit.translit import greek_to_latin, readings, skeleton


@pytest.mark.parametrize(
    ("greek", "latin"),
    [
        ("Θεσσαλονίκη", "Thessaloniki"),
        ("ΘΕΣΣΑΛΟΝΙΚΗ", "THESSALONIKI"),
        ("Ηράκλειο", "Irakleio"),
        ("Εύβοια", "Evvoia"),
        ("Ναύπλιο", "Nafplio"),
        ("Ευθύνη", "Efthyni"),
        ("Μπαλής Κουμπής", "Balis Koumpis"),
        ("Άγγελος", "Angelos"),
        ("Χανιά", "Chania"),
        ("Ψυχικό", "Psychiko"),
        ("άυλος", "aylos"),
        ("Οδός 25ης Μαρτίου, Athens", "Odos 25is Martiou, Athens"),
    ],
)
def test_elot_743(greek: str, latin: str) -> None:
    assert greek_to_latin(greek) == latin


@pytest.mark.parametrize(
    ("greek", "typed"),
    [
        ("νομική βοήθεια", "nomiki voitheia|nomikh bohtheia|nomiki voithia|nomikh boh8eia"),
        ("δικηγόρος", "dikhgoros|dikigoros"),
        ("γιατρός", "giatros|yiatros|yatros"),
        ("χώρος", "xoros|choros|horos|xwros|khoros"),
        ("Θεσσαλονίκη", "Thessaloniki|8essalonikh|Thesaloniki"),
        ("Ηράκλειο", "Irakleio|Iraklio|Hrakleio"),
        ("Αθήνα", "Athina|A8hna"),
        ("Ρόδος", "Rodos|Rhodos"),
        ("Χανιά", "Chania|Hania|Xania|Khania"),
        ("σχολείο", "sxoleio|scholeio|sholeio"),
        ("αυτοκίνητο", "aftokinito|autokinhto|avtokinito"),
        ("κέντρο", "kentro|kendro"),
        ("μπάνιο", "mpanio|banio"),
        ("παιδί", "paidi|pedi"),
        ("ξενώνας", "xenonas|ksenwnas"),
        ("ευθύνη", "efthini|euthynh"),
    ],
)
def test_spellings_share_a_skeleton(greek: str, typed: str) -> None:
    assert {skeleton(one) for one in typed.split("|")} == {skeleton(greek)}


@pytest.mark.parametrize(
    ("greek", "typed"), [("Ηράκλειο", "Heraklion"), ("υγεία", "ugeia"), ("τηλέφωνο", "thlefwno"), ("άσυλο", "asulo")]
)
def test_ambiguous_spellings_are_found_among_the_readings(greek: str, typed: str) -> None:
    assert skeleton(greek) in readings(typed)
    assert readings(typed)[0] == skeleton(typed)


def test_different_cities_stay_different() -> None:
    cities = "Αθήνα Πάτρα Βόλος Λάρισα Χανιά Χίος Κως Κόρινθος Κέρκυρα Καβάλα Καλαμάτα Κοζάνη Ρόδος Σύρος Σέρρες Δράμα"
    assert len({skeleton(city) for city in cities.split()}) == len(cities.split())
    assert skeleton("Salonica") != skeleton("Θεσσαλονίκη")


@settings(max_examples=100)
@given(st.text(st.characters() | st.sampled_from("αβγμπντουςΆΪ h8yw"), max_size=60))
def test_any_text_has_a_key(text: str) -> None:
    assert skeleton(text) in readings(text)
    assert not set(greek_to_latin(text)) & set("αβγδεζηθικλμνξοπρστυφχψωΑΒΓΔ")
