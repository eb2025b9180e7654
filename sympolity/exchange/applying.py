"""From a mapped service to the ordinary actions: organizations, locations, services, in batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import DataError, IntegrityError

from sympolity.directory import actions as directory
from sympolity.directory.actions import Outcome
from sympolity.directory.drafts import DocumentDraft, ExceptionDraft, LocationDraft, ServiceDraft
from sympolity.directory.enums import AddressVisibility, Cost, LocationKind
from sympolity.directory.models import Location
from sympolity.exchange.placing import Placing
from sympolity.exchange.points import Point
from sympolity.kit.actor import Actor
from sympolity.kit.refusals import Refusal
from sympolity.people import actions as people
from sympolity.people.enums import OrganizationKind, OrganizationState

__all__ = ["Change", "apply", "misplaced", "record_id", "sentence"]

Words = Mapping[str, Mapping[str, str]]

# What an action refused, for whoever has to mend the file.
_SENTENCES = {
    "name_missing": "the name is empty once controls are taken out",
    "name_too_long": "the name is too long",
    "category_missing": "no category is left",
    "unknown_category": "a category of the table of types is not loaded here. Run: sympolity serve --prepare-only",
    "unknown_area": "the areas are not loaded here. Run: sympolity serve --prepare-only",
    "point_zero": "the point is 0, 0: it was never set",
    "point_outside_the_world": "the point lies outside the world",
    "half_a_point": "latitude or longitude is missing",
    "not_yours": "the record belongs to somebody else here",
    "bad_hours": "the opening hours are not in the notation of OpenStreetMap",
    "bad_phone": "this is no phone number",
    "bad_email": "this is no e-mail address",
    "bad_url": "this is no address of a page",
    "unknown_code": "this word is not one of the list",
    "unknown_language": "this language is not known here",
}


# What a mapped thing may say of a column; the rest of the tables is not the source's to say.
_OF_LOCATION = (
    "kind", "name", "address", "locality", "postal_code", "lat", "lon", "visibility", "nearest_stop", "step_free", "lift",
    "toilet", "women_only",
)  # fmt: skip
_OF_SERVICE = (
    "summary", "description", "eligibility", "for_whom", "legal_status", "min_age", "max_age", "nationality", "how", "access",
    "cost", "cost_note", "languages", "interpretation", "phone", "whatsapp", "email", "url", "ends_on", "referral", "direct_line",
    "response_delay",
)  # fmt: skip
_EMPTY: Mapping[str, Any] = {"cost": Cost.UNKNOWN, "kind": LocationKind.PHYSICAL, "visibility": AddressVisibility.FULL}
_LISTS = frozenset({"for_whom", "legal_status", "access", "languages", "interpretation"})
_NOTHING = frozenset({"min_age", "max_age", "ends_on", "lat", "lon", "step_free", "lift", "toilet", "women_only"})


@dataclass(slots=True)
class Change:
    """One service to be made so. ``mapped``: data of a format with the label ``origin``; ``before``: the version it was
    made from the last time.
    """

    source: str
    source_id: str
    placing: Placing
    mapped: Mapping[str, Any]
    before: Mapping[str, Any] = field(default_factory=dict)

    @property
    def service_id(self) -> UUID:
        return record_id(self.source, "service", self.source_id)

    @property
    def owner_id(self) -> UUID:
        return record_id(self.source, "organization", self.mapped["organization"]["key"])


def record_id(source: str, kind: str, key: str) -> UUID:
    """The id here of a thing of a source: the same on every installation (exchange.md, plain partners)."""
    return uuid5(NAMESPACE_URL, f"https://sympolity.org/source/{source}/{kind}/{key}")


def sentence(refusal: Refusal) -> str:
    """A refusal in words, with the field it is about."""
    says = _SENTENCES.get(refusal.reason, refusal.reason.replace("_", " "))
    where = refusal.where.split(".", 1)[-1]
    where = "" if where.isdigit() or where == str(refusal.facts.get("value", "")) else where
    value = refusal.facts.get("value", "")
    return (f"{where}: " if where else "") + says + (f" ({value})" if value else "")


def apply(*, actor: Actor, changes: Sequence[Change]) -> tuple[dict[str, Outcome], dict[str, str]]:
    """Make the services so; (outcome by source id, reason of refusal by source id).

    Together where all are well; where one is refused by halves, so that it does not hold up the others.
    """
    try:
        return _together(actor, changes), {}
    except (Refusal, DataError, IntegrityError) as error:
        if len(changes) == 1:
            return {}, {changes[0].source_id: _reason(error)}
    middle = len(changes) // 2
    done, refused = apply(actor=actor, changes=changes[:middle])
    more, wrong = apply(actor=actor, changes=changes[middle:])
    return done | more, refused | wrong


def _reason(error: Exception) -> str:
    return sentence(error) if isinstance(error, Refusal) else f"the database does not take it: {type(error).__name__}"


def misplaced(source: str, placing: Placing, items: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Those of ``items`` (source id -> mapped data) with a place outside the tree whose point lies in a municipality."""
    rows = [
        (one, record_id(source, "location", row["key"]), point)
        for one, data in items.items()
        for row in data["locations"]
        if (point := _point(row))
    ]
    areas = placing.of([point for _, _, point in rows])
    inside = [(one, place) for one, place, point in rows if areas[point] != placing.elsewhere]
    outside = Location.objects.filter(id__in=[place for _, place in inside], area=placing.elsewhere)
    found = set(outside.values_list("id", flat=True)) if inside else set()
    return {one for one, place in inside if place in found}


