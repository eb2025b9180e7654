"""A file from outside becomes proposals, and accepted proposals become records. Again: nothing changes.

The file is read twice, one record at a time: first to see that it is whole (a cut or foreign
file writes nothing) and where its points lie, then in batches of 100. A batch is kept as proposals
before it is applied: whatever stops the run in between, the next run ends what this one began.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from sympolity.directory.actions import Outcome, end_services
from sympolity.directory.models import Category
from sympolity.exchange import applying, reading
from sympolity.exchange.coverage import Coverage
from sympolity.exchange.formats import signpost
from sympolity.exchange.points import Box, Point, box_of
from sympolity.exchange.reading import Page, Record, Unreadable
from sympolity.kit.actor import SYSTEM
from sympolity.kit.fold import fold
from sympolity.places import queries as places
from sympolity.sharing import actions as sharing
from sympolity.sharing import queries as proposals
from sympolity.sharing.enums import ProposalOrigin, ProposalState
from sympolity.sharing.models import Proposal
from sympolity.sharing.rules import differences, trusts
from sympolity.trail.journal import plain

__all__ = ["OUTCOMES", "Refused", "Result", "Survey", "import_signpost", "survey"]

OUTCOMES = ("created", "updated", "returned", "unchanged", "ended", "duplicate", "declined", "refused")
VANISHING = 0.20  # share of a source that may end in one run without being asked for
_ELSEWHERE = "elsewhere"
_GONE = "no longer in the list of its source"


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that waits as an invalid proposal."""

    place: str
    source_id: str
    reason: str


@dataclass(slots=True)
class Survey:
    """What the first reading saw. ``whole``: "" or why absent records cannot be taken for ended."""

    records: int = 0
    ids: set[str] = field(default_factory=set)
    points: list[Point] = field(default_factory=list)
    nameless: int = 0
    page: Page = field(default_factory=Page)

    @property
    def box(self) -> Box | None:
        return box_of(self.points)

    @property
    def not_whole(self) -> str:
        facts = self.page.facts
        if facts.get("next") or facts.get("previous"):
            return "it is one page of several"
        if facts.get("count") != self.records:
            return f"count says {facts.get('count')}, the file has {self.records}"
        return f"{self.nameless} records have no id" if self.nameless else ""


@dataclass(slots=True)
class Result:
    """What became of a file."""

    counts: Counter[str] = field(default_factory=Counter)
    records: int = 0
    refused: list[Refused] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    suspected: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    fallback: Counter[str] = field(default_factory=Counter)
    page_unknown: list[str] = field(default_factory=list)
    not_whole: str = ""
    seconds: float = 0.0
    coverage: Coverage = field(default_factory=lambda: Coverage(signpost.home_of))


@dataclass(slots=True)
class _Candidate:
    """A record on its way."""

    record: Record
    source_id: str
    raw: Any
    raw_hash: str
    mapped: signpost.Mapped | None = None
    reason: str = ""
    known: proposals.Known = field(default_factory=proposals.Known)

    @property
    def data(self) -> dict[str, Any]:
        return self.mapped.data if self.mapped else {}


def survey(handle: BinaryIO) -> Survey:
    """Read the file once to its end; :class:`Unreadable` when it is not what it should be."""
    seen = Survey()
    for record in reading.records(handle, seen.page):
        seen.records += 1
        value = record.value if isinstance(record.value, dict) else {}
        name = signpost.id_of(value)
        seen.ids.add(name)
        seen.nameless += not name
        point = None if record.fault else signpost.point_of(value)
        if point is not None:
            seen.points.append(point)
    seen.ids.discard("")
    return seen


