"""What a source may not do without a person: show what was hidden, bring back what people ended, take a service over,
change many contacts at once, publish where people in danger are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from sympolity.directory.enums import AddressVisibility, ServiceStatus
from sympolity.directory.models import Location, Service, ServiceAtLocation
from sympolity.exchange import screening
from sympolity.exchange.candidates import Candidate, batches
from sympolity.exchange.drafting import record_id
from sympolity.exchange.formats.shape import Box, Format, Page, Wrong
from sympolity.people.queries import kept_by_owners
from sympolity.sharing import queries as proposals
from sympolity.trail.journal import plain
from sympolity.trail.models import Entry

__all__ = ["MANY", "contacts_that_change", "questions"]

MANY = 5  # records whose contacts may not change at once …
_SHARE = 0.20  # … when they are more than this share of what the source has
_SHOWN = "locations: an address that is not public here would be shown. Is it meant to be?"
_ENDED = "a person ended it here: bring it back?"
_TAKEN = "the service would go to another organization. Is it the same service?"
_OWNED = "its organization keeps its records here itself. Shall the source change them?"
_CONTACTS = "many contacts change at once"
_WIDTH = {AddressVisibility.HIDDEN: 0, AddressVisibility.AREA_ONLY: 1, AddressVisibility.FULL: 2}

Row = Mapping[str, Any]


def questions(source: str, candidates: Sequence[Candidate], many: Collection[str]) -> dict[str, str]:
    """By source id why a person must look, of records that say something else than what stands. ``many``: those of
    :func:`contacts_that_change`. A fixed number of statements.
    """
    new = [one for one in candidates if not (one.known.standing and one.known.standing.mapped == one.data)]
    stands = _Standing(source, new)
    found = {one.key: "; ".join(_asked(stands, one, many)) for one in new}
    return {key: reason for key, reason in found.items() if reason}


class _Standing:
    """What the tables hold of some records."""

    def __init__(self, source: str, candidates: Sequence[Candidate]) -> None:
        self.source = source
        ids = [record_id(source, "service", one.key) for one in candidates]
        self.services: dict[UUID, Service] = Service.objects.only("id", "status", "organization").in_bulk(ids)
        keys = {row["key"] for one in candidates for row in one.data["locations"]}
        places = Location.objects.filter(id__in=[record_id(source, "location", key) for key in keys])
        self.widths = {one: _width(said) for one, said in places.values_list("id", "visibility")}
        self.linked: dict[UUID, list[int]] = defaultdict(list)
        links = ServiceAtLocation.objects.filter(service__in=list(self.services))
        for service, said in links.values_list("service", "location__visibility"):
            self.linked[service].append(_width(said))
        owners = {record_id(source, "organization", one.data["organization"]["key"]) for one in candidates}
        self.owned = kept_by_owners(owners | {row.organization_id for row in self.services.values()})
        over = [one for one, row in self.services.items() if row.status == ServiceStatus.DEFUNCT]
        entries = Entry.objects.filter(noun="service", noun_id__in=over, verb="ended").order_by("position")
        self.enders = dict(entries.values_list("noun_id", "actor_id")) if over else {}  # the last of each


def _width(said: str | None) -> int:
    return _WIDTH[AddressVisibility(said or AddressVisibility.FULL)]


def _asked(stands: _Standing, one: Candidate, many: Collection[str]) -> Iterator[str]:
    former = one.known.standing.mapped if one.known.standing else {}
    service = stands.services.get(record_id(stands.source, "service", one.key))
    if service and service.status == ServiceStatus.DEFUNCT and _by_a_person(stands, service, one, former):
        yield _ENDED
    if _widens(stands, service, one, former):
        yield _SHOWN
    if service and _taken(stands, service, one, former):
        yield _TAKEN
    if stands.owned & _owners(stands, service, one):
        yield _OWNED
    if one.key in many:
        yield _CONTACTS
    if _publishes(stands, one, former):
        yield screening.SHELTER


def _by_a_person(stands: _Standing, service: Service, one: Candidate, former: Row) -> bool:
    """Whether people ended it, and neither its source nor the absence from its source."""
    if one.data["service"]["status"] == ServiceStatus.DEFUNCT:
        return False
    if service.id in stands.enders:
        return stands.enders[service.id] is not None
    return bool(former) and former["service"]["status"] != ServiceStatus.DEFUNCT


def _widens(stands: _Standing, service: Service | None, one: Candidate, former: Row) -> bool:
    """Whether more of an address would be shown than stands here, or than the source said the last time."""
    before = {row["key"]: row for row in former.get("locations", [])}
    least = min(stands.linked.get(service.id, ()), default=2) if service else 2
    for row in one.data["locations"]:
        said, old = row.get("visibility"), before.get(row["key"], {}).get("visibility")
        here = stands.widths.get(record_id(stands.source, "location", row["key"]))
        if here is None:  # the place is new: not wider than what the service has
            wider = _width(said) > least
        else:
            wider = bool(said) and said != old and _width(said) > min(here, _width(old))
        if wider:
            return True
    return False


def _taken(stands: _Standing, service: Service, one: Candidate, former: Row) -> bool:
    key = one.data["organization"]["key"]
    if former and former["organization"]["key"] == key:
        return False
    return service.organization_id != record_id(stands.source, "organization", key)


def _owners(stands: _Standing, service: Service | None, one: Candidate) -> set[UUID]:
    """Whose the record is here, and whose it is at the source."""
    theirs = record_id(stands.source, "organization", one.data["organization"]["key"])
    return {theirs} | ({service.organization_id} if service else set())


def _publishes(stands: _Standing, one: Candidate, former: Row) -> bool:
    """Whether an address of people in danger would be public that was not before."""
    before = [_where(row) for row in screening.exposed(former)] if former else []
    for row in screening.exposed(one.data):
        here = stands.widths.get(record_id(stands.source, "location", row["key"]))
        silent = not row.get("visibility") and here is not None and here < _width(None)
        if not silent and _where(row) not in before:
            return True
    return False


def _where(row: Row) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in ("address", "lat", "lon"))


def contacts_that_change(form: Format, paths: Sequence[Path], source: str, box: Box | None) -> frozenset[str]:
    """Records of which a phone, address or page would be another one, when they are suspiciously many; else none.

    One more reading of the files, only where the source has something to lose. Nothing is written.
    """
    standing = len(proposals.standing_ids(source))
    if standing < MANY:
        return frozenset()
    found: set[str] = set()
    for batch in batches(form, form.read(paths, Page())):
        known = proposals.known(source=source, source_ids=[item.key for _, item in batch])
        for record, item in batch:
            stands = known[item.key].standing if item.key in known else None
            if stands is None or record.fault:
                continue
            try:
                now = plain(form.map_record(item.raw, box).data)
            except Wrong:
                continue
            if _other_contacts(stands.mapped, now):
                found.add(item.key)
    return frozenset(found) if len(found) >= MANY and len(found) > _SHARE * standing else frozenset()


def _other_contacts(before: Row, now: Row) -> bool:
    """Whether something by which people find or reach it is replaced or gone. What is new where nothing was is none."""
    after = _contacts(now)
    return any(value != after.get(name) for name, value in _contacts(before).items())


def _contacts(mapped: Row) -> dict[str, str]:
    columns, owner = mapped["service"].get("columns", {}), mapped["organization"]
    found = {f"service.{name}": columns.get(name) for name in ("phone", "whatsapp", "direct_line", "url")}
    found |= {f"organization.{name}": owner.get(name) for name in ("phone", "url")}
    found |= {f"location.{row['key']}": row.get("address") for row in mapped["locations"]}
    return {name: str(value) for name, value in found.items() if value}
