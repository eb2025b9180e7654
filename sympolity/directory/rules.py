"""Rules of the directory: pure functions on plain facts, no database.

Two rules decide what anybody sees:
*who* (``doors`` of a service and ``keys`` of an actor: visible when they share one), and
*when* (:func:`standing`: confirmation periods, endings). Pages, query sets and the find index
use these and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sympolity.directory.enums import AddressVisibility, Audience, FieldGroup, NoticeState, ServiceStatus
from sympolity.kit.actor import Actor, Role
from sympolity.kit.flow import Flow, Turn
from sympolity.kit.refusals import Allowed, Answer, Refused

__all__ = [
    "CALL_FIRST",
    "NOTICE_FLOW",
    "PERIODS",
    "UNLISTED",
    "NoticeFacts",
    "Standing",
    "due",
    "levels",
    "may_confirm",
    "may_edit",
    "may_link",
    "may_record_helplines",
    "may_record_notice",
    "may_see_professional",
    "may_see_protected",
    "may_speak_for",
    "shows_address",
    "standing",
]

# Confirmation periods in days (domain.md, Confirmation); SYMPOLITY_CONFIRM_DAYS changes them at the start.
PERIODS: dict[str, int] = {
    FieldGroup.CONTACT: 180,
    FieldGroup.HOURS: 60,
    FieldGroup.ELIGIBILITY: 90,
    FieldGroup.CAPACITY: 8,
    FieldGroup.REST: 180,
}
CALL_FIRST = 2  # times the period of contact or hours: "not confirmed since … call first"
UNLISTED = 3  # times the period: leaves default lists, stays reachable by link
LISTED_STATUS = frozenset({ServiceStatus.ACTIVE, ServiceStatus.TEMPORARILY_CLOSED})


@dataclass(frozen=True, slots=True)
class Standing:
    """From which day on time alone changes what is said of a service. None = never.

    ``call_from``: "not confirmed since …, call first". ``gone_from``: it is in no default list.
    ``ended_from``: its funding has ended. ``since``: the older of the two dates that decide.
    """

    call_from: date | None
    gone_from: date | None
    ended_from: date | None
    since: date | None

    def must_call(self, today: date) -> bool:
        return self.call_from is not None and self.call_from <= today

    def is_gone(self, today: date) -> bool:
        return self.gone_from is not None and self.gone_from <= today

    def has_ended(self, today: date) -> bool:
        return self.ended_from is not None and self.ended_from <= today


def standing(
    *,
    confirmed: Mapping[str, date],
    known_since: date,
    has_hours: bool,
    emergency: bool,
    ends_on: date | None,
    disputed: date | None = None,
) -> Standing:
    """What time does to a service.

    ``confirmed``: the latest confirmation of each field group; a group never confirmed counts
    from ``known_since``. Only contact and hours decide here, and hours only where there are any.
    Emergency categories never leave the lists, they sink. ``disputed``: the day on which its
    organization said that something of it has changed, until a person has written what.
    """
    groups = [FieldGroup.CONTACT] + ([FieldGroup.HOURS] if has_hours else [])
    dates = {group: confirmed.get(group, known_since) for group in groups}
    call = {group: day + timedelta(days=CALL_FIRST * PERIODS[group] + 1) for group, day in dates.items()}
    first = min(call, key=lambda group: call[group])
    gone = min(day + timedelta(days=UNLISTED * PERIODS[group] + 1) for group, day in dates.items())
    ended = ends_on + timedelta(days=1) if ends_on else None
    leaves = [day for day in (None if emergency else gone, ended) if day]
    call_from = min(call[first], disputed) if disputed else call[first]
    return Standing(call_from, min(leaves) if leaves else None, ended, dates[first])


def due(confirmed: Mapping[str, date], group: str, today: date) -> bool:
    """True when a group was never confirmed, or its period is over."""
    day = confirmed.get(group)
    return day is None or (today - day).days > PERIODS[group]


def levels(actor: Actor) -> frozenset[Audience]:
    """The audiences an actor belongs to."""
    found = {Audience.PUBLIC}
    if actor.approved or actor.has(Role.SYSTEM):
        found.add(Audience.MEMBERS)
    if actor.has(Role.CURATOR, Role.ADMINISTRATOR, Role.SYSTEM):
        found |= {Audience.MEMBERS, Audience.STAFF}
    return frozenset(found)


def doors(*, status: str, audience: str, organization: UUID, approved: bool, areas: Iterable[UUID]) -> frozenset[str]:
    """The doors of a service: who has one of their keys sees it.

    ``areas``: the areas of its locations with all their ancestors.
    """
    found = {f"org:{organization}", "curator:*", *(f"curator:{area}" for area in areas)}
    if approved and status in LISTED_STATUS:
        found.add(audience)
    return frozenset(found)


def keys(actor: Actor) -> frozenset[str]:
    """The keys an actor holds, see :func:`doors`."""
    found: set[str] = {str(level.value) for level in levels(actor)}
    if actor.acting_for and actor.has(Role.EDITOR):
        found.add(f"org:{actor.acting_for}")
    if actor.has(Role.ADMINISTRATOR, Role.SYSTEM):
        found.add("curator:*")
    elif actor.has(Role.CURATOR):
        scope = actor.areas_of(Role.CURATOR)
        found |= {"curator:*"} if scope is None else {f"curator:{area}" for area in scope}
    return frozenset(found)


def may_see_professional(actor: Actor) -> Answer:
    """Professional facts: members of approved organizations, curators, administrators."""
    return Allowed() if Audience.MEMBERS in levels(actor) else Refused("members_only")


def may_see_protected(actor: Actor, organization: UUID, areas: Iterable[UUID]) -> Answer:
    """Address and point of a place that is not public: ``organization``, who runs the place, and the curators of ``areas``."""
    holds = keys(actor)
    allowed = {f"org:{organization}", "curator:*", *(f"curator:{area}" for area in areas)}
    return Allowed() if holds & allowed else Refused("protected_place")


def may_edit(actor: Actor, organization: UUID) -> Answer:
    """Whoever runs the service keeps its record; the system writes imports and the demo."""
    if actor.has(Role.SYSTEM, Role.ADMINISTRATOR):
        return Allowed()
    if actor.acting_for == organization and actor.has(Role.EDITOR):
        return Allowed()
    return Refused("not_yours")


def may_confirm(actor: Actor, organization: UUID, areas: Iterable[UUID]) -> Answer:
    """Whoever runs the service, and the curators of its areas (they vouch)."""
    if may_edit(actor, organization):
        return Allowed()
    held = keys(actor) & {"curator:*", *(f"curator:{area}" for area in areas)}
    return Allowed() if held else Refused("not_your_area")


def may_speak_for(actor: Actor, organization: UUID | None) -> Answer:
    """In whose name a confirmation stands: of the organization acted for; imports and the demo bring those of others."""
    if organization in {None, actor.acting_for} or actor.has(Role.SYSTEM, Role.ADMINISTRATOR):
        return Allowed()
    return Refused("not_yours")


def may_link(actor: Actor, organization: UUID, *, owner: UUID, visibility: str) -> Answer:
    """A service of ``organization`` is given at its own places, at public ones, and where the actor edits the ``owner``'s."""
    if owner == organization or shows_address(visibility) or may_edit(actor, owner):
        return Allowed()
    return Refused("not_your_location")


