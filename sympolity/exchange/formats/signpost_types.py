"""The types of Signpost and the needs they stand for: ``signpost_categories.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from sympolity.kit.fold import fold

__all__ = ["row_of", "types"]

_TYPES = Path(__file__).with_name("signpost_categories.toml")


@cache
def types() -> tuple[dict[str, Any], ...]:
    """The table of Signpost types."""
    return tuple(tomllib.loads(_TYPES.read_text(encoding="utf-8"))["type"])


@cache
def _by_name() -> dict[str, dict[str, Any]]:
    return {fold(name): row for row in types() for name in row["names"]}


def row_of(kind: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any] | None:
    """The row of a type: by its names. Each installation numbers its own, so the id counts only without any name."""
    known = _by_name()
    for name in names:
        if fold(name) in known:
            return known[fold(name)]
    return None if any(names) else next((row for row in types() if row["id"] == kind.get("id")), None)
