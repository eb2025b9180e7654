"""The words of the desk: states, formats, faults, fields. All of them for people who work with the records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext_lazy

from sympolity.directory import needs as directory
from sympolity.exchange.enums import RunFault, RunState
from sympolity.kit import clock
from sympolity.languages import registry

__all__ = [
    "FAULTS",
    "FIELDS",
    "FORMATS",
    "OUTCOMES",
    "REFUSALS",
    "STATES",
    "Said",
    "field_name",
    "moment",
    "need_names",
    "needs",
]


@dataclass(frozen=True, slots=True)
class Said:
    """A state or a fault in words. ``shape``: of the state; ``do``: what to do now."""

    says: Any
    shape: str = "waiting"
    do: Any = ""


STATES: Mapping[str, Said] = {
    RunState.PREVIEWING: Said(pgettext_lazy("desk, state of an import", "Is being read"), "later"),
    RunState.COLUMNS: Said(pgettext_lazy("desk, state of an import", "Waits: where do the columns go?"), "call"),
    RunState.PREVIEW: Said(pgettext_lazy("desk, state of an import", "Waits: look at it and decide"), "call"),
    RunState.RUNNING: Said(pgettext_lazy("desk, state of an import", "Is being written"), "later"),
    RunState.DONE: Said(pgettext_lazy("desk, state of an import", "Done"), "open"),
    RunState.FAILED: Said(pgettext_lazy("desk, state of an import", "Failed"), "stop"),
    RunState.DROPPED: Said(pgettext_lazy("desk, state of an import", "Thrown away"), "closed"),
}
FAULTS: Mapping[str, Said] = {
    RunFault.UNREADABLE: Said(
        pgettext_lazy("desk, fault", "The file could not be used. Nothing was written."),
        do=pgettext_lazy("desk, fault", "The reason stands below. Correct the file, or choose another format, and bring it in again."),
    ),
    RunFault.RIGHT: Said(
        pgettext_lazy("desk, fault", "Whoever asked for this import may not do so any more."),
        do=pgettext_lazy("desk, fault", "Another administrator can try again."),
    ),
    RunFault.GONE: Said(
        pgettext_lazy("desk, fault", "The file is no longer there."),
        do=pgettext_lazy("desk, fault", "Files are kept for 14 days. Bring it in again."),
    ),
    RunFault.BUSY: Said(
        pgettext_lazy("desk, fault", "Another import of this source ran at the same time."),
        do=pgettext_lazy("desk, fault", "Wait until it has ended, then try again. What was written stays right."),
    ),
    RunFault.FULL: Said(
        pgettext_lazy("desk, fault", "There is no room left on the disk of the server."),
        do=pgettext_lazy("desk, fault", "Tell whoever runs the server, then try again. What was written stays right."),
    ),
    RunFault.BROKEN: Said(
        pgettext_lazy("desk, fault", "The work ended again and again in the middle of this file."),
        do=pgettext_lazy("desk, fault", "Tell whoever runs the server. Trying again does no harm."),
    ),
    RunFault.UNEXPECTED: Said(
        pgettext_lazy("desk, fault", "Something went wrong on our side."),
        do=pgettext_lazy("desk, fault", "Try again. If it fails again, tell whoever runs the server."),
    ),
}  # fmt: skip
FORMATS: Mapping[str, tuple[str, Any]] = {
    "csv": ("CSV", pgettext_lazy("desk, format", "One table with a row for each service. You say where its columns go.")),
    "xlsx": ("Excel (xlsx)", pgettext_lazy("desk, format", "One workbook, at most 20 MB. You say where the columns of a sheet go.")),
    "hsds": ("HSDS", pgettext_lazy("desk, format", "One JSON file, or the CSV tables of one export under their own names.")),
    "services_advisor": ("Services Advisor", pgettext_lazy("desk, format", "One file, or two files with the same services in two languages.")),
    "signpost": ("Signpost", pgettext_lazy("desk, format", "One page of the list of services as JSON.")),
}  # fmt: skip
OUTCOMES: Mapping[str, Any] = {
    "created": pgettext_lazy("desk, outcome of a record", "New"),
    "updated": pgettext_lazy("desk, outcome of a record", "Changed"),
    "returned": pgettext_lazy("desk, outcome of a record", "Back again"),
    "unchanged": pgettext_lazy("desk, outcome of a record", "Unchanged"),
    "waiting": pgettext_lazy("desk, outcome of a record", "Waits for a person"),
    "declined": pgettext_lazy("desk, outcome of a record", "Declined before"),
    "refused": pgettext_lazy("desk, outcome of a record", "Cannot be used"),
    "duplicate": pgettext_lazy("desk, outcome of a record", "Repeated, the same"),
}
REFUSALS: Mapping[str, Any] = {
    "unknown_format": pgettext_lazy("desk, refusal", "Choose the format of the file."),
    "bad_source": pgettext_lazy("desk, refusal", "A source has small Latin letters, digits and . : _ - in its name, at most 80."),
    "source_missing": pgettext_lazy("desk, refusal", "Name the source. A table does not tell whose list it is: two lists under one name would replace each other."),
    "wrong_count": pgettext_lazy("desk, refusal", "This format takes another number of files."),
    "empty": pgettext_lazy("desk, refusal", "A file is empty."),
    "too_large": pgettext_lazy("desk, refusal", "The files are too large: at most 100 MB together. Split them."),
    "too_many": pgettext_lazy("desk, refusal", "Too many files: at most 40."),
    "no_file": pgettext_lazy("desk, refusal", "Choose a file."),
    "endings": pgettext_lazy("desk, refusal", "Many services would end. Tick that they may, or throw the import away."),
    "busy": pgettext_lazy("desk, refusal", "Another import of this source is being written. Wait until it has ended."),
    "wrong_state": pgettext_lazy("desk, refusal", "Somebody was faster. This is how it stands now."),
    "name_missing": pgettext_lazy("desk, refusal", "Say which column holds the name of the service."),
    "organization_missing": pgettext_lazy("desk, refusal", "Say which column holds the organization, or write its name below."),
    "point_half": pgettext_lazy("desk, refusal", "Latitude and longitude go together: one of the two is missing."),
    "target_twice": pgettext_lazy("desk, refusal", "Two columns go to the same place in the same language. Keep one."),
    "bad_mapping": pgettext_lazy("desk, refusal", "This cannot stay so:"),
    "unknown_mapping": pgettext_lazy("desk, refusal", "There is no saved mapping of this name any more."),
    "nothing_chosen": pgettext_lazy("desk, refusal", "Choose at least one record."),
    "unknown_proposal": pgettext_lazy("desk, refusal", "It waits no more: somebody was faster, or a newer version came."),
}  # fmt: skip
FIELDS: Mapping[str, Any] = {
    "id": pgettext_lazy("desk, field", "Id at the source"),
    "name": pgettext_lazy("desk, field", "Name"),
    "summary": pgettext_lazy("desk, field", "Summary"),
    "description": pgettext_lazy("desk, field", "Description"),
    "organization": pgettext_lazy("desk, field", "Organization"),
    "organization_id": pgettext_lazy("desk, field", "Id of the organization"),
    "category": pgettext_lazy("desk, field", "Need"),
    "categories": pgettext_lazy("desk, field", "Needs"),
    "address": pgettext_lazy("desk, field", "Address"),
    "locality": pgettext_lazy("desk, field", "Town"),
    "place_name": pgettext_lazy("desk, field", "Name of the place"),
    "postal_code": pgettext_lazy("desk, field", "Postal code"),
    "nearest_stop": pgettext_lazy("desk, field", "Nearest stop"),
    "lat": pgettext_lazy("desk, field", "Latitude"),
    "lon": pgettext_lazy("desk, field", "Longitude"),
    "point": pgettext_lazy("desk, field", "Latitude and longitude in one"),
    "visibility": pgettext_lazy("desk, field", "How much of the address is shown"),
    "phone": pgettext_lazy("desk, field", "Phone"),
    "whatsapp": pgettext_lazy("desk, field", "WhatsApp"),
    "email": pgettext_lazy("desk, field", "Email"),
    "url": pgettext_lazy("desk, field", "Web page"),
    "opening_hours": pgettext_lazy("desk, field", "Opening hours"),
    "hours": pgettext_lazy("desk, field", "Hours"),
    "languages": pgettext_lazy("desk, field", "Languages spoken"),
    "interpretation": pgettext_lazy("desk, field", "Interpretation"),
    "cost": pgettext_lazy("desk, field", "Cost"),
    "cost_note": pgettext_lazy("desk, field", "Note on the cost"),
    "eligibility": pgettext_lazy("desk, field", "Who can come"),
    "for_whom": pgettext_lazy("desk, field", "For whom"),
    "legal_status": pgettext_lazy("desk, field", "Legal status"),
    "nationality": pgettext_lazy("desk, field", "Nationality"),
    "min_age": pgettext_lazy("desk, field", "From age"),
    "max_age": pgettext_lazy("desk, field", "Up to age"),
    "access": pgettext_lazy("desk, field", "Way in"),
    "how": pgettext_lazy("desk, field", "How to get it"),
    "documents": pgettext_lazy("desk, field", "Papers to bring"),
    "ends_on": pgettext_lazy("desk, field", "Last day"),
    "first": pgettext_lazy("desk, field", "First day"),
    "last": pgettext_lazy("desk, field", "Last day"),
    "note": pgettext_lazy("desk, field", "Note"),
    "status": pgettext_lazy("desk, field", "State"),
    "kind": pgettext_lazy("desk, field", "Kind"),
    "step_free": pgettext_lazy("desk, field", "Without steps"),
    "lift": pgettext_lazy("desk, field", "Lift"),
    "toilet": pgettext_lazy("desk, field", "Accessible toilet"),
    "women_only": pgettext_lazy("desk, field", "Women only"),
    "referral": pgettext_lazy("desk, field", "How to refer (for professionals)"),
    "direct_line": pgettext_lazy("desk, field", "Direct line (for professionals)"),
    "response_delay": pgettext_lazy("desk, field", "Time until an answer"),
    "origin": pgettext_lazy("desk, field", "Origin"),
}
_GROUPS: Mapping[str, Any] = {
    "organization": pgettext_lazy("desk, field", "Organization"),
    "locations": pgettext_lazy("desk, field", "Place"),
    "exceptions": pgettext_lazy("desk, field", "Exception"),
    "documents": pgettext_lazy("desk, field", "Paper"),
}


def field_name(path: str) -> str:
    """A dotted path of mapped data in words: "Place 1 · Address (Ελληνικά)"."""
    parts = [part for part in path.split(".") if part != "columns"]
    lang = ""
    if len(parts) > 2 and parts[-3] == "texts":
        row = registry.LANGUAGES.get(parts[-1])
        lang = f" ({row.name if row else parts[-1]})"
        parts = [*parts[:-3], parts[-2]]
    group = " ".join(str(_GROUPS.get(part, part)) for part in parts[:-1] if part != "service")
    last = str(FIELDS.get(parts[-1], parts[-1]))
    return (f"{group} · " if group else "") + last + lang


def need_names() -> dict[str, str]:
    """Slug -> name of every need, in the language of the page."""
    lang = get_language() or registry.FALLBACK
    return {need["slug"]: _said(need.get("label") or need["name"], lang) for need in directory.load()}


def _said(names: Mapping[str, str], lang: str) -> str:
    return names.get(lang) or names[registry.FALLBACK]


def needs(slugs: str) -> str:
    """Needs by name instead of by slug."""
    names = need_names()
    return ", ".join(names.get(slug, slug) for slug in slugs.split(", ")) if slugs else ""


def moment(at: datetime) -> str:
    """A day and a time of day where the services are."""
    return date_format(at.astimezone(clock.ATHENS), "j E Y, H:i")
