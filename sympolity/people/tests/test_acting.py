"""Who acts in a request, and what they may see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError
from django.db.backends.utils import CursorWrapper
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from sympolity.kit import clock
from sympolity.kit.actor import PUBLIC, SYSTEM, Actor, Grant, Role, actor_of
from sympolity.kit.nouns import noun
from sympolity.people import acting, actions, queries
from sympolity.people.models import Affiliation, Organization, Person
from sympolity.people.tests.conftest import an_id

Enrol = Callable[..., Person]


def asked(client: Client, path: str = "/en/account/") -> Any:
    """A request as the middleware leaves it, from the session of ``client``."""
    from django.contrib.auth.middleware import AuthenticationMiddleware
    from django.contrib.sessions.middleware import SessionMiddleware

    request = RequestFactory().get(path)
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
    SessionMiddleware(lambda _: None).process_request(request)  # type: ignore[arg-type]
    AuthenticationMiddleware(lambda _: None).process_request(request)  # type: ignore[arg-type]
    return request


@pytest.fixture
def signed_in() -> Callable[[Person], Client]:
    def make(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return make


def test_without_a_session_cookie_nothing_is_touched() -> None:
    # No database in this test: a query would fail it.
    request = SimpleNamespace(COOKIES={"csrftoken": "x"})
    assert acting.from_request(request) is None  # type: ignore[arg-type]
    assert actor_of(request) == PUBLIC


def test_an_editor_of_an_approved_organization(enrol: Enrol, network: dict[str, UUID]) -> None:
    eleni = enrol("eleni", legal="editor")
    assert acting.actor_for(eleni.id) == Actor(
        eleni.id, network["legal"], frozenset({Grant(Role.EDITOR)}), approved=True
    )


def test_three_queries_whatever_there_is(
    enrol: Enrol, areas: dict[str, UUID], signed_in: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    stavros = enrol("stavros", areas=areas.values(), legal="editor", centre="curator", island="officer")
    client = signed_in(stavros)
    with django_assert_num_queries(3):
        assert acting.from_request(asked(client)) is not None


def test_areas_are_the_scope(enrol: Enrol, areas: dict[str, UUID]) -> None:
    scope = frozenset({areas["athens"], areas["tilos"]})
    dimitris = enrol("dimitris", areas=scope, centre="curator")
    assert acting.actor_for(dimitris.id).areas_of(Role.CURATOR) == scope


def test_without_areas_a_curator_reaches_nothing_unless_everywhere_is_said(enrol: Enrol) -> None:
    actors = {
        "nothing": acting.actor_for(enrol("anna", centre="curator").id),
        "everything": acting.actor_for(enrol("katerina", centre="curator", everywhere=True).id),
        "administrator": acting.actor_for(enrol("maria", centre="administrator").id),
    }
    found = {
        name: [actor.areas_of(role) for role in (Role.CURATOR, Role.ADMINISTRATOR)] for name, actor in actors.items()
    }
    none: frozenset[UUID] = frozenset()
    assert found == {"nothing": [none, none], "everything": [None, none], "administrator": [none, None]}


def test_everywhere_can_be_taken_back(enrol: Enrol) -> None:
    katerina = enrol("katerina", centre="curator", everywhere=True)
    enrol("katerina", centre="curator")
    assert acting.actor_for(katerina.id).areas_of(Role.CURATOR) == frozenset()


def test_a_role_in_one_organization_is_no_key_to_another(
    enrol: Enrol, network: dict[str, UUID], signed_in: Any
) -> None:
    nour = enrol("nour", legal="editor", island="supporter")
    client = signed_in(nour)
    client.post("/en/account/acting/", {"organization": str(network["island"])})
    found = acting.from_request(asked(client))
    assert found == Actor(nour.id, network["island"], frozenset({Grant(Role.SUPPORTER)}), approved=True)


def test_nobody_chooses_an_organization_that_is_not_theirs(
    enrol: Enrol, network: dict[str, UUID], signed_in: Any
) -> None:
    client = signed_in(enrol("nour", legal="editor"))
    for wanted in (str(network["centre"]), "", "x" * 10_000, "\x00"):
        client.post("/en/account/acting/", {"organization": wanted})
        found = acting.from_request(asked(client))
        assert found is not None
        assert found.acting_for == network["legal"]


def test_affiliations_begin_and_end_on_their_days(enrol: Enrol, network: dict[str, UUID]) -> None:
    today = clock.local_today()
    anna = enrol("anna", since=today, until=today + timedelta(days=1), legal="editor")
    days = (-1, 0, 1, 2)
    found = []
    for day in days:
        with clock.moved(timedelta(days=day)):
            found.append(acting.actor_for(anna.id).acting_for)
    assert found == [None, network["legal"], network["legal"], None]


def test_a_revoked_right_acts_on_the_next_request(enrol: Enrol, signed_in: Any) -> None:
    today = clock.local_today()
    for name, since in (("old", date(2024, 1, 1)), ("fresh", today), ("coming", today + timedelta(days=9))):
        person = enrol(name, since=since, legal="editor")
        client = signed_in(person)
        row = Affiliation.objects.get(person=person)
        assert actions.revoke_affiliations(actor=SYSTEM, ids=[row.id]) == 1
        assert acting.from_request(asked(client)) == Actor(person.id)
        assert acting.from_request(asked(client)).has(*Role) is False  # type: ignore[union-attr]


@pytest.mark.parametrize("verb", [actions.suspend_organizations, actions.close_organizations])
def test_a_suspended_or_closed_organization_gives_nothing(
    verb: Any, enrol: Enrol, network: dict[str, UUID], signed_in: Any
) -> None:
    eleni = enrol("eleni", legal="editor")
    client = signed_in(eleni)
    verb(actor=SYSTEM, ids=[network["legal"]])
    assert acting.from_request(asked(client)) == Actor(eleni.id, network["legal"])


def test_an_editor_of_a_pending_organization_prepares_and_is_not_approved(
    enrol: Enrol, network: dict[str, UUID]
) -> None:
    sofia = enrol("sofia", bench="editor")
    assert acting.actor_for(sofia.id) == Actor(sofia.id, network["bench"], frozenset({Grant(Role.EDITOR)}))
    petros = enrol("petros", bench="curator")
    assert acting.actor_for(petros.id) == Actor(petros.id, network["bench"])


def test_somebody_shut_out_is_nobody(enrol: Enrol, signed_in: Any) -> None:
    eleni = enrol("eleni", legal="editor")
    client = signed_in(eleni)
    Person.objects.filter(id=eleni.id).update(is_active=False)
    assert acting.from_request(asked(client)) is None


@pytest.mark.parametrize("error", [OperationalError("gone"), InterfaceError("closed")])
def test_a_stopped_database_makes_everybody_the_public(error: Exception) -> None:
    # No database in this test: the session is the first thing that would ask it.
    class Broken:
        COOKIES = {settings.SESSION_COOKIE_NAME: "abc"}

        @property
        def user(self) -> Any:
            raise error

    assert acting.from_request(Broken()) is None  # type: ignore[arg-type]
    assert actor_of(Broken()) == PUBLIC


def test_a_database_that_stops_at_any_query(enrol: Enrol, signed_in: Any) -> None:
    client = signed_in(enrol("eleni", legal="editor"))
    good = CursorWrapper.execute
    for stops_at in range(3):
        done = iter(range(stops_at))

        def execute(self: Any, *args: Any, done: Any = done, **kwargs: Any) -> Any:
            if next(done, None) is None:
                raise OperationalError("the database is gone")
            return good(self, *args, **kwargs)

        with patch.object(CursorWrapper, "execute", execute):
            assert acting.from_request(asked(client)) is None
    assert acting.from_request(asked(client)) is not None


def test_a_cookie_that_is_no_session_is_the_public(db: None) -> None:
    request = SimpleNamespace(COOKIES={settings.SESSION_COOKIE_NAME: "x" * 5000}, user=AnonymousUser())
    assert acting.from_request(request) is None  # type: ignore[arg-type]


def seen(actor: Actor) -> set[str]:
    return {each.name.lower() for each in queries.organizations_visible_to(actor)}


def test_who_sees_which_organizations(enrol: Enrol, network: dict[str, UUID]) -> None:
    public, everything = {"centre", "legal", "island"}, set(network)
    actions.suspend_organizations(actor=SYSTEM, ids=[network["island"]])
    assert seen(PUBLIC) == public - {"island"}
    assert seen(acting.actor_for(enrol("a", legal="editor").id)) == public - {"island"}
    assert seen(acting.actor_for(enrol("b", bench="editor").id)) == public - {"island"} | {"bench"}
    assert seen(acting.actor_for(enrol("c", quiet="supporter").id)) == public - {"island"} | {"quiet"}
    assert seen(acting.actor_for(enrol("d", island="editor").id)) == public
    assert seen(acting.actor_for(enrol("e", centre="curator").id)) == everything
    assert seen(acting.actor_for(enrol("f", centre="administrator").id)) == everything
    assert seen(SYSTEM) == everything


def test_who_sees_which_persons(enrol: Enrol) -> None:
    people = {
        "eleni": enrol("eleni", legal="editor"),
        "petros": enrol("petros", legal="supporter"),
        "sofia": enrol("sofia", bench="editor"),
        "dimitris": enrol("dimitris", centre="curator"),
    }
    found = {
        name: {each.name for each in queries.persons_visible_to(acting.actor_for(person.id))}
        for name, person in people.items()
    }
    assert found == {
        "eleni": {"eleni", "petros"},
        "petros": {"eleni", "petros"},
        "sofia": {"sofia"},
        "dimitris": set(people),
    }
    assert not queries.persons_visible_to(PUBLIC)
    assert not queries.affiliations_visible_to(PUBLIC)
    assert {row.person_id for row in queries.affiliations_visible_to(acting.actor_for(people["eleni"].id))} == {
        people["eleni"].id, people["petros"].id,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["organization", "person", "affiliation"])
def test_every_field_has_a_privacy_class(name: str) -> None:
    known = noun(name)
    assert set(known.privacy) == {
        each.name for each in (*known.model._meta.concrete_fields, *known.model._meta.many_to_many)
    }


def test_an_organization_has_its_page_and_its_texts() -> None:
    known = noun("organization")
    assert known.model is Organization
    assert known.url("el", an_id("legal")) == f"/el/organization/{an_id('legal')}/"
    assert known.text_fields == ("name", "description")
