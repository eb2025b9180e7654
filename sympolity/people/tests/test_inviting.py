"""Invitations: seven days, once, for the one address, and only what the inviter may still give."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.test import Client

from sympolity.kit import clock
from sympolity.kit.actor import SYSTEM, Role
from sympolity.kit.refusals import Refusal
from sympolity.people import acting, actions
from sympolity.people.actions.inviting import digest_of
from sympolity.people.models import Affiliation, Invitation, Person
from sympolity.post.models import Message
from tests.reader import HOST, Reader

pytestmark = pytest.mark.django_db

Enrol = Callable[..., Person]
TEAM, CODE, DONE = "/en/desk/team/", "/en/account/code/", "/en/account/new/done/"


@pytest.fixture
def eleni(enrol: Enrol) -> Person:
    return enrol("eleni", legal="editor")


def _in(person: Person) -> Client:
    client = Client(HTTP_HOST=HOST)
    client.force_login(person)
    return client


def _invited(client: Client, email: str = "new@other.example", role: str = "editor", lang: str = "en") -> str:
    """Invite on the page; the link of the mail."""
    said = {"verb": "invite", "email": email, "role": role, "language": lang}
    assert client.post(TEAM, said)["Location"] == TEAM
    letter = (
        Message.objects.filter(kind="people_invitation").order_by("-created_at", "-id").values_list("letter", flat=True)
    )
    [path] = {part["path"] for part in letter[0]["parts"] if "path" in part}
    return str(path)


def _accept(link: str, client: Client | None = None) -> Client:
    """Open the link, accept, write the code of the mail."""
    client = client or Client(HTTP_HOST=HOST)
    assert client.post(link, {"name": "Nour"})["Location"].endswith("/account/code/")
    code = re.findall(r"^\d{6}$", str(mail.outbox[-1].body), re.MULTILINE)[0]
    assert client.post(CODE, {"code": code})["Location"] == DONE
    return client


def _said(client: Client) -> str:
    return Reader(client, signed_in=True).get(DONE).text


def _roles() -> set[tuple[str, str]]:
    return set(Affiliation.objects.exclude(person__name="eleni").values_list("person__email", "role"))


def test_from_the_page_by_mail_to_the_role(eleni: Person) -> None:
    assert _invited(_in(eleni), email="greek@other.example", lang="el").startswith("/el/account/invitation/")
    link = _invited(_in(eleni), role="translator")
    page = Reader(Client(HTTP_HOST=HOST), signed_in=True).get(link)
    assert "Legal" in page.text
    client = _accept(link)
    assert "accepted the invitation" in _said(client)
    assert _roles() == {("new@other.example", "translator")}
    assert Affiliation.objects.get(person__email="new@other.example").since == clock.local_today()


def test_a_get_accepts_nothing(eleni: Person) -> None:
    link = _invited(_in(eleni))
    for _ in range(3):
        Client(HTTP_HOST=HOST).get(link)
    assert Invitation.objects.get().status == "open"
    assert _roles() == set()


def test_a_link_counts_once(eleni: Person) -> None:
    link = _invited(_in(eleni))
    _accept(link)
    page = Reader(Client(HTTP_HOST=HOST), signed_in=True).get(link)
    assert "counts no more" in page.text
    before = len(mail.outbox)
    assert Client(HTTP_HOST=HOST).post(link, {"name": "x"}).status_code == 200
    assert len(mail.outbox) == before


def test_two_who_open_it_at_the_same_time_are_one(eleni: Person) -> None:
    link = _invited(_in(eleni))
    first, second = Client(HTTP_HOST=HOST), Client(HTTP_HOST=HOST)
    first.post(link, {"name": "a"})
    code = re.findall(r"^\d{6}$", str(mail.outbox[-1].body), re.MULTILINE)[0]
    _accept(link, second)
    Affiliation.objects.filter(person__email="new@other.example").delete()
    first.post(CODE, {"code": code})
    assert "counts no more" in _said(first)
    assert _roles() == set()


@pytest.mark.parametrize(("days", "open_"), [(6.9, True), (7.1, False)])
def test_after_seven_days_it_is_over(days: float, open_: bool, eleni: Person) -> None:
    link = _invited(_in(eleni))
    with clock.moved(timedelta(days=days)):
        page = Reader(Client(HTTP_HOST=HOST), signed_in=True).get(link)
        assert ("counts no more" not in page.text) is open_
        row = Invitation.objects.get()
        actor = acting.actor_for(actions.admit(email=row.email, name="", language="en").id)
        if not open_:
            with pytest.raises(Refusal, match="gone"):
                actions.accept_invitation(actor=actor, id=row.id, inviter=acting.actor_for(eleni.id))


def test_it_ends_when_its_time_ends_between_link_and_code(eleni: Person) -> None:
    link = _invited(_in(eleni))
    client = Client(HTTP_HOST=HOST)
    client.post(link, {"name": "Nour"})
    code = re.findall(r"^\d{6}$", str(mail.outbox[-1].body), re.MULTILINE)[0]
    Invitation.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    client.post(CODE, {"code": code})
    assert "counts no more" in _said(client)
    assert _roles() == set()


def test_what_the_inviter_may_no_longer_give_is_gone(eleni: Person) -> None:
    link = _invited(_in(eleni))
    actions.revoke_affiliations(actor=SYSTEM, ids=[Affiliation.objects.get().id])
    assert "counts no more" in Reader(Client(HTTP_HOST=HOST), signed_in=True).get(link).text


@pytest.mark.parametrize("verb", [actions.suspend_organizations, actions.close_organizations])
def test_nobody_is_let_into_an_organization_that_rests(verb: Any, eleni: Person, network: dict[str, UUID]) -> None:
    link = _invited(_in(eleni))
    verb(actor=SYSTEM, ids=[network["legal"]])
    assert "counts no more" in Reader(Client(HTTP_HOST=HOST), signed_in=True).get(link).text


def test_it_is_for_the_one_address(eleni: Person, enrol: Enrol) -> None:
    link = _invited(_in(eleni))
    other = _in(enrol("stranger", island="editor"))
    page = Reader(other, signed_in=True).get(link)
    assert "another address" in page.text
    other.post(link, {"name": "x", "email": "stranger@work.example"})
    client = Client(HTTP_HOST=HOST)
    client.post(link, {"name": "x", "email": "thief@other.example"})
    assert mail.outbox[-1].to == ["new@other.example"], "the code goes to whom was invited"
    with pytest.raises(Refusal, match="another_address"):
        actions.accept_invitation(
            actor=acting.actor_for(Person.objects.get(name="stranger").id), id=Invitation.objects.get().id,
            inviter=acting.actor_for(eleni.id),
        )  # fmt: skip


def test_whoever_is_signed_in_with_the_address_accepts_at_once(
    eleni: Person, enrol: Enrol, network: dict[str, UUID]
) -> None:
    nour = enrol("nour", island="editor")
    link = _invited(_in(eleni), email=nour.email)
    client = _in(nour)
    assert client.post(link)["Location"].endswith("/account/new/done/")
    assert set(Affiliation.objects.filter(person=nour).values_list("organization_id", "role")) == {
        (network["island"], "editor"), (network["legal"], "editor"),
    }  # fmt: skip


def test_a_link_that_was_taken_back_or_replaced_opens_nothing(eleni: Person) -> None:
    client = _in(eleni)
    first = _invited(client)
    second = _invited(client)
    assert "counts no more" in Reader(Client(HTTP_HOST=HOST), signed_in=True).get(first).text
    row = Invitation.objects.get(status="open")
    client.post(TEAM, {"verb": "withdraw", "id": str(row.id)})
    assert "counts no more" in Reader(Client(HTTP_HOST=HOST), signed_in=True).get(second).text


def test_the_word_of_the_link_is_not_kept_with_the_invitation(eleni: Person) -> None:
    word = _invited(_in(eleni)).rstrip("/").rsplit("/", 1)[1]
    [row] = Invitation.objects.values()
    assert row["digest"] == digest_of(word)
    assert word not in str(row)


def test_who_may_offer_what(enrol: Enrol, areas: dict[str, UUID], network: dict[str, UUID]) -> None:
    people = {
        "editor": enrol("eleni", legal="editor"),
        "another editor": enrol("nour", island="editor"),
        "supporter": enrol("alexis", legal="supporter"),
        "translator": enrol("tariq", legal="translator"),
        "pending editor": enrol("sofia", bench="editor"),
        "curator": enrol("dimitris", areas=[areas["athens"]], centre="curator"),
        "far curator": enrol("anna", areas=[areas["tilos"]], centre="curator"),
        "administrator": enrol("maria", centre="administrator"),
    }
    found: dict[str, set[str]] = {}
    for name, person in people.items():
        found[name] = set()
        for role in Role:
            try:
                actions.invite(
                    actor=acting.actor_for(person.id), organization=network["legal"], emails=["x@other.example"],
                    role=role, language="en",
                )  # fmt: skip
                found[name].add(role.value)
            except Refusal:
                continue
    everything = {role.value for role in Role} - {"system"}
    assert found == {
        "editor": {"editor", "supporter", "translator"},
        "another editor": set(),
        "supporter": set(),
        "translator": set(),
        "pending editor": set(),
        "curator": {"editor", "supporter"},
        "far curator": set(),
        "administrator": everything,
    }


def test_an_organization_sends_no_mails_without_end(eleni: Person, network: dict[str, UUID]) -> None:
    actor = acting.actor_for(eleni.id)
    emails = [f"n{number}@other.example" for number in range(21)]
    actions.invite(actor=actor, organization=network["legal"], emails=emails[:20], role="editor", language="en")
    with pytest.raises(Refusal, match="too_many_invitations"):
        actions.invite(actor=actor, organization=network["legal"], emails=emails[20:], role="editor", language="en")


# --- the team -------------------------------------------------------------------------------------


def test_the_team_shows_roles_with_their_days(eleni: Person, enrol: Enrol) -> None:
    enrol("tariq", until=date(2025, 3, 31), legal="translator")
    enrol("faraway", island="editor")
    page = Reader(_in(eleni), signed_in=True).get(TEAM)
    assert "tariq" in page.text
    assert "31 March 2025" in page.text
    assert "faraway" not in page.text


def test_an_editor_ends_the_roles_that_editors_give_and_a_curator_s_not(
    eleni: Person, enrol: Enrol, network: dict[str, UUID]
) -> None:
    client = _in(eleni)
    enrol("tariq", legal="translator")
    enrol("officer", legal="officer")
    enrol("far", island="editor")
    rows = {row.person.name: row for row in Affiliation.objects.select_related("person")}
    for name in ("tariq", "officer", "far"):
        client.post(TEAM, {"verb": "end", "id": str(rows[name].id)})
    today = clock.local_today()
    over = {row.person.name for row in Affiliation.objects.select_related("person") if row.until and row.until < today}
    assert over == {"tariq"}
    assert acting.actor_for(rows["tariq"].person_id).acting_for is None


def test_one_ends_one_s_own_role_and_is_out_with_the_next_request(enrol: Enrol) -> None:
    tariq = enrol("tariq", legal="translator")
    client = _in(tariq)
    assert client.post(TEAM, {"verb": "end", "id": str(Affiliation.objects.get().id)})["Location"] == "/en/account/"
    assert client.get(TEAM).status_code == 404


def test_for_whom_one_acts_stands_on_every_page_of_the_desk(eleni: Person, enrol: Enrol) -> None:
    enrol("eleni", legal="editor", island="editor")
    reader = Reader(_in(eleni), signed_in=True)
    for path in ("", "team/", "organization/"):
        page = reader.get(f"/en/desk/{path}")
        assert "You act for Legal" in page.text
        assert "Act for another one" in page.text
