"""What a source wants of one service: the version it says now, and those it may have said before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sympolity.exchange.placing import Placing
from sympolity.exchange.points import Point
from sympolity.sharing.enums import ProposalState
from sympolity.sharing.queries import Known

__all__ = ["Change", "Row", "change_of", "point_of", "record_id"]

Row = Mapping[str, Any]


@dataclass(slots=True)
class Change:
    """One service to be made so. ``mapped``: data of a format with the label ``origin``; ``before``: the version it was
    made from the last time; ``perhaps``: others that may stand in the tables; ``back``: if it has ended here, it
    stands again.
    """

    source: str
    source_id: str
    placing: Placing
    mapped: Row
    before: Row = field(default_factory=dict)
    perhaps: Sequence[Row] = ()
    back: bool = False

    @property
    def service_id(self) -> UUID:
        return record_id(self.source, "service", self.source_id)

    @property
    def owner_id(self) -> UUID:
        return record_id(self.source, "organization", self.mapped["organization"]["key"])

    @property
    def versions(self) -> list[Row]:
        """What the source said so far, as far as it may stand in the tables."""
        return [one for one in (self.before, *self.perhaps) if one]


def record_id(source: str, kind: str, key: str) -> UUID:
    """The id here of a thing of a source: the same on every installation (exchange.md, plain partners)."""
    return uuid5(NAMESPACE_URL, f"https://sympolity.org/source/{source}/{kind}/{key}")


def change_of(source: str, source_id: str, placing: Placing, mapped: Row, known: Known, *, decided: bool) -> Change:
    """A change of an item of which ``known`` is known. ``decided``: a person has said that it shall stand.

    A run that was stopped may have written what it received; of what was taken back at the source one version stood.
    """
    former = known.standing or known.last
    perhaps = [] if known.standing else [row.mapped for row in known.gone]
    if known.waiting and known.waiting.state == ProposalState.RECEIVED:
        perhaps.append(known.waiting.mapped)
    back = decided or known.standing is None
    return Change(source, source_id, placing, mapped, former.mapped if former else {}, perhaps, back)


def point_of(row: Row) -> Point | None:
    """The point of a mapped place."""
    return (row["lat"], row["lon"]) if row.get("lat") is not None else None
