"""What every format of services gives, whatever its files look like; the run itself is in ``exchange.importing``.

A format is a module beside this one with ``made(options) -> Format``, and a line in ``formats.MODULES``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from sympolity.exchange.coverage import Home
from sympolity.exchange.points import Box, Point
from sympolity.exchange.reading import Page, Record, Unreadable

__all__ = [
    "FALLBACK",
    "Box",
    "Format",
    "Home",
    "Mapped",
    "Options",
    "Page",
    "Point",
    "Record",
    "Unreadable",
    "Wrong",
    "one_location",
]

FALLBACK = "other-help"  # the need of what no table knows


class Wrong(ValueError):
    """A record cannot be mapped: the message names the key and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the person who imports may say beside the files. Formats take what concerns them.

    ``mapping``: a file or the name of a saved mapping of columns; ``organization``: who gives the
    services when the file does not tell; ``sheet``: of a workbook; ``language``: of the source texts (BCP 47).
    """

    mapping: str = ""
    organization: str = ""
    sheet: str = ""
    language: str = ""


@dataclass(slots=True)
class Mapped:
    """A record in our words.

    ``data`` is plain JSON; proposals keep it and compare it. It holds ``organization`` (key, name, lang,
    texts, and where given kind, description, url, email, phone), ``locations`` (each: key unique within the
    source, lang, texts, and columns of ``LocationDraft``), ``service`` (name, lang, texts, categories, status,
    ``columns``: any other that ``ServiceDraft`` takes, with dates as ISO texts; ``opening_hours``;
    ``exceptions``: key, first, last, hours, note; ``documents``: key, name, note, texts). Texts are
    {field: {language: words}} without the source language.

    ``points``: those of ``data``, checked; ``used``: keys whose content stands in ``data``; ``notes``: for the
    report; ``fallback``: why there is no better need than "other-help"; ``held``: why a person must look
    before it is applied ("": it may be applied).
    """

    source_id: str
    data: dict[str, Any]
    points: list[Point] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    fallback: str = ""
    held: str = ""


class Format(Protocol):
    """How the files of one kind are read and what their records mean."""

    name: str  # as the command line names it
    origin: str  # label that services carry (service.origin)
    paths: tuple[int, int]  # fewest and most files it takes
    page_keys: frozenset[str]  # keys of Page.facts that are known; others are told as unknown

    def read(self, paths: Sequence[Path], page: Page) -> Iterator[Record]:
        """The records in bounded memory, each time the same; fills ``page.facts``.

        Raises :class:`Unreadable` (with the place and what to do) when the files as a whole cannot be used. The run
        reads twice: first to the end without writing, then to write.
        """
        ...

    def id_of(self, raw: Mapping[str, Any]) -> str:
        """The id at the source; "" when there is none that could be kept (letters, digits, ``_ . : -``, at most 100)."""
        ...

    def points_of(self, raw: Mapping[str, Any]) -> list[Point]:
        """The points as written, unchecked."""
        ...

    def map_record(self, raw: Mapping[str, Any], box: Box | None) -> Mapped:
        """A record in our words; :class:`Wrong` when it cannot be used. ``box``: where its neighbours lie."""
        ...

    def home_of(self, key: str) -> Home | None:
        """The column of a dotted key (``[]`` for members of a list), or why it has none; None: an unknown key."""
        ...

    def not_whole(self, page: Page, records: int) -> str:
        """Why records that are absent from the files have not ended; "" when the files hold everything."""
        ...


def one_location(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first location of mapped data; empty when there is none."""
    rows = data.get("locations") or [{}]
    first: Mapping[str, Any] = rows[0]
    return first
