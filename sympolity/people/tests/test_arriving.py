"""People who come for the first time: nobody learns who has an account, and nobody comes in by saying more than asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.test import Client

from sympolity.kit.actor import SYSTEM, Actor, Role
from sympolity.kit.refusals import Refusal
from sympolity.people import acting, actions, queries
from sympolity.people.enums import OrganizationState
from sympolity.people.models import Affiliation, Application, JoinRequest, Organization, Person
from sympolity.people.tests.conftest import an_id
from tests.reader import HOST, Reader

pytestmark = pytest.mark.django_db

Enrol = Callable[..., Person]
FOUND, JOIN, CODE, DONE = "/en/account/new/organization/", "/en/account/new/join/", "/en/account/code/", "/en/account/new/done/"  # fmt: skip


@pytest.fixture
def names(areas: dict[str, UUID]) -> None:
    from sympolity.places.models import AreaName

    for slug in ("athens", "tilos"):
        AreaName.objects.create(area_id=areas[slug], language="en", kind="common", name=slug.title())


def said(areas: dict[str, UUID], **more: str) -> dict[str, str]:
    """A form, well filled in."""
    organization = {
        "name": "Σπίτι για όλους", "lang": "el", "kind": "ngo", "area": str(areas["athens"]),
        "description": "Μαθήματα ελληνικών", "email": "info@home.example", "url": "https://home.example",
    }  # fmt: skip
    form = {f"organization-{name}": value for name, value in organization.items()}
    return {"name": "Sofia", "email": "sofia@home.example", **form, **more}


def code() -> str:
    return str(re.findall(r"^\d{6}$", str(mail.outbox[-1].body), re.MULTILINE)[0])


def come(form: dict[str, str], path: str = FOUND) -> Client:
    """Send the form and the code of the mail."""
    client = Client(HTTP_HOST=HOST)
    assert client.post(path, form)["Location"] == CODE
    assert client.post(CODE, {"code": code()})["Location"] == DONE
    return client


def test_a_stranger_registers_an_organization_and_prepares(names: None, areas: dict[str, UUID]) -> None:
    client = come(said(areas))
    assert "is registered" in Reader(client, signed_in=True).get(DONE).text
    one = Organization.objects.get()
    assert (one.status, one.name, one.kind, one.area_id) == ("pending", "Σπίτι για όλους", "ngo", areas["athens"])
    person = Person.objects.get()
    assert set(Affiliation.objects.values_list("person", "organization", "role", "until")) == {
        (person.id, one.id, "editor", None)
    }
    assert Application.objects.get().applicant == person
    assert one not in queries.organizations_visible_to(Actor())
    actions.equip_examples(actor=SYSTEM, persons=[person.id])
    actor = acting.actor_for(person.id)
    assert (actor.acting_for, actor.has(Role.EDITOR), actor.approved) == (one.id, True, False)


@pytest.mark.parametrize("lang", ["en", "el", "ar"])
def test_pages_in_every_language(lang: str, names: None, network: dict[str, UUID]) -> None:
    reader = Reader(Client(HTTP_HOST=HOST), signed_in=True)
    for path in ("", "organization/", "join/?q=LEGAL"):
        assert reader.get(f"/{lang}/account/new/{path}").document.root.get("lang") == lang
    assert reader.post(f"/{lang}/account/new/organization/", {}).document.root.get("lang") == lang
    assert not Organization.objects.exclude(id__in=network.values()).exists()


def test_nothing_is_written_before_the_address_is_proved(names: None, areas: dict[str, UUID]) -> None:
    client = Client(HTTP_HOST=HOST)
    client.post(FOUND, said(areas))
    wrong = "000000" if code() != "000000" else "111111"
    client.post(CODE, {"code": wrong})
    assert (Person.objects.count(), Organization.objects.count(), Application.objects.count()) == (0, 0, 0)
    assert "_auth_user_id" not in client.session


def without_token(response: Any) -> str:
    return re.sub(r'value="\w{64}"|[a-z]+@work\.example', "", response.content.decode())


def test_an_address_that_has_an_account_gets_the_same_answers_and_the_same_mail(
    names: None, areas: dict[str, UUID], enrol: Enrol
) -> None:
    enrol("eleni", factor=False, legal="editor")
    actions.enrol_persons(actor=SYSTEM, items=[actions.PersonItem(email="gone@work.example")])
    Person.objects.filter(email="gone@work.example").update(is_active=False)
    answers, mails = {}, {}
    for email in ("eleni@work.example", "nobody@work.example", "gone@work.example"):
        client = Client(HTTP_HOST=HOST)
        seen = [client.post(FOUND, said(areas, email=email))]
        seen += [client.get(CODE)] + [client.post(CODE, {"code": "12"}) for _ in range(4)]
        answers[email] = [
            (one.status_code, one.get("Location"), without_token(one), sorted(one.cookies)) for one in seen
        ]
        mails[email] = re.sub(r"\d{6}", "", f"{mail.outbox[-1].subject} {mail.outbox[-1].body}")
    first, *others = answers.values()
    assert all(other == first for other in others)
    assert len(set(mails.values())) == 1


def test_somebody_known_with_a_second_factor_shows_it_before_anything_is_written(
    names: None, areas: dict[str, UUID], enrol: Enrol
) -> None:
    eleni = enrol("eleni", legal="editor")
    before = Organization.objects.count()
    client = Client(HTTP_HOST=HOST)
    client.post(FOUND, said(areas, email=eleni.email))
    first, second = re.findall(r"^\d{6}$", str(mail.outbox[-1].body), re.MULTILINE)
    assert client.post(CODE, {"code": first})["Location"] == "/en/account/proof/"
    assert Organization.objects.count() == before
    assert client.post("/en/account/proof/", {"code": second})["Location"] == DONE
    assert Organization.objects.count() == before + 1
    assert Person.objects.count() == 1, "the same person"


def test_somebody_shut_out_does_not_come_in_this_way(names: None, areas: dict[str, UUID], enrol: Enrol) -> None:
    enrol("eleni", legal="editor")
    Person.objects.update(is_active=False)
    client = Client(HTTP_HOST=HOST)
    client.post(FOUND, said(areas, email="eleni@work.example"))
    client.post(CODE, {"code": code()})
    assert "_auth_user_id" not in client.session
    assert not Organization.objects.filter(name="Σπίτι για όλους").exists()


def test_a_form_says_no_more_than_it_asks(names: None, areas: dict[str, UUID]) -> None:
    """Mass assignment: fields that the form does not have change nothing."""
    more = {
        "status": "approved", "organization-status": "approved", "organization-anonymous": "1", "anonymous": "1",
        "organization-example": "1", "organization-id": str(an_id("legal")), "role": "administrator",
        "organization-role": "administrator", "is_active": "0", "id": str(an_id("me")), "what": "invited",
        "invitation": str(an_id("x")), "next": "https://evil.example/", "language": "zz",
    }  # fmt: skip
    come(said(areas, **more))
    one, person = Organization.objects.get(), Person.objects.get()
    assert (one.status, one.anonymous, one.example) == ("pending", False, False)
    assert one.id != an_id("legal")
    assert (person.is_active, person.language) == (True, "en")
    assert [row.role for row in Affiliation.objects.all()] == ["editor"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("organization-name", ""),
        ("organization-name", "x" * 100_000),
        ("organization-name", "\u202e\u2066\x00"),
        ("organization-kind", "empire"),
        ("organization-area", "00000000-0000-4000-8000-000000000000"),
        ("organization-area", "\x00"),
        ("organization-lang", "zz"),
        ("organization-url", "javascript:alert(1)"),
        ("organization-email", "a@b.gr\nBcc: c@d.gr"),
        ("organization-description", "x" * 100_000),
        ("name", ""),
        ("email", "nobody"),
        ("email", "a\x00@work.example"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_else_is_lost(
    name: str, value: str, names: None, areas: dict[str, UUID]
) -> None:
    page = Reader(Client(HTTP_HOST=HOST), signed_in=True).post(FOUND, said(areas, **{name: value}))
    assert "Please correct this" in page.text
    kept = page.response.content.decode()
    assert "Μαθήματα ελληνικών" in kept or name == "organization-description"
    assert not mail.outbox


def test_one_person_fills_no_list(names: None, areas: dict[str, UUID]) -> None:
    client = come(said(areas))
    for number in range(4):
        answer = client.post(FOUND, said(areas, **{"organization-name": f"Another {number}"}))
        assert answer["Location"] == DONE
    assert Organization.objects.count() == 3
    assert "wait already" in Reader(client, signed_in=True).get(DONE).text


def test_asking_without_end_is_stopped(names: None, areas: dict[str, UUID]) -> None:
    statuses = [Client(HTTP_HOST=HOST).post(FOUND, said(areas)).status_code for _ in range(5)]
    assert statuses == [302, 302, 302, 429, 429]
    assert len(mail.outbox) == 3


@pytest.mark.parametrize("path", [FOUND, JOIN])
def test_forms_need_their_token(path: str, names: None, areas: dict[str, UUID], enrol: Enrol) -> None:
    client = Client(HTTP_HOST=HOST, enforce_csrf_checks=True)
    assert client.post(path, said(areas)).status_code == 403
    client.force_login(enrol("eleni", legal="editor"))
    assert client.post(path, said(areas)).status_code == 403
    assert not Organization.objects.filter(name="Σπίτι για όλους").exists()


def test_another_host_is_refused_and_stands_in_no_mail(names: None, areas: dict[str, UUID]) -> None:
    assert Client(HTTP_HOST="evil.example").post(FOUND, said(areas)).status_code == 400
    client = Client(HTTP_HOST=HOST, HTTP_X_FORWARDED_HOST="evil.example")
    client.post(FOUND, said(areas))
    assert all("evil" not in f"{one.subject} {one.body}" for one in mail.outbox)


def test_signing_in_afterwards_does_not_finish_what_was_left(names: None, areas: dict[str, UUID], enrol: Enrol) -> None:
    """On a shared computer somebody begins, and another one signs in."""
    eleni = enrol("eleni", factor=False, legal="supporter")
    client = Client(HTTP_HOST=HOST)
    client.post(FOUND, said(areas))
    client.post("/en/account/", {"email": eleni.email})
    assert client.post(CODE, {"code": code()})["Location"] == "/en/"
    assert not Organization.objects.filter(name="Σπίτι για όλους").exists()


# --- joining, and claiming what was imported ------------------------------------------------------


@pytest.fixture
def imported(network: dict[str, UUID], areas: dict[str, UUID]) -> UUID:
    """An approved organization that nobody acts for, with a page and a mail of its own."""
    item = actions.OrganizationItem(
        id=an_id("imported"), kind="ngo", name="Imported", status="approved", area=areas["athens"],
        email="info@imported.example", url="https://www.imported.example/el/",
    )  # fmt: skip
    actions.register_organizations(actor=SYSTEM, items=[item])
    return an_id("imported")


def asks(imported: UUID, email: str) -> Client:
    return come({"name": "Nour", "email": email, "organization": str(imported), "words": "I am the director"}, JOIN)


def test_the_domain_of_an_organization_without_editors_opens_it_at_once(imported: UUID) -> None:
    assert queries.kept_by_owners([imported]) == set()
    client = asks(imported, "nour@imported.example")
    assert "You can act for this organization" in Reader(client, signed_in=True).get(DONE).text
    assert queries.kept_by_owners([imported]) == {imported}
    assert [row.status for row in JoinRequest.objects.all()] == ["accepted"]


@pytest.mark.parametrize(
    "email",
    [
        "nour@other.example",
        "nour@sub.imported.example",
        "nour@imported.example.evil.example",
        "nour@notimported.example",
    ],
)
def test_another_domain_waits_for_a_curator(email: str, imported: UUID) -> None:
    asks(imported, email)
    assert queries.kept_by_owners([imported]) == set()
    assert [row.status for row in JoinRequest.objects.all()] == ["open"]


def test_a_domain_where_anybody_has_an_address_proves_nothing_but_the_very_address_does(
    network: dict[str, UUID],
) -> None:
    from sympolity.people.domains import proves

    assert not proves("somebody@gmail.com", "help.ngo@gmail.com", "https://facebook.com/ngo")
    assert proves("help.ngo@gmail.com", "Help.NGO@gmail.com", "")
    assert not proves("x@wordpress.com", "", "https://wordpress.com/ngo")
    assert not proves("", "", "")
    assert proves("x@σπίτι.gr", "", "https://www.xn--hxargifdar.gr/") is False
    assert proves("x@praksis.example", "", "HTTPS://WWW.PRAKSIS.example:443/en")


def test_the_second_of_a_domain_waits_for_the_first(imported: UUID) -> None:
    asks(imported, "nour@imported.example")
    asks(imported, "omar@imported.example")
    assert sorted(row.status for row in JoinRequest.objects.all()) == ["accepted", "open"]
    first = Person.objects.get(email="nour@imported.example")
    actions.equip_examples(actor=SYSTEM, persons=[first.id])
    actions.decide_requests(
        actor=acting.actor_for(first.id), ids=[JoinRequest.objects.get(status="open").id], accept=True
    )
    assert Affiliation.objects.filter(organization=imported, role="editor").count() == 2


def test_a_curator_lets_in_only_where_nobody_is_and_in_their_area(
    imported: UUID, enrol: Enrol, areas: dict[str, UUID], network: dict[str, UUID]
) -> None:
    enrol("eleni", legal="editor")
    asks(imported, "nour@other.example")
    asks(network["legal"], "omar@other.example")
    open_ = {row.organization_id: row for row in JoinRequest.objects.filter(status="open")}
    here = acting.actor_for(enrol("dimitris", areas=[areas["athens"]], centre="curator").id)
    away = acting.actor_for(enrol("anna", areas=[areas["tilos"]], centre="curator").id)
    for actor, one in ((away, open_[imported]), (here, open_[network["legal"]])):
        with pytest.raises(Refusal):
            actions.decide_requests(actor=actor, ids=[one.id], accept=True)
    assert len(actions.decide_requests(actor=here, ids=[open_[imported].id], accept=True)) == 1
    assert queries.kept_by_owners([imported]) == {imported}


def test_what_is_not_listed_cannot_be_joined_and_answers_like_what_is_not_there(network: dict[str, UUID]) -> None:
    for hidden in (network["quiet"], network["bench"], an_id("nothing")):
        client = asks(hidden, f"{hidden.hex[:6]}@other.example")
        assert "cannot be joined" in Reader(client, signed_in=True).get(DONE).text
    assert not JoinRequest.objects.exists()


def test_asking_twice_is_asking_once(imported: UUID) -> None:
    for _ in range(2):
        asks(imported, "nour@other.example")
    assert JoinRequest.objects.count() == 1


def test_an_application_that_says_more_is_as_one_that_does_not(areas: dict[str, UUID]) -> None:
    person = actions.admit(email="sofia@home.example", name="Sofia", language="en")
    item = actions.OrganizationItem(
        kind="ngo", name="Sly", status="approved", anonymous=True, example=True, area=areas["athens"], id=an_id("sly")
    )
    [made] = actions.found_organizations(
        actor=Actor(person=person.id), items=[actions.FoundingItem(organization=item)]
    )  # fmt: skip
    one = Organization.objects.get(id=made)
    assert (one.id == an_id("sly"), one.status, one.anonymous, one.example) == (
        False,
        OrganizationState.PENDING,
        False,
        False,
    )
