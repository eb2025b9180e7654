"""Organizations are asked, reminded and called; what they say is taken down once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest

from sympolity.directory import actions, queries
from sympolity.directory.asking_models import Asking, Reply
from sympolity.directory.drafts import ConfirmationDraft
from sympolity.directory.enums import Said
from sympolity.directory.models import Category, Confirmation, Service
from sympolity.directory.tests.conftest import House, an_id
from sympolity.directory.truth import answers, asking
from sympolity.directory.truth.answers import Word
from sympolity.directory.truth.steps import LinkFacts
from sympolity.kit import clock
from sympolity.kit.actor import SYSTEM, Actor, Grant, Role
from sympolity.kit.refusals import Refusal
from sympolity.people import actions as people
from sympolity.people.models import Organization
from sympolity.post.models import Message, Recipient
from sympolity.sharing.models import Proposal
from sympolity.trail.models import Entry

GROUPS = ("contact", "hours", "eligibility", "rest")


class Post:
    """What was handed over to post, and which addresses refuse it."""

    def __init__(self) -> None:
        self.seen: set[UUID] = set()

    def read(self) -> list[tuple[str, str]]:
        """(address, step) of what came since the last look."""
        rows = (
            Message.objects.exclude(id__in=self.seen)
            .select_related("recipient")
            .order_by("created_at", "recipient__address")
        )
        found = [(row.recipient.address, row.key.split(":")[2]) for row in rows]
        self.seen |= {row.id for row in rows}
        return found

    def refuse(self, address: str) -> None:
        """The mail server of this address says that there is nobody."""
        Recipient.objects.filter(address=address).update(refused_at=clock.now(), refused="550")


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def asked(house: House, post: Post) -> House:
    """The shelter has a mailbox, an editor and two services that nobody confirmed."""
    Organization.objects.filter(id=house.shelter).update(email="office@shelter.example")
    item = people.AffiliationItem(organization=house.shelter, role=Role.EDITOR, since=clock.local_today())
    people.enrol_persons(
        actor=SYSTEM,
        items=[people.PersonItem(email="mina@shelter.example", name="Mina", language="ar", affiliations=(item,))],
    )
    actions.record_services(
        actor=SYSTEM,
        drafts=[_with_hours(house.service("beds", house.shelter, house.refuge)), house.service("soup", house.shelter)],
    )
    return house


def _with_hours(draft: Any) -> Any:
    draft.opening_hours = "Mo-Fr 09:00-17:00"
    return draft


def _confirm(*services: UUID, groups: Sequence[str] = GROUPS) -> None:
    drafts = [ConfirmationDraft(group, clock.now(), "desk") for group in groups]
    actions.confirm(actor=SYSTEM, confirmations=dict.fromkeys(services, drafts))


def _link(row: Asking) -> LinkFacts:
    return LinkFacts(row.organization_id, "approved", row.state, clock.local_today() + timedelta(days=30))


def _say(row: Asking, **said: Word) -> dict[UUID, Said]:
    words = {an_id(key): word for key, word in said.items()}
    found = queries.dossiers(Service.objects.filter(organization=row.organization_id))
    return answers.answer_by_link(asking=row, link=_link(row), dossiers=found, words=words)


TRUE = Word(Said.STILL_TRUE)


def _after(days: int) -> asking.Done:
    with clock.moved(timedelta(days=days)):
        return asking.run()


# --- asking -----------------------------------------------------------------------------------


def test_one_letter_for_all_services_then_a_reminder_a_second_contact_and_the_call_list(
    asked: House, post: Post
) -> None:
    assert (asking.run().begun, post.read()) == (1, [("office@shelter.example", "asked")])
    assert (asking.run(), post.read()) == (asking.Done(), [])
    told = {}
    for day in (1, 6, 7, 8, 13, 14, 15, 20, 21, 22, 50, 80, 81, 82):
        _after(day)
        if found := post.read():
            told[day] = found
        if day == 21:
            assert Asking.objects.get().state == "calling"
    assert told == {
        7: [("office@shelter.example", "reminded")],
        14: [("mina@shelter.example", "second")],
        81: [("office@shelter.example", "calling"), ("mina@shelter.example", "calling")],
    }


def test_each_is_written_to_in_their_language(asked: House, post: Post) -> None:
    asking.run()
    _after(7)
    _after(14)
    rows = Message.objects.order_by("created_at").values_list("recipient__address", "lang")
    assert [(address[:4], lang) for address, lang in rows] == [("offi", "el"), ("offi", "el"), ("mina", "ar")]


def test_nobody_is_asked_of_what_is_fresh_and_again_when_the_shortest_period_is_over(asked: House, post: Post) -> None:
    _confirm(an_id("beds"), an_id("soup"))
    assert asking.run() == asking.Done()
    assert _after(60) == asking.Done()
    assert _after(61).begun == 1  # hours of the beds
    assert Asking.objects.get().organization_id == asked.shelter


def test_without_hours_contact_and_rest_last_longer(asked: House, post: Post) -> None:
    _confirm(an_id("soup"))
    actions.end_services(actor=SYSTEM, services=[an_id("beds")], reason="")
    assert _after(90) == asking.Done()
    assert _after(91).begun == 1  # eligibility


def test_what_is_confirmed_elsewhere_ends_the_asking_and_nobody_is_asked_again_at_once(
    asked: House, post: Post
) -> None:
    asking.run()
    _confirm(an_id("beds"))
    assert asking.run().ended == 0
    _confirm(an_id("soup"))
    assert asking.run().ended == 1
    assert Asking.objects.get().state == "answered"
    post.read()
    actions.record_services(actor=SYSTEM, drafts=[asked.service("new", asked.shelter)])
    assert (_after(13).begun, post.read()) == (0, [])
    assert (_after(15).begun, len(post.read())) == (1, 1)


def test_a_suspended_organization_is_written_to_no_more(asked: House, post: Post) -> None:
    asking.run()
    people.suspend_organizations(actor=SYSTEM, ids=[asked.shelter])
    assert asking.run().ended == 1
    assert Asking.objects.get().state == "withdrawn"
    post.read()
    assert (_after(30), post.read()) == (asking.Done(), [])


def test_a_mail_that_came_back_leads_to_the_next_contact_at_once_and_then_to_the_call_list(
    asked: House, post: Post
) -> None:
    asking.run()
    post.read()
    post.refuse("office@shelter.example")
    assert (asking.run().moved, post.read()) == (1, [("mina@shelter.example", "second")])
    assert asking.run().moved == 0
    post.refuse("mina@shelter.example")
    assert (asking.run().moved, post.read()) == (1, [])
    assert Asking.objects.get().state == "calling"


def test_who_cannot_be_written_to_is_called_at_once(house: House, post: Post) -> None:
    actions.record_services(actor=SYSTEM, drafts=[house.service("beds", house.shelter)])
    assert (asking.run().begun, post.read()) == (1, [])
    assert Asking.objects.get().state == "calling"


def test_no_more_are_asked_on_a_day_than_the_setting_says(house: House, post: Post) -> None:
    items = [
        people.OrganizationItem(id=an_id(f"o{n}"), kind="ngo", status="approved", name=f"o{n}", email=f"o{n}@x.example")
        for n in range(7)
    ]
    people.register_organizations(actor=SYSTEM, items=items)
    actions.record_services(actor=SYSTEM, drafts=[house.service(f"s{n}", an_id(f"o{n}")) for n in range(7)])
    assert asking.run(daily=0) == asking.Done()
    assert [asking.run(daily=3).begun, asking.run(daily=3).begun, asking.run(daily=4).begun] == [3, 0, 1]
    with clock.moved(timedelta(days=1)):
        assert asking.run(daily=4).begun == 3


def test_the_trail_tells_of_each_step_and_holds_no_address(asked: House, post: Post) -> None:
    asking.run()
    _after(7)
    rows = Entry.objects.filter(noun="asking").select_related("detail").order_by("position")
    assert [(row.verb, row.detail.body["after"]["letters"]) for row in rows] == [("asked", 1), ("remind", 1)]
    assert "@" not in "".join(str(row.detail.body) for row in rows)


# --- answering --------------------------------------------------------------------------------


@pytest.fixture
def row(asked: House, post: Post) -> Asking:
    asking.run()
    return Asking.objects.get()


def test_still_true_confirms_all_that_stands_there_in_the_name_of_the_organization(row: Asking) -> None:
    assert _say(row, beds=TRUE) == {an_id("beds"): "still_true"}
    rows = Confirmation.objects.all()
    assert {(one.group, one.how, one.by_organization_id, one.by_person, one.service_id) for one in rows} == {
        (group, "link", row.organization_id, None, an_id("beds")) for group in GROUPS
    }
    entry = Entry.objects.filter(noun="service", verb="confirmed").get()
    assert (entry.organization_id, entry.actor_id) == (row.organization_id, None)


def test_said_twice_is_done_once(row: Asking) -> None:
    said = {"beds": TRUE, "soup": Word(Said.HOURS_CHANGED, "Mondays only", "en")}
    for _ in range(3):
        assert len(_say(row, **said)) == 2
    assert (Confirmation.objects.count(), Reply.objects.count(), Proposal.objects.count()) == (4, 2, 1)


def test_a_part_of_the_answers_is_kept_and_the_rest_asked_on(row: Asking, post: Post) -> None:
    post.read()
    _say(row, beds=TRUE)
    assert asking.run().ended == 0
    assert (_after(7).moved, post.read()) == (1, [("office@shelter.example", "reminded")])
    _say(row, soup=TRUE)
    assert _after(7).ended == 1


def test_what_has_changed_waits_for_a_person_and_says_call_first_meanwhile(row: Asking) -> None:
    _confirm(an_id("soup"))
    assert not _dossier("soup").standing.must_call(clock.local_today())
    _say(row, soup=Word(Said.HOURS_CHANGED, "\u202eΜόνο Δευτέρα\u0000", "el"))
    proposal = Proposal.objects.get()
    assert (proposal.origin, proposal.state, proposal.noun, proposal.noun_id) == (
        "correction",
        "review",
        "correction",
        an_id("soup"),
    )
    assert proposal.raw == {"said": "hours_changed", "words": "Μόνο Δευτέρα", "lang": "el"}
    assert _dossier("soup").standing.must_call(clock.local_today())
    assert Confirmation.objects.filter(service=an_id("soup"), how="link").count() == 0
    verbs = (
        Entry.objects.filter(noun="service", noun_id=an_id("soup")).order_by("position").values_list("verb", flat=True)
    )
    assert list(verbs) == ["recorded", "confirmed", "disputed"]


def test_who_has_said_what_changed_is_not_reminded_of_it(row: Asking, post: Post) -> None:
    _say(row, beds=TRUE, soup=Word(Said.CHANGED, "New phone", "en"))
    assert asking.run().ended == 1
    post.read()
    assert (_after(40), post.read()) == (asking.Done(), [])


def test_newer_words_take_the_place_of_older_ones(row: Asking) -> None:
    _say(row, soup=Word(Said.CHANGED, "first", "en"))
    _say(row, soup=Word(Said.CHANGED, "second", "en"))
    assert {(one.state, one.raw["words"]) for one in Proposal.objects.all()} == {
        ("superseded", "first"),
        ("review", "second"),
    }


def test_closed_ends_the_service_and_says_who_said_so(row: Asking) -> None:
    _say(row, soup=Word(Said.CLOSED))
    service = Service.objects.get(id=an_id("soup"))
    assert service.status == "defunct"
    entry = Entry.objects.filter(verb="ended", noun_id=service.id).select_related("detail").get()
    assert (entry.organization_id, entry.detail.body["after"]["how"]) == (row.organization_id, "link")


def test_a_link_neither_empties_the_lists_nor_ends_an_emergency_service(row: Asking, asked: House) -> None:
    actions.record_services(actor=SYSTEM, drafts=[asked.service(f"s{n}", asked.shelter) for n in range(6)])
    said = {f"s{n}": Word(Said.CLOSED) for n in range(6)}
    _say(row, **said)
    _say(row, soup=Word(Said.CLOSED))
    assert Service.objects.filter(status="defunct").count() == 3
    assert Proposal.objects.filter(state="review").count() == 4
    Category.objects.update(emergency=True)
    _say(row, beds=Word(Said.CLOSED))
    assert Service.objects.get(id=an_id("beds")).status == "active"
    assert _dossier("beds").standing.must_call(clock.local_today())
    assert _dossier("beds").standing.gone_from is None


def test_a_link_opens_no_other_organization(row: Asking, asked: House) -> None:
    actions.record_services(actor=SYSTEM, drafts=[asked.service("theirs", asked.other)])
    with pytest.raises(Refusal, match="unknown_service"):
        _say(row, theirs=Word(Said.CLOSED))
    everything = queries.dossiers(Service.objects.all())
    with pytest.raises(Refusal, match="unknown_service"):
        answers.answer_by_link(
            asking=row, link=_link(row), dossiers=everything, words={an_id("theirs"): Word(Said.CLOSED)}
        )
    other = LinkFacts(asked.other, "approved", "asked", clock.local_today())
    with pytest.raises(Refusal, match="unknown_service"):
        answers.answer_by_link(asking=row, link=other, dossiers=[], words={})
    assert Service.objects.filter(status="defunct").count() == Reply.objects.count() == 0


@pytest.mark.parametrize(
    ("word", "reason"),
    [(Word(Said.HOURS_CHANGED, " \u200b\u202e "), "words_missing"), (Word(Said.CHANGED), "words_missing")],
)
def test_what_cannot_be_taken_down_is_refused_whole(row: Asking, word: Word, reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        _say(row, beds=TRUE, soup=word)
    assert Confirmation.objects.count() == Reply.objects.count() == Proposal.objects.count() == 0


def test_who_holds_a_link_fills_no_disk(row: Asking) -> None:
    for n in range(answers.MOST_REPLIES):
        _say(row, soup=Word(Said.CHANGED, f"{n} " + "x" * 5000, "en"))
    with pytest.raises(Refusal, match="too_many"):
        _say(row, soup=Word(Said.CHANGED, "one more", "en"))
    assert Reply.objects.count() == answers.MOST_REPLIES
    assert max(len(one.raw["words"]) for one in Proposal.objects.all()) == 1000


def test_on_the_phone_a_curator_of_the_area_vouches(row: Asking, asked: House) -> None:
    centre = an_id("centre")
    found = queries.dossiers(Service.objects.filter(id=an_id("beds")))

    def curator(*areas: UUID, role: Role = Role.CURATOR) -> Actor:
        return Actor(uuid5(centre, "curator"), centre, frozenset({Grant(role, frozenset(areas))}), approved=True)

    words = {an_id("beds"): TRUE}
    for actor in (curator(), curator(uuid4()), asked.editor(asked.other), curator(asked.area, role=Role.EDITOR)):
        with pytest.raises(Refusal):
            answers.answer_by_phone(actor=actor, asking=row, dossiers=found, words=words)
    answers.answer_by_phone(actor=curator(an_id("athens")), asking=row, dossiers=found, words=words)
    seal = _dossier("beds").seals["contact"]
    assert (seal.how, seal.vouched, seal.by) == ("phone", True, "centre")
    assert {one.by_person for one in Confirmation.objects.all()} == {uuid5(centre, "curator")}


def test_nobody_confirms_in_another_name_or_in_advance(asked: House) -> None:
    editor, now = asked.editor(asked.shelter), clock.now()
    wrong = {
        "not_yours": ConfirmationDraft("contact", now, "phone", an_id("centre")),
        "confirmed_in_advance": ConfirmationDraft("contact", now + timedelta(hours=1), "desk", asked.shelter),
    }
    for reason, draft in wrong.items():
        with pytest.raises(Refusal, match=reason):
            actions.confirm(actor=editor, confirmations={an_id("beds"): [draft]})
    assert Confirmation.objects.count() == 0
    assert (
        actions.confirm(
            actor=editor, confirmations={an_id("beds"): [ConfirmationDraft("contact", now, "desk", asked.shelter)]}
        )
        == 1
    )


def test_no_change_and_no_import_takes_a_confirmation_away(asked: House) -> None:
    """A partner's confirmation travels with the record; the next import of the record leaves it alone."""
    drafts = [ConfirmationDraft("contact", clock.now(), "partner", asked.other)]
    actions.confirm(actor=SYSTEM, confirmations={an_id("soup"): drafts})
    again = asked.service("soup", asked.shelter, summary="other words")
    assert actions.record_services(actor=SYSTEM, drafts=[again]) == {an_id("soup"): "changed"}
    assert (_dossier("soup").seals["contact"].how, Confirmation.objects.count()) == ("partner", 1)


def _dossier(key: str) -> queries.Dossier:
    return queries.dossiers(Service.objects.filter(id=an_id(key)))[0]
