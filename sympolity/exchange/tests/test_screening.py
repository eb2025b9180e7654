"""Free text that names a person, a number or an address is found in every language; hours and years are not."""

from __future__ import annotations

import time

import pytest

from sympolity.exchange.formats.signpost import map_record
from sympolity.exchange.screening import found_in, held_in
from sympolity.exchange.tests.pages import a_record

_PHONE, _EMAIL, _NAME = "a phone number", "an e-mail address", "the name of a person, it seems"


def kind(text: str, column: str = "description") -> str:
    said = found_in({column: text})
    assert said == "" or said.startswith(f"{column}: the text holds ")
    return said.removeprefix(f"{column}: the text holds ").partition(". Look")[0]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Write to maria@aid.example before you come", _EMAIL),
        ("maria [at] aid.example", _EMAIL),
        ("Γράψτε στο μαρία@παράδειγμα.ελ", _EMAIL),
        ("maria\uff20aid.example", _EMAIL),
        ("Call \u2461\u2460\u24ea \u2460\u2461 \u2462\u2463 \u2464\u2465\u2466", _PHONE),
        ("Call 210 12 34 567", _PHONE),
        ("Call +30 (210) 123-4567.", _PHONE),
        ("Tel. 2222-3333", _PHONE),
        ("Tel. 210.123.4567", _PHONE),
        ("اتصل على ٠٧٩٩١٢٣٤٥٦", _PHONE),
        ("تماس: ۰۹۱۲۳۴۵۶۷۸۹", _PHONE),
        ("WhatsApp 00962791234567", _PHONE),
        ("Ask for Maria Papadopoulou at the desk", _NAME),
        ("Contact person: Ali Hassan", _NAME),
        ("Mrs. Eleni will help you", _NAME),
        ("Ζητήστε την Ελένη στη ρεσεψιόν", _NAME),
        ("Επικοινωνήστε με την κ. Παπαδοπούλου", _NAME),
        ("اسأل عن السيدة فاطمة", _NAME),
        ("Persona de contacto: Ana Pérez", _NAME),
    ],
)
def test_what_should_not_stand_in_a_sentence(text: str, found: str) -> None:
    assert kind(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Open 08:30-16:00, 8.30-14.30 15.00-18.00",
        "From 01/02/2014 to 2015-12-31, school year 2014-2015",
        "5,000 families, 1,200,000 euros in 2014",
        "Dial 112 or 15900",
        "Square 12, 151 25 Marousi",
        "37.983810, 23.727539",
        "Ask for the red house. Call before you come.",
        "κατά της βίας, και κάθε μέρα. Η υπεύθυνη δήλωση είναι δωρεάν",
        "Doctors and nurses @ the centre",
    ],
)
def test_what_may_stand_there(text: str) -> None:
    assert kind(text) == ""


def test_an_address_may_have_numbers_and_names_and_a_name_may_be_that_of_a_person() -> None:
    assert kind("Dr. Sun street 12, 2222 3333", "location.address") == ""
    assert kind("Clinic of Dr. Sun", "service.name") == ""
    assert kind("Clinic, 2222 3333", "service.name") == _PHONE
    assert kind("write to a@b.example", "location.address") == _EMAIL


def test_what_a_contact_column_says_may_be_said_again() -> None:
    assert found_in({"how": "Call +30 210 1234567"}, own=["+302101234567"]) == ""
    assert found_in({"how": "Write to Help@Aid.example."}, own=["help@aid.example"]) == ""


def test_all_free_text_of_a_record_is_looked_at_in_every_language() -> None:
    data = map_record(a_record(1, name_ar="مطبخ ٢٢٢٢٣٣٣٣"), None).data
    assert held_in(data).startswith("service.ar.name: the text holds a phone number")
    data = map_record(a_record(1), None).data
    assert held_in(data) == ""
    data["service"]["documents"] = [{"key": "d", "name": "Card", "note": "ask for Maria Papa", "texts": {}}]
    assert held_in(data).startswith("document.note")


def test_the_finder_takes_no_time_over_hostile_text() -> None:
    begun = time.perf_counter()
    for text in (
        "1" * 50_000,
        "1 " * 25_000,
        "a" * 50_000,
        "@" * 50_000,
        "Mr " * 20_000,
        "ask for " * 8000,
        "a@b" * 20_000,
    ):
        found_in({"description": text})
    assert time.perf_counter() - begun < 3
