"""Every field of HSDS 3.1 and of HSDS 1 has a column or the reason why it has none."""

from __future__ import annotations

import pytest

from sympolity.exchange.formats.hsds import Hsds
from sympolity.exchange.tests.hsds_samples import keys_below

HSDS = Hsds()
# The paths at which the entities of HSDS stand below a service.
PATHS = {
    "service": "", "organization": "organization.", "program": "program.", "phone": "phones[].", "schedule": "schedules[].",
    "service_at_location": "service_at_locations[].", "location": "service_at_locations[].location.",
    "address": "service_at_locations[].location.addresses[].", "contact": "contacts[].", "language": "languages[].",
    "accessibility": "service_at_locations[].location.accessibility[].", "funding": "funding[].", "attribute": "attributes[].",
    "service_area": "service_areas[].", "required_document": "required_documents[].", "cost_option": "cost_options[].",
    "taxonomy_term": "attributes[].taxonomy_term.", "taxonomy": "attributes[].taxonomy_term.taxonomy_detail.",
    "organization_identifier": "organization.organization_identifiers[].", "metadata": "metadata[].",
    "service_capacity": "capacities[].", "unit": "capacities[].unit.", "url": "additional_urls[].",
}  # fmt: skip


_PLACE = "service_at_locations[].location."
# The columns of HSDS 1 as Ohana exports them, below a service.
HSDS_1 = {
    "": "id location_id program_id accepted_payments alternate_name application_process audience description eligibility email"
    " fees funding_sources interpretation_services keywords languages name required_documents service_areas status wait_time"
    " website taxonomy_ids",
    _PLACE: "id organization_id accessibility admin_emails alternate_name description email languages latitude longitude name"
    " short_desc transportation website virtual",
    "organization.": "id accreditations alternate_name date_incorporated description email funding_sources legal_status licenses"
    " name tax_id tax_status website",
    f"{_PLACE}addresses[].": "id location_id address_1 address_2 city state_province postal_code country",
    f"{_PLACE}mail_addresses[].": "id location_id attention address_1 address_2 city state_province postal_code country",
    "phones[].": "id contact_id location_id organization_id service_id country_prefix department extension number number_type"
    " vanity_number",
    "contacts[].": "id location_id organization_id service_id name title email department",
    "regular_schedules[].": "id location_id service_id weekday opens_at closes_at",
    "holiday_schedules[].": "id location_id service_id start_date end_date closed opens_at closes_at",
    "organization.programs[].": "id organization_id name alternate_name",
    "taxonomy_terms[].": "taxonomy_id name parent_id parent_name",
}


@pytest.mark.parametrize("path", HSDS_1)
def test_every_column_of_hsds_1_has_a_column_or_a_reason(path: str) -> None:
    homes = {key: HSDS.home_of(f"{path}{key}") for key in HSDS_1[path].split()}
    assert {key for key, home in homes.items() if home is None or not (home.column or home.reason)} == set()


@pytest.mark.parametrize("kind", PATHS)
def test_every_field_of_the_schema_has_a_column_or_a_reason(kind: str) -> None:
    homes = {key: HSDS.home_of(f"{PATHS[kind]}{key}") for key in keys_below(kind)}
    assert {key for key, home in homes.items() if home is None or not (home.column or home.reason)} == set()


def test_what_is_not_of_hsds_is_unknown() -> None:
    for key in ("nonsense", "phones[].nonsense", "name.more", "organization." * 40 + "name", "phones[].languages[].x"):
        assert HSDS.home_of(key) is None


def test_rows_of_persons_have_no_column() -> None:
    keys = [f"{path}contacts[].{key}" for path in ("", "organization.", "service_at_locations[].location.")
            for key in ("name", "email", "title", "phones", "phones[].number")]  # fmt: skip
    assert {str(HSDS.home_of(key)) for key in keys} == {"no home: names a person"}
