"""A table is read as its author meant it: encodings, separators, headings, cells of a workbook."""

from __future__ import annotations

from pathlib import Path

import pytest

from sympolity.exchange.reading import Unreadable
from sympolity.exchange.tables import limits
from sympolity.exchange.tables.reading import letters, opened, peek
from sympolity.exchange.tests import workbooks
from sympolity.exchange.tests.workbooks import cell, csv_file, packed, parts, sheet, workbook

GREEK = [["Ονομασία", "Φορέας", "Περιγραφή"], ["Άσυλο", "Δήμος Αθηναίων", "Νομική βοήθεια, στέγη και τρόφιμα"]]
ARABIC = [["الاسم", "المنظمة", "الوصف"], ["مكتب", "بلدية أثينا", "مساعدة قانونية و سكن و طعام"]]
FRENCH = [["Nom", "Organisation", "Téléphone"], ["Café réfugié", "Société", "Été à l'école"]]


def _read(path: Path, **more: str) -> list[list[str]]:
    found = peek(path, **more)  # type: ignore[arg-type]
    return [found.header, *found.rows]


@pytest.mark.parametrize(
    ("rows", "encoding", "told"),
    [
        (GREEK, "utf-8", "utf-8"),
        (GREEK, "utf-8-sig", "utf-8-sig"),
        (GREEK, "utf-16", "utf-16"),
        (GREEK, "utf-16-le", "utf-16-le"),
        (ARABIC, "utf-16-be", "utf-16-be"),
        (GREEK, "cp1253", "cp1253"),
        (GREEK, "iso8859-7", "iso8859-7"),
        (ARABIC, "cp1256", "cp1256"),
        (FRENCH, "cp1252", "cp1252"),
        ([["name", "organization"], ["a", "b"]], "ascii", "utf-8"),
    ],
)
@pytest.mark.parametrize("by", [",", ";", "\t", "|"])
def test_encodings_and_separators(rows: list[list[str]], encoding: str, told: str, by: str, tmp_path: Path) -> None:
    path = csv_file(tmp_path, rows, encoding=encoding, by=by)
    found = peek(path)
    assert (found.encoding, found.delimiter, found.header, found.rows) == (told, by, rows[0], rows[1:])


def test_the_line_of_excel_that_names_the_separator(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("sep=|\r\nname|organization\r\na,b;c|d\r\n", encoding="utf-8-sig")
    assert _read(path) == [["name", "organization"], ["a,b;c", "d"]]
    assert peek(path).numbers == [3]


def test_quotes_and_lines_in_cells(tmp_path: Path) -> None:
    path = csv_file(tmp_path, [["name", "organization"], ['a "b"', "c\nd"], ["e", "f"]], by=";")
    found = list(opened(path).table()[1])
    assert [(row.number, row.line, row.cells) for row in found] == [(2, 2, ['a "b"', "c\nd"]), (3, 4, ["e", "f"])]


def test_decimal_commas_do_not_hide_the_semicolon(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Όνομα;lat;lon;Φορέας\nα, β, γ, δ;37,98;23,72;δ, ε\n" * 1, encoding="utf-8")
    assert _read(path) == [["Όνομα", "lat", "lon", "Φορέας"], ["α, β, γ, δ", "37,98", "23,72", "δ, ε"]]


def test_a_title_and_empty_rows_stand_above_the_heading(tmp_path: Path) -> None:
    rows = [["Υπηρεσίες του δήμου 2026", ""], ["", ""], ["Ονομασία", "Φορέας"], ["α", "β"]]
    for path in (csv_file(tmp_path, rows), workbook(tmp_path, rows)):
        found = peek(path)
        assert (found.header, found.header_row, found.numbers) == (["Ονομασία", "Φορέας"], 3, [4])


def test_a_row_of_hxl_tags_is_no_service(tmp_path: Path) -> None:
    path = csv_file(tmp_path, [["A", "B"], ["#service+name+el", "#org +name"], ["α", "β"]])
    found = peek(path)
    assert (found.header, found.tags, found.rows) == (["A", "B"], ["#service+name+el", "#org +name"], [["α", "β"]])


def test_headings_that_stand_twice_or_not_at_all(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["name", "phone", "phone", ""], ["a", "1", "2", "3"]])
    assert peek(path).header == ["name", "phone", "phone (2)", "column D"]


def test_a_million_empty_rows_cost_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"name,organization\r\na,b\r\n" + b",\r\n" * 1_000_000 + b"c,d\r\n")
    book = tmp_path / "a.xlsx"
    body = sheet([["name", "organization"], ["a", "b"]]).replace("</sheetData>", "<row/>" * 1_000_000 + "</sheetData>")
    # Such a sheet is packed to a thousandth; without packing it is read up to the empty rows.
    book.write_bytes(packed(parts({"A": body}), method=0))
    for source in (opened(path), opened(book)):
        assert [row.cells for row in source.table()[1]] == [["a", "b"]]
        assert (source.stopped, source.notes) == (True, [limits.STOPPED])


