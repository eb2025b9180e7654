"""Records that are likely the same thing as another: of the same files, or of what stands in the directory.

Likely: the same folded name, and either the same organization (unless both have points that lie apart), or a point
within 150 m. A point that many records share is the middle of a place and says nothing about two organizations.
"""

from __future__ import annotations

import hashlib
import math
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from sympolity.directory.enums import ServiceStatus
from sympolity.directory.models import Service, ServiceAtLocation
from sympolity.exchange.applying import record_id
from sympolity.exchange.points import Point, metres
from sympolity.kit import clock
from sympolity.kit.fold import words
from sympolity.sharing.queries import origins

__all__ = ["Twins"]

_NEAR = 150.0  # metres
_ROWS = 2000  # of the directory in one piece
_POINTS = 20  # of one service that are compared
_FIELD = (0.0014, 0.01)  # degrees of latitude and longitude
_ROOM = 20  # things at one place of the shelf


@dataclass(frozen=True, slots=True)
class _Thing:
    """What is compared of a service. ``told``: how a reason names it ("": looked up when it is needed); ``over``: its last day has passed."""

    id: UUID
    name: int
    organization: str
    points: tuple[Point, ...]
    told: str = ""
    over: bool = False


class _Shelf:
    """Things by what would make another one like them, so that thousands of one name cost no more than a few."""

    def __init__(self, crowded: Collection[Point]) -> None:
        self.crowded = crowded
        self.rows: dict[int, list[_Thing]] = defaultdict(list)

    def add(self, thing: _Thing) -> None:
        """Put a thing where its likes will look; a place takes no more than are needed to find one."""
        own = (thing.name, thing.over, thing.organization)
        keys: list[tuple[object, ...]] = [(own, "any")] if thing.points else [(own, "any"), (own, "bare")]
        keys += [(own, _cell(point)) for point in thing.points]
        keys += [((thing.name, thing.over), _cell(point)) for point in thing.points if point not in self.crowded]
        for key in keys:
            row = self.rows[hash(key)]
            if len(row) < _ROOM and all(other.id != thing.id for other in row):
                row.append(thing)

    def like(self, one: _Thing) -> _Thing | None:
        """The first thing that is likely the same. What goes on under another id is no copy of what has ended."""
        own = (one.name, one.over, one.organization)
        for other in self.rows.get(hash((own, "bare" if one.points else "any")), ()):
            if other.id != one.id:
                return other
        return next(self._near(one, own), None)

    def _near(self, one: _Thing, own: tuple[object, ...]) -> Iterator[_Thing]:
        for point in one.points:
            for cell in _around(point):
                yield from self._at((own, cell), one, point)
                if point not in self.crowded:
                    yield from self._at(((one.name, one.over), cell), one, point)

    def _at(self, key: tuple[object, ...], one: _Thing, point: Point) -> Iterator[_Thing]:
        for other in self.rows.get(hash(key), ()):
            if other.id != one.id and any(metres(point, there) <= _NEAR for there in other.points):
                yield other


class Twins:
    """What stands in the directory (24 bytes a service), and what this run has taken so far."""

    def __init__(self, source: str, *, crowded: Collection[Point] = (), ending: Collection[str] = ()) -> None:
        self.source, self.today = source, clock.local_today().isoformat()
        # An item that ends in this run makes no other one wait: its source may have given it a new id.
        self.ending = {record_id(source, "service", one) for one in ending}
        self.shelf = _Shelf(crowded)
        self.hashes, self.ids = _standing()
        self.loaded: set[int] = set()

    def look(self, items: Mapping[str, Mapping[str, Any]], decided: Collection[str]) -> dict[str, str]:
        """By source id the reason why it waits, of ``items`` (source id -> mapped data) in their order.

        ``decided``: those that stand already, or of which a person has said what they are.
        """
        self._load({_name_hash(data["service"]["name"]) for one, data in items.items() if one not in decided})
        found: dict[str, _Thing] = {}
        for source_id, data in items.items():
            one = self._thing(source_id, data)
            twin = None if source_id in decided else self.shelf.like(one)
            if twin:
                found[source_id] = twin
            else:
                self.shelf.add(one)
        told = self._told([twin.id for twin in found.values() if not twin.told])
        return {
            one: f"likely the same as {twin.told or told.get(twin.id, f'service {twin.id}')}: "
            "the same name and the same organization or place"
            for one, twin in found.items()
        }

    def _thing(self, source_id: str, data: Mapping[str, Any]) -> _Thing:
        points = [(row["lat"], row["lon"]) for row in data["locations"] if row.get("lat") is not None]
        over = (data["service"].get("columns", {}).get("ends_on") or "9999") < self.today
        own, name = record_id(self.source, "service", source_id), _name_hash(data["service"]["name"])
        owner = _folded(data["organization"]["name"])
        return _Thing(own, name, owner, tuple(points[:_POINTS]), f"id {source_id}", over)

    def _load(self, names: Collection[int]) -> None:
        """Put what stands under ``names`` on the shelf, once in a run."""
        ids = [one for name in names if name not in self.loaded for one in self._ids_of(name) if one not in self.ending]
        self.loaded.update(names)
        for start in range(0, len(ids), 500):
            some = ids[start : start + 500]
            points: dict[UUID, list[Point]] = defaultdict(list)
            places = ServiceAtLocation.objects.filter(service__in=some, location__lat__isnull=False)
            for one, lat, lon in places.values_list("service_id", "location__lat", "location__lon"):
                if lat is not None and lon is not None:
                    points[one].append((lat, lon))
            found = Service.objects.filter(id__in=some).order_by("id")
            for one, name, owner in found.values_list("id", "name", "organization__name"):
                self.shelf.add(_Thing(one, _name_hash(name), _folded(owner), tuple(points[one][:_POINTS])))

    def _told(self, ids: Sequence[UUID]) -> dict[UUID, str]:
        """Services that came from a source are named by their id there."""
        names = origins(noun="service", ids=ids) if ids else {}
        return {
            one: f"id {key}" if source == self.source else f"id {key} of {source}"
            for one, (source, key) in names.items()
        }

    def _ids_of(self, name: int) -> Iterator[UUID]:
        at = bisect_left(self.hashes, name)
        while at < len(self.hashes) and self.hashes[at] == name:
            yield UUID(bytes=self.ids[16 * at : 16 * at + 16])
            at += 1


def _cell(point: Point) -> tuple[int, int]:
    """A field of at least 150 m in both directions, up to 82 degrees north and south."""
    return math.floor(point[0] / _FIELD[0]), math.floor(point[1] / _FIELD[1])


def _around(point: Point) -> Iterator[tuple[int, int]]:
    south, west = _cell(point)
    yield from ((south + up, west + across) for up in (0, -1, 1) for across in (0, -1, 1))


def _standing() -> tuple[Sequence[int], bytes]:
    """Hash of the name and id of every service that is in force, in the order of the hashes."""
    in_force = Q(ends_on__isnull=True) | Q(ends_on__gte=clock.local_today())
    rows = Service.objects.filter(in_force, example=False).exclude(status=ServiceStatus.DEFUNCT)
    pairs = sorted((_name_hash(name), one.bytes) for one, name in rows.values_list("id", "name").iterator(_ROWS))
    return array("Q", (name for name, _ in pairs)), b"".join(one for _, one in pairs)


def _name_hash(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(_folded(name).encode(), digest_size=8).digest(), "big")


def _folded(name: str) -> str:
    return " ".join(words(name)) or name
