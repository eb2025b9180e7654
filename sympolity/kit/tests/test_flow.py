"""A flow says who may do what, and the same to everybody who asks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from sympolity.kit.actor import PUBLIC, Actor, Grant, Role
from sympolity.kit.flow import Flow, Turn
from sympolity.kit.refusals import Allowed, Answer, Refused

CURATOR = Actor(person=UUID(int=1), grants=frozenset({Grant(Role.CURATOR)}))


def not_own(actor: Actor, facts: Any) -> Answer:
    return Refused("own") if facts == actor.person else Allowed()


FLOW = Flow(
    "thing",
    [
        Turn("publish", frozenset({"draft"}), "published", frozenset({Role.CURATOR}), not_own),
        Turn("withdraw", frozenset({"draft", "published"}), "withdrawn", frozenset({Role.CURATOR, Role.EDITOR})),
    ],
)


def test_a_verb_leads_where_the_table_says_and_nowhere_else() -> None:
    assert FLOW.next("draft", "publish") == "published"
    assert FLOW.next("published", "publish") is None


@pytest.mark.parametrize(
    ("actor", "state", "facts", "reason"),
    [
        (PUBLIC, "draft", None, "wrong_role"),
        (CURATOR, "withdrawn", None, "wrong_state"),
        (CURATOR, "draft", UUID(int=1), "own"),
    ],
)
def test_a_refusal_carries_its_reason(actor: Actor, state: str, facts: Any, reason: str) -> None:
    answer = FLOW.may(actor, state, "publish", facts)
    assert isinstance(answer, Refused)
    assert answer.reason == reason


def test_buttons_are_what_the_actor_may_do() -> None:
    assert FLOW.verbs(CURATOR, "draft") == ["publish", "withdraw"]
    assert FLOW.verbs(CURATOR, "draft", UUID(int=1)) == ["withdraw"]
    assert FLOW.verbs(PUBLIC, "draft") == []


def test_the_table_can_be_read_out() -> None:
    assert sorted(FLOW.rows()) == [
        ("draft", "publish", "published", ("curator",)),
        ("draft", "withdraw", "withdrawn", ("curator", "editor")),
        ("published", "withdraw", "withdrawn", ("curator", "editor")),
    ]


def test_one_verb_cannot_lead_to_two_places() -> None:
    with pytest.raises(ValueError, match="twice"):
        Flow("thing", [Turn("go", frozenset({"a"}), "b", frozenset()), Turn("go", frozenset({"a"}), "c", frozenset())])
