"""Services in the full shape of HSDS 3.1, made up by the rules of the schema: every optional part may be there or not."""

from __future__ import annotations

import csv
import random
import uuid
from pathlib import Path
from typing import Any

__all__ = ["Maker", "a_service", "as_tables", "keys_below"]

_TEXT = (
    "help with letters and forms for families and people who are new in town every week a warm meal a quiet room and "
    "somebody who listens advice on rent school work papers and health near the market by the old bridge"
)
_WORDS = _TEXT.split()
_TERMS = ("Food Pantry", "Legal", "Counseling", "Housing", "Tutoring", "Something Nobody Knows", "Clothing")
# The lists and objects below each entity, and the plain fields (name: kind of value). HSDS 3.1, names as facts.
_BELOW = {
    "service": {
        "phones": "phone", "schedules": "schedule", "service_areas": "service_area", "languages": "language",
        "service_at_locations": "service_at_location", "funding": "funding", "cost_options": "cost_option",
        "required_documents": "required_document", "contacts": "contact", "capacities": "service_capacity",
        "attributes": "attribute", "metadata": "metadata", "additional_urls": "url",
    },
    "organization": {
        "funding": "funding", "contacts": "contact", "phones": "phone", "programs": "program", "additional_websites": "url",
        "organization_identifiers": "organization_identifier", "attributes": "attribute", "metadata": "metadata",
    },
    "service_at_location": {
        "service_areas": "service_area", "contacts": "contact", "phones": "phone", "schedules": "schedule",
        "attributes": "attribute", "metadata": "metadata",
    },
    "location": {
        "languages": "language", "addresses": "address", "contacts": "contact", "accessibility": "accessibility",
        "phones": "phone", "schedules": "schedule", "attributes": "attribute", "metadata": "metadata",
    },
    "contact": {"phones": "phone", "metadata": "metadata"},
    "phone": {"languages": "language", "metadata": "metadata"},
}  # fmt: skip
_ONE = {
    "service": {"organization": "organization", "program": "program"}, "service_at_location": {"location": "location"},
    "service_capacity": {"unit": "unit"}, "attribute": {"taxonomy_term": "taxonomy_term"},
    "taxonomy_term": {"taxonomy_detail": "taxonomy"},
}  # fmt: skip
_NEEDED = {
    "service": "name status", "organization": "name description", "location": "location_type", "phone": "number",
    "address": "address_1 city state_province postal_code country address_type", "program": "name description",
    "metadata": "last_action_date last_action_type field_name previous_value replacement_value updated_by",
    "organization_identifier": "identifier_type identifier", "service_capacity": "available updated", "unit": "name",
    "taxonomy_term": "name description", "taxonomy": "name description", "url": "url",
}  # fmt: skip
_FIELDS = {
    "service": "alternate_name description url email interpretation_services application_process fees_description wait_time fees"
    " accreditations eligibility_description minimum_age maximum_age assured_date assurer_email licenses alert last_modified",
    "organization": "alternate_name email website tax_status tax_id year_incorporated legal_status logo uri parent_organization_id",
    "service_at_location": "description",
    "location": "url name alternate_name description transportation latitude longitude external_identifier external_identifier_type",
    "phone": "extension type description", "contact": "name title department email", "language": "name code note",
    "schedule": "valid_from valid_to dtstart timezone until count wkst freq interval byday byweekno bymonthday byyearday"
    " description opens_at closes_at schedule_link attending_type notes",
    "address": "attention address_2 region", "funding": "source", "accessibility": "description details url",
    "service_area": "name description extent extent_type uri", "required_document": "document uri",
    "cost_option": "valid_from valid_to option currency amount amount_description", "program": "alternate_name",
    "attribute": "link_type link_entity value label", "taxonomy_term": "code parent_id taxonomy language term_uri",
    "taxonomy": "uri version", "organization_identifier": "identifier_scheme", "service_capacity": "maximum description",
    "unit": "scheme identifier uri", "url": "label", "metadata": "resource_type",
}  # fmt: skip

_DAYS = [f"{year}-0{month}-15" for year in (2001, 2019, 2024, 2040) for month in (1, 6, 9)]
_PAGE = ["https://house.example/page"]
_VALUES: dict[str, list[Any]] = {
    "status": ["active", "inactive", "defunct", "temporarily closed"], "wkst": ["MO"], "currency": ["EUR"],
    "location_type": ["physical", "physical", "postal", "virtual"], "address_type": ["physical", "postal", "virtual"],
    "latitude": [37.98, 38.01, -89.5], "longitude": [23.72, 23.75, -179.0],
    "email": ["office@house.example"], "assurer_email": ["office@house.example"],
    **{key: [0, 7, 18, 99, 130] for key in ("minimum_age", "maximum_age", "extension", "available", "maximum", "count")},
    **{key: [0, 1, 2, 3.5] for key in ("amount", "timezone", "interval")},
    **dict.fromkeys(("url", "website", "uri", "logo", "term_uri", "schedule_link"), _PAGE),
    **dict.fromkeys(("valid_from", "valid_to", "until", "dtstart", "assured_date", "last_action_date"), _DAYS),
    **{key: ["1,2", "-1"] for key in ("byweekno", "bymonthday", "byyearday")},
    **{key: ["2024-05-01T10:00:00Z"] for key in ("last_modified", "updated")},
    "year_incorporated": [1999], "number": ["+30 210 000 0000", "2100000001", "call the desk"],
    "type": ["voice", "fax", "text", "cell"], "opens_at": ["09:00", "10:30:00", "08:00Z"],
    "closes_at": ["17:00+02:00", "23:00", "07:00"], "byday": ["MO,WE,FR", "TU", "2MO", "SA,SU"],
    "freq": ["WEEKLY", "MONTHLY"], "language.code": ["ar", "urd", "el", "xx"],
    "language.name": ["Arabic", "Farsi", "Greek", "Klingon"], "taxonomy_term.name": list(_TERMS),
}  # fmt: skip


