"""Why a record or a file is not used, as codes with parameters: told from the sentences that are kept with them.

A reason is kept in English, as the reader of files says it: in the trail, in proposals, on the console. Here stands
every such sentence once, so that a page can say it in its reader's language. A test compares this table with the code
that raises them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

__all__ = ["FILES", "NOT_READ", "SENTENCES", "Clause", "Place", "of_file", "place_of", "read", "was_read"]

# Records that were not looked at, so that there is nothing to try again.
NOT_READ: Mapping[str, tuple[str, ...]] = {
    "record_too_long": (
        "it is {size} million characters long; at most {most} million are read",
        "with all its rows it is longer than {most} million characters",
        "it is too long to be looked at",
    ),
    "record_too_deep": ("it is nested deeper than {most} levels",),
    "record_too_rich": ("it has {parts} parts; at most {most} are read", "more than {most} rows of {table} belong to it"),
    "record_no_object": ("a record is an object; here is {kind}",),
    "key_twice": (
        "the key {key} stands twice in one object: which of the two is meant?",
        "the key {key} stands twice: which of the two is meant?",
    ),
    "row_too_wide": ("the row has {there} cells, the heading {here}: is a quote or a separator missing?",),
}  # fmt: skip
_RECORDS: Mapping[str, tuple[str, ...]] = {
    "id_missing": (
        "it is missing or unusable. Give every record its own id",
        "it is missing or unusable. Give every feature its own id",
        "it is missing, or not made of letters, digits and _ . : -",
    ),
    "object_expected": ("an object is expected", "a GeoJSON Feature is expected", "a list of objects is expected"),
    "text_expected": ("a text is expected",),
    "point_expected": ("a Point is expected", "two numbers are expected, [longitude, latitude]"),
    "draft": ("this is a draft of a change to another record, not a service of its own",),
    "not_public": ("{value} is not meant for the public (known: {known})",),
    "unknown_state": ("{value} is not known (known: {known})",),
    "empty": ("it is empty", "it is empty, or a placeholder"),
    "name_missing": ("the name is empty", "the name is empty once controls are taken out"),
    "name_too_long": ("the name is too long",),
    "organization_missing": ("who gives the service is missing", "the organization is empty"),
    "no_service": ("it belongs to no service: {kind} alone",),
    "point_zero": (
        "the point is 0, 0: it was never set. Set it at the source, or leave location empty",
        "the point is 0, 0: it was never set. Set it, or leave it empty",
        "the point is 0, 0: it was never set",
    ),
    "point_swapped": (
        "the point ({point}) seems swapped. GeoJSON wants longitude first: write {other} in coordinates",
        "{point} seems swapped. Latitude comes first",
    ),
    "point_outside": (
        "the point ({point}) lies outside the world. Correct coordinates, longitude first",
        "{point} lies outside the world",
    ),
    "point_outside_plain": ("the point lies outside the world",),
    "point_half": ("it is empty, but the other half of the point is there", "latitude or longitude is missing"),
    "grid": (
        "{value} is no degree; it looks like a national grid (such as ΕΓΣΑ87), or its comma was lost. "
        "Write degrees of WGS 84, such as 37.98",
    ),
    "bad_degree": ("{value} is no degree. Write a number such as {example}",),
    "bad_point": ('{value} is no point. Write latitude, longitude: "37.98, 23.73"',),
    "bad_date": (
        "{value} is no date; the day is read first. Write 2026-12-31",
        "{value} is no date. Write 2026-12-31",
        "{value} is no date. Write it as 2026-12-31",
    ),
    "bad_phone_number": ("{value} is no phone number",),
    "bad_mail": ("{value} is no e-mail address (one only)",),
    "bad_page": ("{value} is no address of a page (one only, https://…)",),
    "bad_age": ("{value} is no age in years",),
    "unknown_word": ("{value} is no word that we know for {column}",),
    "yes_or_no": ("{value} is neither yes nor no",),
    "formula": ("a formula that was never computed. Open and save the file in a spreadsheet program",),
    "error_cell": ("the cell shows the error {value}",),
    # What an action refuses (applying).
    "category_missing": ("no category is left",),
    "unknown_category": (
        "a category of the table of types is not loaded here. Run: sympolity serve --prepare-only",
    ),
    "unknown_area": ("the areas are not loaded here. Run: sympolity serve --prepare-only",),
    "not_yours": ("the record belongs to somebody else here",),
    "bad_hours": ("the opening hours are not in the notation of OpenStreetMap",),
    "bad_phone": ("this is no phone number",),
    "bad_email": ("this is no e-mail address",),
    "bad_url": ("this is no address of a page",),
    "unknown_code": ("this word is not one of the list",),
    "unknown_language": ("this language is not known here",),
    "database": ("the database does not take it: {kind}",),
    # Why a person must look.
    "second": ("another record of the files has the same id and says something else; the first was taken",),
    "twin": ("likely the same as {other}: the same name and the same organization or place",),
    "shown": ("an address that is not public here would be shown. Is it meant to be?",),
    "shelter": ("a place for people in danger has an address here. Is it meant to be known?",),
    "ended_here": ("a person ended it here: bring it back?",),
    "owned": ("its organization keeps its records here itself. Shall the source change them?",),
    "taken": ("the service would go to another organization. Is it the same service?",),
    "contacts": ("many contacts change at once",),
    "holds_mail": ("the text holds an e-mail address. Look at it before it is public",),
    "holds_phone": ("the text holds a phone number. Look at it before it is public",),
    "holds_name": (
        "the text holds the name of a person, it seems. Look at it before it is public",
        "the text holds the name of a contact person. Look at it before it is public",
    ),
    "begins_later": ("it begins only on {day}",),
    "no_owner": ("the record does not tell who gives the service; the name of the service stands for it",),
}  # fmt: skip
SENTENCES: Mapping[str, tuple[str, ...]] = {**NOT_READ, **_RECORDS}

# Why a whole file is not used: what kind of fault it is, by a part of its sentence. The first that fits counts.
FILES: Mapping[str, str] = {
    "cut": r"it was cut|in the middle|was cut or mixed|Is the file cut",
    "empty": r"is empty\.$|no row has anything",
    "encoding": r"is no UTF-8|UTF-16 or UTF-32|UTF-32|encoding of the file|bytes that are no|cut or mixed",
    "password": r"password",
    "macros": r"holds macros|binary workbook|declares a document type",
    "no_text": r"value 0|NUL character",
    "other_kind": r"^The file is .*(?:, not (?:JSON|CSV)|whatever its name says|\(\.ods\))|but no workbook|neither JSON nor a table",
    "too_many": r"(?:more than|at most) [\d,]+ (?:MB|records|rows|columns|cells|parts|keys|merged|different texts|are read)|columns; at most"
    r"|is longer than|goes on for more than|grows to more than|Unpacked the file|more than [\d,]+ (?:MB|characters|digits)|million characters|packed for more",
    "too_slow": r"took longer than|MB of memory",
    "too_deep": r"nested too deeply",
    "twice": r"stands twice in the file|are the same table|the column .* stands twice",
    "quote": r"quote",
    "bad_row": r", row \d+: ",
    "other_shape": r"does not begin with an object|record of HSDS|has no \"|is no list|is expected|list of GeoJSON|after the end|no table of services"
    r"|No table of HSDS|should name the columns|are mixed",
    "not_json": r"^Not JSON",
    "one_language": r"same language",
    "no_sheet": r"Its sheets are|has no sheet|no sheet with a table|sheets of the workbook are hidden|is missing in the file",
    "mapping": r"mapping",
    "not_loaded": r"not loaded here",
    "vanished": r"are no longer in the file",
    "wrong_number": r" takes .* here are \d",
    "damaged": r"damaged|is no XML|stands behind row|no place \(such|same name|cannot be unpacked|no workbook has|many marks|unusual way|cannot be opened|ended before its end",
}  # fmt: skip
_AT = re.compile(
    r"\bline (?P<line>\d{1,9})(?:, character (?P<character>\d{1,9}))?|\brow (?P<row>\d{1,9})", re.IGNORECASE
)

_WHERE = r"(?:(?P<where>(?:column [A-Z]{1,3} \(.{0,60}?\)|[\w.\[\]-]{1,100}(?::[a-z]+)?))(?:: ))?"
_VALUE = r"(?: \((?P<value>[^()]{1,200})\))?"
_PLACE = re.compile(
    r"(?:(?P<file>.{1,120}), )?(?:(?P<kind>record|row|line) (?P<number>\d{1,9}))(?: \(line (?P<line>\d{1,9})\))?"
    r"(?:, service (?P<service>\d{1,6}))?"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One reason. ``code``: "" when nobody knows the sentence, which is then ``facts["text"]``; ``where``: key or column."""

    code: str
    where: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands in its file. ``kind``: record, row or line; "" for what is no such place."""

    kind: str = ""
    number: int = 0
    file: str = ""
    line: int = 0
    service: int = 0


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    found = []
    for code, sentences in SENTENCES.items():
        for one in sentences:
            parts = re.split(r"\{(\w+)\}", one)
            said = "".join(f"(?P<{part}>.+?)" if at % 2 else re.escape(part) for at, part in enumerate(parts))
            tail = "" if "{value}" in one else _VALUE
            found.append((len(one), code, re.compile(_WHERE + said + tail, re.DOTALL)))
    found.sort(key=lambda row: -row[0])  # the sentence that says most, first
    return tuple((code, pattern) for _, code, pattern in found)


def read(text: str) -> list[Clause]:
    """The reasons in a text. Several are joined by semicolons, which may stand in a sentence, too."""
    parts, clauses = text.split("; "), list[Clause]()
    while parts:
        for end in range(1, len(parts) + 1):
            known = _clause("; ".join(parts[:end]))
            if known:
                break
        else:
            known, end = Clause("", facts={"text": parts[0]}), 1
        clauses.append(known)
        parts = parts[end:]
    return clauses


def _clause(text: str) -> Clause | None:
    for code, pattern in _patterns():
        match = pattern.fullmatch(text)
        if match:
            facts = {name: value for name, value in match.groupdict().items() if value is not None}
            return Clause(code, facts.pop("where", ""), facts)
    return None


def of_file(text: str) -> Clause:
    """Why a whole file is not used. ``facts``: line, character or row where the sentence names them."""
    at = _AT.search(text)
    facts = {name: value for name, value in at.groupdict().items() if value} if at else {}
    code = next((code for code, part in FILES.items() if re.search(part, text)), "")
    return Clause(code, facts=facts)


def was_read(text: str) -> bool:
    """Whether the record of this reason was looked at, so that it may be tried again."""
    return not any(clause.code in NOT_READ for clause in read(text))


def place_of(text: str) -> Place:
    """The place of a record, from the words in which it is kept."""
    match = _PLACE.fullmatch(text)
    if not match:
        return Place()
    numbers = {name: int(match[name] or 0) for name in ("number", "line", "service")}
    return Place(match["kind"], file=match["file"] or "", **numbers)
