"""What an area of the register is called: spoken names of ``names.toml``, Latin letters by ELOT 743."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sympolity.kit.fold import fold
from sympolity.kit.translit import greek_to_latin
from sympolity.places.facts import NameFact

__all__ = ["Spoken", "municipality_names", "parts_of", "region_slugs", "slug_of", "spoken", "unit_names"]

_FILE = Path(__file__).with_name("names.toml")
_DASH = re.compile(r"\s*[-–]\s*")
_GREEK = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")
_SHORTEST = 4  # letters of a part of a double name that is a name of its own
_LONGEST = 120  # see AreaName


@dataclass(frozen=True, slots=True)
class Spoken:
    """Names as people say them; ``english`` and ``arabic`` may be "", ``others`` are of any script."""

    greek: str
    english: str = ""
    others: tuple[str, ...] = ()
    arabic: str = ""

    @property
    def latin(self) -> str:
        return self.english or greek_to_latin(self.greek)


@cache
def _table() -> dict[str, dict[str, str | list[str]]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def region_slugs() -> dict[str, str]:
    """Number of a region in the register -> slug of our area."""
    return {number: str(slug) for number, slug in _table()["region"].items()}


def spoken(kind: str, code: str, register: str) -> Spoken:
    """Names of a ``unit`` or ``municipality``; of one that nobody wrote down, the name of the register."""
    row = _table()[kind].get(code)
    if not isinstance(row, list):
        return Spoken(f"Δήμος {register}", f"Municipality of {greek_to_latin(register)}")
    greek, english, *others = [*row, ""] if len(row) < 2 else row
    return Spoken(
        greek, english, tuple(others), str(_table()["arabic"].get(code, "")) if kind == "municipality" else ""
    )


def parts_of(name: str) -> list[str]:
    """The parts of a double name that are names of their own: Νίκαια-Άγιος Ιωάννης Ρέντης."""
    parts = _DASH.split(name)
    return [part for part in parts if len(part) >= _SHORTEST] if len(parts) > 1 else []


def municipality_names(said: Spoken, register: str, accented: str, taken: Iterable[str]) -> tuple[NameFact, ...]:
    """All names of a municipality. ``register``: its name there, in the genitive; ``accented``: the same with
    accents, or "". ``taken``: folded names that other municipalities have and no part of a name may take."""
    own = {fold(said.greek), fold(said.latin)}
    there = set(taken) - own
    greek = [register, accented, *(part for name in (said.greek, accented) for part in parts_of(name)), *said.others]
    latin = [greek_to_latin(said.greek), *parts_of(said.latin), *said.others]
    latin += [greek_to_latin(name) for name in said.others if _GREEK.search(name)]
    found = [
        NameFact("el", "official", f"Δήμος {accented}") if accented else None,
        NameFact("el", "common", said.greek),
        *_others("el", [name for name in greek if _GREEK.search(name)], there, said.greek),
        NameFact("en", "official", f"Municipality of {said.latin}"),
        NameFact("en", "common", said.latin),
        *_others("en", [name for name in latin if not _GREEK.search(name)], there, said.latin),
        NameFact("ar", "common", said.arabic) if said.arabic else None,
    ]
    return tuple(dict.fromkeys(name for name in found if name is not None))


def unit_names(said: Spoken, register: str, taken: Iterable[str]) -> tuple[NameFact, ...]:
    """All names of a regional unit. Its bare name is left to the municipality that has it, if there is one."""
    bare = [("el", said.greek), ("en", said.latin), *(("en", name) for name in said.others)]
    there = set(taken)
    found = [
        NameFact("el", "common", f"{said.greek} (περιφερειακή ενότητα)"),
        NameFact("en", "common", f"{said.latin} (regional unit)"),
        NameFact("el", "other", f"Περιφερειακή Ενότητα {register}"),
        *(NameFact(lang, "other", name) for lang, name in bare if fold(name) not in there),
    ]
    return tuple(dict.fromkeys(found))


def _others(language: str, names: Sequence[str], taken: set[str], common: str) -> Iterator[NameFact]:
    seen = {fold(common)}
    for name in names:
        if name and len(name) <= _LONGEST and fold(name) not in taken | seen:
            seen.add(fold(name))
            yield NameFact(language, "other", name)


def slug_of(said: Spoken, ending: str = "") -> str:
    """What stands in addresses."""
    plain = re.sub(r"[^a-z0-9]+", "-", fold(said.latin).lower()).strip("-")
    return f"{plain[: 60 - len(ending)]}{ending}"
