"""Loading the demo: files of this folder → drafts → actions. Again: nothing changes."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sympolity.directory import actions as directory
from sympolity.directory import needs
from sympolity.directory.drafts import ConfirmationDraft, DocumentDraft, ExceptionDraft, LocationDraft, ServiceDraft
from sympolity.kit import clock
from sympolity.kit.actor import SYSTEM, Role
from sympolity.ops.demo import desk, network, notices, reports
from sympolity.ops.demo.ids import DRAFTED, demo_id
from sympolity.people import actions as people
from sympolity.people.models import Organization
from sympolity.places import actions as places
from sympolity.places import facts as area_facts
from sympolity.places.facts import area_id

__all__ = ["Loaded", "demo_id", "facts_mark", "load", "load_facts", "personas"]

FOLDER = Path(__file__).parent
FILES = ("attica.toml", "cities.toml", "north.toml", "plain.toml", "south.toml", "capital.toml", "ports.toml")
TEXTS = ("name", "summary", "description", "eligibility", "how", "cost_note")
PLAIN = ("status", "audience", "for_whom", "legal_status", "min_age", "max_age", "access", "cost", "languages",
         "interpretation", "phone", "whatsapp", "email", "url")  # fmt: skip
# Ramadan by the calendar of Umm al-Qura; the eve may be seen a day earlier or later.
SEASONS: Mapping[str, tuple[tuple[date, date], ...]] = {
    "ramadan": (
        (date(2026, 2, 18), date(2026, 3, 19)),
        (date(2027, 2, 8), date(2027, 3, 9)),
        (date(2028, 1, 28), date(2028, 2, 25)),
        (date(2029, 1, 16), date(2029, 2, 13)),
        (date(2030, 1, 5), date(2030, 2, 3)),
        (date(2030, 12, 26), date(2031, 1, 23)),
    )
}


@dataclass(slots=True)
class Loaded:
    """How many there are of each; of places and services, how many were new or changed."""

    organizations: int = 0
    locations: int = 0
    services: int = 0
    persons: int = 0


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def _source(row: Mapping[str, Any], name: str) -> str:
    said: Mapping[str, str] = row.get(name, {})
    return said.get(row.get("lang", "el"), "")


def load_facts() -> None:
    """Areas, needs and helplines: facts that every installation has, demo or not."""
    places.load_areas()
    needs.record_needs(actor=SYSTEM, needs=needs.load())
    lines = tomllib.loads((needs.FILE.parent / "helplines.toml").read_text(encoding="utf-8"))
    directory.record_helplines(actor=SYSTEM, rows=lines["helpline"])


def facts_mark() -> str:
    """Changes when a file of facts changes."""
    files = (area_facts.FILE, needs.FILE, needs.FILE.parent / "helplines.toml")
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


def load() -> Loaded:
    """Facts, organizations, places, services and persons of the demo."""
    load_facts()
    done = Loaded()
    day = _first_day()
    files = [_read(name) for name in FILES if (FOLDER / name).exists()]
    for data in files:  # all of them first: services of one file stand at places of another
        done.organizations += _organizations(data)
    for data in files:
        by_key = {row["key"]: row for row in data["location"]}
        outcome = directory.record_locations(actor=SYSTEM, drafts=[_location(row) for row in by_key.values()])
        done.locations += _moved(outcome)
        outcome = directory.record_services(actor=SYSTEM, drafts=[_service(row, day) for row in data["service"]])
        done.services += _moved(outcome)
    done.persons = _persons()
    done.organizations += network.load(day)
    notices.load(day)
    desk.load()
    reports.load()
    return done


def _moved(outcome: Mapping[UUID, directory.Outcome]) -> int:
    return sum(1 for one in outcome.values() if one is not directory.Outcome.UNCHANGED)


def _first_day() -> date:
    """The day from which the demo counts: that of the first load, so that a second changes nothing."""
    first = (
        Organization.objects.filter(example=True).order_by("created_at").values_list("created_at", flat=True).first()
    )
    return (first or clock.now()).astimezone(clock.ATHENS).date()


def _organizations(data: Mapping[str, Any]) -> int:
    items = [
        people.OrganizationItem(
            id=demo_id("organization", row["key"]), kind=row["kind"], status=row["status"], lang=row["lang"],
            name=_source(row, "name"), description=_source(row, "description"), area=area_id(row["area"]),
            phone=row.get("phone", ""), email=row.get("email", ""), url=row.get("url", ""), example=True,
            texts={"name": row["name"], "description": row.get("description", {})}, provenance=DRAFTED,
        )
        for row in data["organization"]
    ]  # fmt: skip
    return len(people.register_organizations(actor=SYSTEM, items=items))


def _location(row: Mapping[str, Any]) -> LocationDraft:
    point = row.get("point") or (None, None)
    columns: dict[str, Any] = {name: _source({**row, "lang": "el"}, name) for name in ("address", "locality")}
    columns |= {"nearest_stop": _source({**row, "lang": "el"}, "stop"), "postal_code": row.get("postal_code", "")}
    columns |= {name: row.get(name) for name in ("step_free", "lift", "toilet", "women_only")}
    columns |= {"kind": row["kind"], "visibility": row["visibility"], "lat": point[0], "lon": point[1]}
    said = {"address": row.get("address", {}), "locality": row.get("locality", {}), "nearest_stop": row.get("stop", {})}
    organization = demo_id("organization", row["organization"])
    return LocationDraft(
        demo_id("location", row["key"]), organization, area_id(row["area"]), "el", columns, said, DRAFTED
    )


def _service(row: Mapping[str, Any], day: date) -> ServiceDraft:
    said = {name: row[name] for name in TEXTS if name in row}
    columns: dict[str, Any] = {name: _source(row, name) for name in TEXTS}
    columns |= {name: row[name] for name in PLAIN if name in row}
    columns["example"] = True
    if "ends_in" in row:
        columns["ends_on"] = day + timedelta(days=row["ends_in"])
    capacity = row.get("capacity")
    if capacity:
        columns |= {"capacity": capacity["state"], "capacity_until": day + timedelta(days=capacity["days"])}
        columns["capacity_note"] = capacity.get("note", {}).get(row["lang"], "")
        said["capacity_note"] = capacity.get("note", {})
    professional = row.get("professional", {})
    for name in ("referral", "response_delay"):
        columns[name] = professional.get(name, {}).get(row["lang"], "")
        said[name] = professional.get(name, {})
    columns["direct_line"] = professional.get("direct_line", "")
    return ServiceDraft(
        id=demo_id("service", row["key"]),
        organization=demo_id("organization", row["organization"]),
        lang=row["lang"],
        columns=columns,
        texts=said,
        categories=tuple(row["categories"]),
        locations=tuple(demo_id("location", key) for key in row["locations"]),
        opening_hours=row.get("hours", ""),
        exceptions=tuple(_exception(row, place, one, day) for place, one in enumerate(row.get("exceptions", ()))),
        documents=tuple(_document(row, place, one) for place, one in enumerate(row.get("documents", ()))),
        confirmations=tuple(_confirmations(row, day)),
        provenance=DRAFTED,
    )


def _exception(row: Mapping[str, Any], place: int, one: Mapping[str, Any], day: date) -> ExceptionDraft:
    first, last = _span(one, day)
    note = one.get("note", {})
    return ExceptionDraft(
        demo_id("exception", f"{row['key']}/{place}"),
        first,
        last,
        one["hours"],
        note.get(row["lang"], ""),
        {"note": note},
    )


def _span(one: Mapping[str, Any], day: date) -> tuple[date, date]:
    """The days of an exception: counted from the first load, of the year ("12-24"), or of a season."""
    if "season" in one:
        return next(span for span in SEASONS[one["season"]] if span[1] >= day)
    if "from_days" in one:
        return day + timedelta(days=one["from_days"]), day + timedelta(days=one["until_days"])
    last = next(
        last for year in (day.year, day.year + 1) if (last := date.fromisoformat(f"{year}-{one['until']}")) >= day
    )
    first = date.fromisoformat(f"{last.year}-{one['from']}")
    return (first if first <= last else first.replace(year=last.year - 1)), last


def _document(row: Mapping[str, Any], place: int, one: Mapping[str, Any]) -> DocumentDraft:
    note = one.get("note", {})
    return DocumentDraft(
        demo_id("document", f"{row['key']}/{place}"), one["name"][row["lang"]], note.get(row["lang"], ""), one["icon"],
        {"name": one["name"], "note": note},
    )  # fmt: skip


def _confirmations(row: Mapping[str, Any], day: date) -> list[ConfirmationDraft]:
    noon = datetime(day.year, day.month, day.day, 9, tzinfo=clock.ATHENS)
    owner = demo_id("organization", row["organization"])
    out = [
        ConfirmationDraft(group, noon - timedelta(days=ago), "link", owner)
        for group, ago in row.get("confirmed", {}).items()
    ]
    if "vouched" in row:
        centre = demo_id("organization", "centre-athens")
        out.append(ConfirmationDraft("rest", noon - timedelta(days=row["vouched"]), "visit", centre))
    return out


def personas() -> list[dict[str, Any]]:
    """The persons of the demo, as its file names them."""
    return list(_read("people.toml")["person"])


def _persons() -> int:
    items = []
    for row in personas():
        affiliations = [
            people.AffiliationItem(
                organization=demo_id("organization", one["organization"]),
                role=Role(one["role"]),
                areas=frozenset(area_id(slug) for slug in one.get("areas", ())),
                everywhere=one.get("everywhere", False),
                since=date(2024, 1, 1),
            )
            for one in row.get("affiliations", row.get("affiliation", ()))
        ]
        items.append(
            people.PersonItem(
                id=demo_id("person", row["email"]), email=row["email"], name=row["name"], language=row.get("language", "en"),
                affiliations=tuple(affiliations),
            )
        )  # fmt: skip
    moved = people.enrol_persons(actor=SYSTEM, items=items)
    # Their roles count only with a second factor; its codes stand in the mails that nobody can receive.
    people.equip_examples(actor=SYSTEM, persons=[demo_id("person", row["email"]) for row in personas()])
    return len(moved)
