"""The mapping screen: what a person says of the columns of a table, as a form and as a mapping."""

from __future__ import annotations

from collections.abc import Mapping as Named
from dataclasses import dataclass
from typing import Any

from sympolity.desk.words import FIELDS, REFUSALS
from sympolity.exchange.tables.headings import TARGETS
from sympolity.exchange.tables.mapping import Column, Mapping, check
from sympolity.kit.bidi import clean_line
from sympolity.languages import registry

__all__ = ["CONSTANTS", "Error", "Question", "faults", "questions", "read", "targets"]

CONSTANTS = ("organization", "category", "locality", "phone", "email", "url")
_LONG = 200  # characters of a constant


@dataclass(frozen=True, slots=True)
class Question:
    """One column: its heading, a few of its cells, and what is said of it so far."""

    number: int
    heading: str
    samples: list[str]
    to: str
    lang: str
    error: Any = ""


@dataclass(frozen=True, slots=True)
class Error:
    """What is wrong. ``id``: of the control; ``words``: further ones of the reader of tables, in English."""

    id: str
    text: Any
    words: str = ""


def targets() -> list[tuple[str, Any]]:
    """Where a column may go, by the words that a person reads."""
    return [(name, FIELDS.get(name, name)) for name in TARGETS]


def read(header: list[str], said: Named[str, str], words: Named[str, str]) -> Mapping:
    """The mapping that a form says. What nobody could have chosen is left out. ``words``: of the saved mapping it began with."""
    columns = []
    for at, heading in enumerate(header):
        to = said.get(f"to-{at}", "")
        to = to if to in TARGETS else ""
        lang = registry.canonical(said.get(f"lang-{at}", "")[:20]) or ""
        columns.append(Column(heading, to, lang if to and TARGETS[to].text else ""))
    constants = {name: value for name in CONSTANTS if (value := clean_line(said.get(f"all-{name}", ""), _LONG))}
    return Mapping(
        tuple(columns), constants, dict(words), registry.canonical(said.get("lang", "")[:20]) or "", "whole" in said
    )


def faults(mapping: Mapping) -> list[Error]:
    """What is wrong with a mapping, at the control where it can be made right."""
    found: list[Error] = []
    at = {one.column: number for number, one in enumerate(mapping.columns)}
    if not mapping.of("name"):
        found.append(Error("to-0", REFUSALS["name_missing"]))
    if not mapping.of("organization") and not mapping.constants.get("organization"):
        found.append(Error("all-organization", REFUSALS["organization_missing"]))
    if bool(mapping.of("lat")) != bool(mapping.of("lon")):
        one = (mapping.of("lat") or mapping.of("lon"))[0]
        found.append(Error(f"to-{at[one.column]}", REFUSALS["point_half"]))
    taken: set[tuple[str, str]] = set()
    for number, one in enumerate(mapping.columns):
        goes = (one.to, one.lang)
        if one.to and not TARGETS[one.to].several and goes in taken:
            found.append(Error(f"to-{number}", REFUSALS["target_twice"]))
        taken.add(goes)
    if not found:
        found = [Error("to-0", REFUSALS["bad_mapping"], str(fault)) for fault in check(mapping)]
    return found


def questions(peek: Named[str, Any], mapping: Mapping, errors: list[Error]) -> list[Question]:
    """The columns of a table with what a mapping says of them."""
    wrong = {error.id: error.text for error in errors}
    out = []
    for at, heading in enumerate(peek["header"]):
        said = mapping.column(heading)
        samples = [row[at] for row in peek["rows"] if at < len(row) and row[at]]
        out.append(
            Question(
                at, heading, samples, said.to if said else "", said.lang if said else "", wrong.get(f"to-{at}", "")
            )
        )
    return out
