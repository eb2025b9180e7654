"""Membership is what the accessions say for a day; what is not documented to the day says "at least"."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sympolity.kit.actor import PUBLIC, SYSTEM, Actor, Grant, Role
from sympolity.kit.refusals import Refused
from sympolity.network import rules
from sympolity.network.enums import AccessionState, Precision
from sympolity.network.rules import AccessionFacts, Count, Membership

TODAY = date(2026, 11, 22)


def one(
    n: int = 1, since: date | None = date(2020, 5, 10), precision: str = "day", *, status: str = "in_force",
    until: date | None = None, noted: date = TODAY, suspensions: tuple[tuple[date, date | None], ...] = (),
) -> Membership:  # fmt: skip
    return Membership(UUID(int=n), status, since, precision, until, noted, suspensions)


@pytest.mark.parametrize(
    ("membership", "first", "last"),
    [
        (one(), date(2020, 5, 10), None),
        (one(until=date(2021, 1, 31), status="ended"), date(2020, 5, 10), date(2021, 1, 31)),
        (one(status="suspended"), date(2020, 5, 10), None),
        (one(since=None, precision="unknown"), TODAY, None),
        (one(since=None, precision="unknown", status="ended", until=TODAY), TODAY, TODAY),
    ],
)
def test_both_ends_are_in(membership: Membership, first: date, last: date | None) -> None:
    day = timedelta(days=1)
    assert not rules.in_force_on(membership, first - day)
    assert rules.in_force_on(membership, first)
    if last:
        assert rules.in_force_on(membership, last)
        assert not rules.in_force_on(membership, last + day)


@pytest.mark.parametrize("status", ["requested", "documents", "signed"])
def test_what_is_on_its_way_counts_never(status: str) -> None:
    assert rules.begins(one(status=status)) is None
    assert rules.count_on([one(status=status)], TODAY) == Count(0, False)


def test_what_ended_before_it_came_into_force_counts_never() -> None:
    never = one(status="ended", since=None, precision="unknown")
    assert rules.history([never], TODAY) == []
    before_it_was_noted = one(status="ended", since=None, precision="unknown", until=date(2019, 1, 1))
    assert rules.history([before_it_was_noted], TODAY) == []


def test_a_suspension_is_a_gap() -> None:
    gap = one(suspensions=((date(2021, 1, 1), date(2021, 6, 30)), (date(2024, 1, 1), None)), status="suspended")
    days = [date(2020, 12, 31), date(2021, 1, 1), date(2021, 6, 30), date(2021, 7, 1), date(2024, 1, 1), TODAY]
    assert [rules.in_force_on(gap, day) for day in days] == [True, False, False, True, False, False]
    assert [(step.day, step.count.number) for step in rules.history([gap], TODAY)] == [
        (date(2020, 5, 10), 1), (date(2021, 1, 1), 0), (date(2021, 7, 1), 1), (date(2024, 1, 1), 0),
    ]  # fmt: skip


def test_at_least_where_a_beginning_is_not_documented_to_the_day() -> None:
    exact, month = one(1), one(2, date(2021, 3, 31), "month")
    by, unknown = one(3, date(2022, 2, 28), "no_later_than"), one(4, None, "unknown")
    assert rules.count_on([exact], TODAY) == Count(1, False)
    assert rules.count_on([exact, month], date(2021, 2, 28)) == Count(1, False)
    assert rules.count_on([exact, month], date(2021, 3, 1)) == Count(1, True)
    assert rules.count_on([exact, month], date(2021, 3, 31)) == Count(2, True)
    assert rules.count_on([exact, by], date(2020, 6, 1)) == Count(1, True)
    assert rules.count_on([exact, unknown], TODAY - timedelta(days=1)) == Count(1, True)
    assert rules.count_on([exact, unknown], TODAY) == Count(2, True)


def test_a_month_means_its_last_day() -> None:
    assert rules.latest(date(2018, 1, 5), Precision.MONTH) == date(2018, 1, 31)
    assert rules.latest(date(2024, 2, 1), Precision.MONTH) == date(2024, 2, 29)
    assert rules.latest(date(2023, 12, 31), Precision.MONTH) == date(2023, 12, 31)
    assert rules.latest(date(2018, 1, 5), Precision.NO_LATER_THAN) == date(2018, 1, 5)
    assert rules.latest(None, Precision.UNKNOWN) is None


DAYS = st.dates(date(2018, 1, 1), date(2027, 12, 31))


@st.composite
def memberships(draw: st.DrawFn) -> list[Membership]:
    found = []
    for n in range(draw(st.integers(0, 6))):
        precision = draw(st.sampled_from(Precision.values))
        since = None if precision == "unknown" else draw(DAYS)
        status = draw(st.sampled_from(AccessionState.values))
        until = draw(DAYS) if status == "ended" else None
        if since and until and until < since:
            since, until = until, since
        found.append(one(n, since, precision, status=status, until=until, noted=draw(DAYS)))
    return found


@given(memberships(), DAYS)
def test_the_history_tells_the_count_of_every_day(known: list[Membership], today: date) -> None:
    steps = rules.history(known, today)
    assert [step.day for step in steps] == sorted({step.day for step in steps})
    now: set[UUID] = set()
    for step in steps:
        now = (now - set(step.left)) | set(step.joined)
        assert step.count == rules.count_on(known, step.day)
        assert len(now) == step.count.number
    assert len(now) == rules.count_on(known, today).number


OWN, OTHER = UUID(int=2), UUID(int=9)
OFFICER = Actor(person=UUID(int=1), acting_for=OWN, grants=frozenset({Grant(Role.OFFICER)}), approved=True)
SECRETARIAT = Actor(person=UUID(int=1), acting_for=OTHER, grants=frozenset({Grant(Role.SECRETARIAT)}), approved=True)


@pytest.mark.parametrize(
    ("actor", "organization", "agreement", "status", "reason"),
    [
        (OFFICER, OWN, "open_for_accession", "requested", ""),
        (OFFICER, OWN, "in_force", "requested", ""),
        (OFFICER, OWN, "draft", "requested", "agreement_not_open"),
        (OFFICER, OWN, "ended", "requested", "agreement_not_open"),
        (OFFICER, OWN, "in_force", "in_force", "state_by_verb"),
        (OFFICER, OTHER, "in_force", "requested", "not_secretariat"),
        (SECRETARIAT, OWN, "in_force", "requested", ""),
        (SECRETARIAT, OWN, "in_force", "in_force", "state_by_verb"),
        (PUBLIC, OWN, "in_force", "requested", "not_secretariat"),
        (SYSTEM, OWN, "ended", "ended", ""),
    ],
)
def test_who_may_ask_to_accede(actor: Actor, organization: UUID, agreement: str, status: str, reason: str) -> None:
    answer = rules.may_request(actor, AccessionFacts(organization, agreement), status)
    assert (answer.reason if isinstance(answer, Refused) else "") == reason


def test_an_officer_speaks_for_the_own_municipality_only() -> None:
    theirs = AccessionFacts(OTHER, "in_force")
    assert rules.ACCESSION_FLOW.may(OFFICER, "requested", "hand_in", theirs) == Refused("not_yours")
    assert rules.ACCESSION_FLOW.may(OFFICER, "in_force", "end", theirs) == Refused("not_yours")
    assert not rules.ACCESSION_FLOW.may(OFFICER, "documents", "sign", AccessionFacts(OWN, "in_force"))


def test_nothing_is_signed_under_an_agreement_that_is_over_and_none_begins_with_one_side() -> None:
    over = AccessionFacts(OWN, "ended")
    assert rules.ACCESSION_FLOW.may(SECRETARIAT, "documents", "sign", over) == Refused("agreement_not_open")
    alone = rules.AgreementFacts(1)
    assert rules.AGREEMENT_FLOW.may(SECRETARIAT, "draft", "begin", alone) == Refused("one_side_only")
