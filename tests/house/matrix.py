"""golden/permissions.toml as tests read it: routes, things at them, and what each person gets."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from sympolity.ops.demo.ids import demo_id

__all__ = ["FILE", "METHODS", "Cell", "Route", "absent", "filled", "people", "routes", "thing"]

FILE = Path(__file__).parent / "golden" / "permissions.toml"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
TYPES = {
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "atom": "application/atom+xml; charset=utf-8",
    "xml": "application/xml; charset=utf-8",
    "opensearch": "application/opensearchdescription+xml; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "text": "text/plain; charset=utf-8",
    "metrics": "text/plain; version=0.0.4; charset=utf-8",
    "nothing": "",
}
_FACTS = {"path", "about", "send"}
_HOLE = re.compile(r"\{(\w+):([\w-]+)\}")


@dataclass(frozen=True, slots=True)
class Cell:
    """One thing at an address. ``status``: what each person gets there."""

    route: str
    what: str
    path: str
    about: str
    send: str | None
    status: Mapping[str, int]

    def __str__(self) -> str:
        return f"{self.route}, {self.what}"


@dataclass(frozen=True, slots=True)
class Route:
    """A table of the file."""

    name: str
    allow: tuple[str, ...]
    answers: str
    cells: tuple[Cell, ...]

    @property
    def kind(self) -> str:
        """The content type of a 200."""
        return TYPES[self.answers]


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def people() -> dict[str, str]:
    """Who they are, by the names that the file uses."""
    return dict(_file()["people"])


@cache
def routes() -> dict[str, Route]:
    """All tables, by the name of the route."""
    return {name: _route(name, table) for name, table in _file().items() if name != "people"}


def _route(name: str, table: Mapping[str, Any]) -> Route:
    cells = tuple(_cell(name, what, row) for what, row in table.items() if isinstance(row, dict))
    return Route(name, tuple(table["allow"].replace(",", " ").split()), table["answers"], cells)


def _cell(route: str, what: str, row: Mapping[str, Any]) -> Cell:
    said: dict[str, int] = {}
    rest = 0
    for status, who in row.items():
        if status in _FACTS:
            continue
        if who in {"everybody", "everybody else"}:
            assert not rest, f"{route}, {what}: two times everybody"
            rest = int(status)
            continue
        for one in who.split(", "):
            assert one in people(), f"{route}, {what}: who is {one!r}?"
            assert one not in said, f"{route}, {what}: {one} stands there twice"
            said[one] = int(status)
    missing = people().keys() - said.keys()
    assert bool(missing) == bool(rest), f"{route}, {what}: {missing or 'nobody is left for everybody else'}"
    status_of = {one: said.get(one, rest) for one in people()}
    return Cell(route, what, row["path"], row.get("about", ""), row.get("send"), status_of)


def thing(kind: str, key: str) -> UUID:
    """The id of a thing of the demo, or of one that the test made."""
    return demo_id(kind, key)


def absent() -> str:
    """An id that nothing has."""
    return "00000000-0000-4000-8000-000000000000"


def filled(text: str, lang: str, codes: Mapping[UUID, str]) -> str:
    """A path with its language and ids. ``codes``: of services, by id."""

    def put(found: re.Match[str]) -> str:
        kind, key = found.groups()
        return codes[thing("service", key)] if kind == "code" else str(thing(kind, key))

    return _HOLE.sub(put, text.replace("{lang}", lang).replace("{absent}", absent()))
