"""Where each field of HSDS goes: a column, or the reason why it has none.

Names: HSDS 3.1 (Open Referral), the plural names of its simple dictionary (``addresss``, ``fundings`` …), and HSDS 1
as Ohana exports it. One table per entity; a key such as ``service_at_locations[].location.addresses[].city`` is
followed from entity to entity.
"""

from __future__ import annotations

from functools import lru_cache

from sympolity.exchange.coverage import Home

__all__ = ["FIELDS", "PARTS", "home_of"]

# What stands below an entity: key -> entity. Lists and single objects alike.
_LISTS = {
    "phones": "phone", "contacts": "contact", "schedules": "schedule", "regular_schedules": "schedule",
    "holiday_schedules": "holiday", "languages": "language", "attributes": "attribute", "metadata": "metadata",
    "funding": "funding", "fundings": "funding",
}  # fmt: skip
_PLACE = {
    "addresses": "address", "addresss": "address", "physical_addresses": "address", "mail_addresses": "mail_address",
    "postal_addresses": "mail_address", "accessibility": "accessibility", "accessibilitys": "accessibility",
}  # fmt: skip
PARTS: dict[str, dict[str, str]] = {
    "service": _LISTS | {
        "organization": "organization", "program": "program", "service_at_locations": "service_at_location",
        "service_areas": "service_area", "required_documents": "required_document", "cost_options": "cost_option",
        "capacities": "service_capacity", "additional_urls": "url", "taxonomy_terms": "taxonomy_term",
        # Only of rows that belong to no service:
        "locations": "location", "addresses": "address", "mail_addresses": "mail_address", "programs": "program",
        "accessibility": "accessibility", "organization_identifiers": "organization_identifier",
        "meta_table_descriptions": "meta_table_description", "taxonomies": "taxonomy",
    },
    "organization": _LISTS | {
        "additional_websites": "url", "locations": "location", "programs": "program",
        "organization_identifiers": "organization_identifier", "services": "service",
    },
    "service_at_location": _LISTS | {"location": "location", "service_areas": "service_area", "service": "service"},
    "location": _LISTS | _PLACE,
    "attribute": {"taxonomy_term": "taxonomy_term", "metadata": "metadata"},
    "taxonomy_term": {"taxonomy_detail": "taxonomy", "parents": "taxonomy_term", "metadata": "metadata"},
    "taxonomy": {"metadata": "metadata"},
    "service_capacity": {"unit": "unit", "attributes": "attribute", "metadata": "metadata"},
    "contact": {"phones": "phone", "attributes": "attribute", "metadata": "metadata"},
    "phone": {"languages": "language", "attributes": "attribute", "metadata": "metadata"},
    **{
        name: {"attributes": "attribute", "metadata": "metadata"}
        for name in ("program", "schedule", "holiday", "language", "funding", "service_area", "required_document", "cost_option",
                     "url", "unit", "address", "mail_address", "accessibility", "organization_identifier",
                     "meta_table_description")
    },
    "metadata": {},
}  # fmt: skip

_LINK = "tells which rows belong together; here they stand together"
_PERSON = "names a person"
_ID = "the source's own number of this row; nothing here is told by it"
_IDENTIFIER = "an identifier of a register; kept with the proposal"
_MONEY = "who pays for a service is not told to readers"
_WHEN = "when and how the source changed it; kept with the proposal"
_EXTENT = "outlines of service areas are not drawn here"
_HOURS = "service.opening_hours (when all schedules are certain)"
_NEEDS = "service.categories (by the table of terms)"
_HOW = "service.how"
_CONTACT = "service.phone (the first that a person can call)"
_CHANGING = "what is free changes from day to day; here the owner says it, with an end"

