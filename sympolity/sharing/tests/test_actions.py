"""What is kept of what comes from outside, and what becomes of it."""

from __future__ import annotations

from uuid import uuid4

import pytest

from sympolity.kit.actor import PUBLIC, SYSTEM, Actor, Grant, Role
from sympolity.kit.refusals import Refusal
from sympolity.sharing import actions, queries
from sympolity.sharing.enums import ProposalOrigin
from sympolity.sharing.models import Proposal
from sympolity.trail.models import Entry, EntryDetail

pytestmark = pytest.mark.django_db

CURATOR = Actor(person=uuid4(), grants=frozenset({Grant(Role.CURATOR)}))


def arrive(key: str = "7", *, body: str = "first", reason: str = "") -> Proposal:
    arrival = actions.Arrival(
        key, "service", {"name": body}, f"hash of {body}", "record 1", mapped={"name": body}, reason=reason
    )
    return actions.receive(actor=SYSTEM, origin=ProposalOrigin.IMPORT, source="here", arrivals=[arrival])[key]


def states() -> list[tuple[str, str]]:
    return [(row.raw["name"], row.state) for row in Proposal.objects.order_by("received_at")]


def test_a_new_version_supersedes_the_old_one_when_it_is_accepted() -> None:
    first = arrive()
    assert actions.turn(actor=SYSTEM, verb="trust", ids=[first.id]) == 1
    second = arrive(body="second")
    assert states() == [("first", "accepted"), ("second", "received")]
    actions.turn(actor=SYSTEM, verb="trust", ids=[second.id])
    assert states() == [("first", "superseded"), ("second", "accepted")]
    assert queries.standing_ids("here") == {"7"}


def test_a_wrong_version_waits_and_leaves_the_accepted_one_standing() -> None:
    actions.turn(actor=SYSTEM, verb="trust", ids=[arrive().id])
    arrive(body="wrong", reason="name: it is empty")
    arrive(body="wrong again", reason="name: it is empty")
    assert states() == [("first", "accepted"), ("wrong", "superseded"), ("wrong again", "invalid")]
    known = queries.known(source="here", source_ids=["7", "8"])
    assert list(known) == ["7"]
    stands, waits = known["7"].standing, known["7"].waiting
    assert (stands and stands.raw, waits and waits.reason) == ({"name": "first"}, "name: it is empty")


def test_a_wrong_turn_is_refused_as_a_whole() -> None:
    one, other = arrive("1"), arrive("2")
    actions.turn(actor=SYSTEM, verb="trust", ids=[one.id])
    with pytest.raises(Refusal, match="wrong_state"):
        actions.turn(actor=SYSTEM, verb="trust", ids=[other.id, one.id])
    with pytest.raises(Refusal, match="wrong_role"):
        actions.turn(actor=CURATOR, verb="trust", ids=[other.id])
    assert Proposal.objects.get(id=other.id).state == "received"


def test_a_person_decides_and_is_remembered() -> None:
    one = arrive()
    actions.turn(actor=SYSTEM, verb="ask", ids=[one.id])
    actions.turn(actor=CURATOR, verb="decline", ids=[one.id], reasons={one.id: "not in our cities"})
    row = Proposal.objects.get()
    assert (row.state, row.reason, row.decided_by) == ("declined", "not in our cities", CURATOR.person)


def test_the_same_item_twice_and_a_stranger_are_refused() -> None:
    twice = [actions.Arrival("1", "service", {}, "h", "record 1")] * 2
    with pytest.raises(Refusal, match="twice"):
        actions.receive(actor=SYSTEM, origin=ProposalOrigin.IMPORT, source="here", arrivals=twice)
    with pytest.raises(Refusal, match="not_system"):
        actions.receive(actor=CURATOR, origin=ProposalOrigin.IMPORT, source="here", arrivals=twice[:1])
    assert not Proposal.objects.exists()


def test_raw_input_never_enters_the_trail() -> None:
    one = arrive(body="Maria 6900000000")
    actions.turn(actor=SYSTEM, verb="trust", ids=[one.id])
    assert list(Entry.objects.order_by("position").values_list("verb", "noun", "noun_id")) == [
        ("received", "proposal", one.id),
        ("accepted", "proposal", one.id),
    ]
    assert not [row for row in EntryDetail.objects.all() if "Maria" in str(row.body).replace("hash of Maria", "")]


def test_hostile_raw_input_is_kept_on_both_databases() -> None:
    raw = {"a\x00b": "\ud800", "n": float("inf"), "deep": [[1e16, -0.0]]}
    arrival = actions.Arrival("x", "service", raw, "h", "record\n1 " + "x" * 500, reason="bad \u202e " + "y" * 900)
    actions.receive(actor=SYSTEM, origin=ProposalOrigin.IMPORT, source="here", arrivals=[arrival])
    row = Proposal.objects.get()
    assert row.raw == {"a\ufffdb": "\ufffd", "n": "inf", "deep": [[10**16, 0]]}
    assert len(row.reason) == 300
    assert "\u202e" not in row.reason


def test_only_staff_sees_proposals() -> None:
    arrive()
    assert queries.visible_to(PUBLIC).count() == 0
    assert queries.visible_to(CURATOR).count() == 1
