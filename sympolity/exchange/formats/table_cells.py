"""A row of a table in our words: the cells go where the mapping says, and what is wrong is named by its column."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sympolity.directory.enums import Cost, ServiceStatus
from sympolity.exchange.formats.shape import FALLBACK, Box, Mapped, Point, Wrong
from sympolity.exchange.formats.table_row import At, Cell, cells_of, first, hashed, id_of, misplaced, read
from sympolity.exchange.formats.table_row import point as point_of
from sympolity.exchange.tables import mapping as mappings
from sympolity.exchange.tables import values
from sympolity.exchange.tables.headings import TARGETS
from sympolity.exchange.tables.hours_words import in_osm
from sympolity.exchange.tables.reading import letters
from sympolity.exchange.tables.tongues import language_of
from sympolity.exchange.tables.values import Bad
from sympolity.kit.bidi import clean_line, clean_text
from sympolity.kit.fold import words

__all__ = ["Mapper"]

_LINES = {"name": 200, "summary": 300, "cost_note": 300, "organization": 200, "address": 300, "locality": 120, "place_name": 200,
          "nearest_stop": 200, "postal_code": 12, "nationality": 200}  # fmt: skip
_BLOCKS = frozenset({"description", "eligibility", "how", "referral"})
_PLACED = {"address": "address", "locality": "locality", "place_name": "name", "nearest_stop": "nearest_stop"}
_CODES = ("for_whom", "access", "legal_status")
_YES_NO = ("step_free", "lift", "toilet")

Words = dict[str, str]  # language -> text


@dataclass(slots=True)
class Mapper:
    """Maps one row. ``header``: the names of all columns in order; ``lang``: where neither heading nor letters tell."""

    raw: Mapping[str, Any]
    mapping: mappings.Mapping
    header: Sequence[str]
    lang: str
    used: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    fallback: str = ""
    tongue: str = ""

    def mapped(self, box: Box | None) -> Mapped:
        """The row in our words; :class:`Wrong` names every cell that cannot be used."""
        source_id = id_of(self.raw, self.mapping)
        names = self.texts("name")
        self.tongue = next(iter(names), self.lang)
        if not names:
            self.wrong.append(f"{self.where('name')}: the name is empty")
        organization = self.organization()
        point = self.point(box)
        location = self.location(source_id, point)
        service = self.service(names)
        if self.wrong:
            raise Wrong("; ".join(dict.fromkeys(self.wrong)))
        self.used |= {one.key for one in cells_of(self.raw, self.mapping, "id")}
        if self.mapping.of("id") and not first(self.raw, self.mapping, "id"):
            self.notes.append("no id in the row: one was made from name, organization and address")
        data = {"organization": organization, "locations": [location] if location else [], "service": service}
        self.used.discard("")
        return Mapped(source_id, data, [point] if point else [], self.used, self.notes, self.fallback)

    # Cells

    def place(self, key: str) -> str:
        """A column as a person finds it."""
        if key in self.header:
            return f"column {letters(self.header.index(key))} ({clean_line(key, 40)})"
        return "constant"

    def where(self, target: str) -> str:
        """The column of a target."""
        return next((self.place(one.column) for one in self.mapping.of(target)), target)

    def cells(self, target: str) -> list[Cell]:
        return cells_of(self.raw, self.mapping, target)

    def one(self, target: str, reader: Callable[[str], Any]) -> Any:
        """The value of the first cell of a target, or None."""
        for cell in self.cells(target):
            try:
                value = read(cell, reader)
            except At as error:
                self.wrong.append(f"{self.place(error.key)}: {error.what}")
                return None
            self.used.add(cell.key)
            return value
        return None

    def texts(self, target: str) -> Words:
        """By language the words of a target, the source language first once it is known."""
        found: Words = {}
        for cell in self.cells(target):
            try:
                text = read(cell, clean_text if target in _BLOCKS else clean_line)
            except At as error:
                self.wrong.append(f"{self.place(error.key)}: {error.what}")
                continue
            lang = cell.lang or language_of(text, self.tongue or self.lang)
            if not text or (lang in found and not TARGETS[target].text):
                continue
            if lang in found:
                self.notes.append(f"{self.place(cell.key)}: a text in {lang} stands in another column already")
                continue
            self.used.add(cell.key)
            found[lang] = self.cut(text, target, cell)
        return {code: found[code] for code in sorted(found, key=lambda code: code != self.tongue)}

    def cut(self, text: str, target: str, cell: Cell) -> str:
        limit = _LINES.get(target, 20_000)
        if len(text) > limit:
            self.notes.append(f"{self.place(cell.key)}: cut to {limit} characters")
        return text[:limit].rstrip()

    def said(self, target: str, lang: str) -> tuple[str, Words]:
        """(text in ``lang``, those in other languages) of a target."""
        found = self.texts(target)
        return found.pop(lang, ""), found

    # Parts

    def organization(self) -> dict[str, Any]:
        found = self.texts("organization")
        if not found:
            self.wrong.append(f"{self.where('organization')}: the organization is empty")
            return {}
        lang = next(iter(found))
        own = self.one("organization_id", clean_line)
        name = found.pop(lang)
        # However it is spelled: "ΔΗΜΟΣ ΑΘΗΝΑΙΩΝ" and "Δήμος Αθηναίων" are one.
        key = own or " ".join(words(name))
        return {"key": key if len(key) <= 100 else hashed(key), "name": name, "lang": lang, "texts": {"name": found}}

    def point(self, box: Box | None) -> Point | None:
        try:
            point, keys = point_of(self.raw, self.mapping)
        except At as error:
            self.wrong.append(f"{self.place(error.key)}: {error.what}")
            return None
        why = misplaced(point, box) if point else ""
        if why:
            self.wrong.append(f"{self.place(keys[0])}: {why}")
        self.used |= set(keys)
        return point

    def location(self, source_id: str, point: Point | None) -> dict[str, Any]:
        """Where it is; empty when nothing is known."""
        columns: dict[str, Any] = {}
        texts: dict[str, Words] = {}
        for target, name in _PLACED.items():
            text, others = self.said(target, self.tongue)
            if text:
                columns[name] = text
            if others:
                texts[name] = others
        code = self.one("postal_code", clean_line)
        if code:
            columns["postal_code"] = code[:12]
        if not columns and not texts and point is None:
            return {}
        for name in _YES_NO:
            answer = self.one(name, _yes_or_no)
            if answer is not None:
                columns[name] = answer
        visible = self.one("visibility", lambda text: _known("visibility", text))
        if visible:
            columns["visibility"] = visible
        if point:
            columns |= {"lat": point[0], "lon": point[1]}
        return {"key": source_id, "lang": self.tongue, "texts": texts, **columns}

    def service(self, names: Words) -> dict[str, Any]:
        texts: dict[str, Words] = {"name": {code: text for code, text in names.items() if code != self.tongue}}
        columns: dict[str, Any] = {}
        for target in ("summary", "description", "eligibility", "how", "cost_note", "referral", "nationality"):
            text, others = self.said(target, self.tongue)
            if text:
                columns[target] = text
            if others:
                texts[target] = others
        self.contact(columns)
        self.terms(columns, texts)
        return {
            "name": names.get(self.tongue, ""), "lang": self.tongue, "texts": {name: said for name, said in texts.items() if said},
            "categories": self.categories(), "status": self.one("status", lambda text: _known("status", text)) or ServiceStatus.ACTIVE.value,
            "columns": columns, "opening_hours": self.hours(columns), "exceptions": [], "documents": self.documents(),
        }  # fmt: skip

    def contact(self, columns: dict[str, Any]) -> None:
        for target in ("phone", "whatsapp", "direct_line"):
            numbers = self.one(target, values.phones)
            if numbers:
                columns[target] = numbers[0]
            if numbers and len(numbers) > 1:
                self.notes.append(f"{self.where(target)}: {len(numbers)} numbers, the first was taken")
        for target, reader in (("email", values.email), ("url", values.url)):
            value = self.one(target, reader)
            if value:
                columns[target] = value

    def terms(self, columns: dict[str, Any], texts: dict[str, Words]) -> None:
        """For whom, how, until when, at what cost."""
        for target in _CODES:
            found = self.codes(target, lambda text, target=target: values.code(target, text))  # type: ignore[misc]
            if found:
                columns[target] = found
        for target in ("languages", "interpretation"):
            found = self.codes(target, values.language)
            if found:
                columns[target] = found
        for target in ("min_age", "max_age"):
            years = self.one(target, values.age)
            if years is not None:
                columns[target] = years
        ends = self.one("ends_on", values.day)
        if ends:
            columns["ends_on"] = ends.isoformat()
        cost = self.texts("cost")
        known = next((code for text in cost.values() if (code := values.code("cost", text))), "")
        if cost:
            columns["cost"] = known or Cost.UNKNOWN.value
        if cost and not known and "cost_note" not in columns:
            columns["cost_note"] = cost.pop(self.tongue, "")
            texts.setdefault("cost_note", {}).update(cost)

    def codes(self, target: str, reader: Callable[[str], str]) -> list[str]:
        """The codes of all pieces of all cells of a target; what is not known is told."""
        found: list[str] = []
        for cell in self.cells(target):
            for piece in values.parts(cell.text):
                code = reader(piece)
                if code:
                    found.append(code)
                    self.used.add(cell.key)
                else:
                    self.notes.append(
                        f'{self.place(cell.key)}: "{clean_line(piece, 40)}" is not known for {target} and was left out'
                    )
        return list(dict.fromkeys(found))

    def categories(self) -> list[str]:
        own = mappings.folded_words(self.mapping)
        cells = self.cells("category")
        found: list[str] = []
        for cell in cells:
            whole = values.category(cell.text, own)
            for piece in [cell.text] if whole else values.parts(cell.text):
                slug = values.category(piece, own)
                if slug:
                    found.append(slug)
                    self.used.add(cell.key)
                else:
                    self.notes.append(f'{self.place(cell.key)}: "{clean_line(piece, 40)}" is no need that we know')
        found = list(dict.fromkeys(found))
        if not found:
            self.fallback = "unknown category" if cells else "no category in the row"
        return found or [FALLBACK]

    def hours(self, columns: dict[str, Any]) -> str:
        """Hours that are certain; others are kept in the words of the table, under how it works."""
        for cell in self.cells("opening_hours")[:1]:
            text = self.one("opening_hours", clean_text) or ""
            found = in_osm(text)
            if text and not found:
                self.notes.append(
                    f'{self.place(cell.key)}: "{clean_line(text, 40)}" is not certain as hours; kept as words'
                )
                columns["how"] = "\n".join(part for part in (columns.get("how", ""), text) if part)
            return found
        return ""

    def documents(self) -> list[dict[str, Any]]:
        """What to take along; the columns of further languages give texts when they have as many pieces."""
        cells = [(cell, values.parts(cell.text, lines=True)) for cell in self.cells("documents")]
        rows: dict[str, dict[str, Any]] = {}
        for cell, pieces in cells:
            self.used.add(cell.key)
            for piece in pieces:
                name = clean_line(piece, 200)
                key = " ".join(words(name))
                if key:
                    rows.setdefault(hashed(key), {"key": hashed(key), "name": name, "note": "", "texts": {}})
        return list(rows.values())


def _known(column: str, text: str) -> str:
    found = values.code(column, text)
    if not found:
        raise Bad(f'"{clean_line(text, 40)}" is no word that we know for {column}')
    return found


def _yes_or_no(text: str) -> bool:
    found = values.yes_or_no(text)
    if found is None:
        raise Bad(f'"{clean_line(text, 40)}" is neither yes nor no')
    return found