class Maker:
    """Made-up objects: the same for the same seed. ``rich``: how likely each optional part is."""

    def __init__(self, seed: int, rich: float = 0.6) -> None:
        self._random = random.Random(seed)
        self._rich = rich

    def service(self) -> dict[str, Any]:
        """A service in the full shape."""
        return self._entity("service")

    def _entity(self, kind: str) -> dict[str, Any]:
        name = str(uuid.UUID(int=self._random.getrandbits(128), version=4))
        out: dict[str, Any] = {"id": name}
        for key in _NEEDED.get(kind, "").split():
            out[key] = self._value(kind, key)
        for key in _FIELDS.get(kind, "").split():
            if self._random.random() < self._rich:
                out[key] = self._value(kind, key)
        for key, below in _BELOW.get(kind, {}).items():
            if self._random.random() < self._rich:
                out[key] = [self._entity(below) for _ in range(self._random.randint(0, 2))]
        for key, below in _ONE.get(kind, {}).items():
            if (
                self._random.random() < self._rich
                or below in {"location", "unit"}
                or (below == "organization" and self._random.random() < 0.8)
            ):
                out[key] = self._entity(below)
        return out

    def _words(self, least: int, most: int) -> str:
        return " ".join(self._random.choices(_WORDS, k=self._random.randint(least, most))).capitalize()

    def _value(self, kind: str, key: str) -> Any:
        choices = _VALUES.get(f"{kind}.{key}") or _VALUES.get(key)
        if choices:
            return self._random.choice(choices)
        if key == "name":
            return f"{self._words(2, 4)} {self._random.randint(1, 9999)}"
        return self._words(1, 30)


def a_service(number: int, **more: Any) -> dict[str, Any]:
    """A small, good service: a kitchen with a place of its own."""
    return {
        "id": f"kitchen-{number}", "name": f"Kitchen {number}", "status": "active", "description": f"A warm meal, number {number}.",
        "organization": {"id": f"house-{number % 7}", "name": f"House {number % 7}", "description": "A house."},
        "service_at_locations": [{
            "id": f"at-{number}", "location": {
                "id": f"place-{number}", "location_type": "physical", "latitude": 37.9 + number / 10000, "longitude": 23.7,
                "addresses": [{"id": f"a-{number}", "address_1": f"Street {number}", "city": "Old Town", "state_province": "A",
                               "postal_code": "10000", "country": "GR", "address_type": "physical"}],
            },
        }],
        "schedules": [{"id": f"s-{number}", "freq": "WEEKLY", "byday": "MO,TU", "opens_at": "09:00", "closes_at": "12:00"}],
        "attributes": [{"id": f"t-{number}", "taxonomy_term": {"id": "1", "name": "Free Meals", "description": ""}}],
    } | more  # fmt: skip


def as_tables(folder: Path, services: list[dict[str, Any]]) -> Path:
    """The services of :func:`a_service` as the CSV tables of HSDS 3."""
    tables: dict[str, dict[str, dict[str, Any]]] = {}

    def put(table: str, row: dict[str, Any]) -> None:
        tables.setdefault(table, {})[row["id"]] = {
            key: one for key, one in row.items() if not isinstance(one, list | dict)
        }

    for one in services:
        put("services", one | {"organization_id": one["organization"]["id"]})
        put("organizations", one["organization"])
        for row in one["schedules"]:
            put("schedules", row | {"service_id": one["id"]})
        for row in one["attributes"]:
            put("taxonomy_terms", row["taxonomy_term"] | {"parent_id": ""})
            put(
                "attributes",
                row | {"link_id": one["id"], "link_entity": "services", "taxonomy_term_id": row["taxonomy_term"]["id"]},
            )
        for at in one["service_at_locations"]:
            put("service_at_location", at | {"service_id": one["id"], "location_id": at["location"]["id"]})
            put("locations", at["location"])
            for row in at["location"]["addresses"]:
                put("addresses", row | {"location_id": at["location"]["id"]})
    folder.mkdir(exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(dict.fromkeys(key for row in rows.values() for key in row)))
            writer.writeheader()
            writer.writerows(rows.values())
    return folder


def keys_below(kind: str) -> set[str]:
    """The names that HSDS 3.1 has for an entity."""
    names = f"id {_NEEDED.get(kind, '')} {_FIELDS.get(kind, '')}".split()
    return {*names, *_BELOW.get(kind, {}), *_ONE.get(kind, {})}
