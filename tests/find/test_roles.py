"""Who finds what: Find, ``visible_to`` and the pages give the same answer for each role."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest

from sympolity.directory import queries
from sympolity.directory.models import CategoryWord, Service
from sympolity.kit import clock
from sympolity.kit.actor import SYSTEM
from sympolity.languages import registry, texts
from sympolity.people.models import Organization
from sympolity.people.queries import organizations_visible_to
from sympolity.places.models import AreaName
from tests.find.network import PERSONAS, Network


def _expected(network: Network, persona: str) -> set[str]:
    listed = queries.listed(network.actor(persona), clock.local_today())
    return {str(dossier.service.id) for dossier in listed}


@pytest.mark.parametrize("persona", PERSONAS)
def test_find_gives_what_visible_to_gives(network: Network, persona: str) -> None:
    assert network.ids(persona) == _expected(network, persona)


# (sees more, sees less) -> how many at least; written here, not computed
DIFFERENT = {
    ("member", "public"): 3,
    ("curator", "member"): 3,
    ("curator of two cities", "public"): 3,
    ("curator", "curator of two cities"): 1,
}


@pytest.mark.parametrize(("more", "less"), DIFFERENT)
def test_roles_differ(network: Network, more: str, less: str) -> None:
    assert network.ids(less) < network.ids(more)
    assert len(network.ids(more) - network.ids(less)) >= DIFFERENT[more, less]


def test_what_each_role_sees_beyond_the_public(network: Network) -> None:
    """The exact sets, by the keys of the demo's files."""
    public = network.ids()
    today = clock.local_today()
    listed = {one.service.id for one in queries.listed(SYSTEM, today)}
    names = {str(row.id): row for row in Service.objects.select_related("organization") if row.id in listed}
    beyond = {persona: network.ids(persona) - public for persona in PERSONAS}
    assert beyond["public"] == set()
    members = {one for one, row in names.items() if row.audience == "members" and row.organization.status == "approved"}
    staff = {one for one, row in names.items() if row.audience == "staff"}
    waiting = {one for one, row in names.items() if row.organization.status == "pending"}
    shut = {one for one, row in names.items() if row.status in {"inactive", "defunct"}}
    assert len(members) >= 3
    assert staff
    assert waiting
    assert shut
    assert beyond["member"] == members
    assert beyond["editor of a pending organization"] == waiting
    assert beyond["curator"] == beyond["administrator"] == members | staff | waiting | shut
    assert members | staff <= beyond["curator of two cities"] < beyond["curator"]


def _same(body: str) -> str:
    """A page without its own address: what else differs would tell that the thing exists."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "ID", body)


@pytest.mark.parametrize("persona", PERSONAS)
def test_pages_answer_whoever_may_see_them_and_deny_the_rest(network: Network, persona: str) -> None:
    reader = network.reader(persona)
    seen = set(queries.visible_to(network.actor(persona)).values_list("id", flat=True))
    absent = reader.get(f"/en/service/{uuid4()}/", status=404)
    different = [
        row
        for row in Service.objects.values_list("id", "audience", "status", "organization__status")
        if row[1:] != ("public", "active", "approved")
    ]
    assert len(different) >= 8
    some_public: list[UUID] = list(
        Service.objects.filter(audience="public").order_by("id").values_list("id", flat=True)[:3]
    )
    for one in [*(row[0] for row in different), *some_public]:
        page = reader.get(f"/en/service/{one}/", status=200 if one in seen else 404)
        if one not in seen:
            assert _same(page.response.content.decode()) == _same(absent.response.content.decode())


@pytest.mark.parametrize("persona", PERSONAS)
def test_organizations_too(network: Network, persona: str) -> None:
    reader = network.reader(persona)
    seen = set(organizations_visible_to(network.actor(persona)).values_list("id", flat=True))
    absent = _same(reader.get(f"/en/organization/{uuid4()}/", status=404).response.content.decode())
    rows = [
        *Organization.objects.exclude(status="approved"),
        *Organization.objects.filter(anonymous=True),
        *Organization.objects.all()[:2],
    ]
    assert rows
    for row in rows:
        page = reader.get(f"/en/organization/{row.id}/", status=200 if row.id in seen else 404)
        if row.id in seen:
            on_page = set(re.findall(r"/en/service/([0-9a-f-]{36})/", page.response.content.decode()))
            listed = queries.listed(network.actor(persona), clock.local_today())
            assert on_page == {str(one.service.id) for one in listed if one.service.organization_id == row.id}
        else:
            assert _same(page.response.content.decode()) == absent


def test_professional_facts_are_for_members(network: Network) -> None:
    row = next(
        row
        for row in Service.objects.filter(audience="public", organization__status="approved").exclude(direct_line="")
    )
    url = f"/en/service/{row.id}/"
    for persona in PERSONAS:
        text = network.reader(persona).get(url).text
        member = persona not in {"public", "editor of a pending organization"}
        assert (row.direct_line in text) == member, persona


def test_private_pages_are_never_kept(network: Network) -> None:
    public, member = network.reader(), network.reader("member")
    for url in ("/en/find/", "/en/find.json"):
        assert public.client.get(url).headers["Cache-Control"] == "public, max-age=60"
        assert member.client.get(url).headers["Cache-Control"] == "private, no-store"
        assert "Cookie" in public.client.get(url).headers["Vary"]


def test_words_of_hidden_things_are_neither_corrected_to_nor_suggested(network: Network) -> None:
    """A word that stands only in a service for staff is, for the public, no word at all."""
    from sympolity.kit.fold import words

    public = {one.service.id for one in queries.listed(network.actor("public"), clock.local_today())}
    said: dict[bool, set[str]] = {True: set(), False: set()}
    for dossier in queries.dossiers(Service.objects.all()):
        bodies = [
            body.body
            for name in ("name", "summary", "description", "eligibility", "how")
            for body in dossier.texts.all(name).values()
        ]
        bodies += [body.body for name in ("name", "description") for body in dossier.organization.all(name).values()]
        bodies += [
            body.body
            for place in dossier.places
            if place.shows_address
            for name in ("address", "locality")
            for body in place.texts.all(name).values()
        ]
        said[dossier.service.id in public].update(word for body in bodies for word in words(body))
    approved = list(Organization.objects.filter(status="approved"))
    told = texts.bundles("organization", approved).values()
    said[True].update(
        word
        for one in told
        for name in ("name", "description")
        for body in one.all(name).values()
        for word in words(body.body)
    )
    said[True].update(word for row in registry.LANGUAGES.values() for word in words(f"{row.name} {row.english}"))
    said[True].update(word for row in AreaName.objects.all() for word in words(row.name))
    said[True].update(word for row in CategoryWord.objects.all() for word in words(row.word))
    said[False] = {word for word in said[False] if 6 < len(word) < 20 and word.isascii()}
    secret = sorted(said[False] - said[True])
    assert len(secret) > 10
    client = network.reader().client
    for word in secret[:40]:
        broken = f"{word[:3]}{word[4]}{word[3]}{word[5:]}"
        data = client.get("/en/find.json", {"q": broken}).json()
        assert word not in data["corrected"].split()
        assert word not in client.get("/en/find.json", {"q": f"{word[:4]}zzzz"}).json()["suggestions"]
