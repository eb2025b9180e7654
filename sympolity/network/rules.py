"""Rules of networks: flows as tables, and membership on a day. Pure functions on plain facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sympolity.kit.actor import Actor, Role
from sympolity.kit.flow import Flow, Turn
from sympolity.kit.refusals import Allowed, Answer, Refused
from sympolity.network.enums import AccessionState, AgreementState, Precision

__all__ = [
    "ACCESSION_FLOW",
    "AGREEMENT_FLOW",
    "KEEPERS",
    "PUBLIC_ACCESSIONS",
    "AccessionFacts",
    "AgreementFacts",
    "Count",
    "Membership",
    "Step",
    "begins",
    "count_on",
    "history",
    "in_force_on",
    "latest",
    "may_record",
    "may_request",
]

_DAY = timedelta(days=1)
# Who keeps the records of networks.
KEEPERS = frozenset({Role.SECRETARIAT, Role.ADMINISTRATOR, Role.SYSTEM})
_MEMBERS = KEEPERS | {Role.OFFICER}
# What has been in force is public; what is only on its way is not.
PUBLIC_ACCESSIONS = frozenset({AccessionState.IN_FORCE, AccessionState.SUSPENDED, AccessionState.ENDED})
_OPEN = frozenset({AgreementState.OPEN, AgreementState.IN_FORCE})


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """What rules ask of an agreement."""

    sides: int  # parties, and the network when it stands on one side


@dataclass(frozen=True, slots=True)
class AccessionFacts:
    """What rules ask of an accession."""

    organization: UUID
    agreement: str  # its state


def may_record(actor: Actor, status: str, first: str) -> Answer:
    """Write networks, agreements and accessions down: the secretariat. New ones begin at ``first``;
    only the system brings in what has its history elsewhere."""
    if not actor.has(*KEEPERS):
        return Refused("not_secretariat")
    if status != first and not actor.has(Role.SYSTEM):
        return Refused("state_by_verb")
    return Allowed()


def may_request(actor: Actor, accession: AccessionFacts, status: str) -> Answer:
    """A municipality asks for itself, or the secretariat writes it down."""
    own = actor.has(Role.OFFICER) and actor.approved and actor.acting_for == accession.organization
    if not own:
        answer = may_record(actor, status, AccessionState.REQUESTED)
        if not answer:
            return answer
    elif status != AccessionState.REQUESTED:
        return Refused("state_by_verb")
    if accession.agreement not in _OPEN and not actor.has(Role.SYSTEM):
        return Refused("agreement_not_open")
    return Allowed()


def _may_begin(actor: Actor, agreement: AgreementFacts) -> Answer:  # noqa: ARG001 - a guard takes the actor
    return Allowed() if agreement.sides >= 2 else Refused("one_side_only")


def _own_or_keeper(actor: Actor, accession: AccessionFacts) -> Answer:
    if actor.has(*KEEPERS) or actor.acting_for == accession.organization:
        return Allowed()
    return Refused("not_yours")


def _may_sign(actor: Actor, accession: AccessionFacts) -> Answer:  # noqa: ARG001 - a guard takes the actor
    return Allowed() if accession.agreement in _OPEN else Refused("agreement_not_open")


_A = AgreementState
# domain.md, Agreement. A memorandum is opened for accession; other agreements begin at once.
AGREEMENT_FLOW = Flow(
    "agreement",
    [
        Turn("open", frozenset({_A.DRAFT}), _A.OPEN, KEEPERS),
        Turn("begin", frozenset({_A.DRAFT, _A.OPEN}), _A.IN_FORCE, KEEPERS, _may_begin),
        Turn("end", frozenset({_A.OPEN, _A.IN_FORCE}), _A.ENDED, KEEPERS),
    ],
)

_C = AccessionState
# domain.md, Accession. A municipality may leave at any time; whoever left asks anew.
ACCESSION_FLOW = Flow(
    "accession",
    [
        Turn("hand_in", frozenset({_C.REQUESTED}), _C.DOCUMENTS, _MEMBERS, _own_or_keeper),
        Turn("sign", frozenset({_C.DOCUMENTS}), _C.SIGNED, KEEPERS, _may_sign),
        Turn("begin", frozenset({_C.SIGNED}), _C.IN_FORCE, KEEPERS, _may_sign),
        Turn("suspend", frozenset({_C.IN_FORCE}), _C.SUSPENDED, KEEPERS),
        Turn("resume", frozenset({_C.SUSPENDED}), _C.IN_FORCE, KEEPERS),
        Turn("end", frozenset(set(_C) - {_C.ENDED}), _C.ENDED, _MEMBERS, _own_or_keeper),
    ],
)


@dataclass(frozen=True, slots=True)
class Membership:
    """An accession as far as days are concerned."""

    organization: UUID
    status: str
    since: date | None
    precision: str
    until: date | None
    noted_on: date
    suspensions: tuple[tuple[date, date | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """How many. ``at_least``: some beginnings are not documented to the day."""

    number: int
    at_least: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One day on which a network grew or shrank. ``precision`` unknown: ``day`` is only when it was noted."""

    day: date
    precision: str
    count: Count
    joined: tuple[UUID, ...]
    left: tuple[UUID, ...]