def may_record_helplines(actor: Actor) -> Answer:
    """Official numbers stand on every page: the installation's own people only."""
    return Allowed() if actor.has(Role.ADMINISTRATOR, Role.SYSTEM) else Refused("not_administrator")


def shows_address(visibility: str) -> bool:
    """True when address and point may stand in lists, index and public pages."""
    return visibility == AddressVisibility.FULL


_NOTICERS = frozenset({Role.CURATOR, Role.ADMINISTRATOR, Role.SYSTEM})


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """What rules ask of a notice. ``areas``: its area and all areas around it."""

    areas: frozenset[UUID]
    state: str = NoticeState.DRAFT


def may_record_notice(actor: Actor, notice: NoticeFacts, *, changed: bool = True) -> Answer:
    """Curators of the area, administrators, the system. What was withdrawn is not changed: it is written anew."""
    answer = _may_turn_notice(actor, notice)
    if answer and changed and notice.state == NoticeState.WITHDRAWN:
        return Refused("withdrawn")
    return answer


def _may_turn_notice(actor: Actor, notice: NoticeFacts) -> Answer:
    if not actor.has(*_NOTICERS):
        return Refused("not_curator")
    held = keys(actor) & {"curator:*", *(f"curator:{area}" for area in notice.areas)}
    return Allowed() if held else Refused("not_your_area")


# domain.md, Notice. That its date has passed is computed, it is no state.
NOTICE_FLOW = Flow(
    "notice",
    [
        Turn("publish", frozenset({NoticeState.DRAFT}), NoticeState.PUBLISHED, _NOTICERS, _may_turn_notice),
        Turn(
            "withdraw",
            frozenset({NoticeState.DRAFT, NoticeState.PUBLISHED}),
            NoticeState.WITHDRAWN,
            _NOTICERS,
            _may_turn_notice,
        ),
    ],
)
