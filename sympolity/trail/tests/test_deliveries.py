"""Deliveries: each goes out, waits, or is shown; none is lost, whatever the other side or we do."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connections, transaction
from django.db.models import Q

from sympolity.kit import clock
from sympolity.kit.actor import PUBLIC, SYSTEM, Actor, Grant, Role
from sympolity.kit.refusals import Refusal
from sympolity.trail import deliveries, journal, rules
from sympolity.trail.couriers import Away, Channel, Courier, Later, Never, Tally
from sympolity.trail.deliveries import Order
from sympolity.trail.models import Delivery, Entry

pytestmark = pytest.mark.django_db

ADMINISTRATOR = Actor(person=UUID(int=1), grants=frozenset({Grant(Role.ADMINISTRATOR, everywhere=True)}))
CURATOR = Actor(person=UUID(int=2), grants=frozenset({Grant(Role.CURATOR, everywhere=True)}))


class Killed(BaseException):
    """The process ends here: nothing of ours catches it."""


@dataclass
class World:
    """The other side: what arrived there, by key, and how it behaves."""

    arrived: list[str] = field(default_factory=list)
    opened: int = 0
    away: bool = False
    answers: dict[str, Callable[[], None]] = field(default_factory=dict)  # key -> raises, before anything arrives
    after: Callable[[], None] | None = None  # raises once it has arrived

    @contextmanager
    def open(self) -> Iterator[Callable[[Delivery], str]]:
        self.opened += 1
        if self.away:
            raise Away("connection refused")
        yield self.take

    def take(self, row: Delivery) -> str:
        if row.key in self.answers:
            self.answers[row.key]()
        self.arrived.append(row.key)
        if self.after is not None:
            self.after()
        return "250 taken"


@pytest.fixture
def world() -> World:
    return World()


def courier_of(world: World, holder: str = "one") -> Courier:
    return Courier(Channel("test", world.open), holder)


def order(*keys: str) -> list[Order]:
    return [Order(channel="test", key=key, noun="message", noun_id=uuid.uuid4()) for key in keys]


def queued(*keys: str) -> None:
    with journal.action(SYSTEM) as t:
        deliveries.queue(t, order(*keys))
        t.record("written", "message", uuid.uuid4())


def states() -> dict[str, str]:
    return dict(Delivery.objects.values_list("key", "state"))


def raising(error: BaseException) -> Callable[[], None]:
    def answer() -> None:
        raise error

    return answer


def test_what_is_due_goes_out_once(world: World) -> None:
    queued("a", "b")
    assert courier_of(world).round() == Tally(done=2)
    assert courier_of(world).round() == Tally()
    assert (sorted(world.arrived), world.opened) == (["a", "b"], 1)
    assert set(Delivery.objects.values_list("state", "holder", "fault", "reason", "tries")) == {
        ("done", "", "", "250 taken", 1)
    }


def test_the_same_key_is_one_delivery(world: World) -> None:
    queued("a")
    queued("a", "b")
    courier_of(world).round()
    queued("a")
    courier_of(world).round()
    assert sorted(world.arrived) == ["a", "b"]


def test_what_is_taken_back_with_its_action_never_was(world: World) -> None:
    with pytest.raises(RuntimeError), journal.action(SYSTEM) as t:
        deliveries.queue(t, order("a"))
        raise RuntimeError
    assert courier_of(world).round() == Tally()
    assert states() == {}


def test_nobody_opens_a_connection_for_nothing(world: World, django_assert_num_queries: Callable[..., object]) -> None:
    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        courier_of(world).round()
    assert world.opened == 0


def test_later_waits_longer_each_time_and_the_others_go_on(world: World) -> None:
    queued("a", "b")
    world.answers["a"] = raising(Later("later", "451 try\nagain\u202e"))
    assert courier_of(world).round() == Tally(done=1, later=1)
    waits = []
    with clock.moved():
        for _ in range(9):
            row = Delivery.objects.get(key="a")
            assert (row.state, row.fault, row.reason, row.holder) == ("waiting", "later", "451 try again", "")
            waits.append((row.due_at - clock.now()).total_seconds())
            with clock.moved(to=row.due_at - timedelta(seconds=1)):
                assert courier_of(world).round() == Tally()
            with clock.moved(to=row.due_at + timedelta(seconds=1)):
                assert courier_of(world).round() == Tally(later=1)
                row.refresh_from_db()
                waits[-1] = (row.due_at - clock.now()).total_seconds()
    asked = [30 * 2**power for power in range(1, 7)] + [3600] * 3
    assert all(0.7 * wish <= wait <= 1.3 * wish for wish, wait in zip(asked, waits, strict=True)), waits
    assert world.arrived == ["b"]


def test_pauses_differ_so_that_not_all_come_back_together() -> None:
    assert {rules.pause(1, chance) for chance in (0.0, 0.5, 1.0)} == {
        timedelta(seconds=22.5), timedelta(seconds=30), timedelta(seconds=37.5),
    }  # fmt: skip
    assert rules.pause(10_000, 1.0) == timedelta(minutes=75)


def test_after_72_hours_it_is_parked_and_shown_and_comes_out_when_a_person_says_so(world: World) -> None:
    queued("a")
    world.answers["a"] = raising(Later("later", "451 greylisted"))
    start = clock.now()
    with clock.moved(to=start):
        courier_of(world).round()
    with clock.moved(to=start + timedelta(hours=71)):
        assert courier_of(world).round() == Tally(later=1)
        assert deliveries.standing().parked == 0
    with clock.moved(to=start + timedelta(hours=73)):
        courier_of(world).round()
        found = deliveries.standing()
        assert (found.waiting, found.parked) == (0, 1)
        assert courier_of(world).round() == Tally()
        [parked] = Delivery.objects.filter(state="parked")
        assert Entry.objects.filter(verb="parked", noun_id=parked.id).count() == 1
        world.answers.clear()
        assert deliveries.replay(actor=ADMINISTRATOR, ids=[parked.id]) == 1
        assert courier_of(world).round() == Tally(done=1)
    assert world.arrived == ["a"]
    assert list(Entry.objects.filter(noun="delivery").order_by("position").values_list("verb", flat=True)) == [
        "parked", "replayed",
    ]  # fmt: skip


def test_a_machine_that_was_off_for_a_week_parks_nothing_untried(world: World) -> None:
    queued("a", "b")
    with clock.moved(timedelta(days=7)):
        world.away = True
        assert courier_of(world).round() == Tally(away=True)
        assert states() == {"a": "waiting", "b": "waiting"}
    with clock.moved(timedelta(days=8)):
        world.away = False
        assert courier_of(world).round() == Tally(done=2)


def test_never_is_parked_at_once(world: World) -> None:
    queued("a", "b")
    world.answers["a"] = raising(Never("address_refused", "550 no such user"))
    assert courier_of(world).round() == Tally(done=1, parked=1)
    [row] = Delivery.objects.filter(state="parked")
    assert (row.key, row.fault, row.reason, row.tries) == ("a", "address_refused", "550 no such user", 1)


def test_a_mistake_of_ours_neither_loses_one_nor_stops_the_others(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    queued("a", "b")
    world.answers["a"] = raising(ZeroDivisionError("mistake"))
    assert courier_of(world).round() == Tally(done=1, later=1)
    assert Delivery.objects.get(key="a").fault == "error"
    with clock.moved(timedelta(minutes=2)):
        world.answers.clear()
        assert courier_of(world).round() == Tally(done=1)


def test_while_the_other_side_is_away_one_knocks_and_all_keep_their_patience(world: World) -> None:
    queued(*"abcdef")
    world.away = True
    courier = courier_of(world)
    assert courier.round() == Tally(away=True)
    assert courier.round() == Tally()
    assert world.opened == 1, "it rests"
    start = clock.now()
    for hour in range(1, 72):
        with clock.moved(to=start + timedelta(hours=hour)):
            assert courier.round() == Tally(away=True)
    assert set(states().values()) == {"waiting"}
    with clock.moved(to=start + timedelta(hours=71, minutes=59)):
        world.away = False
        assert courier.round() == Tally(done=6)
    assert sorted(world.arrived) == list("abcdef")


def test_two_minutes_after_the_other_side_is_back_all_is_out(world: World) -> None:
    queued(*"abc")
    world.away = True
    courier, start = courier_of(world), clock.now()
    for minutes in range(0, 600, 7):
        with clock.moved(to=start + timedelta(minutes=minutes)):
            courier.round()
    back = start + timedelta(minutes=600)
    world.away = False
    for seconds in range(0, 121, 2):
        with clock.moved(to=back + timedelta(seconds=seconds)):
            courier.round()
    assert sorted(world.arrived) == ["a", "b", "c"]


def test_what_lost_patience_while_the_other_side_was_away_is_parked_together(world: World) -> None:
    queued(*"abc")
    world.away = True
    start = clock.now()
    with clock.moved(to=start):
        courier_of(world).round()
    with clock.moved(to=start + timedelta(hours=73)):
        courier_of(world).round()
        assert set(states().values()) == {"parked"}
        assert set(Delivery.objects.values_list("fault", "reason")) == {("away", "connection refused")}
        world.away = False
        deliveries.replay(actor=SYSTEM, ids=list(Delivery.objects.values_list("id", flat=True)))
        assert courier_of(world).round() == Tally(done=3)


# --- ends of the process -------------------------------------------------------------------------


def test_killed_before_it_arrived_it_goes_out_after_the_lease(world: World) -> None:
    queued("a")
    world.answers["a"] = raising(Killed())
    with pytest.raises(Killed):
        courier_of(world).round()
    world.answers.clear()
    assert (states(), world.arrived) == ({"a": "sending"}, [])
    assert courier_of(world, "two").round() == Tally(), "the other may still be at it"
    with clock.moved(timedelta(minutes=3)):
        assert courier_of(world, "two").round() == Tally(done=1)
    assert world.arrived == ["a"]


def test_killed_after_it_arrived_it_goes_out_again_under_the_same_key(world: World) -> None:
    queued("a")
    world.after = raising(Killed())
    with pytest.raises(Killed):
        courier_of(world).round()
    world.after = None
    with clock.moved(timedelta(minutes=3)):
        courier_of(world).round()
    assert world.arrived == ["a", "a"], "at least once; the key tells the repetition"


def test_whoever_comes_back_after_the_lease_changes_nothing(world: World) -> None:
    queued("a")
    [slow], [late] = deliveries.due("test"), deliveries.due("test")
    assert deliveries.claim(slow, "slow", timedelta(minutes=2))
    assert not deliveries.claim(late, "late", timedelta(minutes=2))
    with clock.moved(timedelta(minutes=3)):
        [quick] = deliveries.due("test")
        assert deliveries.claim(quick, "quick", timedelta(minutes=2))
        deliveries.put_back(slow, fault="later", reason="")
        deliveries.park(slow, fault="later", reason="")
        assert not deliveries.finish(slow)
        assert states() == {"a": "sending"}
        assert deliveries.finish(quick)
    assert states() == {"a": "done"}
    assert not Entry.objects.filter(noun="delivery").exists()


def test_what_kills_its_process_each_time_is_parked_in_the_end(world: World) -> None:
    queued("a")
    world.answers["a"] = raising(Killed())
    start = clock.now()
    for hour in range(0, 75, 5):
        with clock.moved(to=start + timedelta(hours=hour)), pytest.raises(Killed):
            courier_of(world).round()
    with clock.moved(to=start + timedelta(hours=80)):
        assert courier_of(world).round() == Tally(parked=1)
    assert set(Delivery.objects.values_list("state", "fault")) == {("parked", "lost")}


@pytest.mark.django_db(transaction=True)
def test_couriers_at_once_take_each_delivery_once() -> None:
    queued(*(f"key {number}" for number in range(40)))
    world, start = World(), threading.Barrier(4)

    def run(number: int) -> None:
        try:
            start.wait()
            while courier_of(world, f"courier {number}").round().done:
                pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(world.arrived) == sorted(f"key {number}" for number in range(40))
    assert set(states().values()) == {"done"}


# --- people --------------------------------------------------------------------------------------


def parked_one(world: World) -> Delivery:
    queued("a")
    world.answers["a"] = raising(Never("address_refused", "550 x"))
    courier_of(world).round()
    world.answers.clear()
    return Delivery.objects.get(key="a")


@pytest.mark.parametrize("actor", [PUBLIC, CURATOR])
def test_only_administrators_replay_and_others_learn_nothing(actor: Actor, world: World) -> None:
    row = parked_one(world)
    for act in (deliveries.replay, deliveries.settle):
        for one in (row.id, uuid.uuid4()):
            with pytest.raises(Refusal, match="unknown_delivery"):
                act(actor=actor, ids=[one])
    assert not deliveries.visible_to(actor).exists()
    assert deliveries.visible_to(ADMINISTRATOR).get() == row


def test_what_is_settled_rests_and_what_is_done_is_not_replayed(world: World) -> None:
    row = parked_one(world)
    assert deliveries.settle(actor=ADMINISTRATOR, ids=[row.id]) == 1
    for act in (deliveries.replay, deliveries.settle):
        with pytest.raises(Refusal, match="wrong_state"):
            act(actor=ADMINISTRATOR, ids=[row.id])
    with clock.moved(timedelta(days=9)):
        assert courier_of(world).round() == Tally()
    assert (states(), world.arrived) == ({"a": "settled"}, [])


def test_one_that_is_not_parked_stops_the_whole_list(world: World) -> None:
    row = parked_one(world)
    queued("b")
    with pytest.raises(Refusal, match="wrong_state"):
        deliveries.replay(actor=SYSTEM, ids=list(Delivery.objects.order_by("key").values_list("id", flat=True)))
    row.refresh_from_db()
    assert row.state == "parked"


def test_how_they_stand(world: World) -> None:
    assert deliveries.standing() == deliveries.Standing(0, 0, None)
    parked_one(world)
    queued("b")
    found = deliveries.standing()
    assert (found.waiting, found.parked, found.since) == (1, 1, Delivery.objects.get(key="b").created_at)


@pytest.mark.parametrize(
    "columns",
    [
        {"state": "gone"},
        {"state": "sending"},
        {"state": "parked"},
        {"state": "done"},
        {"state": "settled", "fault": "x"},
        {"lease_until": datetime(2026, 1, 1, tzinfo=clock.ATHENS)},
    ],
)
def test_the_table_takes_no_row_that_makes_no_sense(columns: dict[str, object]) -> None:
    queued("a")
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.filter(Q()).update(**columns)
