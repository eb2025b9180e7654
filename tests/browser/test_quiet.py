"""Public pages ask nobody else, keep nothing, and have nothing to complain about."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.browser.golden import PAGES, PageType
from tests.browser.reading import Readers
from tests.browser.site import Site

PUBLIC = tuple(page for page in PAGES if page.as_ == "anybody" and not page.made_here)
KEPT = "[localStorage.length, sessionStorage.length, (await indexedDB.databases()).length]"


def _listen(page: Page, own: str) -> list[str]:
    heard: list[str] = []

    def said(message: ConsoleMessage) -> None:
        # The browser notes a page that is answered with 404 as an error of that page.
        if message.type in {"error", "warning"} and message.location.get("url") != page.url:
            heard.append(f"{message.type}: {message.text}")

    page.on("console", said)
    page.on("pageerror", lambda error: heard.append(f"error: {error}"))
    page.on("request", lambda request: None if request.url.startswith((own, "data:")) else heard.append(request.url))
    return heard


SIGNING = {"sign-in", "found", "join"}  # what is sent there brings a person in: nobody else's page may send it


@pytest.mark.parametrize("kind", PUBLIC, ids=lambda kind: kind.name)
def test_no_error_no_other_origin_nothing_kept(browser: Browser, running: Site, kind: PageType) -> None:
    context = browser.new_context()
    page = context.new_page()
    heard = _listen(page, running.address)
    page.goto(running.address + kind.url("ar"), wait_until="networkidle")
    assert heard == []
    assert page.evaluate(f"(async () => {KEPT})()") == [0, 0, 0]
    # The form for signing in carries a token against forged requests; nobody else gets anything.
    assert {cookie["name"] for cookie in context.cookies()} <= ({"csrftoken"} if kind.name in SIGNING else set())
    context.close()


def test_leaving_takes_the_place_of_the_page_in_the_history(readers: Readers, running: Site) -> None:
    page = readers.new(base_url=running.address)
    page.route("https://**", lambda route: route.fulfill(body="<title>elsewhere</title>", content_type="text/html"))
    page.goto("/en/")
    page.goto("/en/find/")
    page.locator("a.exit").click()
    page.wait_for_url("https://**")
    page.go_back()
    assert page.url == f"{running.address}/en/", "Back leads to the page before, not to the one that was left"
