"""Tables made up for tests, and Excel packages put together by hand."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from sympolity.exchange.tables.reading import letters

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
# Style 1 is a date, 2 a date with hours, 3 a time, 4 a number with a Greek currency.
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="164" formatCode="[$-408]d\\ mmmm\\ yyyy;@"/>'
    '<numFmt numFmtId="165" formatCode="#,##0.00\\ &quot;ευρώ (d)&quot;"/></numFmts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="22"/><xf numFmtId="20"/><xf numFmtId="165"/></cellXfs></styleSheet>'
)

Cell = object  # a text, a number, or ready XML that begins with "<"


def cell(column: int, row: int, value: Cell) -> str:
    """A cell: texts inline, numbers as numbers, XML as it is (``{r}`` is its place)."""
    place = f"{letters(column)}{row}"
    if isinstance(value, str) and value.startswith("<c "):
        return value.replace("{r}", place)
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value}</v></c>'
    return (
        f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>' if value else ""
    )


def sheet(rows: Sequence[Sequence[Cell]], *, after: str = "", first: int = 1) -> str:
    """A sheet; ``after`` stands behind its rows."""
    body = "".join(
        f'<row r="{at}">{"".join(cell(column, at, value) for column, value in enumerate(row))}</row>'
        for at, row in enumerate(rows, first)
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData>{after}</worksheet>'


def parts(
    sheets: Mapping[str, str],
    *,
    hidden: Sequence[str] = (),
    strings: Sequence[str] = (),
    date1904: bool = False,
    more: Mapping[str, str | bytes] | None = None,
) -> dict[str, str | bytes]:
    """The parts of a workbook with these sheets (name -> XML)."""
    rows = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{at}" r:id="s{at}"{" state=" + quoteattr("hidden") if name in hidden else ""}/>'
        for at, name in enumerate(sheets, 1)
    )
    links = "".join(
        f'<Relationship Id="s{at}" Type="{REL}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at, _ in enumerate(sheets, 1)
    )
    return {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="a" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><workbookPr date1904="{int(date1904)}"/><sheets>{rows}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{PACKAGE}">{links}<Relationship Id="x" Type="{REL}/sharedStrings" Target="sharedStrings.xml"/>'
            f'<Relationship Id="y" Type="{REL}/styles" Target="/xl/styles.xml"/></Relationships>'
        ),
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{"".join(f"<si>{one}</si>" for one in strings)}</sst>',
        **{f"xl/worksheets/sheet{at}.xml": body for at, body in enumerate(sheets.values(), 1)},
        **(more or {}),
    }


def packed(content: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, body in content.items():
            archive.writestr(name, body)
    return out.getvalue()


def workbook(folder: Path, rows: Sequence[Sequence[Cell]], name: str = "services.xlsx", *, after: str = "") -> Path:
    """A workbook with one sheet."""
    path = folder / name
    path.write_bytes(packed(parts({"Υπηρεσίες": sheet(rows, after=after)})))
    return path


def csv_file(
    folder: Path, rows: Sequence[Sequence[Cell]], name: str = "services.csv", *, encoding: str = "utf-8", by: str = ","
) -> Path:
    """A CSV file; cells with the separator, quotes or line feeds are quoted."""

    def quoted(value: str) -> str:
        return '"' + value.replace('"', '""') + '"' if any(char in value for char in (by, '"', "\n")) else value

    path = folder / name
    path.write_bytes("".join(by.join(quoted(str(value)) for value in row) + "\r\n" for row in rows).encode(encoding))
    return path


HEADING: list[Cell] = [
    "Κωδικός", "Ονομασία (el)", "Name (en)", "الاسم [ar]", "Φορέας", "Κατηγορία", "Διεύθυνση", "Πόλη", "ΤΚ", "Γεωγραφικό πλάτος",
    "Γεωγραφικό μήκος", "Τηλέφωνο", "Email", "Ιστοσελίδα", "Ωράριο", "Γλώσσες", "Κόστος", "Λήξη", "Δικαιολογητικά", "Κατάσταση",
    "Παρατηρήσεις γραφείου",
]  # fmt: skip
_NEEDS = ("Νομική βοήθεια", "Τρόφιμα; Ρούχα", "صحة", "Mental health", "legal-help | food")
_HOURS = (
    "Δευτέρα - Παρασκευή 09:00-17:00",
    "Mo-Fr 10:00-14:00",
    "Mon-Thu 9am-3pm",
    "الأحد - الخميس 9:00-15:00",
    "κατόπιν συνεννόησης",
)


def services(number: int) -> list[list[Cell]]:
    """The heading and so many services, each at its own place, in Greek, English and Arabic."""
    return [HEADING, *(service(at) for at in range(number))]


def service(at: int) -> list[Cell]:
    return [
        f"D-{at}", f"Στέκι αρ. {at}", f"Meeting place {at}", f"مركز {at}", f"Σύλλογος {at % 7}", _NEEDS[at % 5], f"Οδός Αθηνάς {at}",
        "Αθήνα", f"104{at % 90 + 10}", f"{37 + at / 1000:.4f}".replace(".", ","), f"{23 + at / 1000:.4f}".replace(".", ","),
        f"210 55{at:05}", f"info{at}@steki.example", f"www.steki{at}.example", _HOURS[at % 5], "Ελληνικά, Αραβικά; English",
        ("Δωρεάν", "free", "2 ευρώ")[at % 3], "" if at % 4 else "31/12/2030", "Διαβατήριο; Δελτίο αιτούντος", "Ενεργό",
        "μόνο για εμάς",
    ]  # fmt: skip