# Columns begin without a mark; a reason begins with "-".
FIELDS: dict[str, dict[str, str]] = {
    "service": {
        "id": "proposal.source_id", "organization_id": "-" + _LINK, "program_id": "-" + _LINK, "location_id": "-" + _LINK,
        "name": "service.name", "alternate_name": "service.description (last line)",
        "description": "service.description", "short_desc": "service.summary", "url": "service.url",
        "website": "service.url", "email": "service.email", "status": "service.status",
        "interpretation_services": "service.how, service.interpretation", "application_process": _HOW,
        "fees_description": "service.cost_note, service.cost", "fees": "service.cost_note, service.cost",
        "wait_time": "service.capacity_note",
        "accreditations": "-a certificate that a reader here cannot check",
        "licenses": "-a certificate that a reader here cannot check",
        "eligibility_description": "service.eligibility", "eligibility": "service.eligibility",
        "audience": "service.eligibility", "minimum_age": "service.min_age", "maximum_age": "service.max_age",
        "assured_date": "-when the source looked at it; here the owner confirms a service",
        "assurer_email": "-" + _PERSON, "alert": "service.description (first line)", "last_modified": "-" + _WHEN,
        "accepted_payments": "service.cost_note", "funding_sources": "-" + _MONEY, "keywords": _NEEDS,
        "taxonomy_ids": _NEEDS,
    },
    "organization": {
        "id": "service.organization", "name": "organization.name",
        "alternate_name": "-our organizations have one name in each language",
        "description": "organization.description", "email": "organization.email", "website": "organization.url",
        "url": "organization.url",
        "tax_status": "-" + _IDENTIFIER, "tax_id": "-" + _IDENTIFIER, "year_incorporated": "-no one looks for help by it",
        "date_incorporated": "-no one looks for help by it", "legal_status": "-tells the form in the law of its country; ours differ",
        "logo": "-pictures of others are not loaded", "uri": "-" + _IDENTIFIER,
        "parent_organization_id": "-our organizations stand side by side", "accreditations": "-a certificate that a reader here cannot check",
        "licenses": "-a certificate that a reader here cannot check", "funding_sources": "-" + _MONEY,
    },
    "service_at_location": {
        "id": "-" + _ID, "service_id": "-" + _LINK, "location_id": "-" + _LINK, "description": _HOW,
    },
    "location": {
        "id": "service.locations", "location_type": "location.kind", "virtual": "location.kind",
        "url": "service.url (where the service has none)", "website": "service.url (where the service has none)",
        "organization_id": "-" + _LINK, "name": "location.name", "alternate_name": "-our places have one name",
        "description": "-tells of the house, not of the service", "short_desc": "-tells of the house, not of the service",
        "transportation": "location.nearest_stop", "latitude": "location.lat", "longitude": "location.lon",
        "external_identifier": "-" + _IDENTIFIER, "external_identifier_type": "-" + _IDENTIFIER,
        "email": "service.email (where the service has none)", "admin_emails": "-" + _PERSON,
    },
    "address": {
        "id": "-" + _ID, "location_id": "-" + _LINK, "attention": "-" + _PERSON, "address_1": "location.address",
        "address_2": "location.address", "city": "location.locality", "region": "location.locality (where there is no city)",
        "state_province": "location.locality (where there is no city)", "postal_code": "location.postal_code",
        "country": "-the area tells it, by the point", "address_type": "-chooses the address of the door among several",
    },
    "mail_address": dict.fromkeys(
        ("id", "location_id", "attention", "address_1", "address_2", "city", "region", "state_province", "postal_code", "country",
         "address_type"), "-letters go there, people do not"),
    "phone": {
        "id": "-" + _ID, **dict.fromkeys(("location_id", "service_id", "organization_id", "contact_id", "service_at_location_id"), "-" + _LINK),
        "number": _CONTACT, "country_prefix": _CONTACT, "extension": "service.how (beside its number)",
        "type": "-chooses the number among several; there is one column", "number_type": "-chooses the number among several; there is one column",
        "description": "-there is one number per service", "department": "-there is one number per service",
        "vanity_number": "-letters for digits; the number itself is told",
    },
    "contact": {
        "id": "-" + _PERSON, **dict.fromkeys(("location_id", "service_id", "organization_id", "service_at_location_id"), "-" + _LINK),
        "name": "-" + _PERSON, "title": "-" + _PERSON, "department": "-" + _PERSON, "email": "-" + _PERSON,
    },
    "schedule": {
        "id": "-" + _ID, **dict.fromkeys(("location_id", "service_id", "service_at_location_id"), "-" + _LINK),
        **dict.fromkeys(("valid_from", "valid_to", "dtstart", "freq", "interval", "byday", "weekday", "opens_at", "closes_at"), _HOURS),
        "until": _HOURS + ", service.ends_on",
        **dict.fromkeys(("count", "byweekno", "bymonthday", "byyearday"), "-no week that repeats; told by the words of the schedule"),
        "timezone": "-hours are those of the place", "wkst": "-weeks are not counted",
        "description": _HOW, "notes": _HOW, "schedule_link": "service.url (where the service has none)",
        "attending_type": "-the kind of the place tells it",
    },
    "holiday": {
        "id": "exception.key", "location_id": "-" + _LINK, "service_id": "-" + _LINK, "service_at_location_id": "-" + _LINK,
        "start_date": "exception.first", "end_date": "exception.last", "closed": "exception.hours",
        "opens_at": "exception.hours", "closes_at": "exception.hours",
    },
    "funding": {"id": "-" + _ID, "organization_id": "-" + _LINK, "service_id": "-" + _LINK, "source": "-" + _MONEY},
    "service_area": {
        "id": "-" + _ID, "service_id": "-" + _LINK, "service_at_location_id": "-" + _LINK, "name": "service.eligibility",
        "description": "service.eligibility (where the area has no name)", "extent": "-" + _EXTENT, "extent_type": "-" + _EXTENT,
        "uri": "-" + _IDENTIFIER,
    },
    "required_document": {"id": "document.key", "service_id": "-" + _LINK, "document": "document.name",
                          "uri": "-an address beside a document has no place on our sheets"},
    "language": {
        "id": "-" + _ID, "service_id": "-" + _LINK, "location_id": "-" + _LINK, "phone_id": "-" + _LINK, "name": "service.languages",
        "code": "service.languages", "note": "-a language is offered or not; there are no words beside it",
    },
    "accessibility": {
        "id": "-" + _ID, "location_id": "-" + _LINK, "description": _HOW, "details": _HOW,
        "url": "-there is one address per service",
    },
    "attribute": {
        "id": "-" + _ID, "link_id": "-" + _LINK, "taxonomy_term_id": _NEEDS, "link_type": "service.for_whom (when it names the audience)",
        "link_entity": "-" + _LINK, "value": "-a value of the source's own list", "label": "-a word for the source's own list",
    },
    "taxonomy_term": {
        "id": _NEEDS, "taxonomy_id": _NEEDS, "code": _NEEDS, "name": _NEEDS, "term_uri": _NEEDS, "parent_id": _NEEDS,
        "parent_name": _NEEDS, "description": "-our needs have words of their own", "taxonomy": "-terms are known by their words",
        "language": "-terms are known in any language of our table",
    },
    "taxonomy": dict.fromkeys(("id", "name", "description", "uri", "version"), "-terms are known by their words, not by their list"),
    "program": dict.fromkeys(("id", "organization_id", "name", "alternate_name", "description"), "-programs are no noun here; kept with the proposal"),
    "metadata": dict.fromkeys(
        ("id", "resource_id", "resource_type", "last_action_date", "last_action_type", "field_name", "previous_value",
         "replacement_value"), "-" + _WHEN) | {"updated_by": "-" + _PERSON},
    "meta_table_description": {"id": "-" + _ID, "name": "-tells of a table, not of a service", "language": "-tells of a table, not of a service",
                               "character_set": "-tells of a table, not of a service"},
    "cost_option": {
        "id": "-" + _ID, "service_id": "-" + _LINK, **dict.fromkeys(("valid_from", "valid_to", "option", "currency", "amount_description"), "service.cost_note"),
        "amount": "service.cost_note, service.cost",
    },
    "organization_identifier": dict.fromkeys(("id", "organization_id", "identifier_scheme", "identifier_type", "identifier"), "-" + _IDENTIFIER),
    "service_capacity": dict.fromkeys(("id", "service_id", "unit_id", "available", "maximum", "description", "updated"), "-" + _CHANGING),
    "unit": dict.fromkeys(("id", "name", "scheme", "identifier", "uri"), "-" + _CHANGING),
    "url": {"id": "-" + _ID, "service_id": "-" + _LINK, "organization_id": "-" + _LINK, "label": "-there is one address per service",
            "url": "service.url, organization.url (where there is no other)"},
}  # fmt: skip
_WHOLE = {
    "organization": "service.organization", "service_at_location": "service.locations", "location": "service.locations",
    "phone": _CONTACT, "contact": "-" + _PERSON, "schedule": _HOURS, "holiday": "service.exceptions",
    "language": "service.languages", "attribute": _NEEDS, "taxonomy_term": _NEEDS, "address": "location.address",
    "mail_address": "-letters go there, people do not", "required_document": "service.documents", "service_area": "service.eligibility",
    "cost_option": "service.cost_note", "accessibility": "location.step_free, location.lift, location.toilet, service.how", "url": "service.url (where there is no other)",
    "metadata": "-" + _WHEN, "funding": "-" + _MONEY, "program": "-programs are no noun here; kept with the proposal",
    "taxonomy": "-terms are known by their words, not by their list", "service_capacity": "-" + _CHANGING, "unit": "-" + _CHANGING,
    "organization_identifier": "-" + _IDENTIFIER, "service": "proposal.source_id",
    "meta_table_description": "-tells of a table, not of a service",
}  # fmt: skip
# What has a column in general has none here: (entity that holds it, key below it).
_NOT_HERE = {
    ("contact", "phones"): _PERSON,
    ("phone", "languages"): "a service tells its languages itself",
    ("organization", "contacts"): _PERSON,
    ("organization", "schedules"): "hours belong to a service or its place",
    ("organization", "languages"): "a service tells its languages itself",
    ("organization", "locations"): "places belong to the services that are given there",
    **{(name, "attributes"): "only services have needs" for name in PARTS if name != "service"},
}
_DEEP = 12  # names in a key; the longest path of HSDS has seven


@lru_cache(maxsize=8192)
def home_of(key: str) -> Home | None:
    """The home of a dotted key below a service; None when the key is unknown."""
    names = key.replace("[]", "").split(".")
    entity, reason, said = "service", "", ""
    for name in names[:_DEEP]:
        part = PARTS.get(entity, {}).get(name)
        if part is None and name not in FIELDS.get(entity, {}):
            return None
        reason = reason or _NOT_HERE.get((entity, name), "")
        said = _WHOLE[part] if part else FIELDS[entity][name]
        entity = part or ""
    if len(names) > _DEEP:
        return None
    if reason or said.startswith("-"):
        return Home(reason=reason or said[1:])
    return Home(column=said)
