"""Where to complain: the table of public bodies, in the reader's language. Facts, with their source."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from sympolity.directory import needs
from sympolity.languages.registry import preference
from sympolity.languages.texts import Said

__all__ = ["FILE", "Body", "bodies"]

FILE = needs.FILE.parent / "complaints.toml"


@dataclass(frozen=True, slots=True)
class Body:
    """A public body that takes complaints. ``original``: its name as it calls itself."""

    name: Said
    original: Said
    what: Said
    url: str
    source: str
    checked: bool


@cache
def _rows() -> list[dict[str, Any]]:
    return list(tomllib.loads(FILE.read_text(encoding="utf-8"))["body"])


def bodies(lang: str) -> list[Body]:
    """All of them, in the order of the file."""
    return [
        Body(
            _said(row["name"], lang), Said(row["name"]["el"], "el"), _said(row["what"], lang), row["url"], row["source"],
            "checked_on" in row,
        )
        for row in _rows()
    ]  # fmt: skip


def _said(words: dict[str, str], lang: str) -> Said:
    code = next(code for code in (*preference(lang, "en"), "en") if code in words)
    return Said(words[code], code, machine=code != "en")
