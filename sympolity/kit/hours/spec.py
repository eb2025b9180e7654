"""Reading OSM ``opening_hours`` strings: the only place that calls the library.

The grammar is https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification. What the
library reads but would answer wrongly is refused here: its ``easter`` is the Western one, it
invents sunrise without coordinates, and it knows no school holidays (``SH off`` would be open).
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources
from typing import Final

import opening_hours as osm

__all__ = ["LIMIT", "BadHours", "check", "country_of", "is_weekly", "parsed"]

LIMIT: Final = 500
_QUOTED = re.compile(r'("[^"]*")')
_REFUSED: Final = {
    "easter": re.compile(r"\beaster\b", re.IGNORECASE),
    "sun": re.compile(r"sunrise|sunset|dawn|dusk", re.IGNORECASE),
    "school_holidays": re.compile(r"\bSH\b", re.IGNORECASE),
}
_SLIPS: Final = (
    (re.compile(r"[\u2010-\u2015\u2212]"), "-"),
    (re.compile(r"\s+"), " "),
    (re.compile(r"\b(\d{1,2})\.(\d{2})\b"), r"\1:\2"),
    (re.compile(r"(?<=[A-Za-z]) ?: ?"), " "),
    # "10:00-12:00 , 14:00-17:00" would be read as a second rule, for every day of the week.
    (re.compile(r"(?<=\d) ?, ?(?=\d{1,2}:)"), ","),
)
_HAS_STATE = re.compile(r"\d:\d|24/7|\b(?:open|closed|off|unknown)\b", re.IGNORECASE)
_NOT_WEEKLY = re.compile(
    r"\d{4}|\bweek|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|\[|\bdays?\b", re.IGNORECASE
)


class BadHours(ValueError):
    """Hours that cannot be kept; ``reason`` is a stable code.

    Codes: ``too_long``, ``characters``, ``easter``, ``sun``, ``school_holidays``, ``syntax``,
    ``exception_days``, ``exception_hours``, ``zone``, ``json``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _read(spec: str, country: str | None = None) -> osm.OpeningHours:
    """Hand ``spec`` to the library. A panic of its Rust code arrives as a ``BaseException``."""
    try:
        return osm.OpeningHours(spec, country=country, auto_country=False, auto_timezone=False)
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException as error:
        raise BadHours("syntax") from error


def _outside_quotes(spec: str) -> list[str]:
    """Pieces in turn outside and inside quotes; the even ones are grammar."""
    return _QUOTED.split(spec)


def _mended(spec: str) -> str:
    """``spec`` with common slips of the keyboard put right; comments stay as they are."""
    parts = _outside_quotes(spec)
    for index in range(0, len(parts), 2):
        for pattern, replacement in _SLIPS:
            parts[index] = pattern.sub(replacement, parts[index])
    return "".join(parts).strip(" ;,\t\r\n")


def _stateful(spec: str, state: str) -> str:
    """Write ``state`` into each rule that has a comment but neither times nor a state.

    OSM reads ``Mo "by appointment"`` as *unknown*, the library as open all day.
    """
    parts = _outside_quotes(spec)
    for index in range(1, len(parts), 2):
        before = parts[index - 1]
        rule = re.split(r";|\|\|", before)[-1]
        if not _HAS_STATE.search(rule):
            parts[index - 1] = f"{before.rstrip()} {state} " if before.strip() else f"{state} "
    return "".join(parts)


def _guard(spec: str) -> None:
    if len(spec) > LIMIT:
        raise BadHours("too_long")
    if any(not (char.isprintable() or char in "\t\r\n\u00a0\u202f") for char in spec):
        raise BadHours("characters")
    grammar = " ".join(_outside_quotes(spec)[::2])
    for reason, pattern in _REFUSED.items():
        if pattern.search(grammar):
            raise BadHours(reason)


@lru_cache(maxsize=8192)
def _checked(spec: str) -> str | BadHours:
    try:
        _guard(spec)
        mended = _mended(spec)
        if not mended:
            raise BadHours("syntax")
        # The library leaves the word "open" out when it writes a rule.
        plain = _stateful(str(_read(_stateful(mended, "unknown"))), "open")
        _read(plain)
        if len(plain) > LIMIT:
            raise BadHours("too_long")
    except BadHours as bad:
        return bad.with_traceback(None)
    return plain


def check(spec: str) -> str:
    """The normal form of ``spec`` ("" when blank: hours unknown). :raises BadHours:"""
    if not spec.strip():
        return ""
    if len(spec) > LIMIT:  # before the cache, which would keep it
        raise BadHours("too_long")
    answer = _checked(spec)
    if isinstance(answer, BadHours):
        raise BadHours(answer.reason)
    return answer


def parsed(spec: str, country: str | None) -> osm.OpeningHours | None:
    """``spec`` ready to be asked, with the public holidays of ``country``; None when blank or unreadable."""
    return _parsed(spec, country) if len(spec) <= LIMIT else None


@lru_cache(maxsize=8192)
def _parsed(spec: str, country: str | None) -> osm.OpeningHours | None:
    try:
        plain = check(spec)
        if not plain:
            return None
        return _read(plain, country)
    except BadHours:
        return None


def is_weekly(spec: str) -> bool:
    """Whether every ordinary week is the same (rules for public holidays do not count)."""
    try:
        plain = check(spec)
    except BadHours:
        return False
    return bool(plain) and not _NOT_WEEKLY.search(" ".join(_outside_quotes(plain)[::2]))


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    """Zone → ISO 3166 code, from the zone table of the IANA database."""
    text = (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return {row[2]: row[0] for row in rows}


@lru_cache(maxsize=64)
def country_of(zone: str) -> str | None:
    """The country whose public holidays hold in ``zone``; None when the library has none."""
    country = _countries().get(zone)
    try:
        _read("PH", country)
    except BadHours:
        return None
    return country
