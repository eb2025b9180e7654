"""Every address, for everybody, with every method: what golden/permissions.toml says, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import resolve

from sympolity.directory import queries
from sympolity.directory.models import Service
from sympolity.kit import clock
from sympolity.kit.actor import PUBLIC, SYSTEM, Actor, Role
from sympolity.languages import registry
from sympolity.people import actions
from sympolity.people.acting import actor_for
from sympolity.people.models import Person
from sympolity.people.queries import organizations_visible_to
from tests.find.network import Network, point_reader
from tests.house.matrix import METHODS, Cell, filled, people, routes, thing
from tests.house.routes import reviewed
from tests.reader import HOST, Reader

# Addresses of the people of the matrix; those ending in "matrix.example" are made here.
ADDRESSES = {
    "public": "",
    "unaffiliated": "unaffiliated@matrix.example",
    "former": "former@matrix.example",
    "owner": "owner@matrix.example",
    "editor": "eleni@fanari.example",
    "officer": "stavros@thess-social.example",
    "pending": "sofia@open-bench.example",
    "supporter": "alexis@ergalio.example",
    "translator": "nour@nima.example",
    "centre": "dimitris@centre-athens.example",
    "curator": "katerina@centre-athens.example",
    "secretariat": "secretariat@matrix.example",
    "safeguarding": "myrto@centre-athens.example",
    "administrator": "admin@centre-athens.example",
}
LANGUAGES = [row.code for row in registry.INTERFACE]
CELLS = [cell for route in routes().values() for cell in route.cells]
# Their link is the authority, and holds it: no session, no token of a page.
LINKS_THAT_ACT = {"unsubscribe"}
# Forms without an account carry a token of their own: without it they are shown again, and nothing is sent.
WITHOUT_ACCOUNT = {"report", "reported", "missing"}
# The address itself is the token; with a made-up one there is no such page (tests/truth/test_link.py).
BY_ADDRESS = {"confirm"}
# What differs between two answers to the same question, and says nothing.
_TOKENS = re.compile(
    r'name="csrfmiddlewaretoken" value="\w+"|name="form" value="[^"]+"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
)


@dataclass(frozen=True)
class Crowd:
    """Everybody of the matrix, signed in."""

    codes: Mapping[UUID, str]
    _clients: dict[str, Client] = field(default_factory=dict)

    def client(self, name: str) -> Client:
        if name not in self._clients:
            client = Client(HTTP_HOST=HOST, raise_request_exception=False)
            if ADDRESSES[name]:
                client.force_login(Person.objects.get(email=ADDRESSES[name]))
            self._clients[name] = client
        return self._clients[name]

    def actor(self, name: str) -> Actor:
        return actor_for(Person.objects.get(email=ADDRESSES[name]).id) if ADDRESSES[name] else PUBLIC

    def url(self, cell: Cell, lang: str = "en") -> str:
        return filled(cell.path, lang, self.codes)


def _made_here() -> None:
    """Organizations and persons that the demo has not."""
    items = [
        actions.OrganizationItem(
            id=thing("organization", key), kind="ngo", name=f"{key} (test)", lang="en", status="approved", anonymous=key == "anonymous"
        )
        for key in ("anonymous", "suspended", "closed")
    ]  # fmt: skip
    actions.register_organizations(actor=SYSTEM, items=items)
    actions.suspend_organizations(actor=SYSTEM, ids=[thing("organization", "suspended")])
    actions.close_organizations(actor=SYSTEM, ids=[thing("organization", "closed")])
    nima, centre = thing("organization", "nima-community"), thing("organization", "centre-athens")
    since, yesterday = date(2024, 1, 1), clock.local_today() - timedelta(days=1)
    item = actions.AffiliationItem
    roles: dict[str, tuple[actions.AffiliationItem, ...]] = {
        "unaffiliated": (),
        "former": (item(organization=nima, role=Role.EDITOR, since=since, until=yesterday),),
        "owner": (item(organization=nima, role=Role.EDITOR, since=since),),
        "secretariat": (item(organization=centre, role=Role.SECRETARIAT, everywhere=True, since=since),),
    }
    persons = [
        actions.PersonItem(email=ADDRESSES[name], name=f"{name} (test)", affiliations=rows)
        for name, rows in roles.items()
    ]
    actions.enrol_persons(actor=SYSTEM, items=persons)
    equipped = Person.objects.filter(email__in=[ADDRESSES[name] for name in roles if name != "unaffiliated"])
    actions.equip_examples(actor=SYSTEM, persons=list(equipped.values_list("id", flat=True)))


@pytest.fixture(scope="module")
def gathered(loaded: Network, django_db_blocker: Any) -> Crowd:
    """Made once for the module, in the transaction of the demo."""
    with django_db_blocker.unblock():
        _made_here()
        return Crowd(dict(Service.objects.values_list("id", "code")))


@pytest.fixture
def crowd(gathered: Crowd, network: Network) -> Iterator[Crowd]:
    """The index is that of the demo; sessions and what a test writes are taken back."""
    point_reader(network.root)
    cache.clear()  # limits on sign-in
    yield Crowd(gathered.codes)
    cache.clear()


def _asked(client: Client, cell: Cell, url: str, codes: Mapping[UUID, str]) -> Any:
    if cell.send is None:
        return client.get(url)
    apart = Client(HTTP_HOST=HOST, raise_request_exception=False)  # what it is told must not change the next answers
    apart.cookies.update(client.cookies)
    pairs = [each.split("=", 1) for each in filled(cell.send, "en", codes).split("&") if each]
    return apart.post(url, dict(pairs))


def _rows() -> dict[str, int]:
    """How many rows each table has: what a refused request wrote would show."""
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def _headers(response: HttpResponseBase) -> dict[str, str]:
    """Those that must be the same for HEAD; not those that tell the second of the answer."""
    return {name: value for name, value in response.headers.items() if name not in {"Content-Length", "Expires"}}


def _body(response: Any) -> str:
    content: bytes = b"".join(response.streaming_content) if response.streaming else response.content
    return _TOKENS.sub("", content.decode())


# --- the file itself --------------------------------------------------------------------------


def test_the_matrix_speaks_of_every_route_and_no_other() -> None:
    said, golden = set(routes()), set(reviewed())
    how = "write a table for each new route into tests/house/golden/permissions.toml, and take out what is gone"
    assert (golden - said, said - golden) == (set(), set()), how


def test_every_line_stands_at_its_own_route() -> None:
    """A line whose path another route answers would prove nothing about this one."""
    codes = dict.fromkeys(
        (thing("service", cell.path.split("code:")[1].split("}")[0]) for cell in CELLS if "code:" in cell.path),
        "1234567",
    )
    lost = {}
    for cell in CELLS:
        path = filled(cell.path, "en", codes).split("?")[0]
        if path in {"/de/", "/xx/"} or path.endswith(("/service/one/", "/service/one/map.json")):
            continue  # on purpose at no route
        match = resolve(path)
        same = {name for name, pattern in reviewed().items() if pattern == reviewed()[cell.route]}
        if match.url_name not in same:
            lost[str(cell)] = match.url_name
    assert lost == {}


def test_the_people_are_those_of_this_file_and_hold_every_role(crowd: Crowd) -> None:
    assert people().keys() == ADDRESSES.keys()
    held = {role for name in ADDRESSES for role in Role if crowd.actor(name).has(role)}
    assert held == set(Role) - {Role.SYSTEM}
    assert not crowd.actor("unaffiliated").is_public
    assert crowd.actor("former").grants == frozenset()


def test_the_matrix_has_a_service_of_every_state_there_is(crowd: Crowd) -> None:
    """Audience, status, approval and the visibility of its places, as they come together in the demo."""

    def states(ids: set[UUID] | None = None) -> set[tuple[str, str, str, str, bool]]:
        rows = Service.objects.filter(id__in=ids) if ids is not None else Service.objects.all()
        found = rows.values_list("audience", "status", "organization__status", "locations__visibility", "ends_on")
        return {(*row[:3], row[3] or "", row[4] is not None) for row in found}

    about = {thing(*cell.about.split(":")) for cell in CELLS if cell.about.startswith("service:")}
    assert states(about) == states()


def test_who_gets_the_page_is_who_may_see_the_thing(crowd: Crowd) -> None:
    """The reviewed lines against ``visible_to``: two ways to say the same."""
    services = {str(cell): cell for cell in CELLS if cell.about.startswith("service:")}
    organizations = {str(cell): cell for cell in CELLS if cell.about.startswith("organization:")}
    assert len(services) > 12
    assert len(organizations) > 5
    for name in people():
        actor = crowd.actor(name)
        for cells, seen in (
            (services, set(queries.visible_to(actor).values_list("id", flat=True))),
            (organizations, set(organizations_visible_to(actor).values_list("id", flat=True))),
        ):
            said = {each for each, cell in cells.items() if cell.status[name] == 200}
            assert said == {each for each, cell in cells.items() if thing(*cell.about.split(":")) in seen}, name


# --- what everybody gets ----------------------------------------------------------------------


@pytest.mark.parametrize("name", people())
def test_everybody_gets_what_the_matrix_says(crowd: Crowd, name: str) -> None:
    client = crowd.client(name)
    langs = LANGUAGES if name == "public" else ["el"]
    wrong = []
    for cell in CELLS:
        for lang in langs if "{lang}" in cell.path and cell.send is None else ["en"]:
            response = _asked(client, cell, crowd.url(cell, lang), crowd.codes)
            if response.status_code != cell.status[name]:
                wrong.append(f"{cell} ({lang}): {response.status_code} instead of {cell.status[name]}")
            elif response.status_code == 200 and response.headers["Content-Type"] != routes()[cell.route].kind:
                wrong.append(f"{cell}: {response.headers['Content-Type']}")
    assert wrong == []


@pytest.mark.parametrize("name", ["public", "owner", "administrator"])
def test_a_head_is_a_get_without_its_body(crowd: Crowd, name: str) -> None:
    client = crowd.client(name)
    wrong = []
    for cell in CELLS:
        if cell.send is not None or "HEAD" not in routes()[cell.route].allow:
            continue
        url = crowd.url(cell)
        full, head = client.get(url), client.head(url)
        if (full.status_code, _headers(full)) != (head.status_code, _headers(head)) or _body(head):
            different = set(_headers(full).items()) ^ set(_headers(head).items())
            wrong.append(f"{cell}: {full.status_code}, {head.status_code}, {sorted(different)}")
        if not full.streaming and head.headers.get("Content-Length") not in {None, full.headers.get("Content-Length")}:
            wrong.append(f"{cell}: {full.headers['Content-Length']} and {head.headers['Content-Length']} bytes")
    assert wrong == []


@pytest.mark.parametrize("name", people())
def test_absent_and_hidden_are_the_same_page(crowd: Crowd, name: str) -> None:
    """Whoever may not see a thing cannot learn that there is one: not by words, headers or length."""
    client = crowd.client(name)
    for route in ("service", "organization", "share_service", "print_service"):
        cells = [cell for cell in routes()[route].cells if cell.status[name] == 404 and cell.what != "no id"]
        answers = {cell.what: client.get(crowd.url(cell)) for cell in cells}
        absent = answers["absent"]
        for what, response in answers.items():
            assert _body(response) == _body(absent), (route, what)
            assert response.headers.items() == absent.headers.items(), (route, what)
    mistake, hidden = (
        client.get(f"/s/{code}/") for code in ("9999990", crowd.codes[thing("service", "centre-free-beds-today")])
    )
    if hidden.status_code == 404:
        assert mistake.status_code == 404


def test_an_unknown_code_and_that_of_a_hidden_service_are_the_same_page(crowd: Crowd) -> None:
    """Somebody who tries codes learns nothing about services for staff."""
    from sympolity.kit import codes

    taken = set(crowd.codes.values())
    free = next(code for number in range(1, 99) if (code := codes.make(UUID(int=number))) not in taken)
    hidden = crowd.codes[thing("service", "centre-free-beds-today")]
    client = crowd.client("public")
    for url in ("/s/{}/", "/s/?code={}", "/en/code/?code={}", "/ar/code/?code={}"):
        unknown, secret = (client.get(url.format(code)) for code in (free, hidden))
        assert unknown.status_code == secret.status_code == 404
        assert _body(unknown).replace(free, "") == _body(secret).replace(hidden, ""), url


def test_there_is_no_page_for_operators_where_there_is_none_for_you(crowd: Crowd) -> None:
    for name in ("public", "editor", "curator"):
        client = crowd.client(name)
        page, nothing = (client.get(f"/en/{word}/") for word in ("operator", "operatol"))
        assert _body(page).replace("operator", "") == _body(nothing).replace("operatol", "")


# --- methods ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", people())
def test_other_methods_are_refused_and_have_no_effect(crowd: Crowd, name: str) -> None:
    client = crowd.client(name)
    before, wrong = _rows(), []
    for route in routes().values():
        cell = route.cells[0]
        for method in METHODS:
            if method in route.allow:
                continue
            response = client.generic(
                method, crowd.url(cell), b"email=x%40y.example", "application/x-www-form-urlencoded"
            )
            if not route.allow:
                if response.status_code != 404:
                    wrong.append(f"{route.name} {method}: {response.status_code}")
                continue
            allowed = tuple(sorted(part.strip() for part in response.headers.get("Allow", "").split(",")))
            if (response.status_code, allowed) != (405, tuple(sorted(route.allow))):
                wrong.append(f"{route.name} {method}: {response.status_code}, Allow: {response.headers.get('Allow')}")
            if response.cookies:
                wrong.append(f"{route.name} {method}: sets {sorted(response.cookies)}")
    assert wrong == []
    assert _rows() == before
    assert mail.outbox == []


def test_forms_without_their_token_are_refused(crowd: Crowd) -> None:
    """Somebody else's page cannot send our forms in a reader's name: not even in that of whoever may send them all."""
    client = Client(HTTP_HOST=HOST, enforce_csrf_checks=True)
    client.force_login(Person.objects.get(email=ADDRESSES["administrator"]))
    before = _rows()
    refused = 0
    for route in routes().values():
        if "POST" not in route.allow or route.name in LINKS_THAT_ACT:
            continue
        response = client.post(crowd.url(route.cells[0]), {"email": "x@y.example", "organization": "x"})
        wanted = 404 if route.name in BY_ADDRESS else 422 if route.name in WITHOUT_ACCOUNT else 403
        assert response.status_code == wanted, route.name
        refused += 1
    assert refused >= 5
    assert _rows() == before


# --- bad input --------------------------------------------------------------------------------

ODD = (
    "?q=%00&code=%00&need=%00&with=%00&paper=%00",
    "?q=%FF%FE&code=%FF&need=%ED%A0%80",
    "?page=99999999999999999999&map=1e999,nan,-1&near=91,181&within=-1",
    "?code=" + "9" * 3000,
    "?" + "&".join(f"need=x{n}" for n in range(300)),
    "?with=en&with=ar&paper=a4&paper=a6&lang=zz&_method=DELETE",
    "?q=%E2%80%AE%E2%81%A6abc&code=%D9%A1%D9%A2%D9%A3",
    "?%5B%5D=&=&&;&%",
)


@pytest.mark.parametrize("name", ["public", "administrator"])
def test_nothing_that_is_asked_breaks_an_address(crowd: Crowd, name: str) -> None:
    """Odd questions get an ordinary answer; never 500."""
    client = crowd.client(name)
    for route in routes().values():
        path = crowd.url(route.cells[0]).split("?")[0]
        for odd in ODD:
            response = client.get(path + odd)
            assert response.status_code in {200, 302, 400, 404, 405}, (route.name, odd[:40], response.status_code)


# Put in the place of the last named part of a pattern.
ODD_PARTS = (
    "%00",
    "%FF",
    "..",
    "%2e%2e%2fsettings",
    "a" * 2000,
    "%E2%80%AE",
    "'\"><svg>",
    "00000000-0000-0000-0000-00000000000G",
    "-1",
)


def test_nothing_that_is_named_breaks_an_address(crowd: Crowd) -> None:
    client = crowd.client("public")
    asked = 0
    for name, pattern in reviewed().items():
        parts = re.findall(r"<\w+:\w+>", pattern)
        if parts in ([], ["<lang:lang>"]):
            continue
        for odd in ODD_PARTS:
            path = pattern.replace("<lang:lang>", "en").replace("<slug:kind>", "pages")
            path = re.sub(r"<\w+:\w+>", lambda _: odd, path)  # noqa: B023 - used at once
            response = client.get(path)
            assert response.status_code in {200, 302, 400, 404}, (name, odd[:40], response.status_code)
            if response.headers["Content-Type"].startswith("text/html"):
                Reader().read(response, status=response.status_code)
            asked += 1
    assert asked > 80
