"""What the formats csv and xlsx share: a table whose columns a mapping sends to ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sympolity.exchange.formats import table_row
from sympolity.exchange.formats.shape import Box, Home, Mapped, Options, Page, Point, Record, Unreadable
from sympolity.exchange.formats.table_cells import Mapper
from sympolity.exchange.tables import mapping, saved
from sympolity.exchange.tables.headings import TARGETS
from sympolity.exchange.tables.mapping import Mapping as TableMapping
from sympolity.exchange.tables.reading import Header, Source, opened
from sympolity.exchange.tables.separated import Row
from sympolity.kit.bidi import clean_line
from sympolity.languages import registry

__all__ = ["NeedsMapping", "Table"]

_NOT_MAPPED = "not mapped"
_EXTRA = "the row has {there} cells, the heading {here}: is a quote or a separator missing?"


class NeedsMapping(Unreadable):
    """Nobody said where the columns go, and the headings do not tell it for certain. ``draft``: a mapping to edit."""

    def __init__(self, why: str, draft: TableMapping) -> None:
        says = (
            'Put this into a file, say in "to" where each column goes, and name it with --mapping FILE. "to" may be: '
        )
        super().__init__(f"{why}.\n{says}{', '.join(sorted(TARGETS))}.\n{mapping.written(draft)}")
        self.draft = draft


class Table:
    """A table as a format (``shape.Format``). One object reads one file: it keeps heading and mapping."""

    origin = "Spreadsheet"
    paths = (1, 1)
    page_keys: frozenset[str] = frozenset()

    def __init__(self, name: str, options: Options) -> None:
        self.name = name
        self._options = options
        self._mapping = TableMapping()
        self._header: list[str] = []
        self._stopped = False

    @property
    def mapping(self) -> TableMapping:
        """The mapping in use, once reading has begun."""
        return self._mapping

    def read(self, paths: Sequence[Path], page: Page) -> Iterator[Record]:
        """The rows of the table, those of a CSV or a workbook."""
        source = opened(paths[0], sheet=self._options.sheet, kind=self.name)
        header, rows = source.table()
        self._header = list(header.names)
        self._mapping = self._settled(header)
        for number, row in enumerate(rows, 1):
            yield self._record(number, row, source)
        self._stopped = source.stopped
        page.notes += source.notes
        if not self._mapping.of("id"):
            page.notes.append("no column holds an id: ids were made from name, organization and address")

    def recall(self) -> None:
        """Take the mapping that was named without a file: for rows that are kept."""
        self._mapping = saved.named(self._options.mapping)
        self._header = [one.column for one in self._mapping.columns]

    def _settled(self, header: Header) -> TableMapping:
        """The mapping that was named, else the guess when it is certain."""
        options = self._options
        if options.language and registry.canonical(options.language) is None:
            raise Unreadable(f"The language {options.language!r} is not known here.")
        if options.mapping:
            named = saved.named(options.mapping)
            named = _with(named, organization=options.organization, lang=options.language)
            faults = [*mapping.check(named), *mapping.fits(named, header.names)]
            if faults:
                raise Unreadable("The mapping cannot be used: " + "; ".join(str(fault) for fault in faults[:8]) + ".")
            return named
        guess = _with(
            mapping.guess(header.names, header.tags), organization=options.organization, lang=options.language
        )
        faults = [] if mapping.uncertain(guess) else mapping.check(guess)
        why = mapping.uncertain(guess) or "; ".join(str(fault) for fault in faults)
        if why:
            raise NeedsMapping(f"{why[:1].upper()}{why[1:]}", guess)
        return guess

    def _record(self, number: int, row: Row, source: Source) -> Record:
        where = f"row {row.number}"
        extra = len(row.cells) - len(self._header)
        if extra > 0 and source.strict:
            fault = _EXTRA.format(there=len(row.cells), here=len(self._header))
            value = {**dict(zip(self._header, row.cells, strict=False)), "cells": row.cells[:50]}
            return Record(number, row.line, value, fault, where)
        self._header += source.further(self._header, len(row.cells))
        cells = [*row.cells, *[""] * (len(self._header) - len(row.cells))]
        return Record(number, row.line, dict(zip(self._header, cells, strict=True)), "", where)

    def id_of(self, raw: Mapping[str, Any]) -> str:
        return table_row.id_of(raw, self._mapping)

    def points_of(self, raw: Mapping[str, Any]) -> list[Point]:
        return table_row.points_of(raw, self._mapping)

    def map_record(self, raw: Mapping[str, Any], box: Box | None) -> Mapped:
        lang = registry.canonical(self._mapping.lang) or "en"
        return Mapper(raw, self._mapping, self._header, lang).mapped(box)

    def home_of(self, key: str) -> Home | None:
        """Every column has a home or a reason: where the mapping sends it, or why it goes nowhere."""
        column = self._mapping.column(key)
        if column is None or not (column.to or column.ignore):
            return Home(reason=_NOT_MAPPED)
        if column.ignore:
            return Home(reason=column.ignore)
        return Home(f"{column.to} in {column.lang}" if column.lang else column.to)

    def not_whole(self, page: Page, records: int) -> str:  # noqa: ARG002 - of the protocol
        if self._stopped:
            return "reading stopped at many empty rows"
        return "" if self._mapping.whole else "a table does not tell whether it is the whole list (mapping: whole)"


def _with(given: TableMapping, *, organization: str, lang: str) -> TableMapping:
    """The mapping with what the options say beside it."""
    constants = dict(given.constants)
    if organization:
        constants.setdefault("organization", clean_line(organization, 200))
    return TableMapping(
        given.columns, constants, given.words, (registry.canonical(lang) or "") if lang else given.lang, given.whole
    )
