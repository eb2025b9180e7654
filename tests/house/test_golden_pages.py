"""Every page of the golden list as a strict editor reads it; and no page of the site is missing there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import brotli
import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import resolve

from sympolity.languages import registry
from sympolity.people.models import Person
from tests.browser.golden import ADMINISTRATOR, BUDGET, LANGUAGES, MEMBER, PAGES, PageType, each_in
from tests.browser.reading import made_here
from tests.find.network import Network
from tests.house.matrix import routes
from tests.house.routes import reviewed
from tests.house.staircase import HOUSE
from tests.reader import HOST, Page, Reader

NAME = " · Sympolity"
TITLE = 70  # characters that search engines and tabs show
TOLD_APART = {"find-nothing"}  # the tab tells what was asked, the page that there is none
# Pages at addresses that each installation makes for itself, and where they are read as strictly.
OWN_ADDRESSES = {
    "account_arrived": "sympolity/people/tests/test_arriving.py",
    "account_invitation": "sympolity/people/tests/test_inviting.py",
    "mfa_activate_totp": "sympolity/people/tests/test_factor.py",
    "mfa_authenticate": "sympolity/people/tests/test_factor.py",
    "mfa_generate_recovery_codes": "sympolity/people/tests/test_factor.py",
    "mfa_remove": "sympolity/people/tests/test_factor.py",
    "confirm": "tests/truth/test_link.py",
    "mailbox_mail": "tests/running/test_mailbox.py",
    "unsubscribe": "sympolity/post/tests/test_unsubscribing.py",
}
READ = [page for page in PAGES if page.name != "components"]  # no page of the site, and no frame of it


def _reader(kind: PageType, lang: str) -> Reader:
    client = Client(HTTP_HOST=HOST)
    address = {"member": MEMBER, "administrator": ADMINISTRATOR}.get(kind.as_)
    if address:
        client.force_login(Person.objects.get(email=address))
    if kind.as_ == "asked":
        assert client.post(f"/{lang}/account/", {"email": "nobody@unknown.example"}).status_code == 302
    # The form for signing in carries a token against forged requests; nobody else gets a cookie.
    return Reader(client, signed_in=bool(address) or kind.path.startswith("account/"))


@pytest.fixture(autouse=True)
def _no_limits() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def _opened(kind: PageType, lang: str) -> Page:
    reader = _reader(kind, lang)
    if not kind.made_here:
        return reader.get(kind.url(lang), status=kind.status)
    response: Any = made_here(kind.path, lang)
    from sympolity.project.middleware import headers

    response = headers(lambda _: response)(RequestFactory().get(kind.path))
    response.request = {"PATH_INFO": kind.path}
    return reader.read(response, status=kind.status)


def test_every_page_of_the_site_stands_in_the_golden_list() -> None:
    """A route that answers with HTML has at least one entry; routes of one pattern are one page."""
    shown = {
        resolve(page.url("en").split("?")[0]).url_name for page in PAGES if not page.made_here and page.status == 200
    }
    patterns = {reviewed()[name] for name in shown if name}
    pages = {name for name, route in routes().items() if route.answers == "html"}
    assert {name for name in pages - OWN_ADDRESSES.keys() if reviewed()[name] not in patterns} == set()
    assert [path for path in OWN_ADDRESSES.values() if not (HOUSE / path).exists()] == []
    assert shown <= pages


def test_names_are_used_once_and_languages_are_those_of_the_interface() -> None:
    assert len({page.name for page in PAGES}) == len(PAGES)
    assert set(LANGUAGES) <= {row.code for row in registry.INTERFACE}


def test_whoever_may_be_heavier_says_why() -> None:
    assert [page.name for page in PAGES if (page.weight > BUDGET) != bool(page.heavy)] == []


WITH_TOKEN = {"report", "reported", "missing", "begin", "found", "join"}  # each answer has a form of its own
NEVER_KEPT = "max-age=0, no-cache, no-store, must-revalidate, private"  # as sign-in says it


@pytest.mark.parametrize(("kind", "lang"), each_in(READ), ids=str)
def test_a_page_reads_well_and_is_light(network: Network, kind: PageType, lang: str) -> None:
    page = _opened(kind, lang)
    assert page.document.root.get("lang") == (lang if len(kind.languages) > 1 else "en")
    assert page.title.endswith(NAME)
    title = page.title.removesuffix(NAME).removesuffix("…")  # a long one is cut
    assert len(page.title) <= TITLE
    assert kind.name in TOLD_APART or title in page.h1 or page.h1 in title, (
        "the tab is found again by what stands on top of the page"
    )
    assert len(brotli.compress(page.response.content, quality=5)) <= kind.weight
    if kind.as_ == "anybody" and not kind.made_here and kind.status == 200 and kind.name != "sign-in":
        kept = page.response.headers["Cache-Control"]
        if kind.name in WITH_TOKEN:
            assert kept == (NEVER_KEPT if kind.name == "begin" else "private, no-store")
            return
        assert kept == "public, max-age=60" or (kept == "no-store" and len(kind.languages) == 1)


def test_in_every_other_language_of_the_interface_too(network: Network) -> None:
    """The golden list shows three; whoever reads another gets the same pages."""
    others = [row.code for row in registry.INTERFACE if row.code not in LANGUAGES]
    for kind in READ:
        for lang in others if len(kind.languages) > 1 else ():
            page = _opened(kind, lang)
            assert len(brotli.compress(page.response.content, quality=5)) <= kind.weight, (kind.name, lang)
