"""Rules of asking: pure functions on plain facts, no database.

An organization is asked once for all its services. Nothing comes back: reminder, second contact, then the call list of
the coordination centre (domain.md, Confirmation; the days between are ours).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sympolity.directory import rules
from sympolity.directory.enums import AskingState, FieldGroup, Said
from sympolity.kit.actor import Actor, Role
from sympolity.kit.flow import Flow, Turn
from sympolity.kit.refusals import Allowed, Answer, Refused
from sympolity.people.enums import OrganizationState

__all__ = [
    "AGAIN",
    "ASKED_FOR",
    "FLOW",
    "LINK_DAYS",
    "MOST_CLOSED",
    "OPEN",
    "SOON",
    "STEPS",
    "LinkFacts",
    "Step",
    "groups_of",
    "may_answer",
    "may_end",
    "next_step",
    "risk",
]

SOON = 14  # days: what is due that soon is asked in the same message
LINK_DAYS = 45  # a link lives so long after its message: beyond the last step before the call list
AGAIN = 60  # days on the call list after which the organization is written to once more
MOST_CLOSED = 3  # services that one link ends at once; a person looks at the others
# A mail goes out for these. Free places are asked for on the same page, but their week is too short for letters:
# they fall back to "ask" by themselves.
ASKED_FOR = (FieldGroup.CONTACT, FieldGroup.HOURS, FieldGroup.ELIGIBILITY, FieldGroup.REST)
OPEN = (AskingState.ASKED, AskingState.REMINDED, AskingState.SECOND, AskingState.CALLING)

_MACHINE = frozenset({Role.SYSTEM})
FLOW = Flow(
    "asking",
    [
        Turn("remind", frozenset({AskingState.ASKED}), AskingState.REMINDED, _MACHINE),
        Turn("second", frozenset({AskingState.ASKED, AskingState.REMINDED}), AskingState.SECOND, _MACHINE),
        Turn("call", frozenset(OPEN[:3]), AskingState.CALLING, _MACHINE),
        Turn("again", frozenset({AskingState.CALLING}), AskingState.CALLING, _MACHINE),
        Turn("finish", frozenset(OPEN), AskingState.ANSWERED, _MACHINE),
        Turn("withdraw", frozenset(OPEN), AskingState.WITHDRAWN, _MACHINE),
    ],
)


@dataclass(frozen=True, slots=True)
class Step:
    """``days`` after the step before, ``verb`` is said of the asking, if nothing has come back until then.

    ``told``: who gets a message: "first" contact, "others" than the first, "all", or "" for nobody.
    """

    days: int
    verb: str
    told: str


STEPS: Mapping[str, Step] = {
    AskingState.ASKED: Step(7, "remind", "first"),
    AskingState.REMINDED: Step(7, "second", "others"),
    AskingState.SECOND: Step(7, "call", ""),
    AskingState.CALLING: Step(AGAIN, "again", "all"),
}


def next_step(state: str, since: date, today: date, *, reachable: int, bounced: bool) -> Step | None:
    """The step that is due today, if one is.

    ``reachable``: addresses that are not known to be dead, the first contact among them. ``bounced``: the last message
    came back; then nobody waits for its answer. With no second address there is no second contact.
    """
    step = STEPS.get(state)
    if step is None:
        return None
    if state == AskingState.CALLING:
        return step if reachable and (today - since).days >= step.days else None
    if not bounced and (today - since).days < step.days:
        return None
    if bounced and state == AskingState.ASKED:
        step = STEPS[AskingState.REMINDED]
    return step if reachable and (step.told != "others" or reachable > 1 or bounced) else STEPS[AskingState.SECOND]


def groups_of(*, has_hours: bool, has_capacity: bool) -> tuple[FieldGroup, ...]:
    """What "all of this is still true" speaks of: hours and free places only where there are any."""
    out = [FieldGroup.CONTACT, *([FieldGroup.HOURS] if has_hours else []), FieldGroup.ELIGIBILITY]
    return (*out, *([FieldGroup.CAPACITY] if has_capacity else []), FieldGroup.REST)


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """What rules ask of a signed link. ``until``: its last day. ``organization``: whom it was sent to."""

    organization: UUID
    organization_status: str
    state: str
    until: date


def may_answer(link: LinkFacts, today: date) -> Answer:
    """The link speaks for its organization as long as that is approved, and until its day.

    When everything is answered it still opens: several people hold it, and the second one sees what the first has said.
    """
    if link.organization_status != OrganizationState.APPROVED or link.state == AskingState.WITHDRAWN:
        return Refused("link_revoked")
    return Allowed() if today <= link.until else Refused("link_expired")


def may_end(said: str, *, emergency: bool, ended: int) -> bool:
    """Does "closed" from a link take effect at once? A person looks at emergency services, and after some endings.

    ``ended``: services that the same asking has ended already. A stolen link must not empty the lists.
    """
    return said == Said.CLOSED and not emergency and ended < MOST_CLOSED


def may_call(actor: Actor, areas: frozenset[UUID]) -> Answer:
    """Who phones on behalf of the centre: curators of the area, administrators."""
    if not actor.has(Role.CURATOR, Role.ADMINISTRATOR, Role.SYSTEM):
        return Refused("not_curator")
    held = rules.keys(actor) & {"curator:*", *(f"curator:{area}" for area in areas)}
    return Allowed() if held else Refused("not_your_area")


def risk(standing: rules.Standing, *, emergency: bool, disputed: bool, today: date) -> int:
    """How badly a wrong entry would hurt, from 0: the higher, the earlier it is called.

    4 somebody in danger may go there for nothing · 3 the organization itself says that it is wrong · 2 it will leave
    the lists within 30 days, or has left · 1 it is marked "call first" · 0 the others.
    """
    if emergency and (disputed or standing.must_call(today)):
        return 4
    if disputed:
        return 3
    if emergency or standing.is_gone(today + timedelta(days=30)):
        return 2
    return 1 if standing.must_call(today) else 0
