"""The staircase as import-contract.toml tells it."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent.parent
PACKAGE = HOUSE / "sympolity"


@cache
def steps() -> list[list[str]]:
    """Rooms of each step, the highest first; parentheses (a room may be absent) are taken off."""
    contract = tomllib.loads((HOUSE / "import-contract.toml").read_text())
    (rooms,) = [each for each in contract["tool"]["importlinter"]["contracts"] if each["id"] == "rooms"]
    return [[room.strip(" ()") for room in layer.split("|")] for layer in rooms["layers"]]


@cache
def step_of(room: str) -> int:
    """The number of a room's step, 0 at the bottom."""
    levels = steps()
    (found,) = [len(levels) - 1 - index for index, level in enumerate(levels) if room in level]
    return found


def may_know(upper: str, lower: str) -> bool:
    """True when ``upper`` may import, or point at, ``lower``."""
    return upper == lower or step_of(upper) > step_of(lower)
