"""The workbook around a sheet: names of sheets, shared strings, which styles are dates. Runs in the fenced child."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from sympolity.exchange.tables.package import Package, feed, local
from sympolity.exchange.tables.shared import Dates, Strings, nothing
from sympolity.kit.limited import Limited

__all__ = ["SMALL", "Book"]

SMALL = 2_000_000  # bytes of a part beside the sheet


@dataclass(slots=True)
class _Named:
    name: str
    hidden: bool
    relation: str


class Book:
    """What the parts beside the sheet say: names of sheets, shared strings, which styles are dates."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.sheets: list[_Named] = []
        self.from_1904 = False
        self.main = self._relations("_rels/.rels", "").get("officeDocument", "xl/workbook.xml")
        folder, name = posixpath.split(self.main)
        self._by_id: dict[str, str] = {}
        kinds = self._relations(f"{folder}/_rels/{name}.rels", folder)
        self._read(self.main, SMALL, self._workbook)
        if not self.sheets:
            raise Limited("The workbook has no sheet with a table.")
        self.strings = Strings.of(package, kinds.get("sharedStrings", ""))
        self.dates = Dates.of(package, kinds.get("styles", ""))

    def _read(self, part: str, most: int, start: object) -> None:
        if not self.package.has(part):
            raise Limited("The file is a ZIP archive, but no workbook: a part that names its sheets is missing.")
        for _ in feed(self.package.chunks(part, most), start=start, end=nothing, text=nothing):  # type: ignore[arg-type]
            pass

    def _relations(self, part: str, folder: str) -> dict[str, str]:
        """Kind -> part of what a part relates to; of sheets also by id. Links to elsewhere are left out."""
        found: dict[str, str] = {}
        by_id: dict[str, str] = {}

        def start(name: str, has: dict[str, str]) -> None:
            if local(name) != "Relationship" or has.get("TargetMode") == "External":
                return
            target = has.get("Target", "")
            whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found.setdefault(has.get("Type", "").rpartition("/")[2], whole)
            by_id[has.get("Id", "")] = whole

        if self.package.has(part):
            self._read(part, SMALL, start)
        self._by_id = by_id
        return found

    def _workbook(self, name: str, has: dict[str, str]) -> None:
        name = local(name)
        if name == "workbookPr":
            self.from_1904 = has.get("date1904") in {"1", "true"}
        elif name == "sheet" and len(self.sheets) < 500:
            relation = next((value for key, value in has.items() if key.rpartition(":")[2] == "id"), "")
            self.sheets.append(_Named(has.get("name", "")[:100], has.get("state", "visible") != "visible", relation))

    def chosen(self, name: str) -> tuple[str, str]:
        """(name, part) of the sheet called ``name``, else of the first visible one."""
        rows = [sheet for sheet in self.sheets if (sheet.name == name if name else not sheet.hidden)]
        names = ", ".join(f'"{sheet.name}"' for sheet in self.sheets[:20])
        if not rows:
            says = f'The workbook has no sheet "{name}"' if name else "All sheets of the workbook are hidden"
            raise Limited(f"{says}. Its sheets are: {names}.")
        part = self._by_id.get(rows[0].relation, "")
        if not self.package.has(part):
            raise Limited(f'The sheet "{rows[0].name}" is missing in the file. Its sheets are: {names}.')
        return rows[0].name, part