def import_signpost(
    path: Path,
    *,
    source: str = "signpost",
    dry_run: bool = False,
    allow_endings: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Result:
    """Bring in a Signpost v2 page. ``progress(done, all)`` is told after each batch.

    Raises :class:`Unreadable` when the file as a whole cannot be used, or when more than a fifth
    of what the source had would end and that was not allowed; then nothing was written.
    """
    begun = time.monotonic()
    with reading.opened(path) as handle:
        seen = survey(handle)
        run = _Run(source, dry_run, _elsewhere(), seen)
        ending = run.endings(allow_endings)
        handle.seek(0)
        rows = reading.records(handle, Page())
        done = 0
        while batch := list(islice(rows, sharing.BATCH)):
            run.take(batch)
            done += len(batch)
            if progress:
                progress(done, seen.records)
    run.end(ending)
    run.result.seconds = time.monotonic() - begun
    return run.result


def _elsewhere() -> UUID:
    """The area of what lies outside the tree. Facts must be loaded before anything can be imported."""
    area = places.by_slug(_ELSEWHERE).get(_ELSEWHERE)
    wanted = {need for row in signpost.types() for need in row["needs"]} | {signpost.FALLBACK}
    missing = wanted - set(Category.objects.filter(slug__in=wanted).values_list("slug", flat=True))
    if area is None or missing:
        raise Unreadable("Areas and needs are not loaded here yet. Run: sympolity serve --prepare-only")
    return area.id


class _Run:
    """One run over one file."""

    def __init__(self, source: str, dry_run: bool, area: UUID, seen: Survey) -> None:
        self.source, self.dry_run, self.area, self.box = source, dry_run, area, seen.box
        self.seen = seen
        self.taken: set[str] = set()
        self.spots: dict[tuple[str, Point], str] = {}
        self.result = Result(records=seen.records, not_whole=seen.not_whole)
        self.result.page_unknown = sorted(set(seen.page.facts) - signpost.PAGE_KEYS)

    def endings(self, allowed: bool) -> list[str]:
        """Items that stood or waited and are absent from a whole file."""
        if self.result.not_whole:
            return []
        standing = proposals.standing_ids(self.source)
        gone = standing - self.seen.ids
        if gone and len(gone) > VANISHING * len(standing) and not allowed:
            raise Unreadable(
                f"{len(gone)} of {len(standing)} services of {self.source!r} are no longer in the file: too many to end "
                "without a person. If that is right, run again with --allow-endings. Nothing was written."
            )
        return sorted(gone | (proposals.waiting_ids(self.source) - self.seen.ids))

    def take(self, batch: list[Record]) -> None:
        """Keep a batch as proposals, apply what can be applied."""
        candidates = [one for record in batch if (one := self.candidate(record))]
        known = proposals.known(source=self.source, source_ids=[one.source_id for one in candidates])
        for one in candidates:
            one.known = known.get(one.source_id, one.known)
        new = [one for one in candidates if self.is_new(one)]
        if new and not self.dry_run:
            self.write(new)
        elif new:
            self.foretell(new)

    def candidate(self, record: Record) -> _Candidate | None:
        """A record mapped and checked; None when its id stood before in the file."""
        raw = plain(record.value)
        raw_hash = hashlib.sha256(json.dumps(raw, sort_keys=True, ensure_ascii=True).encode()).hexdigest()
        source_id = signpost.id_of(raw) if isinstance(raw, dict) else ""
        one = _Candidate(record, source_id or f"no-id-{raw_hash[:24]}", raw, raw_hash, reason=record.fault)
        if one.source_id in self.taken:
            self.result.counts["duplicate"] += 1
            self.result.duplicates.append(
                f"{record.place}: id {one.source_id} stood before in the file; the first was taken"
            )
            return None
        self.taken.add(one.source_id)
        if not one.reason:
            try:
                one.mapped = signpost.map_record(raw, self.box)
            except signpost.Wrong as error:
                one.reason = str(error)
        return one

    def is_new(self, one: _Candidate) -> bool:
        """False when nothing is to be done: it stands so, it waits so, or a person declined it so."""
        known = one.known
        if one.reason:
            same = (
                known.waiting
                and known.waiting.state == ProposalState.INVALID
                and known.waiting.reason == one.reason[:300]
            )
            if same and known.waiting and known.waiting.raw_hash == one.raw_hash:
                self.refuse(one, one.reason)
                return False
            return True
        if known.last and known.last.state == ProposalState.DECLINED and known.last.raw_hash == one.raw_hash:
            self.count(one, "declined")
            return False
        stands = known.standing
        if stands and not known.waiting and stands.raw_hash == one.raw_hash and stands.mapped == plain(one.data):
            self.count(one, "unchanged")
            return False
        return True

    def write(self, new: list[_Candidate]) -> None:
        """Receive, apply through the ordinary actions, decide."""
        made = sharing.receive(
            actor=SYSTEM, origin=ProposalOrigin.IMPORT, source=self.source,
            arrivals=[self.arrival(one) for one in new],
        )  # fmt: skip
        well = [one for one in new if not one.reason]
        changes = [self.change(one) for one in well]
        outcomes, wrong = applying.apply(actor=SYSTEM, changes=changes) if changes else ({}, {})
        if trusts(SYSTEM, ProposalOrigin.IMPORT) and outcomes:
            sharing.turn(actor=SYSTEM, verb="trust", ids=[made[name].id for name in outcomes])
        if wrong:
            reasons = {made[name].id: reason for name, reason in wrong.items()}
            sharing.turn(actor=SYSTEM, verb="refuse", ids=list(reasons), reasons=reasons)
        for one in new:
            if one.source_id in outcomes:
                self.applied(one, outcomes[one.source_id])
            else:
                self.refuse(one, one.reason or wrong[one.source_id])

    def foretell(self, new: list[_Candidate]) -> None:
        """What :meth:`write` would do, without writing."""
        for one in new:
            if one.reason:
                self.refuse(one, one.reason)
            elif one.known.standing is None:
                self.applied(one, Outcome.CREATED)
            else:
                same = one.known.standing.mapped == plain(one.data)
                self.applied(one, Outcome.UNCHANGED if same else Outcome.CHANGED)

    def arrival(self, one: _Candidate) -> sharing.Arrival:
        return sharing.Arrival(
            source_id=one.source_id, noun="service", noun_id=applying.record_id(self.source, "service", one.source_id),
            raw=one.raw, raw_hash=one.raw_hash, mapped=one.data, reason=one.reason, place=one.record.place,
        )  # fmt: skip

    def change(self, one: _Candidate) -> applying.Change:
        former = one.known.standing or one.known.last
        before = former.mapped if former else {}
        return applying.Change(self.source, one.source_id, signpost.ORIGIN, self.area, one.data, before)

    def applied(self, one: _Candidate, outcome: Outcome) -> None:
        known = one.known
        if known.standing is None and known.last and known.last.state == ProposalState.RETRACTED:
            self.count(one, "returned")
        elif outcome is Outcome.CREATED:
            self.count(one, "created")
        elif outcome is Outcome.UNCHANGED:
            self.count(one, "unchanged")
        else:
            fields = differences(known.standing.mapped, plain(one.data)) if known.standing else []
            self.result.updated.append(f"{one.source_id}: {', '.join(fields[:8]) or 'brought back to its source'}")
            self.count(one, "updated")

    def count(self, one: _Candidate, outcome: str) -> None:
        """A record that stands."""
        self.result.counts[outcome] += 1
        mapped = one.mapped
        if mapped is None:
            return
        self.result.coverage.add(one.raw, mapped.used)
        self.result.notes += [f"{one.record.place}, id {one.source_id}: {note}" for note in mapped.notes]
        if mapped.fallback:
            self.result.fallback[mapped.fallback] += 1
        if mapped.point:
            spot = fold(mapped.data["service"]["name"]), mapped.point
            first = self.spots.setdefault(spot, one.source_id)
            if first != one.source_id:
                self.result.suspected.append(
                    f"{one.record.place}: id {one.source_id} has name and point of id {first}; both kept"
                )

    def refuse(self, one: _Candidate, reason: str) -> None:
        self.result.counts["refused"] += 1
        self.result.refused.append(Refused(one.record.place, one.source_id, reason))
        if isinstance(one.raw, dict) and not one.record.fault:
            self.result.coverage.add(one.raw, frozenset())

    def end(self, names: list[str]) -> None:
        """Services that the source has no more leave the lists; what waited of them waits no more."""
        for start in range(0, len(names), sharing.BATCH):
            rows = proposals.present(source=self.source, source_ids=names[start : start + sharing.BATCH])
            standing = [row for row in rows if row.state == ProposalState.ACCEPTED]
            self.result.counts["ended"] += len(standing)
            if not self.dry_run:
                _end(rows, standing)


def _end(rows: list[Proposal], standing: list[Proposal]) -> None:
    services = [row.noun_id for row in standing if row.noun_id]
    end_services(actor=SYSTEM, services=services, reason=_GONE)
    sharing.turn(actor=SYSTEM, verb="retract", ids=[row.id for row in rows])
