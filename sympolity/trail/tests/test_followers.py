"""Followers see every entry, in order, and lose none to a crash or to writers beside them."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Sequence
from datetime import timedelta

import pytest

from sympolity.kit import clock
from sympolity.trail import followers, journal
from sympolity.trail.followers import Follower
from sympolity.trail.models import Cursor, Entry, Lease
from sympolity.trail.tests.writing import OFFICER, positions, together, write
from sympolity.trail.verify import verify


class Kept(list[int]):
    """A follower's effect outside the database: the positions it was handed."""

    def handle(self, entries: Sequence[Entry]) -> None:
        self.extend(entry.position for entry in entries)


@pytest.mark.django_db
class TestRun:
    def test_batches_come_in_order_until_nothing_is_left(self) -> None:
        write(*"abcde")
        kept = Kept()
        follower = Follower("test", kept.handle, batch=2)
        assert [followers.run(follower) for _ in range(5)] == [2, 2, 1, 0, 0]
        assert kept == [1, 2, 3, 4, 5]
        write("f")
        assert (followers.run(follower), kept[-1]) == (1, 6)

    def test_each_follower_has_its_own_cursor(self) -> None:
        write("a", "b")
        first, second = Kept(), Kept()
        followers.run(Follower("first", first.handle))
        write("c")
        followers.run(Follower("second", second.handle))
        assert (first, second) == ([1, 2], [1, 2, 3])
        assert dict(Cursor.objects.values_list("name", "position")) == {"first": 2, "second": 3}

    def test_an_idle_look_writes_nothing(self) -> None:
        assert followers.run(Follower("test", Kept().handle)) == 0
        assert Cursor.objects.count() == 0

    def test_after_is_what_stands_behind_a_position(self) -> None:
        write("a", "b", "c")
        assert [entry.verb for entry in followers.after(1)] == ["b", "c"]
        assert [entry.verb for entry in followers.after(0, limit=1)] == ["a"]
        assert followers.after(10**12) == []


@pytest.mark.django_db(transaction=True)
class TestCrash:
    def test_a_batch_cut_short_is_repeated_and_its_effect_stands_once(self) -> None:
        write(*"abcd")
        seen: list[int] = []

        def handle(entries: Sequence[Entry]) -> None:
            for entry in entries:
                seen.append(entry.position)
                Lease.objects.create(name=f"effect {entry.position}", holder="test", until=clock.now())
                if seen == [1, 2, 3]:
                    raise KeyboardInterrupt

        follower = Follower("test", handle, batch=3)
        assert followers.run(Follower("test", lambda _: None, batch=0)) == 0
        with pytest.raises(KeyboardInterrupt):
            followers.run(follower)
        assert (Cursor.objects.get().position, Lease.objects.count()) == (0, 0)
        assert [followers.run(follower) for _ in range(3)] == [3, 1, 0]
        assert seen == [1, 2, 3, 1, 2, 3, 4]
        assert sorted(Lease.objects.values_list("name", flat=True)) == [f"effect {n}" for n in (1, 2, 3, 4)]


@pytest.mark.django_db(transaction=True)
def test_a_follower_beside_four_writers_sees_each_position_once_in_order() -> None:
    writers, rounds, per_action = 4, 50, (1, 2, 3, 1)
    start = threading.Barrier(writers, timeout=60)
    done = threading.Semaphore(0)
    kept = Kept()

    def writer(number: int) -> None:
        try:
            for turn in range(rounds):
                start.wait()  # all four begin every round together
                with journal.action(OFFICER) as t:
                    for _ in range(per_action[number]):
                        t.record(f"turn {turn}", "service", uuid.UUID(int=number))
        finally:
            done.release()

    def follow() -> None:
        finished = 0
        follower = Follower("test", kept.handle, batch=7)
        while True:
            while done.acquire(blocking=False):
                finished += 1
            if not followers.run(follower) and finished == writers:
                return

    together(*[lambda number=number: writer(number) for number in range(writers)], follow)
    total = rounds * sum(per_action)
    assert positions() == list(range(1, total + 1))
    assert kept == positions()
    assert verify().sound
    for number in range(writers):
        turns = list(
            Entry.objects.filter(noun_id=uuid.UUID(int=number)).order_by("position").values_list("verb", flat=True)
        )
        assert turns == [f"turn {turn}" for turn in range(rounds) for _ in range(per_action[number])]


@pytest.mark.django_db
class TestLease:
    def test_one_holder_at_a_time(self) -> None:
        assert followers.hold("work", "one")
        assert not followers.hold("work", "two")
        assert followers.hold("work", "one")
        assert followers.hold("other work", "two")

    def test_a_lease_that_was_not_renewed_goes_to_the_next(self) -> None:
        assert followers.hold("work", "one", seconds=30)
        with clock.moved(timedelta(seconds=20)):
            assert not followers.hold("work", "two", seconds=30)
        with clock.moved(timedelta(seconds=31)):
            assert followers.hold("work", "two", seconds=30)
            assert not followers.hold("work", "one", seconds=30)

    def test_renewing_counts_from_now(self) -> None:
        assert followers.hold("work", "one", seconds=30)
        with clock.moved(timedelta(seconds=20)):
            assert followers.hold("work", "one", seconds=30)
        with clock.moved(timedelta(seconds=40)):
            assert not followers.hold("work", "two", seconds=30)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("state", ["new", "over"])
def test_of_many_who_ask_at_once_one_gets_the_lease(state: str) -> None:
    if state == "over":
        Lease.objects.create(name="work", holder="gone", until=clock.now() - timedelta(seconds=1))
    start = threading.Barrier(4, timeout=60)
    won: list[str] = []

    def ask(name: str) -> None:
        start.wait()
        if followers.hold("work", name):
            won.append(name)

    together(*[lambda name=name: ask(name) for name in "abcd"])
    assert won == [Lease.objects.get().holder]
