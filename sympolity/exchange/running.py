"""One run over records of a source: each is kept as a proposal, then applied, then decided.

A batch is kept as proposals before it is applied: whatever stops the run in between, the next run ends what this
one began.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from sympolity.directory.actions import Outcome
from sympolity.exchange import applying, guarding, screening
from sympolity.exchange.candidates import Candidate
from sympolity.exchange.coverage import Coverage
from sympolity.exchange.drafting import change_of
from sympolity.exchange.examples import Seen
from sympolity.exchange.formats.shape import Format, Record, Wrong
from sympolity.exchange.pace import Pace
from sympolity.exchange.placing import Placing, placing
from sympolity.exchange.result import Refused, Result
from sympolity.exchange.surveying import Item, Survey, second_id
from sympolity.exchange.twins import Twins
from sympolity.kit import clock
from sympolity.kit.actor import SYSTEM
from sympolity.sharing import actions as sharing
from sympolity.sharing import queries as proposals
from sympolity.sharing.enums import ProposalOrigin, ProposalState
from sympolity.sharing.rules import differences, trusts
from sympolity.trail.journal import held, plain

__all__ = ["Run", "Witness"]

_SECOND = "another record of the files has the same id and says something else; the first was taken"

Witness = Callable[[Seen], None]


class Run:
    """One run over the records of a source: each is kept as a proposal, then applied, then decided."""

    def __init__(self, form: Format, source: str, seen: Survey, *, dry_run: bool, limit: int | None) -> None:
        self.form, self.source, self.dry_run, self.seen = form, source, dry_run, seen
        self.witness: Witness | None = None
        self.pace = Pace()
        self.placing: Placing = placing(seen.points())
        self.today = clock.local_today().isoformat()
        self.taken: dict[str, str] = {}  # id -> beginning of the hash of the record that was taken
        self.ending: list[str] = []  # ids of what is absent from the files
        self.many: frozenset[str] = frozenset()  # whose contacts change with those of many others
        self.result = Result(limit=limit, records=seen.records, not_whole=seen.not_whole(form))
        self.result.coverage = Coverage(form.home_of)
        self.result.page_unknown = sorted(set(seen.page.facts) - form.page_keys)
        for note in seen.page.notes:
            self.result.notes.add(note)

    @cached_property
    def twins(self) -> Twins:
        return Twins(self.source, crowded=self.seen.crowded, ending=self.ending)

    def take(self, batch: Sequence[tuple[Record, Item]]) -> None:
        """Keep a batch as proposals, apply what can be applied."""
        candidates = [one for record, item in batch if (one := self.candidate(record, item))]
        known = proposals.known(source=self.source, source_ids=[one.key for one in candidates])
        for one in candidates:
            one.known = known.get(one.key, one.known)
        self.look_for_people(candidates)
        self.look_for_twins(candidates)
        self.look_for_areas(candidates)
        new = [one for one in candidates if self.is_new(one)]
        if new and not self.dry_run:
            with held() as times:
                self.write(new)
            self.pace.told(len(new), times)
        elif new:
            self.foretell(new)

    def candidate(self, record: Record, item: Item) -> Candidate | None:
        """A record mapped and checked; None when the same stood before in the files."""
        key, held = item.key, ""
        if self.taken.get(key, item.raw_hash[:16]) != item.raw_hash[:16]:
            key, held = second_id(key, item.raw_hash), _SECOND
        if key in self.taken:
            self.result.counts["duplicate"] += 1
            self.result.duplicates.add(f"{record.place}: id {item.key} stood before in the files, the same")
            return None
        self.taken[key] = item.raw_hash[:16]
        one = Candidate(record.place, key, item, not record.fault, reason=record.fault, held=held)
        if not one.reason:
            try:
                one.mapped = self.form.map_record(item.raw, self.seen.box)
            except Wrong as error:
                one.reason = str(error)
        if one.mapped:
            one.data = {"origin": self.form.origin, **plain(one.mapped.data)}
            for place in one.data["locations"]:
                # A second record with an id has a place of its own too.
                place["key"] = key if place["key"] == item.key else place["key"]
            one.held = held or one.mapped.held or screening.held_in(one.data)
        return one

    def look_for_people(self, candidates: Sequence[Candidate]) -> None:
        """What would undo what people decided here, or may put people in danger, waits."""
        free = {one.key: one for one in candidates if one.data and not one.asked}
        for key, reason in guarding.questions(self.source, list(free.values()), self.many).items():
            free[key].held = "; ".join(filter(None, (free[key].held, reason)))

    def look_for_twins(self, candidates: Sequence[Candidate]) -> None:
        """What is likely a second copy of something waits."""
        free = {one.key: one for one in candidates if one.data and not one.held and not one.asked}
        settled = {one.key for one in free.values() if one.settled}
        for key, reason in self.twins.look({key: one.data for key, one in free.items()}, settled).items():
            free[key].held = reason

    def look_for_areas(self, candidates: Sequence[Candidate]) -> None:
        """What stands in another area than its point says is written again, though the source says the same."""
        standing = [one for one in candidates if one.known.standing and one.data]
        wrong = applying.misplaced(self.source, self.placing, {one.key: one.data for one in standing})
        for one in standing:
            one.misplaced = one.key in wrong

    def is_new(self, one: Candidate) -> bool:
        """False when nothing is to be done: it stands so, it waits so, or a person declined it so."""
        stands, waits = one.known.standing, one.known.waiting
        same_waits = waits is not None and waits.raw_hash == one.item.raw_hash
        if one.declined:
            self.count(one, "declined")
            return False
        if one.reason:
            if waits and same_waits and waits.state == ProposalState.INVALID and waits.reason == one.reason[:300]:
                self.refuse(one, one.reason)
                return False
            return True
        if stands and stands.mapped == one.data:
            one.held = ""  # what would be public stands already
        elif one.asked:
            one.held = one.asked
            self.wait(one, new=False)
            return False
        same = stands and stands.raw_hash == one.item.raw_hash and stands.mapped == one.data
        if same and not waits and not one.misplaced:
            self.count(one, "unchanged")
            return False
        return True

    def write(self, new: Sequence[Candidate]) -> None:
        """Receive, apply through the ordinary actions, decide."""
        made = sharing.receive(
            actor=SYSTEM, origin=ProposalOrigin.IMPORT, source=self.source,
            arrivals=[self.arrival(one) for one in new],
        )  # fmt: skip
        held = {made[one.key].id: one.held for one in new if one.held and not one.reason}
        if held:
            sharing.turn(actor=SYSTEM, verb="ask", ids=list(held), reasons=held)
        changes = [self.change(one) for one in new if not one.reason and not one.held]
        outcomes, wrong = applying.apply(actor=SYSTEM, changes=changes) if changes else ({}, {})
        if trusts(SYSTEM, ProposalOrigin.IMPORT) and outcomes:
            sharing.turn(actor=SYSTEM, verb="trust", ids=[made[name].id for name in outcomes])
        if wrong:
            reasons = {made[name].id: reason for name, reason in wrong.items()}
            sharing.turn(actor=SYSTEM, verb="refuse", ids=list(reasons), reasons=reasons)
        for one in new:
            if one.key in outcomes:
                self.applied(one, outcomes[one.key])
            elif one.reason or one.key in wrong:
                self.refuse(one, one.reason or wrong[one.key])
            else:
                self.wait(one, new=True)

    def foretell(self, new: Sequence[Candidate]) -> None:
        """What :meth:`write` would do, without writing."""
        for one in new:
            if one.reason:
                self.refuse(one, one.reason)
            elif one.held:
                self.wait(one, new=True)
            elif one.known.standing is None:
                self.applied(one, Outcome.CREATED)
            else:
                same = one.known.standing.mapped == one.data and not one.misplaced
                self.applied(one, Outcome.UNCHANGED if same else Outcome.CHANGED)

    def arrival(self, one: Candidate) -> sharing.Arrival:
        return sharing.Arrival(
            source_id=one.key, noun="service", noun_id=applying.record_id(self.source, "service", one.key),
            raw=one.item.raw, raw_hash=one.item.raw_hash, mapped=one.data, reason=one.reason, place=one.place,
        )  # fmt: skip

    def change(self, one: Candidate) -> applying.Change:
        return change_of(self.source, one.key, self.placing, one.data, one.known, decided=False)

    def applied(self, one: Candidate, outcome: Outcome) -> None:
        known = one.known
        if known.standing is None and known.last and known.last.state == ProposalState.RETRACTED:
            self.count(one, "returned")
        elif outcome is Outcome.CREATED:
            self.count(one, "created")
        elif outcome is Outcome.UNCHANGED:
            self.count(one, "unchanged")
        else:
            fields = differences(known.standing.mapped, one.data) if known.standing else []
            said = ", ".join(fields[:8]) or ("area by its point" if one.misplaced else "brought back to its source")
            self.result.updated.add(f"{one.key}: {said}")
            self.count(one, "updated")

    def wait(self, one: Candidate, *, new: bool) -> None:
        """A record before a person."""
        self.result.asked += new
        self.result.waiting.add(Refused(one.place, one.key, one.held))
        self.count(one, "waiting")

    def count(self, one: Candidate, outcome: str) -> None:
        """A record that could be mapped."""
        self.result.counts[outcome] += 1
        self.tell(one, outcome)
        mapped = one.mapped
        if mapped is None:
            return
        self.result.coverage.add(one.item.raw, mapped.used)
        self.result.over += (one.data["service"].get("columns", {}).get("ends_on") or "9999") < self.today
        for note in mapped.notes:
            self.result.notes.add(f"{one.place}, id {one.key}: {note}")
        if mapped.fallback:
            self.result.fallback[mapped.fallback] += 1

    def refuse(self, one: Candidate, reason: str) -> None:
        self.result.counts["refused"] += 1
        self.tell(one, "refused")
        self.result.refused.add(Refused(one.place, one.key, reason))
        if isinstance(one.item.raw, dict) and one.readable:
            self.result.coverage.add(one.item.raw, frozenset())

    def tell(self, one: Candidate, outcome: str) -> None:
        if self.witness:
            stands = one.known.standing.mapped if one.known.standing else {}
            self.witness(Seen(outcome, one.place, one.key, one.reason or one.held, stands, one.data))
