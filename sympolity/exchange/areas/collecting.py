"""Files of areas, read in a fenced child each; what they hold together, and what of them could not be used."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sympolity.exchange.areas.json_pieces import MAX_BYTES
from sympolity.exchange.reading import Unreadable
from sympolity.kit.bidi import clean_line
from sympolity.kit.limited import Limited, run_limited

__all__ = ["MOST_FILES", "Collected", "File", "collect"]

MOST_FILES = 40
_SECONDS, _MEMORY = 20.0, 150_000_000
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_BLANK = b"\xef\xbb\xbf \t\r\n"
_KINDS = {
    "municipality": "code book", "name": "names", "settlement": "settlements", "p_code": "p-codes",
    "figures": "figures", "area": "boundaries", "point": "points",
}  # fmt: skip


@dataclass(slots=True)
class File:
    """A file as it was understood: ``kind`` in words, rows of it, and those refused with place and reason."""

    path: Path
    kind: str = "nothing that is known here"
    rows: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Collected:
    """What the files hold, by code. Of two boundaries of one area the one with more points stands."""

    files: list[File] = field(default_factory=list)
    municipalities: dict[str, dict[str, Any]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    points: dict[str, dict[str, Any]] = field(default_factory=dict)
    settlements: list[tuple[str, tuple[float, float]]] = field(default_factory=list)
    p_codes: dict[str, str] = field(default_factory=dict)
    figures: dict[str, dict[str, Any]] = field(default_factory=dict)
    shapes: dict[str, dict[str, Any]] = field(default_factory=dict)
    coarser: Counter[str] = field(default_factory=Counter)

    def take(self, file: File, row: dict[str, Any]) -> None:
        """Keep a row of a file."""
        kind = row["kind"]
        if kind == "wrong":
            file.refused.append((row["place"], row["reason"]))
            return
        if kind in {"area", "point"} and not row["code"]:
            file.refused.append((row["name"] or f"row {file.rows}", "it has no code: it is no municipality"))
            return
        getattr(self, f"_{kind}")(file, row)

    def _municipality(self, file: File, row: dict[str, Any]) -> None:
        before = self.municipalities.get(row["code"])
        row["name"] = row["name"].partition("(")[0].strip() or row["name"]
        if before is None:
            self.municipalities[row["code"]] = row
        elif (before["region"], before["unit"]) != (row["region"], row["unit"]):
            file.refused.append(
                (f"code {row['code']}", "it stands twice, in different regional units; the first was taken")
            )
        else:  # the same book in another form: each may know what the other does not
            self.municipalities[row["code"]] = row | before

    def _name(self, file: File, row: dict[str, Any]) -> None:
        self._once(file, self.names, row["code"], row["name"])

    def _settlement(self, file: File, row: dict[str, Any]) -> None:  # noqa: ARG002 - one shape for all kinds
        self.settlements.append((row["name"], (row["point"][0], row["point"][1])))

    def _p_code(self, file: File, row: dict[str, Any]) -> None:
        self._once(file, self.p_codes, row["region"], row["code"])

    def _figures(self, file: File, row: dict[str, Any]) -> None:
        self._once(file, self.figures, row["code"], row)

    def _point(self, file: File, row: dict[str, Any]) -> None:
        self._once(file, self.points, row["code"], row)

    def _area(self, file: File, row: dict[str, Any]) -> None:
        before = self.shapes.get(row["code"])
        row["file"] = file.path.name
        if before is not None and before["file"] == row["file"]:
            file.refused.append((f"code {row['code']}", "it stands twice in the file; the first was taken"))
            return
        if row["opened"]:
            file.notes.append(f"code {row['code']}: {row['opened']} rings were not closed; they are now")
        if row["dropped"]:
            file.notes.append(f"code {row['code']}: {row['dropped']} rings without an area were left out")
        if before is None or row["points"] > before["points"]:
            self.shapes[row["code"]] = row
        if before is not None:
            self.coarser[row["file"] if row["points"] <= before["points"] else before["file"]] += 1

    @staticmethod
    def _once(file: File, kept: dict[str, Any], code: str, value: Any) -> None:
        if code not in kept:
            kept[code] = value
        elif kept[code] != value:
            file.refused.append((f"code {code}", "it stands twice, with different facts; the first was taken"))


def collect(paths: Sequence[Path]) -> Collected:
    """Read all files. :class:`Unreadable` names every file that cannot be used as a whole."""
    if len(paths) > MOST_FILES:
        raise Unreadable(f"{len(paths)} files at once; at most {MOST_FILES} are read.")
    found, faults = Collected(), list[str]()
    for path in sorted(paths, key=lambda path: (path.name, str(path))):  # any order gives the same
        file = File(path)
        try:
            for row in _rows(path):
                file.rows += 1
                file.kind = _KINDS.get(row["kind"], file.kind)
                found.take(file, row)
        except (Limited, OSError) as error:
            reason = error.reason if isinstance(error, Limited) else error.strerror or str(error)
            faults.append(f"{clean_line(path.name, 80)}: {reason.rstrip('.')}.")
        else:
            if file.rows == len(file.refused):
                first = f" ({file.refused[0][1]})" if file.refused else ""
                faults.append(f"{clean_line(path.name, 80)}: nothing in it can be used{first}.")
        found.files.append(file)
    if faults:
        raise Unreadable(" ".join([*faults, "Nothing was written."]))
    return found


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    if not path.is_file():
        raise Limited("it is no file" if path.exists() else "there is no such file")
    if path.stat().st_size > MAX_BYTES:
        raise Limited(f"it is larger than {MAX_BYTES // 10**6} MB. Simplify it first, for example to steps of 40 m")
    with path.open("rb") as handle:
        start = handle.read(4096)
        handle.seek(0)
        if start.startswith(_OLD_EXCEL):
            raise Limited("it is an old Excel file (.xls). Save it as .xlsx or as CSV in UTF-8")
        module = "shapes" if start.lstrip(_BLANK)[:1] == b"{" else "workbook" if start.startswith(b"PK") else "books"
        for line in run_limited(f"sympolity.exchange.areas.{module}", seconds=_SECONDS, memory=_MEMORY, stdin=handle):
            yield json.loads(line)
