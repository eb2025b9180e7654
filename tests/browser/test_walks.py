"""The main journeys without a mouse, each step reached by Tab and taken with Enter."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.golden import HIDDEN, SERVICE
from tests.browser.reading import DESK, PHONE
from tests.browser.site import Site

MOST = 160  # presses of Tab until a link of the page must have come
KEPT = "localStorage.getItem('sympolity.saved')"
WIDTHS = pytest.mark.parametrize("walker", [PHONE, DESK], indirect=True)


@pytest.fixture
def walker(browser: Browser, running: Site, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of a browser of its own; a test may name the width of the window."""
    context = browser.new_context(
        base_url=running.address,
        locale="en-GB",
        viewport={"width": getattr(request, "param", PHONE), "height": 844},
        reduced_motion="reduce",
    )
    yield context.new_page()
    context.close()


def reach(page: Page, name: str) -> None:
    """Press Tab until what ``name`` selects has the focus."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        if page.evaluate("name => document.activeElement.matches(name)", name):
            return
    raise AssertionError(f"{page.url}: {name} is not reached by Tab")


def follow(page: Page, name: str) -> None:
    """Reach a link or button and take it."""
    reach(page, name)
    before = page.url
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != before)


def open_menu(page: Page) -> None:
    """On a telephone the pages of the site are folded away."""
    if not page.locator(".top a[href='/en/cities/']").first.is_visible():
        reach(page, "details.menu summary")
        page.keyboard.press("Enter")


@WIDTHS
def test_from_home_by_the_city_to_a_service_on_paper(walker: Page) -> None:
    walker.goto("/en/")
    open_menu(walker)
    follow(walker, "a[href='/en/cities/']")
    follow(walker, "main a[href='/en/city/athens/']")
    assert walker.locator("h1").inner_text() == "Athens"
    follow(walker, "ol.results h3 a")
    service = walker.locator("h1").inner_text()
    follow(walker, "main a[href*='/print/']")
    expect(walker.locator("h1")).to_contain_text(service)

    reach(walker, "#with")
    walker.select_option("#with", "ar")  # the keys for this are those of the system
    reach(walker, "#paper")
    walker.select_option("#paper", "a6")
    follow(walker, "main form button[type=submit]")
    assert re.search(r"with=ar&paper=a6$", walker.url)
    expect(walker.locator(".sheet.on-a6 [lang=ar]").first).to_be_visible()
    follow(walker, "main .no-print a")
    assert walker.locator("h1").inner_text() == service, "and back"


@WIDTHS
def test_from_the_search_to_a_code_that_is_told_and_typed(walker: Page, running: Site) -> None:
    walker.goto("/en/find/")
    reach(walker, "#q")
    walker.keyboard.type("lawyer for asylum")
    walker.keyboard.press("Enter")
    walker.wait_for_url("**/find/?*")
    follow(walker, "ol.results h3 a")
    service, name = walker.url, walker.locator("h1").inner_text()
    follow(walker, "main a[href*='/share/']")
    code = walker.locator("bdi.code").inner_text()
    assert re.fullmatch(r"\d{3} \d\d \d\d|\d{3} \d{3} \d{3}", code)
    assert walker.locator("#the-link").inner_text() == f"{running.address}/s/{code.replace(' ', '')}/"

    follow(walker, "main a[href='/s/']")
    assert walker.url == f"{running.address}/en/code/", "in the language of the browser"
    reach(walker, "#code")
    walker.keyboard.type(code.replace(" ", "")[::-1])
    walker.keyboard.press("Enter")
    expect(walker.locator("[role=alert]")).to_be_visible()
    reach(walker, "#code")
    walker.keyboard.press("Control+A")
    walker.keyboard.type(code)
    walker.keyboard.press("Enter")
    walker.wait_for_url("**/service/**")
    assert (walker.url, walker.locator("h1").inner_text()) == (service, name)


@WIDTHS
def test_what_is_saved_is_listed_removed_and_deleted(walker: Page, running: Site) -> None:
    sent: list[str] = []
    walker.on("request", lambda request: sent.append(f"{request.method} {request.url} {request.post_data or ''}"))
    names = []
    for number in (0, 1):
        walker.goto("/en/find/?need=things&in=athens")
        walker.locator("ol.results h3 a").nth(number).focus()
        walker.keyboard.press("Enter")
        walker.wait_for_url("**/service/**")
        names.append(walker.locator("h1").inner_text())
        reach(walker, "button[data-keep]")
        walker.keyboard.press("Enter")
        expect(walker.locator("button[data-keep]")).to_have_attribute("aria-pressed", "true")
    follow(walker, "footer a[href='/en/saved/']")
    listed = walker.locator("[data-list] h3")
    expect(listed).to_have_text(list(reversed(names)))
    expect(walker.locator("[data-none]")).to_be_hidden()

    reach(walker, "[data-list] button")
    walker.keyboard.press("Enter")
    expect(listed).to_have_text([names[0]])
    assert walker.evaluate("document.activeElement.closest('[data-list]') !== null"), "the focus stays in the list"
    expect(walker.locator("[data-said]")).not_to_be_empty()
    walker.reload()
    expect(listed).to_have_text([names[0]])
    reach(walker, "[data-clear]")
    walker.keyboard.press("Enter")
    expect(walker.locator("[data-none]")).to_be_focused()
    assert walker.evaluate(KEPT) is None
    assert [each for each in sent if not each.startswith(f"GET {running.address}/")] == [], "nothing is ever sent"


def test_what_would_betray_somebody_is_saved_under_its_code(walker: Page) -> None:
    """Whoever looks into the telephone of a woman in a shelter finds a number."""
    walker.goto(f"/en/{HIDDEN}")
    name = walker.locator("h1").inner_text()
    walker.locator("button[data-keep]").focus()
    walker.keyboard.press("Enter")
    walker.goto("/en/saved/")
    assert re.fullmatch(r"[\d ]{9,11}", walker.locator("[data-list] h3").inner_text())
    assert name not in walker.evaluate(KEPT)


def test_the_saved_list_follows_its_reader_into_another_language(walker: Page) -> None:
    walker.goto(f"/en/{SERVICE}")
    walker.locator("button[data-keep]").focus()
    walker.keyboard.press("Enter")
    walker.goto("/ar/saved/")
    assert walker.locator("[data-list] a").get_attribute("href") == f"/ar/{SERVICE}"


def test_without_script_the_page_says_what_works_instead(plain: Page) -> None:
    plain.goto(f"/en/{SERVICE}")
    expect(plain.locator("button[data-keep]")).to_be_hidden()
    plain.goto("/en/saved/")
    expect(plain.locator("[data-kept]")).to_be_hidden()
    expect(plain.locator("noscript p")).to_be_visible()
    expect(plain.locator("main a[href='/en/code/']")).to_be_visible()


def test_a_link_opens_the_same_list_in_the_language_of_whoever_gets_it(browser: Browser, running: Site) -> None:
    """Sent from Greek, opened by somebody whose telephone speaks Arabic; Back and the language change lose nothing."""
    sender, receiver = (browser.new_context(base_url=running.address, locale=each) for each in ("el-GR", "ar-SY"))
    page = sender.new_page()
    page.goto("/el/find/?need=legal&in=athens&speaks=ar")
    count = page.locator("ol.results > li").count()
    page.locator("main a[href*='/find/share/']").click()
    link = page.locator("#the-link").inner_text()
    assert "/el/" not in link
    path = link.split("/", 3)[3]  # the address of the site stands in its settings

    page = receiver.new_page()
    page.goto(f"/{path}")
    assert page.url == f"{running.address}/ar/find/?need=legal&in=athens&speaks=ar"
    assert page.locator("ol.results > li").count() == count > 0
    page.locator("ol.results h3 a").first.click()
    page.go_back()
    assert page.url.endswith("/ar/find/?need=legal&in=athens&speaks=ar")
    sender.close()
    receiver.close()
