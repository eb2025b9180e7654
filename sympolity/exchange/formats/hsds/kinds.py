"""What an object of an HSDS file is, told by its keys, and the services that stand in it.

A service comes alone, inside an organization, or inside a service at a location. Whatever has no service is
wrapped so that its keys stand where a service would hold them: ``{"organization": {…}}``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sympolity.exchange.formats.hsds.homes import FIELDS, PARTS

__all__ = ["ORPHANS", "WRAPS", "id_of", "is_service", "kind_of", "name_of", "services_in", "wrapped"]

_ID = re.compile(r"^[\w.:-]{1,100}$")
# Kinds that may stand in a list of their own; the first wins where the keys tell no difference.
_KINDS = ("service", "organization", "service_at_location", "location", "taxonomy_term", "taxonomy")
_KEYS = {kind: frozenset(FIELDS[kind]) | frozenset(PARTS.get(kind, ())) for kind in _KINDS}
_OF_A_SERVICE = ("status", "organization", "organization_id", "service_at_locations")
# Where rows without a service are put: kind -> key of a service below which they stand.
WRAPS = {
    "organization": "organization", "program": "programs", "service_at_location": "service_at_locations",
    "taxonomy_term": "taxonomy_terms", "taxonomy": "taxonomies", "phone": "phones", "contact": "contacts", "schedule": "schedules",
    "regular_schedule": "regular_schedules", "holiday": "holiday_schedules", "address": "addresses",
    "mail_address": "mail_addresses", "funding": "funding", "language": "languages", "accessibility": "accessibility",
    "attribute": "attributes", "metadata": "metadata", "service_area": "service_areas", "location": "locations",
    "required_document": "required_documents", "cost_option": "cost_options", "service_capacity": "capacities",
    "url": "additional_urls", "organization_identifier": "organization_identifiers",
}  # fmt: skip
ORPHANS = {key: kind for kind, key in WRAPS.items()}


def kind_of(value: Mapping[str, Any]) -> str:
    """Service, organization, service_at_location, location, taxonomy_term or taxonomy; "" for something else."""
    keys = value.keys()
    known = {kind: len(keys & names) for kind, names in _KEYS.items()}
    best = max(known.values())
    if best < 2 or best * 2 < len(keys):
        return ""
    kinds = [kind for kind in _KINDS if known[kind] == best]
    if kinds[0] == "service" and len(kinds) > 1 and not any(key in value for key in _OF_A_SERVICE):
        return kinds[1]
    return kinds[0]


def is_service(raw: Mapping[str, Any]) -> bool:
    """Whether a record is a service, and not a row that belongs to none (:func:`wrapped`)."""
    return not (len(raw) == 1 and next(iter(raw)) in ORPHANS)


def wrapped(kind: str, value: Any) -> dict[str, Any]:
    """A row without a service, below the key at which a service would hold it."""
    key = WRAPS[kind]
    return {key: value if key == "organization" else [value]}


def name_of(value: Any) -> str:
    """An id as text: letters, digits, ``_ . : -``; "" when it is none."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return ""
    text = str(value).strip()
    return text if _ID.match(text) else ""


def id_of(raw: Mapping[str, Any]) -> str:
    """The id of a record; that of a row without a service begins with its kind."""
    if is_service(raw):
        return name_of(raw.get("id"))
    key, value = next(iter(raw.items()))
    row = value[0] if isinstance(value, list) and value else value
    name = name_of(row.get("id") or row.get("taxonomy_id")) if isinstance(row, dict) else ""
    return f"{ORPHANS[key]}:{name}"[:100] if name else ""


def services_in(kind: str, value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The records of one object: its services with their organization, or the object itself, wrapped."""
    if kind == "service":
        yield value
        return
    services = value.get("services") if kind == "organization" else None
    inner = [one for one in services if isinstance(one, dict)] if isinstance(services, list) else []
    if not inner:
        yield wrapped(kind, value)
        return
    whole = {key: part for key, part in value.items() if key != "services"}
    # The first tells all of the organization; kept again and again it could fill the disk.
    slim = {key: part for key, part in whole.items() if not isinstance(part, list | dict) or key == "phones"}
    for number, one in enumerate(inner):
        own = one.get("organization")
        yield one if isinstance(own, dict) and own else {**one, "organization": slim if number else whole}
