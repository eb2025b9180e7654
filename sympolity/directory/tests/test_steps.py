"""Whom the truth clock writes to and when it gives up writing: rules alone."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sympolity.directory import rules
from sympolity.directory.enums import AskingState, FieldGroup, Said
from sympolity.directory.truth import links, steps
from sympolity.directory.truth.steps import LinkFacts, next_step

DAY = date(2026, 3, 2)


def _path(*, reachable: int, bounced: bool = False, days: int = 200) -> list[tuple[int, str, str]]:
    """(day, verb, who is told) of an asking that nobody answers."""
    state, since, found = AskingState.ASKED, 0, []
    for day in range(days):
        step = next_step(
            state, DAY + timedelta(since), DAY + timedelta(day), reachable=reachable, bounced=bounced and day > since
        )
        if step:
            found.append((day, step.verb, step.told))
            state, since = AskingState(steps.FLOW.next(state, step.verb) or ""), day
    return found


def test_mail_reminder_second_contact_call_list_and_a_letter_every_sixty_days() -> None:
    assert _path(reachable=2) == [
        (7, "remind", "first"), (14, "second", "others"), (21, "call", ""), (81, "again", "all"), (141, "again", "all"),
    ]  # fmt: skip


def test_without_a_second_address_the_centre_calls_earlier() -> None:
    assert _path(reachable=1, days=70) == [(7, "remind", "first"), (14, "call", "")]


def test_a_mail_that_comes_back_is_an_answer_of_its_own() -> None:
    """Nobody waits for the answer to a mail that nobody got."""
    assert _path(reachable=1, bounced=True, days=60) == [(1, "second", "others"), (2, "call", "")]
    assert _path(reachable=0, bounced=True, days=200) == [(1, "call", "")]


def test_still_true_speaks_of_hours_and_places_only_where_there_are_any() -> None:
    assert steps.groups_of(has_hours=True, has_capacity=True) == (
        FieldGroup.CONTACT, FieldGroup.HOURS, FieldGroup.ELIGIBILITY, FieldGroup.CAPACITY, FieldGroup.REST,
    )  # fmt: skip
    assert steps.groups_of(has_hours=False, has_capacity=False) == (
        FieldGroup.CONTACT, FieldGroup.ELIGIBILITY, FieldGroup.REST,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("status", "state", "days", "answer"),
    [
        ("approved", "asked", 0, ""),
        ("approved", "answered", 45, ""),
        ("approved", "calling", 45, ""),
        ("approved", "calling", 46, "link_expired"),
        ("suspended", "asked", 0, "link_revoked"),
        ("closed", "asked", 0, "link_revoked"),
        ("pending", "asked", 0, "link_revoked"),
        ("approved", "withdrawn", 0, "link_revoked"),
    ],
)
def test_a_link_lives_as_long_as_its_day_and_the_approval(status: str, state: str, days: int, answer: str) -> None:
    key = links.read(links.made(uuid4(), DAY))
    assert key
    facts = LinkFacts(uuid4(), status, state, key.until)
    assert getattr(steps.may_answer(facts, DAY + timedelta(days=days)), "reason", "") == answer


def test_a_link_ends_few_services_and_no_emergency() -> None:
    assert steps.may_end(Said.CLOSED, emergency=False, ended=2)
    assert not steps.may_end(Said.CLOSED, emergency=False, ended=3)
    assert not steps.may_end(Said.CLOSED, emergency=True, ended=0)


def _standing(days: int, *, emergency: bool = False, disputed: date | None = None) -> rules.Standing:
    said = {"contact": DAY - timedelta(days=days), "hours": DAY - timedelta(days=days)}
    return rules.standing(
        confirmed=said, known_since=DAY, has_hours=True, emergency=emergency, ends_on=None, disputed=disputed
    )


def test_the_call_list_begins_where_a_wrong_entry_hurts_most() -> None:
    def risk(days: int, *, emergency: bool = False, disputed: bool = False) -> int:
        standing = _standing(days, emergency=emergency, disputed=DAY if disputed else None)
        return steps.risk(standing, emergency=emergency, disputed=disputed, today=DAY)

    assert risk(130, emergency=True) == risk(0, emergency=True, disputed=True) == 4
    assert risk(0, disputed=True) == 3
    assert risk(160) == risk(400) == risk(70, emergency=True) == 2
    assert risk(130) == 1
    assert risk(70) == 0


def test_what_the_owner_disputes_is_call_first_at_once_and_leaves_no_list_for_it() -> None:
    calm, disputed = _standing(0), _standing(0, disputed=DAY)
    assert disputed.must_call(DAY)
    assert not calm.must_call(DAY)
    assert (disputed.gone_from, disputed.ended_from, disputed.since) == (calm.gone_from, calm.ended_from, calm.since)


@given(st.uuids(), st.dates(date(2024, 1, 1), date(2090, 1, 1)))
def test_a_link_says_what_was_written_into_it(asking: UUID, sent: date) -> None:
    token = links.made(asking, sent)
    assert links.read(token) == links.Key(asking, sent + timedelta(days=steps.LINK_DAYS))
    assert len(token) <= links.LONGEST
    assert token.isascii()


def test_a_changed_link_says_nothing() -> None:
    token = links.made(uuid4(), DAY)
    for at in range(len(token)):
        for char in "0aZ.-":
            other = token[:at] + char + token[at + 1 :]
            assert other == token or links.read(other) is None, (at, char)
    for odd in ("", ".", token[:-1], token + "=", token * 2, "x" * 5000, "\0", "é", token.split(".")[0]):
        assert links.read(odd) is None
