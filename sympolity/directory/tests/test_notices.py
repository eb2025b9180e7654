"""Notices: who writes them, what is refused, what the trail and the index are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from sympolity.directory import actions, queries, rules, search
from sympolity.directory.models import Notice
from sympolity.directory.notices import NoticeDraft
from sympolity.directory.tests.conftest import House, an_id
from sympolity.kit import clock
from sympolity.kit.actor import PUBLIC, SYSTEM, Actor, Grant, Role
from sympolity.kit.refusals import Refusal
from sympolity.languages.models import Text
from sympolity.trail.models import Entry, EntryDetail

HEAT = an_id("heat")


def _draft(house: House, **more: Any) -> NoticeDraft:
    now = clock.now().replace(microsecond=0)
    values: dict[str, Any] = {
        "id": HEAT, "area": house.area, "severity": "warning", "lang": "en", "title": "Very hot", "body": "Drink water.",
        "source": "The centre", "starts_at": now - timedelta(hours=1), "until": now + timedelta(days=3),
        "texts": {"title": {"el": "Ζέστη"}, "body": {"el": "Πιες νερό."}},
    }  # fmt: skip
    return NoticeDraft(**(values | more))


def _curator(*areas: str, everywhere: bool = False) -> Actor:
    grant = Grant(Role.CURATOR, frozenset(map(an_id, areas)), everywhere)
    return Actor(uuid4(), an_id("centre"), frozenset({grant}), approved=True)


def _holder(role: Role) -> Actor:
    return Actor(uuid4(), an_id("shelter"), frozenset({Grant(role, everywhere=True)}), approved=True)


def _verbs() -> list[str]:
    return list(Entry.objects.filter(noun="notice").order_by("position").values_list("verb", flat=True))


# --- writing ----------------------------------------------------------------------------------


def test_a_notice_is_written_turned_and_told(house: House) -> None:
    assert actions.record_notices(actor=SYSTEM, drafts=[_draft(house)]) == {HEAT: "created"}
    row = Notice.objects.get()
    assert (row.state, row.title, row.lang) == ("draft", "Very hot", "en")
    assert dict(Text.objects.filter(noun="notice").values_list("field", "body")) == {
        "title": "Ζέστη",
        "body": "Πιες νερό.",
    }
    assert actions.turn_notices(actor=SYSTEM, verb="publish", notices=[HEAT]) == 1
    assert actions.turn_notices(actor=SYSTEM, verb="withdraw", notices=[HEAT]) == 1
    assert _verbs() == ["recorded", "published", "withdrawn"]
    told = [row.body for row in EntryDetail.objects.filter(entry__noun="notice").order_by("entry_id")]
    assert told[0]["after"]["title"] == "Very hot"
    assert (told[1]["before"], told[1]["after"]) == ({"state": "draft"}, {"state": "published"})


def test_a_second_time_writes_nothing(house: House) -> None:
    draft = _draft(house)
    actions.record_notices(actor=SYSTEM, drafts=[draft])
    actions.turn_notices(actor=SYSTEM, verb="publish", notices=[HEAT])
    before = Entry.objects.count()
    assert actions.record_notices(actor=SYSTEM, drafts=[draft]) == {HEAT: "unchanged"}
    assert actions.record_notices(
        actor=SYSTEM, drafts=[_draft(house, texts={}, starts_at=draft.starts_at, until=draft.until)]
    ) == {HEAT: "unchanged"}
    assert actions.turn_notices(actor=SYSTEM, verb="publish", notices=[HEAT, HEAT]) == 0
    assert Entry.objects.count() == before
    assert Text.objects.filter(noun="notice").count() == 2, "words that a draft does not mention stay"


def test_only_what_changed_is_told(house: House) -> None:
    draft = _draft(house)
    actions.record_notices(actor=SYSTEM, drafts=[draft])
    later = replace(draft, until=draft.until + timedelta(days=1), texts={"title": {"el": "Πολλή ζέστη"}})
    assert actions.record_notices(actor=SYSTEM, drafts=[later]) == {HEAT: "changed"}
    told = EntryDetail.objects.filter(entry__noun="notice").latest("entry_id").body
    assert set(told["after"]) == {"until", "texts"}
    assert told["before"]["texts"] == {"title": {"el": "Ζέστη"}}
    assert actions.record_notices(actor=SYSTEM, drafts=[replace(later, texts={"title": {"el": ""}})]) == {
        HEAT: "changed"
    }
    assert list(Text.objects.filter(noun="notice").values_list("field", flat=True)) == ["body"]


def test_what_was_withdrawn_stays_so(house: House) -> None:
    draft = _draft(house)
    actions.record_notices(actor=SYSTEM, drafts=[draft])
    actions.turn_notices(actor=SYSTEM, verb="withdraw", notices=[HEAT])
    with pytest.raises(Refusal, match="wrong_state"):
        actions.turn_notices(actor=SYSTEM, verb="publish", notices=[HEAT])
    with pytest.raises(Refusal, match="withdrawn"):
        actions.record_notices(actor=SYSTEM, drafts=[replace(draft, title="Cold")])
    assert actions.record_notices(actor=SYSTEM, drafts=[draft]) == {HEAT: "unchanged"}


# --- who --------------------------------------------------------------------------------------


def _may(actor: Actor, draft: NoticeDraft) -> str:
    """Writes and publishes: "" when allowed, else the reason."""
    try:
        actions.record_notices(actor=actor, drafts=[draft])
        actions.turn_notices(actor=actor, verb="publish", notices=[draft.id])
    except Refusal as refusal:
        return refusal.reason
    return ""


def test_who_writes_and_publishes(house: House) -> None:
    allowed = {
        "system": SYSTEM,
        "administrator": _holder(Role.ADMINISTRATOR),
        "curator of the neighbourhood": _curator("kypseli"),
        "curator of the city": _curator("athens"),
        "curator of the country": _curator("greece"),
        "curator everywhere": _curator(everywhere=True),
    }
    for name, actor in allowed.items():
        assert _may(actor, _draft(house, id=uuid4())) == "", name
    count = Notice.objects.count()
    assert count == len(allowed)
    refused = {"public": PUBLIC, "editor": house.editor(house.shelter)} | {
        role.value: _holder(role) for role in (Role.OFFICER, Role.SECRETARIAT, Role.SUPPORTER, Role.TRANSLATOR)
    }
    for name, actor in refused.items():
        assert _may(actor, _draft(house, id=uuid4())) == "not_curator", name
    assert _may(_curator(), _draft(house, id=uuid4())) == "not_your_area"
    assert _may(_curator("kypseli"), _draft(house, id=uuid4(), area=an_id("athens"))) == "not_your_area"
    assert Notice.objects.count() == count


def test_a_curator_neither_takes_over_nor_turns_a_notice_of_another_area(house: House) -> None:
    actions.record_notices(actor=SYSTEM, drafts=[_draft(house, area=an_id("athens"))])
    with pytest.raises(Refusal, match="not_your_area"):
        actions.record_notices(actor=_curator("kypseli"), drafts=[_draft(house)])
    for verb in ("publish", "withdraw"):
        with pytest.raises(Refusal, match="not_your_area"):
            actions.turn_notices(actor=_curator("kypseli"), verb=verb, notices=[HEAT])
    row = Notice.objects.get()
    assert (row.area_id, row.state) == (an_id("athens"), "draft")


# --- what is refused --------------------------------------------------------------------------

SOON = timedelta(days=3)
WRONG: dict[str, dict[str, Any]] = {
    "unknown_language": {"lang": "xx"},
    "unknown_severity": {"severity": "panic"},
    "title_missing": {"title": " \u202e "},
    "title_too_long": {"title": "a" * 141},
    "body_too_long": {"body": "ab " * 334},
    "source_too_long": {"source": "a" * 201},
    "unknown_text": {"texts": {"source": {"el": "Κέντρο"}}},
    "no_time_zone": {"until": datetime(2026, 1, 1)},
    "unknown_area": {"area": UUID(int=7)},
}


@pytest.mark.parametrize("reason", WRONG)
def test_each_refusal_has_its_reason_and_writes_nothing(house: House, reason: str) -> None:
    with pytest.raises(Refusal) as refused:
        actions.record_notices(actor=SYSTEM, drafts=[_draft(house, id=uuid4()), _draft(house, **WRONG[reason])])
    assert refused.value.reason == reason
    assert refused.value.where.startswith("1.")
    assert not Notice.objects.exists()
    assert not _verbs()


def test_texts_in_other_languages_are_held_to_the_same_limits(house: House) -> None:
    for texts, reason in (
        ({"title": {"el": "α" * 141}}, "title_too_long"),
        ({"body": {"ar": "ا" * 1001}}, "body_too_long"),
        ({"body": {"klingon": "a"}}, "unknown_language"),
    ):
        with pytest.raises(Refusal, match=reason):
            actions.record_notices(actor=SYSTEM, drafts=[_draft(house, texts=texts)])
    actions.record_notices(actor=SYSTEM, drafts=[_draft(house, title="a" * 140, body="b" * 1000)])


def test_days(house: House) -> None:
    now = clock.now()
    for starts, until, reason in (
        (now, now, "until_before_start"),
        (now, now - SOON, "until_before_start"),
        (now, now + timedelta(days=367), "until_too_far"),
    ):
        with pytest.raises(Refusal, match=reason):
            actions.record_notices(actor=SYSTEM, drafts=[_draft(house, starts_at=starts, until=until)])
    actions.record_notices(actor=SYSTEM, drafts=[_draft(house, starts_at=now, until=now + timedelta(days=365))])


def test_controls_do_not_get_in(house: House) -> None:
    dirty = _draft(
        house, title="Very\u202e hot\n now", body="One\u2066\r\n\r\nTwo\x00", texts={"title": {"ar": "\u202bحر"}}
    )
    actions.record_notices(actor=SYSTEM, drafts=[dirty])
    row = Notice.objects.get()
    assert (row.title, row.body) == ("Very hot now", "One\n\nTwo")
    assert Text.objects.get(noun="notice", field="title").body == "حر"


def test_unknown_verbs_and_notices(house: House) -> None:
    with pytest.raises(Refusal, match="unknown_verb"):
        actions.turn_notices(actor=SYSTEM, verb="burn", notices=[HEAT])
    with pytest.raises(Refusal, match="unknown_notice"):
        actions.turn_notices(actor=SYSTEM, verb="publish", notices=[HEAT])


# --- who reads --------------------------------------------------------------------------------


def test_who_sees_which_and_when(house: House) -> None:
    now = clock.now()
    published, draft, early, over, far = (uuid4() for _ in range(5))
    rows = [
        _draft(house, id=published),
        _draft(house, id=draft),
        _draft(house, id=early, starts_at=now + SOON, until=now + 2 * SOON),
        _draft(house, id=over, starts_at=now - 2 * SOON, until=now - SOON),
        _draft(house, id=far, area=an_id("greece")),
    ]
    actions.record_notices(actor=SYSTEM, drafts=rows)
    actions.turn_notices(actor=SYSTEM, verb="publish", notices=[published, early, over, far])

    def seen(actor: Actor, at: datetime | None = None) -> set[UUID]:
        return set(queries.notices_visible_to(actor, at).values_list("id", flat=True))

    every = {published, draft, early, over, far}
    assert seen(PUBLIC) == seen(house.editor(house.shelter)) == seen(_curator()) == {published, far}
    assert seen(_curator("athens")) == every
    assert seen(_curator("greece")) == seen(_curator(everywhere=True)) == seen(_holder(Role.ADMINISTRATOR)) == every
    assert seen(PUBLIC, now + SOON + timedelta(hours=1)) == {early}
    assert seen(PUBLIC, now - SOON - timedelta(hours=1)) == {over}
    with clock.moved(2 * SOON + timedelta(hours=1)):
        assert seen(PUBLIC) == set()
    actions.turn_notices(actor=SYSTEM, verb="withdraw", notices=[published])
    assert seen(PUBLIC) == {far}


def test_the_index_is_told_of_published_ones_only(house: House) -> None:
    one, other = uuid4(), uuid4()
    actions.record_notices(actor=SYSTEM, drafts=[_draft(house, id=one), _draft(house, id=other)])
    assert list(search._notices([one, other])) == []
    actions.turn_notices(actor=SYSTEM, verb="publish", notices=[one])
    (document,) = search._notices([one, other])
    assert document.id == one
    assert document.doors == frozenset({"public"})
    assert document.texts == []
    assert document.card["area"] == "kypseli"
    assert document.card["texts"] == {
        "en": {"title": "Very hot", "body": "Drink water."},
        "el": {"title": "Ζέστη", "body": "Πιες νερό."},
    }
    starts = datetime.fromisoformat(document.card["starts"])
    assert starts == Notice.objects.get(id=one).starts_at
    assert starts.tzinfo == UTC
    actions.turn_notices(actor=SYSTEM, verb="withdraw", notices=[one])
    assert list(search._notices([one, other])) == []


def test_the_buttons_come_from_the_flow(house: House) -> None:
    facts = rules.NoticeFacts(frozenset({an_id("athens")}))
    assert rules.NOTICE_FLOW.verbs(_curator("athens"), "draft", facts) == ["publish", "withdraw"]
    assert rules.NOTICE_FLOW.verbs(_curator("kypseli"), "draft", facts) == []
    assert rules.NOTICE_FLOW.verbs(SYSTEM, "withdrawn", facts) == []


def test_writing_one_and_three_asks_the_same(house: House, django_assert_num_queries: Any) -> None:
    drafts = [_draft(house, id=uuid4(), texts={}) for _ in range(4)]
    actions.record_notices(actor=SYSTEM, drafts=drafts)
    for group in (drafts[:1], drafts[1:]):
        with django_assert_num_queries(5):
            actions.record_notices(actor=SYSTEM, drafts=group)
