"""Rules of reports: pure functions on plain facts, no database.

Two kinds of words never meet. *Facts* go to whoever runs the service and to the curators of its area. *Conduct* goes
to contacts for safeguarding who never belonged to the organization it is about, and to nobody else; where there is
no such contact, to administrators who never did (domain.md, Report).
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sympolity.directory.enums import CONDUCT, FACTS, MissingState, ReportOutcome, ReportState
from sympolity.directory.rules import keys
from sympolity.kit.actor import Actor, Role
from sympolity.kit.flow import Flow, Turn
from sympolity.kit.refusals import Allowed, Answer, Refused

__all__ = [
    "ANSWER_MOST",
    "CONDUCT_FLOW",
    "MISSING_FLOW",
    "MISSING_MOST",
    "OUTCOMES",
    "QUIET_DAYS",
    "REPORT_FLOW",
    "WORDS_MOST",
    "ConductFacts",
    "FactFacts",
    "MissingFacts",
    "may_be_marked",
    "may_read_conduct",
    "may_read_fact",
    "may_read_missing",
]

WORDS_MOST = 600  # characters of a report
ANSWER_MOST = 600
MISSING_MOST = 200
SHARE = 5  # per cent of a city's services that may be marked before a person has looked
LEAST = 1  # of them, however small the city is
QUIET_DAYS = 7  # after a person said "it is right" strangers cannot mark the service again
OUTCOMES = {
    False: (ReportOutcome.FIXED, ReportOutcome.STILL_RIGHT, ReportOutcome.NOT_OURS),
    True: (ReportOutcome.ACTED, ReportOutcome.NOT_OURS),
}  # by whether it is about conduct
assert not set(FACTS) & set(CONDUCT)  # noqa: S101 - a kind in both would show conduct to the organization


@dataclass(frozen=True, slots=True)
class FactFacts:
    """What rules ask of a report of a fact. ``owner``: who runs the service; ``areas``: its area and all around it."""

    owner: UUID
    areas: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class ConductFacts:
    """What rules ask of a report of conduct.

    ``accused``: who ran the service when it was sent. ``belonged``: every organization the reader ever acted for.
    ``covered``: some contact for safeguarding may read it.
    """

    accused: UUID
    areas: frozenset[UUID] = frozenset()
    belonged: frozenset[UUID] = frozenset()
    covered: bool = False


@dataclass(frozen=True, slots=True)
class MissingFacts:
    """What rules ask of a line on the board. No areas: it was said of no place."""

    areas: frozenset[UUID] = frozenset()


def may_read_fact(actor: Actor, report: FactFacts) -> Answer:
    """Editors of whoever runs the service, curators of its area, administrators."""
    allowed = {f"org:{report.owner}", "curator:*", *(f"curator:{area}" for area in report.areas)}
    return Allowed() if keys(actor) & allowed else Refused("not_yours")


def may_read_conduct(actor: Actor, report: ConductFacts) -> Answer:
    """Contacts for safeguarding of the area; administrators where there is none. Nobody who belonged to the accused."""
    if report.accused in {*report.belonged, actor.acting_for}:
        return Refused("of_the_accused")
    if actor.has(Role.SAFEGUARDING):
        scope = actor.areas_of(Role.SAFEGUARDING)
        if scope is None or scope & report.areas:
            return Allowed()
    if actor.has(Role.ADMINISTRATOR) and not report.covered:
        return Allowed()
    return Refused("not_safeguarding")


def may_read_missing(actor: Actor, line: MissingFacts) -> Answer:
    """Curators of the area, and of any area where none was named; administrators."""
    if not actor.has(Role.CURATOR, Role.ADMINISTRATOR, Role.SYSTEM):
        return Refused("not_curator")
    held = keys(actor) & {"curator:*", *(f"curator:{area}" for area in line.areas)}
    return Allowed() if held or not line.areas else Refused("not_your_area")


def may_be_marked(*, listed: int, marked: int) -> bool:
    """Whether one more service of a city may say "reported, being checked" before a person has looked.

    ``listed``: its services; ``marked``: those that say so already.
    """
    return marked < max(LEAST, listed * SHARE // 100)


_LOOKED_AT_BY = frozenset({Role.CURATOR, Role.ADMINISTRATOR})
_GUARDS = frozenset({Role.SAFEGUARDING, Role.ADMINISTRATOR})
_WAITS = frozenset({ReportState.RECEIVED, ReportState.BEING_CHECKED})

# domain.md, Report. "check" makes it public that the fact is doubted; who runs the service answers, and sets nothing aside.
REPORT_FLOW = Flow(
    "report",
    [
        Turn(
            "check", frozenset({ReportState.RECEIVED}), ReportState.BEING_CHECKED, _LOOKED_AT_BY | {Role.SYSTEM}, may_read_fact
        ),
        Turn("answer", _WAITS, ReportState.ANSWERED, _LOOKED_AT_BY | {Role.EDITOR}, may_read_fact),
        Turn("set_aside", _WAITS, ReportState.CLOSED, _LOOKED_AT_BY, may_read_fact),
    ],
)  # fmt: skip
CONDUCT_FLOW = Flow(
    "conduct_report",
    [
        Turn("check", frozenset({ReportState.RECEIVED}), ReportState.BEING_CHECKED, _GUARDS, may_read_conduct),
        Turn("answer", _WAITS, ReportState.ANSWERED, _GUARDS, may_read_conduct),
        Turn("set_aside", _WAITS, ReportState.CLOSED, _GUARDS, may_read_conduct),
    ],
)
_OPEN = frozenset({MissingState.OPEN, MissingState.TAKEN_UP})
MISSING_FLOW = Flow(
    "missing_service",
    [
        Turn("take_up", frozenset({MissingState.OPEN}), MissingState.TAKEN_UP, _LOOKED_AT_BY, may_read_missing),
        Turn("answer", _OPEN, MissingState.ANSWERED, _LOOKED_AT_BY, may_read_missing),
        Turn("drop", _OPEN, MissingState.DROPPED, _LOOKED_AT_BY, may_read_missing),
    ],
)
