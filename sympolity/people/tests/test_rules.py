"""Who may do what with organizations and persons: every cell is written out."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from sympolity.kit.actor import PUBLIC, SYSTEM, Actor, Grant, Role
from sympolity.kit.refusals import Answer, Refused
from sympolity.people import rules
from sympolity.people.enums import ROLE_WORDS, OrganizationState

ATHENS, TILOS, CENTRE, LEGAL = (uuid4() for _ in range(4))


def acting(role: Role, *areas: UUID, for_: UUID = CENTRE, everywhere: bool = False) -> Actor:
    grants = frozenset({Grant(role, frozenset(areas), everywhere)})
    return Actor(person=uuid4(), acting_for=for_, grants=grants, approved=True)


def said(answer: Answer) -> str:
    return answer.reason if isinstance(answer, Refused) else "yes"


EDITOR = acting(Role.EDITOR, for_=LEGAL)
CURATOR = acting(Role.CURATOR, ATHENS)
WIDE = acting(Role.CURATOR, everywhere=True)
OF_NOTHING = acting(Role.CURATOR)
ADMIN = acting(Role.ADMINISTRATOR, everywhere=True)
OFFICER = acting(Role.OFFICER, ATHENS)
IN_ATHENS = rules.OrganizationFacts(LEGAL, "pending", frozenset({ATHENS}))
ON_TILOS = rules.OrganizationFacts(uuid4(), "approved", frozenset({TILOS}))
NOWHERE = rules.OrganizationFacts(uuid4(), "approved")
THE_CENTRE = rules.OrganizationFacts(CENTRE, "approved", frozenset({ATHENS}))


@pytest.mark.parametrize(
    ("actor", "athens", "tilos", "nowhere", "centre"),
    [
        (PUBLIC, "not_curator", "not_curator", "not_curator", "not_curator"),
        (EDITOR, "not_curator", "not_curator", "not_curator", "not_curator"),
        (OFFICER, "not_curator", "not_curator", "not_curator", "not_curator"),
        (CURATOR, "yes", "other_area", "other_area", "own_organization"),
        (WIDE, "yes", "yes", "yes", "own_organization"),
        (OF_NOTHING, "other_area", "other_area", "other_area", "own_organization"),
        (ADMIN, "yes", "yes", "yes", "own_organization"),
        (SYSTEM, "yes", "yes", "yes", "yes"),
    ],
)
def test_who_approves_suspends_and_closes(actor: Actor, athens: str, tilos: str, nowhere: str, centre: str) -> None:
    found = [said(rules.may_turn(actor, each)) for each in (IN_ATHENS, ON_TILOS, NOWHERE, THE_CENTRE)]
    assert found == [athens, tilos, nowhere, centre]


def test_every_state_and_verb() -> None:
    table = {
        state.value: [rules.FLOW.next(state, verb) for verb in ("approve", "suspend", "close")]
        for state in OrganizationState
    }
    assert table == {
        "pending": ["approved", None, "closed"],
        "approved": [None, "suspended", "closed"],
        "suspended": ["approved", None, "closed"],
        "closed": [None, None, None],
    }


def test_what_an_affiliation_gives_in_each_state() -> None:
    given = {state.value: {role.value for role in Role if rules.gives(state, role)} for state in OrganizationState}
    everything = {role.value for role in Role} - {"system"}
    assert given == {"pending": {"editor", "supporter"}, "approved": everything, "suspended": set(), "closed": set()}


@pytest.mark.parametrize(
    ("actor", "words", "kind", "elsewhere"),
    [
        (PUBLIC, "not_yours", "not_yours", "not_yours"),
        (EDITOR, "yes", "by_curator", "not_yours"),
        (OFFICER, "not_yours", "not_yours", "not_yours"),
        (CURATOR, "yes", "yes", "not_yours"),
        (ADMIN, "yes", "yes", "yes"),
    ],
)
def test_who_changes_an_organization(actor: Actor, words: str, kind: str, elsewhere: str) -> None:
    assert said(rules.may_change_organization(actor, IN_ATHENS, frozenset({"phone"}))) == words
    assert said(rules.may_change_organization(actor, IN_ATHENS, frozenset({"kind"}))) == kind
    assert said(rules.may_change_organization(actor, ON_TILOS, frozenset({"phone"}))) == elsewhere


@pytest.mark.parametrize(
    ("actor", "role", "answer"),
    [
        (PUBLIC, Role.EDITOR, "not_curator"),
        (EDITOR, Role.EDITOR, "not_curator"),
        (CURATOR, Role.EDITOR, "yes"),
        (CURATOR, Role.SUPPORTER, "yes"),
        (CURATOR, Role.CURATOR, "role_by_administrator"),
        (CURATOR, Role.ADMINISTRATOR, "role_by_administrator"),
        (ADMIN, Role.ADMINISTRATOR, "yes"),
        (ADMIN, Role.SYSTEM, "unknown_role"),
        (SYSTEM, Role.SYSTEM, "unknown_role"),
    ],
)
def test_who_hands_out_which_role(actor: Actor, role: Role, answer: str) -> None:
    assert said(rules.may_enrol(actor, role, IN_ATHENS)) == answer


def test_a_curator_hands_out_no_role_elsewhere() -> None:
    assert said(rules.may_enrol(CURATOR, Role.EDITOR, ON_TILOS)) == "other_area"


def test_a_role_without_borders_is_given_by_administrators() -> None:
    found = [
        said(rules.may_enrol(actor, Role.EDITOR, IN_ATHENS, everywhere=True)) for actor in (EDITOR, WIDE, ADMIN, SYSTEM)
    ]
    assert found == ["not_curator", "role_by_administrator", "yes", "yes"]


def test_only_administrators_change_the_address_of_a_person() -> None:
    me = CURATOR.person
    assert me is not None
    assert said(rules.may_change_person(CURATOR, me, frozenset({"name"}))) == "yes"
    assert said(rules.may_change_person(CURATOR, me, frozenset({"email"}))) == "not_administrator"
    assert said(rules.may_change_person(CURATOR, uuid4(), frozenset({"name"}))) == "not_administrator"
    assert said(rules.may_change_person(ADMIN, uuid4(), frozenset({"email"}))) == "yes"


def test_new_organizations_wait_for_approval() -> None:
    assert said(rules.may_register(CURATOR, frozenset({ATHENS}), "pending")) == "yes"
    assert said(rules.may_register(CURATOR, frozenset({ATHENS}), "approved")) == "state_by_verb"
    assert said(rules.may_register(CURATOR, frozenset({TILOS}), "pending")) == "other_area"
    assert said(rules.may_register(EDITOR, frozenset({ATHENS}), "pending")) == "not_curator"
    assert said(rules.may_register(SYSTEM, frozenset(), "approved")) == "yes"


def test_every_role_that_people_have_is_said_in_words() -> None:
    assert set(ROLE_WORDS) == set(Role) - {Role.SYSTEM}
