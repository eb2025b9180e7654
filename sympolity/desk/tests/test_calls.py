"""The call list: who is on it, in which order, and what a curator writes down."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sympolity.desk.tests.people import Desk
from sympolity.directory import actions
from sympolity.directory.asking_models import Asking, Reply
from sympolity.directory.drafts import ConfirmationDraft, LocationDraft, ServiceDraft
from sympolity.directory.models import Confirmation, Service
from sympolity.directory.truth import asking
from sympolity.kit import clock
from sympolity.kit.actor import SYSTEM
from sympolity.people import actions as people
from sympolity.places.facts import area_id
from sympolity.sharing.models import Proposal

SPACE = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")


def an_id(name: str) -> UUID:
    return uuid5(SPACE, name)


def _offer(key: str, owner: UUID, area: str, *, category: str = "food", ago: int = 100) -> None:
    """A service of which everything was confirmed so many days ago."""
    place = LocationDraft(
        an_id(f"{key} place"), owner, area_id(area), "en", {"visibility": "full", "address": f"{key} street"}
    )
    actions.record_locations(actor=SYSTEM, drafts=[place])
    at = clock.now() - timedelta(days=ago)
    said = tuple(ConfirmationDraft(group, at, "desk", owner) for group in ("contact", "hours", "eligibility", "rest"))
    draft = ServiceDraft(
        an_id(key), owner, "en", {"name": key, "phone": "+30 210 0000001"}, categories=(category,), locations=(place.id,),
        opening_hours="Mo-Fr 09:00-17:00", confirmations=said,
    )  # fmt: skip
    actions.record_services(actor=SYSTEM, drafts=[draft])


def _organization(key: str) -> UUID:
    item = people.OrganizationItem(id=an_id(key), kind="ngo", status="approved", lang="en", name=key)
    people.register_organizations(actor=SYSTEM, items=[item])
    return an_id(key)


@pytest.fixture
def calm(desk: Desk) -> Desk:
    """Three organizations that cannot be written to: each is to be called."""
    _offer("soup", _organization("kitchen"), "athens", ago=70)
    _offer("bread", an_id("kitchen"), "athens", ago=170)
    _offer("beds", _organization("shelter"), "athens", category="night-shelter", ago=130)
    _offer("law", _organization("clinic"), "thessaloniki", ago=70)
    asking.run()
    return desk


def _names(desk: Desk, client: Any = None) -> list[str]:
    return _in_order(desk.page("calls/", client).response.content.decode(), ("soup", "bread", "beds", "law"))


def _in_order(html: str, names: tuple[str, ...]) -> list[str]:
    places = {name: html.find(f">{name}</a></legend>") for name in names}
    return [name for name, at in sorted(places.items(), key=lambda one: one[1]) if at >= 0]


def _asking(owner: str) -> Asking:
    return Asking.objects.get(organization=an_id(owner))


def _post(desk: Desk, owner: str, said: dict[str, str], client: Any = None, *, status: int = 302) -> Any:
    services = Service.objects.filter(organization=an_id(owner))
    data = {"asking": str(_asking(owner).id), **{f"words-{one.id}": "" for one in services}, **said}
    response = (client or desk.curator).post("/en/desk/calls/", data)
    assert response.status_code == status, response.content.decode()[:1500]
    return response


def test_the_worst_comes_first_and_a_curator_sees_their_own_areas(calm: Desk) -> None:
    assert _names(calm) == ["beds", "bread", "soup", "law"]
    assert _names(calm, calm.curator) == ["beds", "bread", "soup"]
    assert calm.editor.get("/en/desk/calls/").status_code == 404
    assert "Nobody answers" not in calm.page("", calm.curator).text
    assert "3 services that nobody answers for" in calm.page("", calm.curator).text


def test_what_is_right_is_vouched_for_by_the_centre(calm: Desk) -> None:
    _post(calm, "kitchen", {f"said-{an_id('soup')}": "still_true"})
    rows = Confirmation.objects.filter(service=an_id("soup"), how="phone")
    curator = calm.persons["curator"]
    assert {(row.group, row.by_person) for row in rows} == {
        (group, curator.id) for group in ("contact", "hours", "eligibility", "rest")
    }
    assert {row.by_organization_id for row in rows} == {curator.affiliations.get().organization_id}
    assert _names(calm, calm.curator) == ["beds", "bread"]
    text = calm.curator.get(f"/en/service/{an_id('soup')}/").content.decode()
    assert "the coordination centre vouches for it" in text


def test_nobody_answered_and_the_organization_stands_at_the_end_for_two_days(calm: Desk) -> None:
    _post(calm, "shelter", {"nobody": "1"})
    assert _names(calm, calm.curator) == ["bread", "soup", "beds"]
    assert "Nobody answered 1 call" in calm.page("calls/", calm.curator).text
    with clock.moved(timedelta(days=3)):
        assert _names(calm, calm.curator) == ["beds", "bread", "soup"]
    assert Confirmation.objects.filter(how="phone").count() == 0


def test_closed_on_the_phone_ends_also_an_emergency_service(calm: Desk) -> None:
    """A person has asked: that is what the others wait for."""
    _post(calm, "shelter", {f"said-{an_id('beds')}": "closed"})
    assert Service.objects.get(id=an_id("beds")).status == "defunct"
    assert _names(calm, calm.curator) == ["bread", "soup"]


def test_what_has_changed_needs_words_and_the_others_are_kept(calm: Desk) -> None:
    said = {f"said-{an_id('soup')}": "hours_changed", f"said-{an_id('bread')}": "still_true"}
    html = _post(calm, "kitchen", said, status=422).content.decode()
    assert "Please write what it is now" in html
    assert [(row.service_id, row.said) for row in Reply.objects.all()] == [(an_id("bread"), "still_true")]
    _post(calm, "kitchen", {f"said-{an_id('soup')}": "hours_changed", f"words-{an_id('soup')}": "only Mondays"})
    page = calm.page("calls/", calm.curator)
    assert "only Mondays" in page.text
    assert "1 organization wrote what has changed" in calm.page("", calm.curator).text


def _correction(desk: Desk) -> Proposal:
    _post(desk, "kitchen", {f"said-{an_id('soup')}": "changed", f"words-{an_id('soup')}": "new phone"})
    return Proposal.objects.get(noun="correction")


@pytest.mark.parametrize(("verb", "state"), [("accept", "accepted"), ("decline", "declined")])
def test_a_correction_is_decided_once(calm: Desk, verb: str, state: str) -> None:
    row = _correction(calm)
    for _ in range(2):
        assert calm.curator.post("/en/desk/calls/", {"proposal": str(row.id), "verb": verb}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.decided_by) == (state, calm.persons["curator"].id)
    assert "What organizations wrote" not in calm.page("calls/", calm.curator).text


def test_nobody_decides_for_other_areas_or_writes_down_what_they_may_not(calm: Desk) -> None:
    said = {f"words-{an_id('law')}": "", f"said-{an_id('law')}": "closed", "asking": str(_asking("clinic").id)}
    assert calm.curator.post("/en/desk/calls/", said).status_code in {302, 404}
    assert calm.editor.post("/en/desk/calls/", said).status_code == 404
    assert Service.objects.get(id=an_id("law")).status == "active"
    assert Reply.objects.count() == 0
    calm.admin.post("/en/desk/calls/", {**said, f"said-{an_id('law')}": "changed", f"words-{an_id('law')}": "x"})
    row = Proposal.objects.get(noun="correction")
    calm.curator.post("/en/desk/calls/", {"proposal": str(row.id), "verb": "accept"})
    row.refresh_from_db()
    assert row.state == "review"


def test_nonsense_is_no_page(calm: Desk) -> None:
    for bad in ({}, {"asking": "x"}, {"asking": str(uuid4())}, {"proposal": "x"}, {"asking": "\0"}):
        assert calm.curator.post("/en/desk/calls/", bad).status_code == 404
    for odd in ("0", "-1", "99999", "٣", "x" * 500, "9" * 400):
        assert calm.curator.get("/en/desk/calls/", {"page": odd}).status_code == 200


def test_the_page_asks_as_much_with_two_organizations_as_with_nine(calm: Desk) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            calm.page("calls/", calm.curator)
        return len(queries)

    _correction(calm)
    before = asked()
    for n in range(7):
        _offer(f"more{n}", _organization(f"more{n}"), "athens")
    asking.run()
    assert asked() == before
    for lang in ("el", "ar"):
        assert calm.curator.get(f"/{lang}/desk/calls/").status_code == 200
    assert before <= 14, before  # the plan says 12: two of them are what the head of each page asks
