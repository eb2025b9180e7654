"""``sympolity bench truth``: a year of the truth clock over made-up organizations, by the product's own rules.

Half of the organizations never answer a mail, a quarter answers late, a quarter in time. The coordination centre calls
some of those that are left on each working day; six of ten pick up. The same year is lived twice: by the rules alone,
and for fewer organizations by the real actions on a database of its own (``truth_real``); both have to agree.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Protocol

from sympolity.directory import rules
from sympolity.directory.enums import AskingState, FieldGroup
from sympolity.directory.truth.asking import PAUSE
from sympolity.directory.truth.figures import WINDOW
from sympolity.directory.truth.steps import ASKED_FOR, FLOW, SOON, groups_of, next_step, risk

__all__ = ["FIRST", "Owner", "Plan", "Service", "World", "Written", "lines", "made", "year"]

FIRST = date(2026, 1, 5)  # the Monday on which the year begins
DAYS = 365
_PICK_UP = 0.6  # of calls
_SILENT, _LATE = 0.5, 0.25  # of organizations


@dataclass(frozen=True, slots=True)
class Plan:
    """``organizations``, ``services`` of each on average; ``calls`` of the centre on a working day."""

    organizations: int = 500
    services: int = 4
    calls: int = 3
    seed: int = 1


@dataclass(slots=True)
class Service:
    """One made-up service and the last confirmation of each group."""

    key: int
    has_hours: bool
    emergency: bool
    confirmed: dict[str, date]

    def standing(self) -> rules.Standing:
        return rules.standing(
            confirmed=self.confirmed,
            known_since=FIRST,
            has_hours=self.has_hours,
            emergency=self.emergency,
            ends_on=None,
        )

    def is_due(self, today: date) -> bool:
        """As ``due.late`` says it in SQL."""
        asked = [group for group in ASKED_FOR if group != FieldGroup.HOURS or self.has_hours]
        return any(rules.due(self.confirmed, group, today) for group in asked)


@dataclass(slots=True)
class Owner:
    """One made-up organization. ``delay``: days from the first mail to its answer, None: never."""

    key: int
    delay: int | None
    services: list[Service] = field(default_factory=list)


def made(plan: Plan) -> list[Owner]:
    """The organizations of a plan: the same for the same seed."""
    dice, found = random.Random(plan.seed), list[Owner]()  # noqa: S311 - no secret
    number = 0
    for key in range(plan.organizations):
        share = (key + 0.5) / plan.organizations
        delay = None if share < _SILENT else dice.randint(8, 40) if share < _SILENT + _LATE else dice.randint(0, 6)
        owner = Owner(key, delay)
        for _ in range(dice.randint(1, 2 * plan.services - 1)):
            ago = dice.randint(0, 60)
            confirmed = {str(group): FIRST - timedelta(days=ago) for group in ASKED_FOR}
            owner.services.append(Service(number, dice.random() < 0.7, dice.random() < 0.1, confirmed))
            number += 1
        found.append(owner)
    return found


class World(Protocol):
    """What a year needs to happen in: rules alone, or the real actions."""

    def round(self, today: date) -> None:
        """The work process takes its round."""

    def asked(self) -> Mapping[int, tuple[str, date]]:
        """Open askings by organization: state, and the day they began."""

    def owners(self) -> Sequence[Owner]:
        """The organizations as they stand."""

    def answer(self, owner: int, today: date, *, how: str) -> None:
        """Say that all of this is still true, of everything that is due now or soon."""


@dataclass(slots=True)
class _Asking:
    state: AskingState
    began: date
    since: date


class Written:
    """The world by its rules: what ``truth.asking`` does on a database, done on plain facts."""

    def __init__(self, owners: Sequence[Owner]) -> None:
        self._owners = {owner.key: owner for owner in owners}
        self._asked: dict[int, _Asking] = {}
        self._ended: dict[int, date] = {}

    def round(self, today: date) -> None:
        """End, step, ask: in the order of ``asking.run``."""
        due = {key for key, one in self._owners.items() if any(service.is_due(today) for service in one.services)}
        for key in [key for key in self._asked if key not in due]:
            del self._asked[key]
            self._ended[key] = today
        for asking in self._asked.values():
            step = next_step(asking.state, asking.since, today, reachable=2, bounced=False)
            if step:
                asking.state, asking.since = AskingState(FLOW.next(asking.state, step.verb) or asking.state), today
        for key in due - self._asked.keys():
            ended = self._ended.get(key)
            if ended is None or ended < today - timedelta(days=PAUSE):
                self._asked[key] = _Asking(AskingState.ASKED, today, today)

    def asked(self) -> Mapping[int, tuple[str, date]]:
        return {key: (str(one.state), one.began) for key, one in self._asked.items()}

    def owners(self) -> Sequence[Owner]:
        return list(self._owners.values())

    def answer(self, owner: int, today: date, *, how: str) -> None:
        del how
        for service in self._owners[owner].services:
            if service.is_due(today + timedelta(days=SOON)):
                said = groups_of(has_hours=service.has_hours, has_capacity=False)
                service.confirmed |= dict.fromkeys(map(str, said), today)


def year(plan: Plan, world: World) -> list[dict[str, float]]:
    """Live a year; for the last day of each month shares of all services, in percent."""
    dice, months, phoned = random.Random(plan.seed + 1), list[dict[str, float]](), 0  # noqa: S311 - no secret
    for number in range(DAYS):
        today = FIRST + timedelta(days=number)
        world.round(today)
        delays = {owner.key: owner.delay for owner in world.owners()}
        for key, (_, began) in sorted(world.asked().items()):
            delay = delays[key]
            if delay is not None and (today - began).days == delay:
                world.answer(key, today, how="link")
        if today.weekday() < 5:
            phoned += _calls(plan, world, today, dice)
        if (today + timedelta(days=1)).month != today.month or number == DAYS - 1:
            months.append(_shares(world, today) | {"calls": phoned})
            phoned = 0
    return months


def _calls(plan: Plan, world: World, today: date, dice: random.Random) -> int:
    """The centre calls those where a wrong entry hurts most; the number of calls."""
    states = world.asked()
    waiting = [owner for owner in world.owners() if states.get(owner.key, ("", today))[0] == AskingState.CALLING]
    waiting.sort(key=lambda owner: (-max(_risk(one, today) for one in owner.services), owner.key))
    for owner in waiting[: plan.calls]:
        if dice.random() < _PICK_UP:
            world.answer(owner.key, today, how="phone")
    return min(plan.calls, len(waiting))


def _risk(one: Service, today: date) -> int:
    return risk(one.standing(), emergency=one.emergency, disputed=False, today=today)


def _shares(world: World, today: date) -> dict[str, float]:
    rows = [(service, owner.key) for owner in world.owners() for service in owner.services]
    calling = {key for key, (state, _) in world.asked().items() if state == AskingState.CALLING}
    standings = [(service, service.standing()) for service, _ in rows]
    fresh = today - timedelta(days=WINDOW)

    def share(count: int) -> float:
        return round(100 * count / len(rows), 1)

    gone = [service for service, standing in standings if standing.is_gone(today)]
    return {
        "day": float(today.toordinal()),
        "confirmed": share(sum(max(one.confirmed["contact"], one.confirmed["hours"]) >= fresh for one, _ in standings)),
        "listed_to_call": share(sum(key in calling and one.is_due(today) for one, key in rows)),
        "sunk": share(sum(standing.must_call(today) and not standing.is_gone(today) for _, standing in standings)),
        "hidden": share(len(gone)),
        "emergencies_hidden": float(sum(one.emergency for one in gone)),
    }


def lines(figures: Mapping[str, Any]) -> Iterator[str]:
    """The report in words."""
    plan = figures["plan"]
    yield f"commit {figures['commit']}, {figures['cores']} cores, load {figures['load']:.1f}"
    yield (
        f"A year, {plan['organizations']} organizations with {figures['services']} services: half never answers a mail, a "
        f"quarter answers after 8 to 40 days, a quarter within 6"
    )
    for calls, months in figures["years"].items():
        yield ""
        yield f"The centre calls {calls} organizations on a working day, 6 of 10 pick up"
        yield "  month     confirmed   on the call   calls   sunk: call   hidden: left   emergencies"
        yield "            in 90 days     list                 first        the lists       hidden"
        for month in months:
            day = date.fromordinal(int(month["day"]))
            yield (
                f"  {day:%Y-%m}   {month['confirmed']:8.1f} %  {month['listed_to_call']:8.1f} %  {month['calls']:6.0f}  "
                f"{month['sunk']:8.1f} %  {month['hidden']:10.1f} %  {month['emergencies_hidden']:12.0f}"
            )
    yield ""
    hidden = sum(month["emergencies_hidden"] for months in figures["years"].values() for month in months)
    yield f"  emergency services that left the lists: {hidden:.0f} (goal 0): {'met' if hidden == 0 else 'NOT MET'}"
    yield from _real(figures.get("real"))


def _real(real: Mapping[str, Any] | None) -> Iterator[str]:
    if real is None:
        return
    yield (
        f"  the same year by the real actions, {real['organizations']} organizations: "
        f"{'the same figures' if real['same'] else 'OTHER FIGURES'}, in {real['year_seconds']:.0f} s"
    )
    met = "met" if real["month_seconds"] < 10 else "NOT MET"
    yield (
        f"  30 days of asking, {real['month_services']:,} services of {real['month_organizations']:,} organizations, with "
        f"{real['letters']:,} letters and their entries: {real['month_seconds']:.1f} s by the clock (goal < 10 s): {met}"
    )
    yield (
        f"  of it CPU: {real['month_cpu_seconds']:.1f} s; finding whom to ask and what of: {real['select_cpu_seconds']:.1f} s"
    )
