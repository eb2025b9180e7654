"""From a mapped service to the ordinary actions: organizations, locations, services, in batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import DataError, IntegrityError

from sympolity.directory import actions as directory
from sympolity.directory.actions import Outcome
from sympolity.directory.drafts import LocationDraft, ServiceDraft
from sympolity.kit.actor import Actor
from sympolity.kit.refusals import Refusal
from sympolity.people import actions as people
from sympolity.people.enums import OrganizationKind, OrganizationState

__all__ = ["Change", "apply", "record_id", "sentence"]

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
}


@dataclass(slots=True)
class Change:
    """One service to be made so. ``before``: the mapped version it was made from the last time."""

    source: str
    source_id: str
    origin: str
    area: UUID
    mapped: Mapping[str, Any]
    before: Mapping[str, Any] = field(default_factory=dict)

    @property
    def service_id(self) -> UUID:
        return record_id(self.source, "service", self.source_id)


def record_id(source: str, kind: str, key: str) -> UUID:
    """The id here of a thing of a source: the same on every installation (exchange.md, plain partners)."""
    return uuid5(NAMESPACE_URL, f"https://sympolity.org/source/{source}/{kind}/{key}")


def sentence(refusal: Refusal) -> str:
    """A refusal in words, with the field it is about."""
    says = _SENTENCES.get(refusal.reason, refusal.reason.replace("_", " "))
    where = refusal.where.split(".", 1)[-1] if "." in refusal.where else ""
    value = refusal.facts.get("value", "")
    return (f"{where}: " if where else "") + says + (f" ({value})" if value else "")


def apply(*, actor: Actor, changes: Sequence[Change]) -> tuple[dict[str, Outcome], dict[str, str]]:
    """Make the services so; (outcome by source id, reason of refusal by source id).

    Together where all are well; when one is refused, each alone, so that it does not hold up the others.
    """
    try:
        return _together(actor, changes), {}
    except (Refusal, DataError, IntegrityError) as error:
        if len(changes) == 1:
            reason = (
                sentence(error)
                if isinstance(error, Refusal)
                else f"the database does not take it: {type(error).__name__}"
            )
            return {}, {changes[0].source_id: reason}
    done: dict[str, Outcome] = {}
    refused: dict[str, str] = {}
    for change in changes:
        one, wrong = apply(actor=actor, changes=[change])
        done |= one
        refused |= wrong
    return done, refused


def _together(actor: Actor, changes: Sequence[Change]) -> dict[str, Outcome]:
    items = {item.id: item for item in reversed([_organization(change) for change in changes])}
    services = {change.source_id: _service(change) for change in changes}
    locations = {change.source_id: _location(change) for change in changes if change.mapped["location"]}
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
        place = locations.get(source_id)
        around = draft.organization in moved or (place and placed[place.id] is not Outcome.UNCHANGED)
        done[source_id] = Outcome.CHANGED if outcome is Outcome.UNCHANGED and around else outcome
    return done


def _words(now: Words, before: Words) -> dict[str, dict[str, str]]:
    """The texts, and an empty one for each language that the source has taken back since."""
    fields = dict.fromkeys([*now, *before])
    return {name: {**dict.fromkeys(before.get(name, {}), ""), **now.get(name, {})} for name in fields}


def _organization(change: Change) -> people.OrganizationItem:
    said = change.mapped["organization"]
    before = change.before.get("organization", {})
    old = before.get("texts", {}) if before.get("key") == said["key"] else {}
    return people.OrganizationItem(
        id=record_id(change.source, "organization", said["key"]), kind=OrganizationKind.NGO,
        status=OrganizationState.APPROVED, lang=said["lang"], name=said["name"], area=change.area,
        texts=_words(said["texts"], old),
    )  # fmt: skip


def _location(change: Change) -> LocationDraft:
    said = change.mapped["location"]
    return LocationDraft(
        record_id(change.source, "location", change.source_id),
        record_id(change.source, "organization", change.mapped["organization"]["key"]),
        change.area,
        said["lang"],
        {name: said[name] for name in ("lat", "lon", "address", "locality")},
        _words(said["texts"], change.before.get("location", {}).get("texts", {})),
    )


def _service(change: Change) -> ServiceDraft:
    said = change.mapped["service"]
    placed = bool(change.mapped["location"])
    return ServiceDraft(
        id=change.service_id,
        organization=record_id(change.source, "organization", change.mapped["organization"]["key"]),
        lang=said["lang"],
        columns={
            "name": said["name"],
            "status": said["status"],
            "origin": change.origin,
            "for_whom": list(said["for_whom"]),
        },
        texts=_words(said["texts"], change.before.get("service", {}).get("texts", {})),
        categories=tuple(said["categories"]),
        locations=(record_id(change.source, "location", change.source_id),) if placed else (),
    )
