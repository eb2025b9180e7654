"""From a mapped service to the ordinary actions: organizations, locations, services, in batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import DataError, IntegrityError

from sympolity.directory import actions as directory
from sympolity.directory.actions import Outcome
from sympolity.directory.models import Location
from sympolity.exchange import drafting
from sympolity.exchange.drafting import Change, point_of, record_id
from sympolity.exchange.placing import Placing
from sympolity.kit.actor import Actor
from sympolity.kit.refusals import Refusal
from sympolity.people import actions as people

__all__ = ["Change", "apply", "misplaced", "record_id", "sentence"]

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
        if (point := point_of(row))
    ]
    areas = placing.of([point for _, _, point in rows])
    inside = [(one, place) for one, place, point in rows if areas[point] != placing.elsewhere]
    outside = Location.objects.filter(id__in=[place for _, place in inside], area=placing.elsewhere)
    found = set(outside.values_list("id", flat=True)) if inside else set()
    return {one for one, place in inside if place in found}


def _together(actor: Actor, changes: Sequence[Change]) -> dict[str, Outcome]:
    items = drafting.organizations(changes)
    services = drafting.services(changes)
    locations = drafting.locations(changes)
    # Look at all drafts before anything is written: a refusal here leaves nothing half done.
    for service in services.values():
        service.checked()
    for location in locations.values():
        location.checked()
    moved = set(people.register_organizations(actor=actor, items=items))
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
