"""Statements: nothing is shown without consent, words stay as consented, and may be taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from sympolity.kit.actor import PUBLIC, SYSTEM, Actor
from sympolity.kit.refusals import Refusal
from sympolity.languages.texts import bundles
from sympolity.people import acting, actions, queries
from sympolity.people.actions import StatementItem
from sympolity.people.models import Statement
from sympolity.people.tests.conftest import an_id
from sympolity.trail.models import Entry, EntryDetail

pytestmark = pytest.mark.django_db

AGREED = date(2026, 1, 15)


@pytest.fixture
def item(network: dict[str, UUID]) -> StatementItem:
    return StatementItem(
        id=an_id("words"), organization=network["legal"], body="Μας βοήθησε.", said_by="μια δικηγόρος",
        texts={"body": {"en": "It helped us.", "el": "Μας βοήθησε."}, "said_by": {"en": "a lawyer"}},
    )  # fmt: skip


@pytest.fixture
def editor(enrol: Callable[..., Any]) -> Actor:
    return acting.actor_for(enrol("eleni", legal="editor").id)


@pytest.fixture
def curator(enrol: Callable[..., Any], areas: dict[str, UUID]) -> Actor:
    return acting.actor_for(enrol("dimitris", centre="curator", areas=[areas["athens"]]).id)


def reason(call: Callable[[], Any]) -> str:
    before = Entry.objects.count()
    with pytest.raises(Refusal) as refusal:
        call()
    assert Entry.objects.count() == before
    return refusal.value.reason


def test_a_statement_is_written_as_a_draft_once(item: StatementItem, editor: Actor) -> None:
    assert actions.record_statements(actor=editor, items=[item]) == [item.id]
    assert actions.record_statements(actor=editor, items=[item]) == []
    row = Statement.objects.get()
    assert (row.status, row.body, row.consent_on) == ("draft", "Μας βοήθησε.", None)
    assert bundles("statement", [row])[row.id].said("said_by", "en").body == "a lawyer"
    last = EntryDetail.objects.select_related("entry").latest("entry_id")
    assert (last.entry.verb, last.entry.noun, last.entry.noun_id) == ("recorded", "statement", item.id)
    assert last.body["after"]["texts"] == {"body": {"en": "It helped us."}, "said_by": {"en": "a lawyer"}}
    assert not queries.statements_visible_to(PUBLIC).exists()
    assert queries.statements_visible_to(editor).exists()


def test_nothing_is_published_without_consent(item: StatementItem, editor: Actor, curator: Actor) -> None:
    actions.record_statements(actor=editor, items=[item])
    assert item.id is not None
    ids = [item.id]
    assert reason(lambda: actions.publish_statements(actor=SYSTEM, ids=ids)) == "no_consent"
    actions.record_statements(actor=editor, items=[replace(item, consent_on=AGREED)])
    assert reason(lambda: actions.publish_statements(actor=editor, ids=ids)) == "wrong_role"
    assert actions.publish_statements(actor=curator, ids=ids) == 1
    assert actions.publish_statements(actor=curator, ids=ids) == 0
    assert [row.id for row in queries.statements_visible_to(PUBLIC)] == ids


def test_consent_is_to_certain_words(item: StatementItem, editor: Actor, curator: Actor) -> None:
    agreed = replace(item, consent_on=AGREED)
    actions.record_statements(actor=editor, items=[agreed])
    other = replace(agreed, body="Μας έσωσε.")
    assert reason(lambda: actions.record_statements(actor=editor, items=[other])) == "consent_to_other_words"
    actions.record_statements(actor=editor, items=[replace(other, consent_on=date(2026, 2, 1))])
    actions.publish_statements(actor=curator, ids=[an_id("words")])
    latest = replace(other, consent_on=date(2026, 2, 1))
    changes: list[dict[str, Any]] = [
        {"body": "Άλλα."}, {"said_by": "ο πρόεδρος"}, {"body": "Άλλα.", "consent_on": date(2026, 3, 1)},
    ]  # fmt: skip
    for actor in (editor, SYSTEM):
        for change in changes:
            record = partial(actions.record_statements, actor=actor, items=[replace(latest, **change)])
            assert reason(record) == "words_are_published"
        record = partial(actions.record_statements, actor=actor, items=[replace(latest, consent_on=None)])
        assert reason(record) == "no_consent"
    more = replace(latest, texts={"body": {"ar": "ساعدنا."}})
    assert actions.record_statements(actor=editor, items=[more]) == [item.id]


def test_whoever_said_it_takes_it_back_for_good(item: StatementItem, editor: Actor, curator: Actor) -> None:
    agreed, ids = replace(item, consent_on=AGREED), [an_id("words")]
    actions.record_statements(actor=editor, items=[agreed])
    actions.publish_statements(actor=curator, ids=ids)
    assert actions.withdraw_statements(actor=editor, ids=ids) == 1
    assert not queries.statements_visible_to(PUBLIC).exists()
    assert reason(lambda: actions.publish_statements(actor=SYSTEM, ids=ids)) == "wrong_state"
    assert actions.record_statements(actor=SYSTEM, items=[agreed]) == []
    assert reason(lambda: actions.record_statements(actor=editor, items=[replace(agreed, position=3)])) == "withdrawn"


@pytest.mark.parametrize("key", ["island", "bench"])
def test_nobody_speaks_for_another_organization(
    key: str, item: StatementItem, network: dict[str, UUID], editor: Actor, curator: Actor
) -> None:
    theirs = replace(item, organization=network[key], consent_on=AGREED)
    assert reason(lambda: actions.record_statements(actor=editor, items=[theirs])) == "not_yours"
    assert reason(lambda: actions.record_statements(actor=PUBLIC, items=[theirs])) == "not_yours"
    if key == "island":  # not in the curator's area
        assert reason(lambda: actions.record_statements(actor=curator, items=[theirs])) == "not_yours"
        actions.record_statements(actor=SYSTEM, items=[theirs])
        assert reason(lambda: actions.publish_statements(actor=curator, ids=[an_id("words")])) == "other_area"
        assert reason(lambda: actions.withdraw_statements(actor=editor, ids=[an_id("words")])) == "not_yours"


def test_what_hides_says_nothing_in_public(item: StatementItem, network: dict[str, UUID]) -> None:
    rows = [
        replace(item, id=an_id(key), organization=network[key], consent_on=AGREED)
        for key in ("bench", "quiet", "legal")
    ]
    actions.record_statements(actor=SYSTEM, items=rows)
    actions.publish_statements(actor=SYSTEM, ids=[an_id(key) for key in ("bench", "quiet", "legal")])
    assert [row.id for row in queries.statements_visible_to(PUBLIC)] == [an_id("legal")]
    actions.suspend_organizations(actor=SYSTEM, ids=[network["legal"]])
    assert not queries.statements_visible_to(PUBLIC).exists()


@pytest.mark.parametrize(
    ("changes", "reason_"),
    [
        ({"body": "  "}, "body_missing"),
        ({"body": "α" * 1001}, "body_too_long"),
        ({"said_by": "α" * 121}, "said_by_too_long"),
        ({"lang": "xx"}, "unknown_language"),
        ({"organization": an_id("nobody")}, "unknown_organization"),
        ({"consent_on": date(2999, 1, 1)}, "consent_in_the_future"),
        ({"texts": {"organization": {"en": "x"}}}, "unknown_text"),
    ],
)
def test_what_is_wrong_is_refused(changes: dict[str, Any], reason_: str, item: StatementItem) -> None:
    assert reason(lambda: actions.record_statements(actor=SYSTEM, items=[replace(item, **changes)])) == reason_
    assert reason(lambda: actions.publish_statements(actor=SYSTEM, ids=[an_id("none")])) == "unknown_statement"
