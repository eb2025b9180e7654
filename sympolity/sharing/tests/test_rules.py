"""The flow of a proposal, cell by cell, and the trust rule."""

from __future__ import annotations

from uuid import uuid4

from sympolity.kit.actor import PUBLIC, SYSTEM, Actor, Grant, Role
from sympolity.sharing.rules import FLOW, differences, may_receive, trusts

_PEOPLE = ("administrator", "curator", "system")
_CURATOR = Actor(person=uuid4(), grants=frozenset({Grant(Role.CURATOR)}))

# Reviewed: state, verb, next state, who.
EXPECTED = {
    ("received", "trust", "accepted", ("system",)),
    ("received", "ask", "review", ("system",)),
    ("received", "refuse", "invalid", ("system",)),
    ("received", "supersede", "superseded", ("system",)),
    ("received", "retract", "retracted", ("system",)),
    ("invalid", "retry", "received", _PEOPLE),
    ("invalid", "decline", "declined", _PEOPLE),
    ("invalid", "supersede", "superseded", ("system",)),
    ("invalid", "retract", "retracted", ("system",)),
    ("review", "accept", "accepted", _PEOPLE),
    ("review", "decline", "declined", _PEOPLE),
    ("review", "supersede", "superseded", ("system",)),
    ("review", "retract", "retracted", ("system",)),
    ("accepted", "supersede", "superseded", ("system",)),
    ("accepted", "retract", "retracted", ("system",)),
    ("declined", "supersede", "superseded", ("system",)),
}


def test_the_flow_is_the_reviewed_one() -> None:
    assert {(str(a), b, str(c), tuple(str(role) for role in d)) for a, b, c, d in FLOW.rows()} == EXPECTED


def test_only_the_operators_own_import_is_trusted() -> None:
    assert trusts(SYSTEM, "import")
    assert not trusts(SYSTEM, "visitor")
    assert not trusts(SYSTEM, "partner")
    assert not trusts(_CURATOR, "import")
    assert not may_receive(PUBLIC)


def test_differences_are_named_by_their_path() -> None:
    before = {"service": {"name": "a", "texts": {"name": {"en": "x"}}}, "location": {}}
    after = {"service": {"name": "b", "texts": {"name": {"en": "x", "ar": "y"}}}, "location": {"lat": 1}}
    assert differences(before, before) == []
    assert differences(before, after) == ["location.lat", "service.name", "service.texts.name.ar"]
