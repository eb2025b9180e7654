"""From a mapped service to drafts. Of what stands already only that is written which the source has changed.

What the source says as it said before stays as people left it here. Whether a place's address is shown is not
changed by silence, and nothing here says whether an organization is anonymous or an example.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from sympolity.directory import shapes
from sympolity.directory.drafts import DocumentDraft, ExceptionDraft, LocationDraft, ServiceDraft
from sympolity.directory.enums import Cost, LocationKind, ServiceStatus
from sympolity.directory.models import Location
from sympolity.exchange.changing import Change, Row, change_of, point_of, record_id
from sympolity.exchange.points import Point
from sympolity.people import actions as people
from sympolity.people.enums import OrganizationKind, OrganizationState
from sympolity.people.models import Organization
from sympolity.people.queries import kept_by_owners
from sympolity.trail.models import Entry

__all__ = ["Change", "change_of", "locations", "organizations", "point_of", "record_id", "services"]

Words = Mapping[str, Mapping[str, str]]

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
_OF_ORGANIZATION = ("kind", "lang", "name", "description", "url", "email", "phone")
_NOT_SAID = frozenset({"anonymous", "example", "area_id"})  # of an organization that stands
_EMPTY: Mapping[str, Any] = {"cost": Cost.UNKNOWN, "kind": LocationKind.PHYSICAL}
_LISTS = frozenset({"for_whom", "legal_status", "access", "languages", "interpretation"})
_NOTHING = frozenset({"min_age", "max_age", "ends_on", "lat", "lon", "step_free", "lift", "toilet", "women_only"})
_PAIRS: Mapping[str, tuple[str, ...]] = {  # half of one means nothing without the other
    "lat": ("lat", "lon"), "lon": ("lat", "lon"), "min_age": ("min_age", "max_age"), "max_age": ("min_age", "max_age"),
}  # fmt: skip


@dataclass(slots=True)
class _Said:
    """What a change says of one thing, and what was said of it before."""

    change: Change
    now: Row
    olds: list[Row]

    def same(self, *names: str) -> bool:
        """Whether it was said before, and all that ``names`` stand for was said as now."""
        return bool(self.olds) and all(self.now.get(name) == old.get(name) for old in self.olds for name in names)

    @property
    def changed(self) -> bool:
        return bool(self.olds) and any(dict(self.now) != dict(old) for old in self.olds)

    def words(self, *, stands: bool) -> dict[str, dict[str, str]]:
        """The texts that are not as before, and an empty one for each that the source has taken back."""
        now: Words = self.now.get("texts", {})
        then: list[Words] = [old.get("texts", {}) for old in self.olds] if stands else []
        out: dict[str, dict[str, str]] = defaultdict(dict)
        for name in dict.fromkeys([*now, *(name for old in then for name in old)]):
            codes = dict.fromkeys([*now.get(name, {}), *(code for old in then for code in old.get(name, {}))])
            for code in codes:
                body = now.get(name, {}).get(code, "")
                if not then or any(old.get(name, {}).get(code, "") != body for old in then):
                    out[name][code] = body
        return dict(out)

    def columns(self, names: Sequence[str], now: Row, olds: Sequence[Row], *, stands: bool) -> dict[str, Any]:
        """The columns to write. What only an earlier version said is empty again; dates are ISO texts in mapped data."""
        out: dict[str, Any] = {}
        for name in names:
            unit = _PAIRS.get(name, (name,))
            if stands and olds and all(now.get(one) == old.get(one) for old in olds for one in unit):
                continue
            if name == "visibility" and not now.get(name):
                continue  # silence shows nobody's address
            if name in now:
                value = now[name]
                out[name] = date.fromisoformat(value) if name == "ends_on" and value else value or _empty(name, value)
            elif any(one in row for one in unit for row in (now, *olds)):
                out[name] = _empty(name, None)
        return out


def _empty(name: str, value: Any) -> Any:
    """What stands in a column when nothing is said; 0 and False are said."""
    if value is not None and value in (0, False) and not isinstance(value, str):
        return value
    if name in _NOTHING:
        return None
    return [] if name in _LISTS else _EMPTY.get(name, "")


def _chosen(said: Sequence[_Said]) -> _Said:
    """Of several records that speak of one thing the first that changes it, else the first that spoke of it before."""
    return next((one for one in said if one.changed), next((one for one in said if one.olds), said[0]))


def _left_alone(noun: str, groups: Mapping[UUID, Sequence[_Said]], known: Mapping[UUID, Model]) -> set[UUID]:
    """Things that people have changed, and of which these records speak for the first time: nothing tells what is new."""
    doubtful = [one for one, group in groups.items() if one in known and not any(said.olds for said in group)]
    if not doubtful:
        return set()
    touched = Entry.objects.filter(noun=noun, noun_id__in=doubtful, actor_id__isnull=False)
    return set(touched.values_list("noun_id", flat=True))


def organizations(changes: Sequence[Change]) -> list[people.OrganizationItem]:
    """The organizations of all changes, each once, but for those that stay as people left them, or that are their own."""
    groups: dict[UUID, list[_Said]] = defaultdict(list)
    for change in changes:
        said = change.mapped["organization"]
        olds = [old for one in change.versions if (old := one.get("organization", {})).get("key") == said["key"]]
        groups[change.owner_id].append(_Said(change, said, olds))
    known = Organization.objects.in_bulk(list(groups))
    alone = _left_alone("organization", groups, known) | kept_by_owners(known)
    return [
        _organization(one, _chosen(group), stands=one in known) for one, group in groups.items() if one not in alone
    ]


def _organization(one: UUID, said: _Said, *, stands: bool) -> people.OrganizationItem:
    now = said.now
    return people.OrganizationItem(
        id=one, kind=now.get("kind") or OrganizationKind.NGO, status=OrganizationState.APPROVED, lang=now["lang"],
        name=now["name"], area=said.change.placing.home, texts=said.words(stands=stands), description=now.get("description") or "",
        url=now.get("url") or "", email=now.get("email") or "", phone=now.get("phone") or "",
        keep=_NOT_SAID | {name for name in _OF_ORGANIZATION if said.same(name)},
    )  # fmt: skip


def locations(changes: Sequence[Change]) -> dict[UUID, LocationDraft]:
    """The places of all changes, each once; one that several organizations use stays with the one that brought it."""
    groups: dict[UUID, list[_Said]] = defaultdict(list)
    for change in changes:
        former = [{row["key"]: row for row in one.get("locations", [])} for one in change.versions]
        for row in change.mapped["locations"]:
            olds = [rows[row["key"]] for rows in former if row["key"] in rows]
            groups[record_id(change.source, "location", row["key"])].append(_Said(change, row, olds))
    known = Location.objects.in_bulk(list(groups))
    alone = _left_alone("location", groups, known)
    chosen = {one: _chosen(group) for one, group in groups.items() if one not in alone}
    placing = changes[0].placing
    areas = placing.of([point for said in chosen.values() if (point := point_of(said.now))])
    return {one: _location(one, said, known.get(one), areas) for one, said in chosen.items()}


def _location(one: UUID, said: _Said, row: Location | None, areas: Mapping[Point, UUID]) -> LocationDraft:
    placing, point = said.change.placing, point_of(said.now)
    area = areas[point] if point else placing.elsewhere
    lang = said.now["lang"]
    if row is not None and said.same("lat", "lon") and row.area_id != placing.elsewhere:
        area = row.area_id
    if row is not None and said.same("lang"):
        lang = row.lang
    columns = said.columns(_OF_LOCATION, said.now, said.olds, stands=row is not None)
    return LocationDraft(one, _owner(said.change, row), area, lang, columns, said.words(stands=row is not None))


def _owner(change: Change, row: Location | None) -> UUID:
    keys = [one["organization"]["key"] for one in change.versions if "organization" in one]
    if row is None or row.organization_id in {record_id(change.source, "organization", key) for key in keys}:
        return change.owner_id
    return row.organization_id


def services(changes: Sequence[Change]) -> dict[str, ServiceDraft]:
    """The services of all changes, by their id at the source."""
    with transaction.atomic():  # the rows are read under lock; their writer reads them again
        known = shapes.known_of([change.service_id for change in changes])
    return {change.source_id: _service(change, known) for change in changes}


def _service(change: Change, known: shapes.Known) -> ServiceDraft:
    one, row = change.service_id, known.services.get(change.service_id)
    said = _Said(change, change.mapped["service"], [old["service"] for old in change.versions if "service" in old])
    stands = row is not None
    olds = [old.get("columns", {}) for old in said.olds]
    columns = said.columns(_OF_SERVICE, said.now.get("columns", {}), olds, stands=stands)
    columns = {
        "name": said.now["name"], "status": said.now["status"], "origin": change.mapped.get("origin", ""),
    } | columns  # fmt: skip
    draft = ServiceDraft(
        id=one, organization=change.owner_id, lang=said.now["lang"], columns=columns, texts=said.words(stands=stands),
        categories=tuple(said.now["categories"]), locations=_places(change, change.mapped),
        opening_hours=said.now.get("opening_hours", ""), exceptions=_exceptions(change), documents=_documents(change),
    )  # fmt: skip
    if row is not None:
        _leave(draft, said, known)
    return draft


def _leave(draft: ServiceDraft, said: _Said, known: shapes.Known) -> None:
    """What the source says as before is in the draft as it stands."""
    row, change = known.services[draft.id], said.change
    draft.columns |= {name: getattr(row, name) for name in _LISTS if name not in draft.columns}
    if said.same("name"):
        draft.columns["name"] = row.name
    if said.same("lang"):
        draft.lang = row.lang
    if said.same("status") and not (change.back and row.status == ServiceStatus.DEFUNCT):
        draft.columns["status"] = row.status
    if said.olds and all(old["organization"]["key"] == change.mapped["organization"]["key"] for old in change.versions):
        draft.organization = row.organization_id
    if said.olds and all(set(_places(change, old)) == set(draft.locations) for old in change.versions):
        draft.locations = tuple(known.links[draft.id])
    if said.same("categories"):
        draft.categories = tuple(known.categories[draft.id])
    if said.same("opening_hours"):
        schedule = known.schedules.get(draft.id)
        draft.opening_hours = schedule.opening_hours if schedule else ""
    if said.same("exceptions"):
        draft.exceptions = tuple(
            ExceptionDraft(part.id, part.first, part.last, part.hours, part.note) for part in known.exceptions[draft.id]
        )
    if said.same("documents"):
        draft.documents = tuple(
            DocumentDraft(part.id, part.name, part.note, part.icon) for part in known.documents[draft.id]
        )


def _places(change: Change, mapped: Row) -> tuple[UUID, ...]:
    rows: Iterable[Row] = mapped.get("locations", [])
    return tuple(dict.fromkeys(record_id(change.source, "location", row["key"]) for row in rows))


def _part(change: Change, kind: str, key: str) -> UUID:
    return record_id(change.source, kind, f"{change.source_id}/{key}")


def _exceptions(change: Change) -> tuple[ExceptionDraft, ...]:
    return tuple(
        ExceptionDraft(
            _part(change, "exception", row["key"]), date.fromisoformat(row["first"]), date.fromisoformat(row["last"]),
            row["hours"], row.get("note", ""), row.get("texts", {}),
        )
        for row in change.mapped["service"].get("exceptions", ())
    )  # fmt: skip


def _documents(change: Change) -> tuple[DocumentDraft, ...]:
    return tuple(
        DocumentDraft(
            _part(change, "document", row["key"]), row["name"], row.get("note", ""), texts=row.get("texts", {})
        )
        for row in change.mapped["service"].get("documents", ())
    )
