"""Every sentence that a reader of files may say of a record is known by its code, so that pages can say it in any language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from sympolity.exchange import applying, guarding, reasons, screening
from sympolity.exchange.reasons import Clause, Place, place_of, read

ROOM = Path(reasons.__file__).parent
# Calls whose words are why one record is not used.
_RAISED = frozenset({"Wrong", "Bad", "BadPoint", "At", "TooMany"})


def _words(node: ast.expr) -> Iterator[str]:
    """The texts that an expression may give; what is put into them is 7."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(part.value if isinstance(part, ast.Constant) else "7" for part in node.values)  # type: ignore[misc]
    elif isinstance(node, ast.IfExp):
        yield from _words(node.body)
        yield from _words(node.orelse)


def _raised(raised: frozenset[str], *, areas: bool = False) -> Iterator[tuple[str, str]]:
    for path in sorted(ROOM.rglob("*.py")):
        if "tests" in path.parts or ("areas" in path.parts and not areas):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            wrong = name == "append" and ast.unparse(node.func) == "self.wrong.append"
            if name in raised or (wrong and raised is _RAISED):
                for argument in node.args:
                    yield from ((f"{path.name}:{node.lineno}", text) for text in _words(argument))


SAID = sorted(
    (where, text) for where, text in _raised(_RAISED) if " " in text and not text.endswith(": 7") and text.strip("7: ")
)


@pytest.mark.parametrize(("where", "text"), SAID)
def test_what_is_raised_is_known(where: str, text: str) -> None:
    """The place before the colon may be anything: it is 7 here."""
    found = read(text)
    assert all(clause.code for clause in found), (where, found)


def test_there_are_many() -> None:
    assert len(SAID) > 40
    assert len(OF_FILES) > 60


# Nobody meets these on a page: folders, links, files of mappings, options of the command.
_COMMAND = (
    "saved.py",
    "mapping.py",
    "into a folder of their own",
    "is a link",
    "no ordinary file",
    "--language",
    "is not known here",
    "does not tell whose list",
)
OF_FILES = sorted(
    (where, text)
    for where, text in _raised(frozenset({"Unreadable", "Limited"}))
    if " " in text.strip("7: ") and not any(one in where or one in text for one in _COMMAND)
)


@pytest.mark.parametrize(("where", "text"), OF_FILES)
def test_why_a_file_is_not_used_is_known(where: str, text: str) -> None:
    assert reasons.of_file(text).code, where


def test_the_place_in_a_file_is_told() -> None:
    found = reasons.of_file("Not JSON: Expecting value at line 2, character 8, in record 1.")
    assert found == Clause("not_json", facts={"line": "2", "character": "8"})
    assert reasons.of_file("Row 7 has 900 columns; at most 200 are read.") == Clause("too_many", facts={"row": "7"})


@pytest.mark.parametrize("text", [*applying._SENTENCES.values(), guarding._SHOWN, guarding._ENDED, guarding._TAKEN,
                                  guarding._CONTACTS, screening.SHELTER])  # fmt: skip
def test_what_is_asked_or_refused_later_is_known(text: str) -> None:
    (found,) = read(text)
    assert found.code


def test_reasons_come_apart_with_their_places_and_values() -> None:
    text = (
        'column C (Tel: work): "abc" is no phone number; column D (Lat): "4" is no date; the day is read first. '
        "Write 2026-12-31; service.en.description: the text holds an e-mail address. Look at it before it is public"
    )
    assert read(text) == [
        Clause("bad_phone_number", "column C (Tel: work)", {"value": '"abc"'}),
        Clause("bad_date", "column D (Lat)", {"value": '"4"'}),
        Clause("holds_mail", "service.en.description"),
    ]
    assert read("phone: this is no phone number (x)") == [Clause("bad_phone", "phone", {"value": "x"})]
    assert read("something else; and more") == [
        Clause("", facts={"text": "something else"}),
        Clause("", facts={"text": "and more"}),
    ]


def test_a_long_or_hostile_reason_costs_little() -> None:
    for text in ("; " * 150, "column C (" * 30, '"' * 300, "x: " * 100, "a; b " * 60):
        assert read(text)


def test_what_was_never_looked_at_is_known() -> None:
    assert not reasons.was_read("it is nested deeper than 32 levels")
    assert not reasons.was_read("en: it has 30,000 parts; at most 20,000 are read")
    assert reasons.was_read("name: it is empty")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("record 12 (line 40)", Place("record", 12, line=40)),
        ("row 7", Place("row", 7)),
        ("services.csv, line 9", Place("line", 9, file="services.csv")),
        ("record 3 (line 8), service 2", Place("record", 3, line=8, service=2)),
        ("services_ar.json, record 3 (line 8)", Place("record", 3, file="services_ar.json", line=8)),
        ("nowhere", Place()),
    ],
)
def test_places_are_told_apart(text: str, place: Place) -> None:
    assert place_of(text) == place
