"""Columns go where headings or people say; what is wrong in a cell is named by its column."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from sympolity.exchange.actions import remove_mappings, save_mappings
from sympolity.exchange.formats import get
from sympolity.exchange.formats.shape import Mapped, Options, Page, Unreadable, Wrong
from sympolity.exchange.models import Mapping as Row
from sympolity.exchange.queries import mappings_visible_to
from sympolity.exchange.tables import mapping, values
from sympolity.exchange.tables.hours_words import in_osm
from sympolity.exchange.tables.mapping import Column, Mapping
from sympolity.exchange.tests.workbooks import csv_file
from sympolity.kit.actor import PUBLIC, SYSTEM, Actor, Grant, Role
from sympolity.kit.refusals import Refusal
from sympolity.trail.models import Entry

CURATOR = Actor(grants=frozenset({Grant(Role.CURATOR, everywhere=True)}), approved=True)
GOOD = Mapping(
    (Column("a", "name", "el"), Column("b", "organization"), Column("c", ignore="for us")),
    words={"Νομικά": "legal-help"},
)


def _goes(header: list[str], tags: list[str] | None = None) -> list[tuple[str, str]]:
    return [(one.to, one.lang) for one in mapping.guess(header, tags or []).columns]


def test_headings_in_four_languages_and_tags() -> None:
    assert _goes(["Service name", "Name (el)", "name_ar", "Provider", "E-mail", "Tel.", "Whatever"]) == [
        ("name", ""), ("name", "el"), ("name", "ar"), ("organization", ""), ("email", ""), ("phone", ""), ("", ""),
    ]  # fmt: skip
    assert _goes(["ΟΝΟΜΑΣΙΑ", "Φορέας", "Τ.Κ.", "Γεωγραφικό πλάτος", "ΩΡΑΡΙΟ", "Όνομα [αγγλικά]"]) == [
        ("name", ""), ("organization", ""), ("postal_code", ""), ("lat", ""), ("opening_hours", ""), ("name", "en"),
    ]  # fmt: skip
    assert _goes(["اسم الخدمة", "الجهة", "رقم الهاتف", "ساعات العمل"]) == [
        ("name", ""), ("organization", ""), ("phone", ""), ("opening_hours", ""),
    ]  # fmt: skip
    assert _goes(["Nom du service", "Organisme", "Horaires"]) == [
        ("name", ""),
        ("organization", ""),
        ("opening_hours", ""),
    ]
    tagged = _goes(["x", "y", "z"], ["#service+name+el", "#org +name", "#org+acronym"])
    assert tagged == [("name", "el"), ("organization", ""), ("", "")]


def test_two_columns_do_not_go_to_one_place() -> None:
    assert _goes(["Phone", "Telephone", "Category", "Type"]) == [
        ("phone", ""),
        ("", ""),
        ("category", ""),
        ("category", ""),
    ]
    assert "more than one column may hold the name" in mapping.uncertain(
        mapping.guess(["Name", "Title", "Organization"])
    )
    assert mapping.uncertain(mapping.guess(["Name"]), "House") == ""
    assert mapping.uncertain(mapping.guess(["Name", "No"])) == "no column is known to hold the organization"


def test_a_mapping_is_checked() -> None:
    bad = Mapping(
        (
            Column("a", "name", "xx"),
            Column("a", "phone"),
            Column("b", "nothing"),
            Column("c", "phone"),
            Column("d", "lat"),
        ),
        constants={"id": "1", "locality": " "},
        words={"x": "no-need"},
        lang="Greek",
    )
    assert {fault.where for fault in mapping.check(bad)} == {
        'column "a"', 'column "b"', "phone", "constants", "words", "lang", "organization", "lat, lon",
    }  # fmt: skip
    assert mapping.check(GOOD) == []
    assert [fault.where for fault in mapping.fits(GOOD, ["a", "c"])] == ['column "b"']


def test_a_mapping_as_a_file() -> None:
    assert mapping.loaded(mapping.written(GOOD)) == GOOD
    assert mapping.loaded(json.dumps(mapping.dumped(GOOD))) == GOOD
    for text in (
        "", "[]", "{}", '{"sympolity_mapping": 2}', '{"sympolity_mapping": 1, "x": 1}', '{"sympolity_mapping": 1, "columns": {}}',
        '{"sympolity_mapping": 1, "columns": [{"to": "name"}]}', '{"sympolity_mapping": 1, "words": {"a": 1}}',
        '{"sympolity_mapping": 1, "whole": 1}', "[" * 100_000, '{"a": "' + "x" * 300_000 + '"}',
    ):  # fmt: skip
        with pytest.raises(Unreadable):
            mapping.loaded(text)


@pytest.mark.django_db
def test_mappings_are_kept_by_those_who_may() -> None:
    save_mappings(actor=CURATOR, mappings={"Athens": GOOD, "Volos": GOOD})
    before = Entry.objects.count()
    assert [row.name for row in save_mappings(actor=CURATOR, mappings={" Athens ": GOOD})] == ["Athens"]
    assert Entry.objects.count() == before
    save_mappings(actor=SYSTEM, mappings={"Athens": Mapping(GOOD.columns, lang="el")})
    assert Row.objects.get(name="Athens").body["lang"] == "el"
    assert (mappings_visible_to(CURATOR).count(), mappings_visible_to(PUBLIC).count()) == (2, 0)
    for actor, given in ((PUBLIC, {"x": GOOD}), (CURATOR, {"": GOOD}), (CURATOR, {"x": Mapping()})):
        with pytest.raises(Refusal):
            save_mappings(actor=actor, mappings=given)
    assert remove_mappings(actor=CURATOR, names=["Volos", "nowhere"]) == 1


HEADER = ["Name", "Organization", "Category", "Address", "Lat", "Lon", "Point", "Phone", "Email", "URL", "Hours", "Languages", "Cost",
          "Until", "Age from", "For whom", "Status", "Documents", "Access", "Notes"]  # fmt: skip


def _mapped(folder: Path, **cells: str) -> Mapped:
    """The one row of a table with these cells."""
    said = {
        "Name": "Kitchen",
        "Organization": "House",
        **{name.replace("_", " "): text for name, text in cells.items()},
    }
    form = get("csv", Options())
    (record,) = form.read([csv_file(folder, [HEADER, [said.get(name, "") for name in HEADER]])], Page())
    assert record.place == "row 2"
    return form.map_record(record.value, None)


def _columns(folder: Path, **cells: str) -> dict[str, Any]:
    found: dict[str, Any] = _mapped(folder, **cells).data["service"]["columns"]
    return found


def test_values_of_a_row(tmp_path: Path) -> None:
    mapped = _mapped(
        tmp_path, Category="Νομική βοήθεια, Food", Point="37,98; 23,72", Phone="τηλ. 210 5555555 ή 6900000000", Email="a@b.example",
        URL="b.example/x", Hours="Mon-Fri 9-17", Languages="en, Φαρσί / Klingon", Cost="5 euro", Until="31 Δεκεμβρίου 2030",
        Age_from="18", For_whom="γυναίκες; cats", Status="ναι", Documents="passport\nasylum card, copy", Access="με ραντεβού", Notes="x",
    )  # fmt: skip
    service, (place,) = mapped.data["service"], mapped.data["locations"]
    assert (mapped.data["organization"]["key"], mapped.points, place["lat"], place["lon"]) == (
        "house",
        [(37.98, 23.72)],
        37.98,
        23.72,
    )
    assert service["categories"] == ["legal", "food"]
    assert service["opening_hours"] == "Mo-Fr 09:00-17:00"
    assert service["columns"] == {
        "phone": "210 5555555", "email": "a@b.example", "url": "https://b.example/x", "for_whom": ["women"], "access": ["by_appointment"],
        "languages": ["en", "fa"], "min_age": 18, "ends_on": "2030-12-31", "cost": "unknown", "cost_note": "5 euro",
    }  # fmt: skip
    assert [row["name"] for row in service["documents"]] == ["passport", "asylum card, copy"]
    assert mapped.notes == [
        "column H (Phone): 2 numbers, the first was taken",
        'column P (For whom): "cats" is not known for for_whom and was left out',
        'column L (Languages): "Klingon" is not known for languages and was left out',
    ]
    assert mapped.used == {*HEADER} - {"Notes", "Address", "Lat", "Lon"}


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"Lat": "38,1", "Lon": "east"}, 'column F (Lon): "east" is no degree. Write a number such as 23.73'),
        ({"Lat": "476000", "Lon": "4200000"}, 'column E (Lat): "476000" is no degree; it looks like a national grid'),
        ({"Lat": "38.1"}, "column F (Lon): it is empty"),
        ({"Lat": "0", "Lon": "0"}, "column E (Lat): the point is 0, 0"),
        ({"Lat": "139.7", "Lon": "35.6"}, "column E (Lat): 139.7, 35.6 seems swapped. Latitude comes first"),
        ({"Point": "here"}, 'column G (Point): "here" is no point'),
        ({"Phone": "ask us"}, 'column H (Phone): "ask us" is no phone number'),
        ({"Email": "a b"}, 'column I (Email): "a b" is no e-mail address'),
        ({"URL": "javascript:alert(1)"}, "column J (URL)"),
        ({"Until": "31/13/2026"}, 'column N (Until): "31/13/2026" is no date; the day is read first'),
        ({"Until": "soon"}, "column N (Until)"),
        ({"Age_from": "old"}, "column O (Age from)"),
        ({"Status": "perhaps"}, 'column Q (Status): "perhaps" is no word that we know for status'),
        ({"Name": "#REF!"}, "column A (Name): the cell shows the error #REF!"),
        ({"Name": " "}, "column A (Name): the name is empty"),
        ({"Organization": ""}, "column B (Organization): the organization is empty"),
    ],
)
def test_a_wrong_cell_is_named(cells: dict[str, str], why: str, tmp_path: Path) -> None:
    with pytest.raises(Wrong) as caught:
        _mapped(tmp_path, **cells)
    assert why in str(caught.value)


def test_all_wrong_cells_of_a_row_are_named_together(tmp_path: Path) -> None:
    with pytest.raises(Wrong, match=r"column H .*; column I .*; column N "):
        _mapped(tmp_path, Phone="x", Email="x", Until="x")


def test_cells_that_begin_like_a_formula_are_text(tmp_path: Path) -> None:
    said = _mapped(tmp_path, Name="=cmd|' /C calc'!A0", Address="@SUM(1)\u202e")
    assert (said.data["service"]["name"], said.data["locations"][0]["address"]) == ("=cmd|' /C calc'!A0", "@SUM(1)")


def test_hours_that_are_not_certain_are_kept_as_words(tmp_path: Path) -> None:
    mapped = _mapped(tmp_path, Hours="first Monday, mornings")
    assert (mapped.data["service"]["opening_hours"], mapped.data["service"]["columns"]["how"]) == (
        "",
        "first Monday, mornings",
    )
    assert ("Hours" in mapped.used, len(mapped.notes)) == (True, 1)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("Δευτέρα - Παρασκευή 09:00-17:00", "Mo-Fr 09:00-17:00"), ("Δευ-Παρ 9.00–15.00, Σάβ 10:00-13:00", "Mo-Fr 09:00-15:00; Sa 10:00-13:00"),
        ("Δευτέρα και Τετάρτη 9πμ-2μμ", "Mo,We 09:00-14:00"), ("Sun-Thurs 8:30am-1pm", "Su-Th 08:30-13:00"), ("24/7", "24/7"),
        ("الأحد - الخميس 9:00 - 15:00", "Su-Th 09:00-15:00"), ("Lundi - vendredi 9h00 - 17h00", "Mo-Fr 09:00-17:00"),
        ("Mo-Fr 22:00-06:00", "Mo-Fr 22:00-06:00"), ("Mon-Fri 9-5", ""), ("Mon-Fri 1-5", ""), ("Καθημερινά 9:00-14:00", ""),
        ("1st Monday 9:00-12:00", ""), ("Mon-Fri 9:00-17:00 except August", ""), ("κατόπιν ραντεβού", ""), ("x" * 10_000, ""),
    ],
)  # fmt: skip
def test_hours_in_words(text: str, hours: str) -> None:
    assert in_osm(text) == hours


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-31", date(2026, 12, 31)), ("31/12/2026", date(2026, 12, 31)), ("1.2.26", date(2026, 2, 1)), ("46387", date(2026, 12, 31)),
        ("31 Δεκεμβρίου 2026", date(2026, 12, 31)), ("31 December 2026", date(2026, 12, 31)), ("٣١/١٢/٢٠٢٦", date(2026, 12, 31)),
        ("2026-12-31T10:00", date(2026, 12, 31)),
    ],
)  # fmt: skip
def test_days(text: str, day: date) -> None:
    assert values.day(text) == day


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("37.98, 23.72", (37.98, 23.72)), ("37,98 23,72", (37.98, 23.72)), ("37,98; 23,72", (37.98, 23.72)), ("37.98,23.72", (37.98, 23.72)),
        ("POINT (23.72 37.98)", (37.98, 23.72)), ("(37.98, -23.72)", (37.98, -23.72)),
    ],
)  # fmt: skip
def test_points(text: str, point: tuple[float, float]) -> None:
    assert values.point(text) == point
    assert values.coordinate("37°58'48\"N", latitude=True) == pytest.approx(37.98)


def test_ids_without_a_column_depend_on_what_is_said(tmp_path: Path) -> None:
    rows = [
        ["Name", "Organization", "Address"],
        ["Στέκι", "Δήμος", "Οδός 1"],
        ["ΣΤΕΚΙ", "δήμος", "οδός 1"],
        ["Στέκι", "Δήμος", "Οδός 2"],
    ]
    form, page = get("csv", Options()), Page()
    ids = [form.id_of(record.value) for record in form.read([csv_file(tmp_path, rows)], page)]
    assert (ids[0] == ids[1], ids[0] == ids[2], ids[0][:4]) == (True, False, "row-")
    assert page.notes == ["no column holds an id: ids were made from name, organization and address"]


def test_a_row_that_lost_a_quote_is_not_guessed_at(tmp_path: Path) -> None:
    rows = [["Name", "Organization"], ["a", "b"], ["c", "d", "e"], ["f", "g"]]
    records = list(get("csv", Options()).read([csv_file(tmp_path, rows)], Page()))
    assert [record.fault for record in records] == [
        "",
        "the row has 3 cells, the heading 2: is a quote or a separator missing?",
        "",
    ]


@pytest.mark.django_db
def test_the_command_asks_for_a_mapping_and_takes_it(tmp_path: Path) -> None:
    from sympolity.directory import needs
    from sympolity.directory.models import Service
    from sympolity.places import actions as places

    places.load_areas()
    needs.record_needs(actor=SYSTEM, needs=needs.load())
    path = csv_file(tmp_path, [["Τι", "Ποιος", "Σχόλια"], ["Κουζίνα", "Σπίτι", "x"]])
    with pytest.raises(CommandError, match="--source is missing"):
        call_command("import_file", "csv", str(path))
    with pytest.raises(CommandError) as caught:
        call_command("import_file", "csv", str(path), "--source", "house")
    said = str(caught.value)
    assert "No column is known to hold the name of the service or the organization" in said
    draft = mapping.loaded(said[said.index("{") :])
    assert [one.column for one in draft.columns] == ["Τι", "Ποιος", "Σχόλια"]
    edited = Mapping((Column("Τι", "name"), Column("Ποιος", "organization"), Column("Σχόλια", ignore="for us")))
    chosen = tmp_path / "mapping.json"
    chosen.write_text(mapping.written(edited), encoding="utf-8")
    call_command("import_file", "csv", str(path), "--source", "house", "--mapping", str(chosen))
    assert Service.objects.get().name == "Κουζίνα"
    save_mappings(actor=CURATOR, mappings={"Σπίτι": edited})
    call_command("import_file", "csv", str(path), "--source", "house", "--mapping", "Σπίτι")
    assert Service.objects.count() == 1
    with pytest.raises(CommandError, match="no saved mapping and no file"):
        call_command("import_file", "csv", str(path), "--source", "house", "--mapping", "nowhere")
