"""What time does to a service, and who holds which key."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from sympolity.directory import rules
from sympolity.kit.actor import PUBLIC, SYSTEM, Actor, Grant, Role

DAY = date(2026, 3, 2)
ATHENS, PIRAEUS, HOUSE, OTHER = (uuid4() for _ in range(4))


def _standing(
    confirmed: dict[str, date], *, has_hours: bool = True, emergency: bool = False, ends_on: date | None = None
) -> rules.Standing:
    return rules.standing(
        confirmed=confirmed, known_since=DAY, has_hours=has_hours, emergency=emergency, ends_on=ends_on
    )


def test_periods_are_those_of_the_domain() -> None:
    assert dict(rules.PERIODS) == {"contact": 180, "hours": 60, "eligibility": 90, "capacity": 8, "rest": 180}


def test_call_first_past_twice_and_gone_past_three_times_the_period() -> None:
    said = _standing({"contact": DAY, "hours": DAY})
    days = {n: DAY + timedelta(days=n) for n in (120, 121, 180, 181)}
    assert [said.must_call(days[n]) for n in (120, 121)] == [False, True]
    assert [said.is_gone(days[n]) for n in (180, 181)] == [False, True]
    assert said.since == DAY


def test_hours_count_only_where_there_are_any() -> None:
    said = _standing({"contact": DAY}, has_hours=False)
    assert said.call_from == DAY + timedelta(days=361)
    assert said.gone_from == DAY + timedelta(days=541)


def test_the_rest_makes_nothing_old() -> None:
    assert _standing(
        {"contact": DAY, "hours": DAY, "eligibility": date(2000, 1, 1), "rest": date(2000, 1, 1)}
    ).call_from == DAY + timedelta(days=121)


def test_emergencies_never_leave_but_end() -> None:
    assert _standing({}, emergency=True).gone_from is None
    ended = _standing({}, emergency=True, ends_on=DAY)
    assert [ended.is_gone(DAY), ended.is_gone(DAY + timedelta(days=1))] == [False, True]
    assert [ended.has_ended(DAY), ended.has_ended(DAY + timedelta(days=1))] == [False, True]


@settings(max_examples=100)
@given(
    st.integers(-900, 900),
    st.integers(-900, 900),
    st.booleans(),
    st.booleans(),
    st.none() | st.integers(-900, 900),
    st.integers(-900, 900),
)
def test_time_never_goes_back(
    contact: int, hours: int, has_hours: bool, emergency: bool, ends: int | None, today: int
) -> None:
    confirmed = {"contact": DAY + timedelta(days=contact), "hours": DAY + timedelta(days=hours)}
    ends_on = DAY + timedelta(days=ends) if ends is not None else None
    said = _standing(confirmed, has_hours=has_hours, emergency=emergency, ends_on=ends_on)
    now, next_day = DAY + timedelta(days=today), DAY + timedelta(days=today + 1)
    for holds in (said.must_call, said.is_gone, said.has_ended):
        assert holds(now) <= holds(next_day)
    assert said.is_gone(now) >= said.has_ended(now)


def test_due_is_the_day_after_the_period() -> None:
    assert rules.due({}, "hours", DAY)
    assert not rules.due({"hours": DAY}, "hours", DAY + timedelta(days=60))
    assert rules.due({"hours": DAY}, "hours", DAY + timedelta(days=61))


def _actor(role: Role, *areas: UUID, house: UUID = HOUSE, approved: bool = True, everywhere: bool = False) -> Actor:
    return Actor(uuid4(), house, frozenset({Grant(role, frozenset(areas), everywhere)}), approved)


ACTORS = {
    "public": PUBLIC,
    "editor": _actor(Role.EDITOR),
    "other editor": _actor(Role.EDITOR, house=OTHER),
    "pending editor": _actor(Role.EDITOR, approved=False),
    "curator of Athens": _actor(Role.CURATOR, ATHENS, house=OTHER),
    "curator of nothing": _actor(Role.CURATOR, house=OTHER),
    "curator": _actor(Role.CURATOR, house=OTHER, everywhere=True),
    "administrator": _actor(Role.ADMINISTRATOR, house=OTHER, everywhere=True),
    "system": SYSTEM,
}
EVERY = set(ACTORS)
INSIDE = {"editor", "pending editor", "curator", "administrator", "system"}
# (status, audience, approved, area) -> who sees it
SEEN = {
    ("active", "public", True, ATHENS): EVERY,
    ("temporarily_closed", "public", True, ATHENS): EVERY,
    ("active", "members", True, ATHENS): EVERY - {"public"},
    ("active", "staff", True, PIRAEUS): INSIDE | {"curator of Athens", "curator of nothing"},
    ("inactive", "public", True, PIRAEUS): INSIDE,
    ("defunct", "public", True, ATHENS): INSIDE | {"curator of Athens"},
    ("active", "public", False, PIRAEUS): INSIDE,
    ("active", "public", False, ATHENS): INSIDE | {"curator of Athens"},
}


def test_who_sees_what() -> None:
    for (status, audience, approved, area), seen in SEEN.items():
        doors = rules.doors(status=status, audience=audience, organization=HOUSE, approved=approved, areas=[area])
        found = {name for name, actor in ACTORS.items() if rules.keys(actor) & doors}
        assert found == seen, (status, audience, approved)


def test_who_edits() -> None:
    assert {name for name, actor in ACTORS.items() if rules.may_edit(actor, HOUSE)} == {
        "editor",
        "pending editor",
        "administrator",
        "system",
    }
    linked = {
        (owner, visibility): {
            name for name, actor in ACTORS.items() if rules.may_link(actor, HOUSE, owner=owner, visibility=visibility)
        }
        for owner in (HOUSE, OTHER)
        for visibility in ("full", "hidden")
    }
    assert linked == {
        (HOUSE, "full"): EVERY, (HOUSE, "hidden"): EVERY, (OTHER, "full"): EVERY,
        (OTHER, "hidden"): {"other editor", "administrator", "system"},
    }  # fmt: skip
    assert {name for name, actor in ACTORS.items() if rules.may_see_professional(actor)} == EVERY - {
        "public",
        "pending editor",
    }
