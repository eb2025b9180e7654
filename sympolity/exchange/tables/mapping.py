"""Which column of a table goes where: guessed from the headings, written down, checked.

As a file a mapping is JSON:

    {"sympolity_mapping": 1, "lang": "el", "whole": false,
     "columns": [{"column": "Ονομασία", "to": "name", "lang": "el"},
                 {"column": "Παρατηρήσεις", "ignore": "for the office only"},
                 {"column": "Χρήστης", "to": ""}],
     "constants": {"organization": "Δήμος Αθηναίων", "locality": "Αθήνα"},
     "words": {"Νομικά": "legal-help"}}
"""

from __future__ import annotations

import json
from collections import Counter, abc
from dataclasses import dataclass, field
from typing import Any

from sympolity.directory import needs
from sympolity.exchange.reading import Unreadable
from sympolity.exchange.tables import limits
from sympolity.exchange.tables.headings import TARGETS, target_of
from sympolity.kit.bidi import clean_line
from sympolity.kit.fold import fold
from sympolity.languages import registry

__all__ = [
    "Column",
    "Fault",
    "Mapping",
    "check",
    "dumped",
    "fits",
    "folded_words",
    "guess",
    "loaded",
    "uncertain",
    "written",
]

VERSION = 1
_KEYS = {"sympolity_mapping", "lang", "whole", "columns", "constants", "words"}
_COLUMN_KEYS = {"column", "to", "lang", "ignore"}
_SIZE = 200_000  # characters of a mapping as a file
_WORDS = 2_000
_LONG = 300  # characters of a heading, a constant, a word
_NOT_CONSTANT = frozenset({"id", "name", "lat", "lon", "point"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column by its heading. ``to``: its target, or "" and ``ignore`` says why it goes nowhere."""

    column: str
    to: str = ""
    lang: str = ""
    ignore: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """Where the columns of a table go.

    ``constants``: target -> what every row has where its own cell is empty; ``words``: what a category is
    called in the table -> our slug; ``lang``: of the texts where neither heading nor letters tell;
    ``whole``: the table holds everything its source has, so that a service that is missing has ended.
    """

    columns: tuple[Column, ...] = ()
    constants: abc.Mapping[str, str] = field(default_factory=dict)
    words: abc.Mapping[str, str] = field(default_factory=dict)
    lang: str = ""
    whole: bool = False

    def column(self, heading: str) -> Column | None:
        """What is said of a heading, or None."""
        return next((one for one in self.columns if one.column == heading), None)

    def of(self, target: str) -> tuple[Column, ...]:
        """The columns that go to a target, in their order."""
        return tuple(one for one in self.columns if one.to == target)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a mapping. ``where``: the column or the part of the mapping."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def guess(header: abc.Sequence[str], tags: abc.Sequence[str] = ()) -> Mapping:
    """What the headings (and a row of HXL tags below them) say. A target that two columns claim stays with the surer."""
    claims: list[tuple[int, int, Column]] = []
    for at, heading in enumerate(header):
        tag = target_of(tags[at]) if at < len(tags) and tags[at].startswith("#") else None
        found = tag or target_of(heading)
        if found:
            rank = 0 if tag else 1 if found.sure else 2
            claims.append((rank, at, Column(heading, found.target, found.lang)))
    taken: set[tuple[str, str]] = set()
    kept: dict[int, Column] = {}
    for _, at, column in sorted(claims, key=lambda claim: claim[:2]):
        claim = (column.to, column.lang)
        if claim in taken and not TARGETS[column.to].several:
            continue
        taken.add(claim)
        kept[at] = column
    return Mapping(tuple(kept.get(at, Column(heading)) for at, heading in enumerate(header)))


def uncertain(mapping: Mapping, organization: str = "") -> str:
    """Why a guess is not used without a person: "" when name and organization are known, and each by one column."""
    for one in mapping.columns:
        rival = target_of(one.column) if not one.to and not one.ignore else None
        if rival and rival.sure and rival.target in {"name", "organization"}:
            return f'more than one column may hold the {rival.target}, "{one.column}" among them'
    missing = [
        what
        for what, known in (
            ("the name of the service", mapping.of("name")),
            (
                "the organization",
                organization or mapping.of("organization") or mapping.constants.get("organization"),
            ),
        )
        if not known
    ]
    return f"no column is known to hold {' or '.join(missing)}" if missing else ""


def check(mapping: Mapping) -> list[Fault]:
    """What is wrong with a mapping; empty when it can be used."""
    return [*_wrong_columns(mapping), *_wrong_parts(mapping)]


def _wrong_columns(mapping: Mapping) -> abc.Iterator[Fault]:
    goes: Counter[tuple[str, str]] = Counter()
    for heading, count in Counter(one.column for one in mapping.columns).items():
        if count > 1:
            yield Fault(f'column "{heading}"', "it stands twice in the mapping")
    for one in mapping.columns:
        where = f'column "{one.column}"'
        target = TARGETS.get(one.to)
        if one.to and target is None:
            yield Fault(where, f'"{one.to}" is no target. Targets are: {", ".join(sorted(TARGETS))}')
        if one.to and one.ignore:
            yield Fault(where, "it has a target and a reason to be ignored; keep one of them")
        if one.lang and (registry.canonical(one.lang) != one.lang or not (target and target.text)):
            yield Fault(where, f'the language "{one.lang}" is not known, or "{one.to}" has none')
        if target and not target.several:
            goes[one.to, one.lang] += 1
    for (name, lang), count in goes.items():
        if count > 1:
            yield Fault(f"{name} {lang}".strip(), f"{count} columns go there; only one may")


def _wrong_parts(mapping: Mapping) -> abc.Iterator[Fault]:
    for name, value in mapping.constants.items():
        if name not in TARGETS or name in _NOT_CONSTANT:
            yield Fault("constants", f'"{name}" cannot be the same for all rows')
        elif not value.strip():
            yield Fault("constants", f'"{name}" is empty')
    slugs = {need["slug"] for need in needs.load()}
    for word, slug in mapping.words.items():
        if slug not in slugs:
            yield Fault("words", f'"{slug}" (for "{word}") is no need here')
    if mapping.lang and registry.canonical(mapping.lang) != mapping.lang:
        yield Fault("lang", f'the language "{mapping.lang}" is not known')
    if not mapping.of("name"):
        yield Fault("name", "no column holds the name of the service")
    if not mapping.of("organization") and not mapping.constants.get("organization"):
        yield Fault("organization", "no column holds the organization, and no constant names it")
    if bool(mapping.of("lat")) != bool(mapping.of("lon")):
        yield Fault("lat, lon", "one of the two is missing")


def fits(mapping: Mapping, header: abc.Sequence[str]) -> list[Fault]:
    """Columns that the mapping needs and the table has not."""
    here = set(header)
    return [
        Fault(f'column "{one.column}"', f"the table has no such column; the mapping wants it for {one.to}")
        for one in mapping.columns
        if one.to and one.column not in here
    ]


def dumped(mapping: Mapping) -> dict[str, Any]:
    """The mapping as plain JSON, to be written to a file or kept."""
    return {
        "sympolity_mapping": VERSION,
        "lang": mapping.lang,
        "whole": mapping.whole,
        "columns": [
            {"column": one.column}
            | ({"ignore": one.ignore} if one.ignore else {"to": one.to})
            | ({"lang": one.lang} if one.lang else {})
            for one in mapping.columns
        ],
        "constants": dict(mapping.constants),
        "words": dict(mapping.words),
    }


def written(mapping: Mapping) -> str:
    """The JSON form with one column on a line, for a person to edit."""
    data = dumped(mapping)
    columns = ",\n".join(f" {json.dumps(one, ensure_ascii=False)}" for one in data.pop("columns"))
    rest = json.dumps(data, ensure_ascii=False)
    return f'{rest[:-1]}, "columns": [\n{columns}\n]}}'


def loaded(text: str) -> Mapping:
    """A mapping out of its JSON form; :class:`Unreadable` says what is wrong with it."""
    if len(text) > _SIZE:
        raise Unreadable(f"The mapping has more than {_SIZE:,} characters.")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"The mapping is no JSON: {error}.") from None
    if not isinstance(data, dict) or data.get("sympolity_mapping") != VERSION:
        raise Unreadable(f'The mapping does not begin with "sympolity_mapping": {VERSION}.')
    unknown = sorted(set(data) - _KEYS)
    if unknown:
        raise Unreadable(f"The mapping has an unknown part: {clean_line(', '.join(unknown), 200)}.")
    columns = data.get("columns", [])
    if not isinstance(columns, list) or len(columns) > limits.COLUMNS:
        raise Unreadable(f'"columns" of the mapping is a list of at most {limits.COLUMNS} columns.')
    lang, whole = data.get("lang", ""), data.get("whole", False)
    if not isinstance(lang, str) or not isinstance(whole, bool):
        raise Unreadable('"lang" of the mapping is a text, "whole" is true or false.')
    return Mapping(
        tuple(_column(one, at) for at, one in enumerate(columns, 1)),
        _texts(data.get("constants", {}), "constants"),
        _texts(data.get("words", {}), "words"),
        lang,
        whole,
    )


def _column(value: Any, at: int) -> Column:
    whole = isinstance(value, dict) and all(isinstance(part, str) for part in value.values())
    if not whole or "column" not in value or set(value) - _COLUMN_KEYS:
        raise Unreadable(f'Column {at} of the mapping: {{"column": "its heading", "to": "its target"}} is expected.')
    ignore = clean_line(value.get("ignore", ""), _LONG)
    return Column(clean_line(value["column"], 120), value.get("to", ""), value.get("lang", ""), ignore)


def _texts(value: Any, part: str) -> dict[str, str]:
    whole = isinstance(value, dict) and len(value) <= _WORDS
    if not whole or not all(isinstance(one, str) and len(one) <= _LONG for pair in value.items() for one in pair):
        raise Unreadable(f'"{part}" of the mapping: an object of short texts is expected.')
    return dict(value)


def folded_words(mapping: Mapping) -> dict[str, str]:
    """The words of the mapping for categories, folded."""
    return {fold(word): slug for word, slug in mapping.words.items()}
