"""The features of one or two GeoJSON files: a record of ours holds the same feature in every language."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from sympolity.exchange import reading
from sympolity.exchange.formats.services_advisor.mapping import id_of_feature
from sympolity.exchange.formats.shape import Page, Record, Unreadable
from sympolity.languages import registry

__all__ = ["features", "language_of", "read"]

_SAMPLE = 50  # features that are looked at to find the language of a file
_ARABIC = re.compile("[\u0621-\u064a\u066e-\u06d3]")
_PERSIAN = re.compile("[\u067e\u0686\u0698\u06a9\u06af\u06cc]")
_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")
_SHAPE = 'a list of GeoJSON features is expected, or an object with such a list under "features"'


def read(paths: Sequence[Path], page: Page, language: str = "") -> Iterator[Record]:
    """The records of one file, or of two joined by id and order (the n-th with an id goes with the n-th).

    English comes first, whatever the order of the files; what only the other file has follows at the end.
    Raises :class:`Unreadable` when a file is of another shape, or both are in one language.
    """
    if len(paths) == 1:
        code = _given(language) or language_of(paths[0])
        for record in features(paths[0], page):
            yield _record(record.number, record.place, {code: record})
        return
    found = [(language_of(path), path) for path in paths]
    if found[0][0] == found[1][0]:
        raise Unreadable(
            f"Both files are in the same language ({found[0][0]}). Give one file per language, or each under its own --source."
        )
    first, second = sorted(found, key=lambda one: (one[0] != "en", one[0]))
    yield from _joined(first, second, page)


def features(path: Path, page: Page) -> Generator[Record, None, None]:
    """The features of one file, one at a time."""
    with reading.opened(path) as handle:
        text = reading.Window.over(handle)
        if text.peek() == "{":
            handle.seek(0)
            yield from reading.records(handle, page, "features")
            return
        if text.peek() != "[":
            raise Unreadable(f"{path.name}: {_SHAPE} ({text.place}).")
        yield from reading.elements(text, "features")
        if text.peek():
            raise Unreadable(f"{path.name}: something stands after the end of the list, at {text.place}.")


def language_of(path: Path) -> str:
    """The language of a file by the letters of its first features, words of names apart: they stay as they are."""
    with closing(features(path, Page())) as rows:
        text = " ".join(part for record in islice(rows, _SAMPLE) for part in _words(record.value))
    arabic, greek = len(_ARABIC.findall(text)), len(_GREEK.findall(text))
    latin = sum(char.isascii() and char.isalpha() for char in text)
    # Names of organizations and of the shape itself are Latin everywhere: a third in other letters is enough.
    if 2 * arabic > latin:
        return "fa" if 10 * len(_PERSIAN.findall(text)) > arabic else "ar"
    return "el" if 2 * greek > latin else "en"


def _words(value: Any) -> Iterator[str]:
    properties = value.get("properties") if isinstance(value, dict) else None
    for name, part in properties.items() if isinstance(properties, dict) else ():
        if isinstance(part, dict):
            yield name
            yield from part
        elif isinstance(part, str) and name != "partnerName":
            yield part


def _given(language: str) -> str:
    if not language:
        return ""
    code = registry.canonical(language)
    if code is None:
        raise Unreadable(
            f"--language: {language[:20]!r} is no language that is known here. Give a code such as en, ar or el."
        )
    return code


def _joined(first: tuple[str, Path], second: tuple[str, Path], page: Page) -> Iterator[Record]:
    (code, path), (other_code, other_path) = first, second
    number = 0
    with closing(_stored(other_path, Page())) as rest:
        seen: Counter[str] = Counter()
        for record in features(path, page):
            key = id_of_feature(record.value)
            seen[key] += 1
            parts = {code: record}
            other = _taken(rest, key, seen[key])
            if other:
                parts[other_code] = other
            number += 1
            yield _record(number, record.place, parts)
        for other in _left(rest):
            number += 1
            yield _record(number, f"{other_path.name}, {other.place}", {other_code: other})


def _record(number: int, place: str, parts: Mapping[str, Record]) -> Record:
    faults = [f"{code}: {record.fault}" for code, record in parts.items() if record.fault]
    value = {code: record.value for code, record in parts.items()}
    return Record(number, next(iter(parts.values())).line, value, "; ".join(faults), place)


# The second file may be in another order: it waits in a private file of SQLite, not in memory.


def _stored(path: Path, page: Page) -> sqlite3.Connection:
    base = sqlite3.connect("")
    try:
        base.execute(
            "create table feature (key, nth, number, line, value, fault, primary key (key, nth)) without rowid"
        )
        seen: Counter[str] = Counter()
        for record in features(path, page):
            key = id_of_feature(record.value)
            seen[key] += 1
            text = json.dumps(record.value)
            base.execute("insert into feature values (?, ?, ?, ?, ?, ?)", (key, seen[key], record.number, record.line, text, record.fault))  # fmt: skip
    except BaseException:
        base.close()
        raise
    return base


def _taken(base: sqlite3.Connection, key: str, nth: int) -> Record | None:
    found = base.execute(
        "select number, line, value, fault from feature where key = ? and nth = ?", (key, nth)
    ).fetchone()
    if found is None:
        return None
    base.execute("delete from feature where key = ? and nth = ?", (key, nth))
    return Record(found[0], found[1], json.loads(found[2]), found[3])


def _left(base: sqlite3.Connection) -> Iterator[Record]:
    for number, line, value, fault in base.execute("select number, line, value, fault from feature order by number"):
        yield Record(number, line, json.loads(value), fault)
