"""Services out of tables: the rows of a store, put together in the full shape of HSDS 3.

The joins follow the foreign keys of HSDS 3 (``service_id``, ``location_id`` …) and of HSDS 1, where a service names
one location and the location its organization. The plan has a fixed depth, so cycles in the data cannot turn it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympolity.exchange.formats.hsds.kinds import wrapped
from sympolity.exchange.formats.hsds.store import Row, Store, TooMany
from sympolity.exchange.reading import MAX_RECORD, Record

__all__ = ["KEYS", "KINDS", "REFERENCES", "joined"]

# Table -> kind of its rows. In the order in which rows that belong to no service are told.
KINDS = {
    "services": "service", "organizations": "organization", "locations": "location",
    "service_at_location": "service_at_location", "programs": "program", "phones": "phone", "contacts": "contact",
    "addresses": "address", "mail_addresses": "mail_address", "schedules": "schedule",
    "regular_schedules": "regular_schedule", "holiday_schedules": "holiday", "funding": "funding",
    "service_areas": "service_area", "required_documents": "required_document", "languages": "language",
    "accessibility": "accessibility", "cost_options": "cost_option", "service_capacity": "service_capacity",
    "url": "url", "organization_identifiers": "organization_identifier", "attributes": "attribute",
    "metadata": "metadata", "taxonomy_terms": "taxonomy_term", "taxonomies": "taxonomy", "units": "unit",
    "meta_table_descriptions": "meta_table_description",
}  # fmt: skip
# Lists of words: rows that nothing names are no loss, and are told by number only.
REFERENCES = ("taxonomy_terms", "taxonomies", "units", "meta_table_descriptions")
KEYS = {"taxonomy_terms": ("id", "taxonomy_id")}
_SHARED = (
    ("phones", "phones"), ("contacts", "contacts"), ("schedules", "schedules"),
    ("regular_schedules", "regular_schedules"), ("holiday_schedules", "holiday_schedules"),
)  # fmt: skip
# Kind -> (key in the record, table) of the rows that name it by KIND_id.
_BELOW: dict[str, tuple[tuple[str, str], ...]] = {
    "service": (
        *_SHARED, ("languages", "languages"), ("funding", "funding"), ("required_documents", "required_documents"),
        ("cost_options", "cost_options"), ("service_areas", "service_areas"), ("capacities", "service_capacity"),
        ("additional_urls", "url"), ("service_at_locations", "service_at_location"),
    ),
    "service_at_location": (*_SHARED, ("service_areas", "service_areas")),
    "location": (
        *_SHARED, ("languages", "languages"), ("addresses", "addresses"), ("mail_addresses", "mail_addresses"),
        ("accessibility", "accessibility"),
    ),
    "organization": (
        ("phones", "phones"), ("contacts", "contacts"), ("funding", "funding"), ("programs", "programs"),
        ("organization_identifiers", "organization_identifiers"), ("additional_websites", "url"),
    ),
    "contact": (("phones", "phones"),),
    "phone": (("languages", "languages"),),
}  # fmt: skip
# Kind -> (key in the record, table, field that names the row above).
_ABOVE: dict[str, tuple[tuple[str, str, str], ...]] = {
    "service": (("organization", "organizations", "organization_id"), ("program", "programs", "program_id")),
    "service_at_location": (("location", "locations", "location_id"),),
    "service_capacity": (("unit", "units", "unit_id"),),
    "taxonomy_term": (("taxonomy_detail", "taxonomies", "taxonomy_id"),),
}
_ANCESTORS = 6


def joined(store: Store, files: dict[str, str]) -> Iterator[Record]:
    """A record per service, then one per row that belongs to none. ``files``: table -> name of its file."""
    number = 0
    for row in store.all("services"):
        number += 1
        store.use([row.number])
        yield _record(store, row, number, files[row.table])
    for table in KINDS:
        if table in REFERENCES or table == "services":
            continue
        for row in store.unused(table):
            number += 1
            store.use([row.number])
            yield _record(store, row, number, files[row.table])


def _record(store: Store, row: Row, number: int, file: str) -> Record:
    kind = KINDS[row.table]
    join = _Join(store)
    value = join.filled(kind, row.value)
    if kind == "service":
        value = join.old_service(value)
    fault = join.fault
    if fault:
        value = {"id": row.value.get("id")}
    value = value if kind == "service" else wrapped(kind, value)
    return Record(number, row.line, value, fault, where=f"{file}, line {row.line}")


class _Join:
    """One record on its way. ``fault``: why it cannot be looked at; its rows are counted as used all the same."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._length = 0
        self.fault = ""

    def filled(self, kind: str, value: dict[str, Any]) -> dict[str, Any]:
        """A row with the rows below and above it."""
        out = dict(value)
        name = value.get("id")
        for key, table in _BELOW.get(kind, ()):
            rows = [self.filled(KINDS[table], one.value) for one in self._below(table, f"{kind}_id", name)]
            if rows:
                out[key] = rows
        for key, table, field in _ABOVE.get(kind, ()):
            above = self._store.one(table, value.get(field))
            if above:
                out[key] = self.filled(KINDS[table], above.value)
        return self._described(kind, out)

    def _below(self, table: str, field: str, name: Any) -> list[Row]:
        try:
            rows = self._store.below(table, field, name)
        except TooMany as error:
            self.fault = self.fault or str(error)
            return []
        self._length += sum(row.length for row in rows)
        if self._length > MAX_RECORD:
            self.fault = self.fault or f"with all its rows it is longer than {MAX_RECORD // 10**6} million characters"
            return []
        return rows

    def _described(self, kind: str, out: dict[str, Any]) -> dict[str, Any]:
        """Attributes and metadata: they name any row, and the table it stands in."""
        if kind in {"attribute", "metadata"}:
            return out
        for key, field, of in (("attributes", "link_id", "link_entity"), ("metadata", "resource_id", "resource_type")):
            rows = [one.value for one in self._below(key, field, out.get("id")) if _says(one.value.get(of), kind)]
            if rows:
                out[key] = [self._with_term(one) for one in rows]
        return out

    def _with_term(self, value: dict[str, Any]) -> dict[str, Any]:
        term = self._store.one("taxonomy_terms", value.get("taxonomy_term_id"))
        return {**value, "taxonomy_term": self._term(term.value)} if term else value

    def _term(self, value: dict[str, Any]) -> dict[str, Any]:
        """A term with its list and the terms above it. A tree that runs in a circle is left at the second visit."""
        out = self.filled("taxonomy_term", value) if "id" in value else dict(value)
        parents: list[dict[str, Any]] = []
        seen = {str(value.get("id") or value.get("taxonomy_id"))}
        above = value.get("parent_id")
        while above and str(above) not in seen and len(parents) < _ANCESTORS:
            seen.add(str(above))
            row = self._store.one("taxonomy_terms", above)
            if row is None:
                break
            parents.append(row.value)
            above = row.value.get("parent_id")
        return out | ({"parents": parents} if parents else {})

    def old_service(self, value: dict[str, Any]) -> dict[str, Any]:
        """What HSDS 1 tells in other ways: the place as a column, the organization by the place, terms as a list."""
        place = self._store.one("locations", value.get("location_id"))
        if place and "service_at_locations" not in value:
            value["service_at_locations"] = [{"location": self.filled("location", place.value)}]
        if place and "organization" not in value:
            above = self._store.one("organizations", place.value.get("organization_id"))
            if above:
                value["organization"] = self.filled("organization", above.value)
        names = [one.strip() for one in str(value.get("taxonomy_ids") or "").split(",")][:100]
        terms = [row.value for name in names if (row := self._store.one("taxonomy_terms", name))]
        if terms:
            value["taxonomy_terms"] = [self._term(one) for one in terms]
        return value


def _says(word: Any, kind: str) -> bool:
    """Whether the name of a table is that of ``kind``; names that no table has tell nothing."""
    name = str(word or "").strip().casefold().removesuffix("s")
    kinds = {one.removesuffix("s") for one in KINDS} | set(KINDS.values())
    return name == kind or name not in kinds
