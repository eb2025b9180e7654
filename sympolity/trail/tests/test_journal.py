"""What an action leaves in the trail."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sympolity.kit import clock
from sympolity.kit.actor import PUBLIC
from sympolity.trail import followers, journal
from sympolity.trail.models import Entry, EntryDetail, Lease
from sympolity.trail.tests.writing import OFFICER, SERVICE, positions, write

pytestmark = pytest.mark.django_db


def test_positions_are_dense_in_the_order_of_the_actions() -> None:
    write("drafted", "submitted")
    write("published")
    told = list(Entry.objects.order_by("position").values_list("position", "verb"))
    assert told == [(1, "drafted"), (2, "submitted"), (3, "published")]
    assert followers.head() == 3


def test_an_entry_says_who_when_and_what() -> None:
    moment = datetime(2026, 3, 1, 12, 30, 15, 250000, tzinfo=UTC)
    with clock.moved(to=moment), journal.action(OFFICER) as t:
        t.record(
            "published", "service", SERVICE, before={"status": "draft"}, after={"status": "published"}, public_note="ok"
        )
    entry = Entry.objects.select_related("detail").get()
    assert (entry.actor_id, entry.organization_id) == (OFFICER.person, OFFICER.acting_for)
    assert (entry.verb, entry.noun, entry.noun_id) == ("published", "service", SERVICE)
    assert timedelta(0) <= entry.at - moment < timedelta(seconds=5)
    assert entry.detail.body == {"before": {"status": "draft"}, "after": {"status": "published"}, "public_note": "ok"}


def test_the_public_is_nobody() -> None:
    write("suggested", actor=PUBLIC)
    assert Entry.objects.values_list("actor_id", "organization_id").get() == (None, None)


def test_each_entry_holds_the_digest_of_the_one_before() -> None:
    write("a", "b")
    write("c")
    chain = list(Entry.objects.order_by("position").values_list("previous", "digest"))
    assert [previous for previous, _ in chain] == [journal.GENESIS, chain[0][1], chain[1][1]]
    assert len({digest for _, digest in chain}) == 3


def test_equal_details_have_different_hashes() -> None:
    """A short value cannot be guessed from the hash: the salt differs each time."""
    write("a", "a")
    first, second = Entry.objects.values_list("detail_hash", flat=True)
    assert first != second
    assert EntryDetail.objects.values("salt").distinct().count() == 2


def test_an_action_without_facts_writes_nothing() -> None:
    write()
    assert positions() == []


def test_an_action_inside_an_action_is_refused_and_undoes_the_outer_one() -> None:
    with pytest.raises(RuntimeError, match="action inside an action"), journal.action(OFFICER) as t:
        t.record("outer", "service", SERVICE)
        write("inner")
    assert positions() == []
    write("afterwards")
    assert positions() == [1]


def test_an_exception_leaves_nothing_behind() -> None:
    with pytest.raises(ZeroDivisionError), journal.action(OFFICER) as t:
        Lease.objects.create(name="row of the action", holder="x", until=clock.now())
        t.record("published", "service", SERVICE)
        _ = 1 / 0
    assert (positions(), Lease.objects.count()) == ([], 0)
    write("afterwards")
    assert positions() == [1]


def test_a_hundred_entries_cost_a_handful_of_queries(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(9):
        write(*["edited"] * 100)


def test_values_of_python_are_kept_as_their_text() -> None:
    day = datetime(2026, 3, 1, tzinfo=UTC)
    with journal.action(OFFICER) as t:
        t.record(
            "edited",
            "service",
            SERVICE,
            after={"id": uuid.UUID(int=7), "on": day, "fee": Decimal("1.50"), "in": ("a",)},
        )
    assert EntryDetail.objects.get().body["after"] == {
        "id": "00000000-0000-0000-0000-000000000007",
        "on": "2026-03-01T00:00:00Z",
        "fee": "1.50",
        "in": ["a"],
    }


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20) | st.datetimes() | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(), max_size=5), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(_VALUES)
def test_whatever_is_recorded_has_the_same_hash_when_it_is_read_again(value: Any) -> None:
    with journal.action(OFFICER) as t:
        t.record("edited", "service", SERVICE, after={"value": value}, public_note=str(value))
    entry = Entry.objects.select_related("detail").latest("position")
    assert journal.detail_hash(entry.detail.salt, entry.detail.body) == entry.detail_hash
    assert journal.digest_of(entry) == entry.digest


def test_the_time_under_the_lock_is_told_to_whoever_measures() -> None:
    with journal.held() as times:
        write("changed")
        with pytest.raises(RuntimeError), journal.action(PUBLIC):
            raise RuntimeError
    write("changed")
    assert len(times) == 2
    assert all(0 < seconds < 60 for seconds in times)