def test_cells_of_a_workbook(tmp_path: Path) -> None:
    told = {
        '<c r="{r}" s="1"><v>46387</v></c>': "2026-12-31",
        '<c r="{r}" s="2"><v>46387.5</v></c>': "2026-12-31T12:00",
        '<c r="{r}" s="3"><v>0.375</v></c>': "09:00",
        '<c r="{r}" s="4"><v>12.5</v></c>': "12.5",
        '<c r="{r}"><v>2105555555</v></c>': "2105555555",
        '<c r="{r}"><v>3.7983E1</v></c>': "37.983",
        '<c r="{r}"><v>7.0</v></c>': "7",
        '<c r="{r}" t="s"><v>1</v></c>': "κοινό κείμενο",
        '<c r="{r}" t="b"><v>1</v></c>': "TRUE",
        '<c r="{r}" t="e"><v>#REF!</v></c>': "#REF!",
        '<c r="{r}" t="str"><f>A1&amp;"x"</f><v>ready</v></c>': "ready",
        '<c r="{r}" t="str"><f>IF(1,"")</f><v></v></c>': "",
        '<c r="{r}"><f>SUM(1)</f></c>': "#FORMULA WITHOUT VALUE!",
        '<c r="{r}" t="inlineStr"><is><r><t>a_x0041_</t></r><rPh><t>no</t></rPh><r><t> b</t></r></is></c>': "aA b",
        "=1+1": "=1+1",
    }
    rows = [[f"h{at}" for at in range(len(told))], list(told)]
    path = tmp_path / "a.xlsx"
    strings = ["<t>x</t>", "<r><t>κοινό</t></r><r><t> κείμενο</t></r>"]
    path.write_bytes(packed(parts({"A": sheet(rows)}, strings=strings)))
    source = opened(path)
    (row,) = source.table()[1]
    assert row.cells == list(told.values())
    assert source.notes == ["3 cells hold formulas; their values as last saved were taken"]


def test_days_since_1904(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    rows = [["name", "until"], ["a", '<c r="{r}" s="1"><v>44925</v></c>']]
    path.write_bytes(packed(parts({"A": sheet(rows)}, date1904=True)))
    assert peek(path).rows == [["a", "2026-12-31"]]


def test_prefixes_of_other_programs(tmp_path: Path) -> None:
    body = sheet([["name", "organization"], ["a", "b"]]).replace("xmlns=", "xmlns:x=")
    for name in ("worksheet", "sheetData", "row", "c", "is", "t"):
        for mark in (f"<{name} ", f"<{name}>", f"</{name}>"):
            body = body.replace(mark, mark.replace(name, f"x:{name}"))
    path = tmp_path / "a.xlsx"
    path.write_bytes(packed(parts({"A": body})))
    assert peek(path).rows == [["a", "b"]]


def test_a_cell_merged_over_rows_holds_for_each(tmp_path: Path) -> None:
    rows = [["Φορέας", "Ονομασία"], ["Δήμος", "α"], ["", "β"], ["", ""], ["", "γ"], ["Σύλλογος", "δ"]]
    path = workbook(tmp_path, rows, after='<mergeCells count="1"><mergeCell ref="A2:A5"/></mergeCells>')
    source = opened(path)
    assert [row.cells for row in source.table()[1]] == [
        ["Δήμος", "α"],
        ["Δήμος", "β"],
        ["Δήμος", "γ"],
        ["Σύλλογος", "δ"],
    ]
    assert source.notes == ["2 cells had no value of their own and took that of the cell they are merged with"]


def test_the_first_visible_sheet_is_read_unless_one_is_named(tmp_path: Path) -> None:
    sheets = {name: sheet([["name", "organization"], [name, "x"]]) for name in ("Κρυφό", "Φύλλο 2", "3")}
    path = tmp_path / "a.xlsx"
    path.write_bytes(packed(parts(sheets, hidden=["Κρυφό"])))
    found = peek(path)
    assert (found.sheets, found.sheet, found.rows) == (["Κρυφό", "Φύλλο 2", "3"], "Φύλλο 2", [["Φύλλο 2", "x"]])
    assert peek(path, sheet="3").rows == [["3", "x"]]
    with pytest.raises(Unreadable, match='no sheet "4"'):
        peek(path, sheet="4")


def test_what_lies_beside_the_table_is_told(tmp_path: Path) -> None:
    body = sheet([["name", "organization"], ["a", "b"]]).replace('<row r="2"', '<row r="2" hidden="1"')
    path = tmp_path / "a.xlsx"
    path.write_bytes(packed(parts({"A": body}, more={"xl/externalLinks/externalLink1.xml": "<x/>"})))
    source = opened(path)
    list(source.table()[1])
    assert source.notes == [
        "1 rows are hidden in the sheet and were read like the others",
        "the workbook links to other files; they were not opened",
    ]


def test_a_file_that_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="cannot be opened"):
        opened(tmp_path / "nowhere.csv")
    with pytest.raises(Unreadable, match="no ordinary file"):
        opened(tmp_path)


def test_a_file_of_gigabytes_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as handle:
        handle.write(b"name,organization\n")
        handle.truncate(5_000_000_000)
    with pytest.raises(Unreadable, match="5,000 MB"):
        opened(path)


def test_letters_of_columns() -> None:
    assert [letters(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert cell(27, 3, 5) == '<c r="AB3"><v>5</v></c>'
    assert workbooks.HEADING[0] == "Κωδικός"
