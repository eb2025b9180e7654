"""A role reaches what is named, and everything only where that is said."""

from __future__ import annotations

from uuid import UUID

from sympolity.kit.actor import PUBLIC, SYSTEM, Actor, Grant, Role

ATHENS, TILOS = UUID(int=1), UUID(int=2)


def _reach(*grants: Grant) -> frozenset[UUID] | None:
    return Actor(person=UUID(int=3), grants=frozenset(grants)).areas_of(Role.CURATOR)


def test_a_grant_without_areas_reaches_nothing() -> None:
    assert _reach() == _reach(Grant(Role.CURATOR)) == frozenset()
    assert PUBLIC.areas_of(Role.CURATOR) == frozenset()


def test_areas_add_up_and_everywhere_is_said() -> None:
    athens, tilos = Grant(Role.CURATOR, frozenset({ATHENS})), Grant(Role.CURATOR, frozenset({TILOS}))
    assert _reach(athens, tilos, Grant(Role.CURATOR)) == frozenset({ATHENS, TILOS})
    assert _reach(athens, Grant(Role.CURATOR, everywhere=True)) is None
    assert _reach(athens, Grant(Role.OFFICER, everywhere=True)) == frozenset({ATHENS})
    assert SYSTEM.areas_of(Role.SYSTEM) is None