def latest(day: date | None, precision: str) -> date | None:
    """The last day that a written date may mean: that of its month where only the month is known."""
    if day is None or precision != Precision.MONTH:
        return day
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - _DAY


def begins(one: Membership) -> date | None:
    """The day from which it surely is in force; None when it never came into force."""
    if one.status not in PUBLIC_ACCESSIONS or (one.status == AccessionState.ENDED and one.until is None):
        return None
    if one.since is not None:
        return one.since
    # Over before it was noted: on which days it was in force, nobody knows.
    return None if one.until is not None and one.until < one.noted_on else one.noted_on


def in_force_on(one: Membership, day: date) -> bool:
    """Was it surely in force on a day? The last day is in."""
    first = begins(one)
    if first is None or day < first or (one.until is not None and day > one.until):
        return False
    return not any(start <= day and (end is None or day <= end) for start, end in one.suspensions)


def count_on(memberships: Iterable[Membership], day: date) -> Count:
    """Members on a day; "at least" when one that counts, or might, has no exact beginning."""
    number, vague = 0, False
    for one in memberships:
        inside = in_force_on(one, day)
        number += inside
        vague |= one.precision != Precision.DAY and _maybe_on(one, day)
    return Count(number, vague)


def _maybe_on(one: Membership, day: date) -> bool:
    """Might it have been in force on a day, as far as its vague beginning tells?"""
    if begins(one) is None or (one.until is not None and day > one.until):
        return False
    return one.precision != Precision.MONTH or one.since is None or day >= one.since.replace(day=1)


def history(memberships: Iterable[Membership], today: date) -> list[Step]:
    """The days until today on which the members changed, in order."""
    known = list(memberships)
    days: set[tuple[date, str]] = set()
    for one in known:
        first = begins(one)
        if first is not None:
            days.add((first, one.precision))
            exact = [start for start, _ in one.suspensions] + [end + _DAY for _, end in one.suspensions if end]
            exact += [one.until + _DAY] if one.until else []
            days |= {(day, str(Precision.DAY)) for day in exact}
    steps: list[Step] = []
    before: set[UUID] = set()
    for day in sorted({day for day, _ in days if day <= today}):
        after = {one.organization for one in known if in_force_on(one, day)}
        if after == before:
            continue
        words = {precision for at, precision in days if at == day}
        vaguest = max(words, key=list(map(str, Precision.values)).index)
        joined, left = tuple(sorted(after - before)), tuple(sorted(before - after))
        steps.append(Step(day, vaguest, count_on(known, day), joined, left))
        before = after
    return steps
