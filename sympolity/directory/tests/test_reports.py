"""Reports: what marks a service, who reads what, what is kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from sympolity.directory import actions, marks, queries, search
from sympolity.directory.enums import CONDUCT, FACTS
from sympolity.directory.models import Report, Service
from sympolity.directory.reports import answering, forgetting, rules, sending
from sympolity.directory.reports.queries import (
    conduct_facts,
    fact_facts,
    guards,
    readers_of,
    reports_visible_to,
)
from sympolity.directory.reports.sending import ReportItem, send_reports
from sympolity.directory.tests.conftest import House, an_id
from sympolity.kit import clock, codes
from sympolity.kit.actor import PUBLIC, SYSTEM, Actor, Grant, Role
from sympolity.kit.refusals import Refusal
from sympolity.people.acting import actor_for
from sympolity.people.actions import AffiliationItem, PersonItem, enrol_persons, equip_examples
from sympolity.people.models import Person
from sympolity.trail.models import Entry, EntryDetail

BED = an_id("bed")
SINCE = date(2024, 1, 1)


@pytest.fixture
def bed(house: House) -> House:
    """A service of the shelter in Kypseli, Athens, and one of the centre."""
    place = house.place("house", house.shelter, address="Street 1")
    actions.record_locations(actor=SYSTEM, drafts=[place])
    drafts = [
        house.service("bed", house.shelter, an_id("house")),
        house.service("advice", an_id("centre"), an_id("house")),
    ]
    actions.record_services(actor=SYSTEM, drafts=drafts)
    return house


def _say(kind: str = "wrong_phone", sender: str = "", service: UUID = BED, **more: Any) -> Report:
    return send_reports(items=[ReportItem(uuid4(), service, kind, sender=sender, **more)])[0]


def _states() -> list[str]:
    return sorted(Report.objects.values_list("state", flat=True))


def _person(name: str, *roles: tuple[str, Role, tuple[str, ...]]) -> Actor:
    """Somebody with (organization, role, areas); areas ("*",): everywhere. They act for the first."""
    rows = tuple(
        AffiliationItem(
            organization=an_id(organization), role=role, since=SINCE, everywhere=areas == ("*",),
            areas=frozenset(map(an_id, areas)) if areas != ("*",) else frozenset(),
        )
        for organization, role, areas in roles
    )  # fmt: skip
    enrol_persons(actor=SYSTEM, items=[PersonItem(email=f"{name}@work.example", name=name, affiliations=rows)])
    person = Person.objects.get(email=f"{name}@work.example").id
    equip_examples(actor=SYSTEM, persons=[person])
    return actor_for(person, str(an_id(roles[0][0])))


# --- sending -----------------------------------------------------------------------------------


def test_a_report_is_kept_with_whose_service_it_was_and_where(bed: House) -> None:
    row = _say("moved", words="Next door\u202e now", lang="el")
    assert (row.organization_id, row.area_id, row.conduct, row.state) == (
        bed.shelter,
        an_id("kypseli"),
        False,
        "received",
    )
    assert (row.words, row.lang) == ("Next door now", "el")
    assert codes.check(row.code) == row.code
    assert len(row.code) == codes.LONGEST


def test_sent_twice_it_is_one(bed: House) -> None:
    item = ReportItem(uuid4(), BED, "closed", "first")
    first, second = (send_reports(items=[one])[0] for one in (item, ReportItem(item.id, BED, "moved", "second")))
    assert (first.id, first.code, second.words) == (second.id, second.code, "first")
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ({"kind": "nonsense"}, "unknown_kind"),
        ({"kind": ""}, "unknown_kind"),
        ({"lang": "xx"}, "unknown_language"),
        ({"words": "x" * 601}, "words_too_long"),
        ({"words": "x" * 100_000}, "words_too_long"),
        ({"service": an_id("none")}, "unknown_service"),
    ],
)
def test_what_is_refused_leaves_nothing(bed: House, item: dict[str, Any], reason: str) -> None:
    values: dict[str, Any] = {"id": uuid4(), "service": BED, "kind": "closed"}
    with pytest.raises(Refusal) as refusal:
        send_reports(items=[ReportItem(uuid4(), BED, "closed"), ReportItem(**(values | item))])
    assert (refusal.value.reason, Report.objects.count()) == (reason, 0)


@pytest.mark.parametrize("columns", [{"audience": "members"}, {"status": "inactive"}])
def test_of_what_not_everybody_sees_nobody_reports(bed: House, columns: dict[str, str]) -> None:
    Service.objects.filter(id=BED).update(**columns)
    with pytest.raises(Refusal, match="unknown_service"):
        _say()


def test_fact_and_conduct_cannot_be_mixed_up(bed: House) -> None:
    row = _say()
    for columns in ({"conduct": True}, {"kind": "unsafe"}, {"state": "answered"}, {"outcome": "fixed"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.filter(id=row.id).update(**columns)


# --- the public mark ---------------------------------------------------------------------------


def _doubted() -> list[str]:
    [dossier] = queries.dossiers(queries.visible_to(PUBLIC).filter(id=BED))
    return dossier.doubted


def test_two_networks_mark_a_service(bed: House) -> None:
    _say("wrong_phone", "k.one")
    assert _doubted() == []
    _say("moved", "k.two")
    assert _doubted() == ["wrong_phone", "moved"]
    assert _states() == ["being_checked", "being_checked"]


@pytest.mark.parametrize(
    "senders",
    [("k.one", "k.one", "k.one"), ("", "", ""), ("k.one", ""), ("k.one", "l.two"), ("k", "l")],
    ids=["one network", "unknown", "one and unknown", "of two days or hosts", "no word"],
)
def test_nothing_else_does(bed: House, senders: tuple[str, ...]) -> None:
    for sender in senders:
        _say("closed", sender)
    assert _doubted() == []


def test_conduct_never_marks(bed: House) -> None:
    _person("guard", ("centre", Role.SAFEGUARDING, ("*",)))
    for number, kind in enumerate(CONDUCT):
        _say(kind, f"k.{number}")
    _say("closed", "k.fact")
    assert (_doubted(), set(_states())) == ([], {"received"})


def test_the_index_is_told_of_facts_only(bed: House) -> None:
    _person("guard", ("centre", Role.SAFEGUARDING, ("*",)))
    fact, conduct = _say("closed"), _say("unsafe")
    affected = search._services_affected
    assert affected([("report", fact.id)]) == {BED}
    assert affected([("report", conduct.id)]) == set()
    [document] = search._services([BED])
    assert document.card["doubted"] == []
    _say("closed", "k.one"), _say("closed", "k.two")
    [document] = search._services([BED])
    assert document.card["doubted"] == ["closed"]


def test_an_answer_takes_the_mark_away_and_keeps_strangers_quiet_for_a_week(bed: House) -> None:
    first, second = _say("closed", "k.one"), _say("closed", "k.two")
    owner = bed.editor(bed.shelter)
    verdicts = [answering.Verdict(row.id, "answer", "still_right", "We are here.", "en") for row in (first, second)]
    answering.turn_reports(actor=owner, verdicts=verdicts)
    assert _doubted() == []
    _say("closed", "k.three"), _say("closed", "k.four")
    assert _doubted() == []
    with clock.moved(timedelta(days=8)):
        _say("closed", "k.five")
        assert _doubted() == ["closed"]


def _city(bed: House, services: int) -> list[UUID]:
    drafts = [bed.service(f"s{number}", bed.shelter, an_id("house")) for number in range(services)]
    actions.record_services(actor=SYSTEM, drafts=drafts)
    return [draft.id for draft in drafts]


def test_a_flood_marks_at_most_a_twentieth_of_a_city(bed: House) -> None:
    some = _city(bed, 58)  # and the two that stand
    for service in some:
        _say("closed", "k.one", service), _say("closed", "k.two", service)
    assert marks.counts_in(an_id("athens")) == (60, 3)
    assert _states().count("being_checked") == 6
    with pytest.raises(Refusal, match="wrong_role"):
        answering.turn_reports(
            actor=bed.editor(bed.shelter),
            verdicts=[answering.Verdict(Report.objects.filter(state="received")[0].id, "check")],
        )


def test_in_a_small_city_one_may_be_marked(bed: House) -> None:
    for service in (BED, an_id("advice")):
        _say("closed", "k.one", service), _say("closed", "k.two", service)
    assert marks.counts_in(an_id("athens")) == (2, 1)


def test_services_of_no_city_are_counted_together(bed: House) -> None:
    actions.record_services(actor=SYSTEM, drafts=[bed.service(f"by phone {n}", bed.shelter) for n in range(3)])
    for number in range(3):
        for sender in ("k.one", "k.two"):
            _say("closed", sender, an_id(f"by phone {number}"))
    assert (marks.counts_in(None), marks.counts_in(an_id("athens"))) == ((3, 1), (2, 0))


def test_room_in_a_city() -> None:
    table = {
        (0, 0): True,
        (1, 0): True,
        (39, 0): True,
        (39, 1): False,
        (40, 1): True,
        (40, 2): False,
        (100, 4): True,
        (100, 5): False,
    }
    assert {key: rules.may_be_marked(listed=key[0], marked=key[1]) for key in table} == table


# --- who reads ---------------------------------------------------------------------------------


@pytest.fixture
def people(bed: House) -> dict[str, Actor]:
    return {
        "public": PUBLIC,
        "system": SYSTEM,
        "editor of the accused": _person("ed", ("shelter", Role.EDITOR, ())),
        "editor of another": _person("other", ("other", Role.EDITOR, ())),
        "supporter of the accused": _person("sup", ("shelter", Role.SUPPORTER, ())),
        "curator of the area": _person("cur", ("centre", Role.CURATOR, ("athens",))),
        "curator elsewhere": _person("far", ("centre", Role.CURATOR, ("attica",))),
        "curator everywhere": _person("all", ("centre", Role.CURATOR, ("*",))),
        "guard of the area": _person("guard", ("centre", Role.SAFEGUARDING, ("athens",))),
        "guard of no area": _person("lost", ("centre", Role.SAFEGUARDING, ())),
        "guard who edits there": _person("both", ("centre", Role.SAFEGUARDING, ("*",)), ("shelter", Role.EDITOR, ())),
        "guard in the accused": _person("own", ("shelter", Role.SAFEGUARDING, ("*",))),
        "administrator": _person("admin", ("centre", Role.ADMINISTRATOR, ())),
        "administrator of the accused": _person("boss", ("shelter", Role.ADMINISTRATOR, ())),
    }


def _readers(people: dict[str, Actor], row: Report) -> set[str]:
    """Who reads it, by rows; and the rule says the same of everybody."""
    found = {name for name, actor in people.items() if reports_visible_to(actor).filter(id=row.id).exists()}
    row = Report.objects.select_related("service").get(id=row.id)
    rule = (
        {name for name, actor in people.items() if rules.may_read_conduct(actor, conduct_facts(row, actor))}
        if row.conduct
        else {name for name, actor in people.items() if rules.may_read_fact(actor, fact_facts(row))}
    )
    assert found == rule
    return found


def test_who_reads_facts(people: dict[str, Actor]) -> None:
    everybody = {"system", "editor of the accused", "curator of the area", "curator elsewhere", "curator everywhere"}
    assert _readers(people, _say("closed")) == everybody | {"administrator", "administrator of the accused"}


@pytest.mark.parametrize("kind", CONDUCT)
def test_who_reads_of_conduct(people: dict[str, Actor], kind: str) -> None:
    assert _readers(people, _say(kind)) == {"guard of the area"}


def test_whoever_left_the_accused_reads_nothing_either(people: dict[str, Actor]) -> None:
    row = _say("unsafe")
    left = AffiliationItem(organization=an_id("shelter"), role=Role.SUPPORTER, since=SINCE, until=date(2024, 2, 1))
    item = PersonItem(email="guard@work.example", name="guard", affiliations=(left,))
    enrol_persons(actor=SYSTEM, items=[item])
    assert "guard of the area" not in _readers(people, row)


def test_where_no_contact_is_independent_an_administrator_reads(people: dict[str, Actor]) -> None:
    about_the_centre = _say("unsafe", service=an_id("advice"))
    assert _readers(people, about_the_centre) == {"guard in the accused"}, "whose own organization this is not about"
    Person.objects.filter(email="own@work.example").update(is_active=False)
    people = {name: actor for name, actor in people.items() if name != "guard in the accused"}
    assert _readers(people, about_the_centre) == {"administrator of the accused"}, "of another organization"


def test_moving_the_service_moves_no_report(people: dict[str, Actor], bed: House) -> None:
    row = _say("unsafe")
    Service.objects.filter(id=BED).update(organization=bed.other)
    assert _readers(people, row) == {"guard of the area"}


def test_who_would_read(bed: House) -> None:
    around = [an_id("kypseli"), an_id("athens")]
    assert readers_of(bed.shelter, around) is None
    _person("boss", ("shelter", Role.ADMINISTRATOR, ()))
    assert readers_of(bed.shelter, around) is None
    _person("admin", ("centre", Role.ADMINISTRATOR, ()))
    assert readers_of(bed.shelter, around) == Role.ADMINISTRATOR
    _person("guard", ("centre", Role.SAFEGUARDING, ("athens",)))
    assert readers_of(bed.shelter, around) == Role.SAFEGUARDING
    assert (len(guards()), readers_of(bed.shelter, [])) == (1, Role.ADMINISTRATOR)
    assert readers_of(an_id("centre"), around) == Role.ADMINISTRATOR, "the one who does not belong to the centre"


def test_what_nobody_may_read_is_not_taken(bed: House) -> None:
    with pytest.raises(Refusal, match="nobody_independent"):
        _say("unsafe")
    assert (Report.objects.count(), Entry.objects.filter(noun="report").count()) == (0, 0)


# --- the log -----------------------------------------------------------------------------------


def test_the_log_tells_nothing_of_a_report(people: dict[str, Actor]) -> None:
    rows = [_say("closed", words="hush"), _say("harassed", words="hush")]
    verdict = answering.Verdict
    answering.turn_reports(
        actor=people["curator of the area"], verdicts=[verdict(rows[0].id, "answer", "fixed", "hush")]
    )
    answering.turn_reports(actor=people["guard of the area"], verdicts=[verdict(rows[1].id, "answer", "acted", "hush")])
    for row in rows:
        entries = Entry.objects.filter(noun_id=row.id).order_by("position")
        assert [(entry.noun, entry.verb) for entry in entries] == [("report", "received"), ("report", "answered")]
        assert (entries[0].actor_id, entries[0].organization_id) == (None, None)
        assert {str(one.body) for one in EntryDetail.objects.filter(entry__in=entries)} == {"{}"}
    assert not Entry.objects.filter(noun="service", verb__in=["received", "answered", "being_checked"]).exists()


# --- answering ---------------------------------------------------------------------------------


def test_answers(people: dict[str, Actor]) -> None:
    row = _say("closed")
    said = answering.Verdict(row.id, "answer", "fixed", "Thank you\u202e", "el")
    answering.turn_reports(actor=people["editor of the accused"], verdicts=[said])
    row.refresh_from_db()
    assert (row.state, row.outcome, row.answer, row.answer_lang) == ("answered", "fixed", "Thank you", "el")
    assert row.answered_at is not None
    answering.turn_reports(actor=people["editor of the accused"], verdicts=[said])
    assert Entry.objects.filter(noun="report", verb="answered").count() == 1


@pytest.mark.parametrize(
    ("who", "verdict", "reason"),
    [
        ("public", ("answer", "fixed"), "unknown_report"),
        ("editor of another", ("answer", "fixed"), "unknown_report"),
        ("guard of the area", ("answer", "fixed"), "unknown_report"),
        ("editor of the accused", ("set_aside", ""), "wrong_role"),
        ("editor of the accused", ("check", ""), "wrong_role"),
        ("editor of the accused", ("answer", "acted"), "unknown_outcome"),
        ("editor of the accused", ("answer", ""), "unknown_outcome"),
        ("editor of the accused", ("answer", "fixed", "x" * 601), "answer_too_long"),
        ("editor of the accused", ("answer", "fixed", "x", "xx"), "unknown_language"),
        ("editor of the accused", ("burn", ""), "unknown_verb"),
    ],
)
def test_what_is_refused_of_facts(people: dict[str, Actor], who: str, verdict: tuple[str, ...], reason: str) -> None:
    row = _say("closed")
    with pytest.raises(Refusal) as refusal:
        answering.turn_reports(actor=people[who], verdicts=[answering.Verdict(row.id, *verdict)])
    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    "who", ["editor of the accused", "curator of the area", "curator everywhere", "administrator", "system"]
)
def test_of_conduct_they_are_told_what_they_are_told_of_none(people: dict[str, Actor], who: str) -> None:
    row = _say("unsafe")
    told = []
    for one in (row.id, uuid4()):
        with pytest.raises(Refusal) as refusal:
            answering.turn_reports(actor=people[who], verdicts=[answering.Verdict(one, "set_aside")])
        told.append((refusal.value.reason, refusal.value.facts))
    assert told[0] == told[1]


# --- forgetting --------------------------------------------------------------------------------


def test_senders_go_with_the_day_and_words_later(people: dict[str, Actor]) -> None:
    open_, fact, conduct = (
        _say("closed", "k.one", words="a"),
        _say("moved", words="b"),
        _say("unsafe", "k.two", words="c"),
    )
    verdict = answering.Verdict
    answering.turn_reports(actor=people["administrator"], verdicts=[verdict(fact.id, "set_aside")])
    answering.turn_reports(actor=people["guard of the area"], verdicts=[verdict(conduct.id, "set_aside")])

    def stands() -> list[tuple[str, str]]:
        found = Report.objects.in_bulk()
        return [(found[row.id].words, found[row.id].sender) for row in (open_, fact, conduct)]

    assert forgetting.forget() == 0
    with clock.moved(timedelta(days=1)):
        forgetting.forget()
        assert stands() == [("a", ""), ("b", ""), ("c", "")]
    with clock.moved(timedelta(days=91)):
        forgetting.forget()
        assert stands() == [("a", ""), ("", ""), ("c", "")]
    with clock.moved(timedelta(days=366)):
        forgetting.forget()
        assert stands() == [("a", ""), ("", ""), ("", "")]
        assert forgetting.forget() == 0


# --- what is missing ---------------------------------------------------------------------------


def test_the_board(bed: House) -> None:
    said = sending.MissingItem(uuid4(), " A doctor\nfor children ", "en", "athens", "sleep")
    nowhere = sending.MissingItem(uuid4(), "A dentist")
    sending.send_missing(items=[said, nowhere, said])
    curators = {name: _person(name, ("centre", Role.CURATOR, areas)) for name, areas in {
        "athens": ("athens",), "attica": ("attica",), "kypseli": ("kypseli",), "all": ("*",)}.items()}  # fmt: skip
    from sympolity.directory.reports.queries import missing_visible_to

    seen = {name: {row.words for row in missing_visible_to(actor)} for name, actor in curators.items()}
    both = {"A doctor for children", "A dentist"}
    assert seen == {"athens": both, "attica": both, "kypseli": {"A dentist"}, "all": both}
    assert not missing_visible_to(bed.editor(bed.shelter)).exists()
    assert answering.turn_missing(actor=curators["athens"], verb="take_up", lines=[said.id, nowhere.id]) == 2
    assert answering.turn_missing(actor=curators["athens"], verb="take_up", lines=[said.id]) == 0
    with pytest.raises(Refusal, match="unknown_line"):
        answering.turn_missing(actor=curators["kypseli"], verb="drop", lines=[said.id])
    with pytest.raises(Refusal, match="wrong_state"):
        (
            answering.turn_missing(actor=curators["all"], verb="answer", lines=[said.id]),
            answering.turn_missing(actor=curators["all"], verb="drop", lines=[said.id]),
        )


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ({"words": " \u200b"}, "words_missing"),
        ({"words": "x" * 201}, "words_too_long"),
        ({"lang": "xx"}, "unknown_language"),
        ({"area": "atlantis"}, "unknown_area"),
        ({"need": "gold"}, "unknown_need"),
    ],
)
def test_what_the_board_refuses(bed: House, item: dict[str, str], reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        sending.send_missing(items=[sending.MissingItem(**({"id": uuid4(), "words": "A doctor"} | item))])  # type: ignore[arg-type]


def test_facts_and_conduct_are_all_kinds() -> None:
    from sympolity.directory.enums import ReportKind

    assert sorted((*FACTS, *CONDUCT)) == sorted(ReportKind)
    assert Grant(Role.SAFEGUARDING).role == "safeguarding"