def _point(row: Mapping[str, Any]) -> Point | None:
    return (row["lat"], row["lon"]) if row.get("lat") is not None else None


def _area(row: Mapping[str, Any], areas: Mapping[Point, UUID], placing: Placing) -> UUID:
    point = _point(row)
    return areas[point] if point else placing.elsewhere


def _together(actor: Actor, changes: Sequence[Change]) -> dict[str, Outcome]:
    items = {item.id: item for item in reversed([_organization(change) for change in changes])}
    services = {change.source_id: _service(change) for change in changes}
    locations = _locations(changes)
    # Look at all drafts before anything is written: a refusal here leaves nothing half done.
    for service in services.values():
        service.checked()
    for location in locations.values():
        location.checked()
    moved = set(people.register_organizations(actor=actor, items=list(items.values())))
    placed = directory.record_locations(actor=actor, drafts=list(locations.values()))
    outcomes = directory.record_services(actor=actor, drafts=list(services.values()))
    done: dict[str, Outcome] = {}
    for source_id, draft in services.items():
        outcome = outcomes[draft.id]
        around = draft.organization in moved or any(
            placed[one] is not Outcome.UNCHANGED for one in draft.locations if one in placed
        )
        done[source_id] = Outcome.CHANGED if outcome is Outcome.UNCHANGED and around else outcome
    return done


def _words(now: Words, before: Words) -> dict[str, dict[str, str]]:
    """The texts, and an empty one for each language that the source has taken back since."""
    fields = dict.fromkeys([*now, *before])
    return {name: {**dict.fromkeys(before.get(name, {}), ""), **now.get(name, {})} for name in fields}


def _said(row: Mapping[str, Any], before: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """The columns of ``row``; those that only ``before`` said are empty again. Dates are ISO texts in mapped data."""
    out: dict[str, Any] = {}
    for name in names:
        if name in row:
            value = row[name]
            out[name] = date.fromisoformat(value) if name == "ends_on" and value else value or _empty(name, value)
        elif name in before:
            out[name] = _empty(name, None)
    return out


def _empty(name: str, value: Any) -> Any:
    """What stands in a column when nothing is said; 0 and False are said."""
    if value is not None and value in (0, False) and not isinstance(value, str):
        return value
    if name in _NOTHING:
        return None
    return [] if name in _LISTS else _EMPTY.get(name, "")


def _organization(change: Change) -> people.OrganizationItem:
    said = change.mapped["organization"]
    before = change.before.get("organization", {})
    old = before.get("texts", {}) if before.get("key") == said["key"] else {}
    return people.OrganizationItem(
        id=change.owner_id, kind=said.get("kind") or OrganizationKind.NGO, status=OrganizationState.APPROVED, lang=said["lang"],
        name=said["name"], area=change.placing.home, texts=_words(said["texts"], old), description=said.get("description") or "",
        url=said.get("url") or "", email=said.get("email") or "", phone=said.get("phone") or "",
    )  # fmt: skip


def _by_key(mapped: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {row["key"]: row for row in mapped.get("locations", [])}


def _locations(changes: Sequence[Change]) -> dict[UUID, LocationDraft]:
    """The places of all changes, each once; one that several organizations use stays with the one that brought it."""
    rows = [(change, row) for change in changes for row in change.mapped["locations"]]
    ids = [record_id(change.source, "location", row["key"]) for change, row in rows]
    owners = dict(Location.objects.filter(id__in=ids).values_list("id", "organization_id"))
    areas = changes[0].placing.of([point for _, row in rows if (point := _point(row))]) if changes else {}
    drafts: dict[UUID, LocationDraft] = {}
    for (change, row), one in zip(rows, ids, strict=True):
        before = _by_key(change.before).get(row["key"], {})
        former = change.before.get("organization", {}).get("key")
        owner = owners.get(one)
        if owner is None or (former is not None and owner == record_id(change.source, "organization", former)):
            owner = change.owner_id
        area = _area(row, areas, change.placing)
        texts = _words(row["texts"], before.get("texts", {}))
        drafts.setdefault(one, LocationDraft(one, owner, area, row["lang"], _said(row, before, _OF_LOCATION), texts))
    return drafts


def _service(change: Change) -> ServiceDraft:
    said, before = change.mapped["service"], change.before.get("service", {})
    columns = _said(said.get("columns", {}), before.get("columns", {}), _OF_SERVICE)

    def part(kind: str, key: str) -> UUID:
        return record_id(change.source, kind, f"{change.source_id}/{key}")

    return ServiceDraft(
        id=change.service_id,
        organization=change.owner_id,
        lang=said["lang"],
        columns={"name": said["name"], "status": said["status"], "origin": change.mapped.get("origin", ""), **columns},
        texts=_words(said["texts"], before.get("texts", {})),
        categories=tuple(said["categories"]),
        locations=tuple(dict.fromkeys(record_id(change.source, "location", row["key"]) for row in change.mapped["locations"])),
        opening_hours=said.get("opening_hours", ""),
        exceptions=tuple(
            ExceptionDraft(
                part("exception", row["key"]), date.fromisoformat(row["first"]), date.fromisoformat(row["last"]), row["hours"],
                row.get("note", ""), row.get("texts", {}),
            )
            for row in said.get("exceptions", ())
        ),
        documents=tuple(
            DocumentDraft(part("document", row["key"]), row["name"], row.get("note", ""), texts=row.get("texts", {}))
            for row in said.get("documents", ())
        ),
    )  # fmt: skip
