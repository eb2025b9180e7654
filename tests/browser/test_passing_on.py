"""What is kept in the browser, and paper as the browser makes it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.golden import HIDDEN, PROFESSIONAL, SERVICE
from tests.browser.site import Site

PAPERS = {"a4": (595, 842, 1), "a6": (298, 420, 2)}  # width and height in points, most pages


@pytest.fixture
def phone(browser: Browser, running: Site) -> Iterator[Page]:
    """A telephone with script."""
    context = browser.new_context(base_url=running.address, viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def test_a_list_that_stays_on_this_phone(phone: Page) -> None:
    sent: list[str] = []
    phone.on("request", lambda request: sent.append(request.method))
    for path in (SERVICE, HIDDEN):
        phone.goto(f"/en/{path}")
        name = phone.locator("h1").inner_text()
        button = phone.locator("button[data-keep]")
        expect(button).to_have_attribute("aria-pressed", "false")
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
    phone.goto("/ar/saved/")
    links = phone.locator("[data-list] a")
    assert [link.get_attribute("href") for link in links.all()] == [f"/ar/{HIDDEN}", f"/ar/{SERVICE}"]
    assert re.fullmatch(r"\d{3} \d\d \d\d", links.first.inner_text()), "where a name endangers, only the code is kept"
    assert name not in phone.locator("main").inner_text()
    phone.locator("[data-list] button").first.click()
    expect(links).to_have_count(1)
    phone.locator("[data-clear]").click()
    expect(links).to_have_count(0)
    assert phone.evaluate("localStorage.length") == 0
    assert set(sent) == {"GET"}


def test_without_script_there_is_no_button_that_does_nothing(plain: Page) -> None:
    for path in (SERVICE, f"{SERVICE}share/", f"{SERVICE}print/", "saved/"):
        plain.goto(f"/en/{path}")
        for name in ("keep", "copy", "share", "print", "clear"):
            expect(plain.locator(f"button[data-{name}]:visible")).to_have_count(0)
    expect(plain.locator("noscript p")).to_be_visible()


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize(("lang", "second"), [("en", "el"), ("el", "ar"), ("ar", "ur"), ("ar", "fr"), ("en", "fa")])
def test_a_service_fits_its_paper(phone: Page, lang: str, second: str, paper: str) -> None:
    width, height, most = PAPERS[paper]
    for path in (SERVICE, HIDDEN, PROFESSIONAL):
        phone.goto(f"/{lang}/{path}print/?with={second}&paper={paper}")
        sizes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", phone.pdf(prefer_css_page_size=True))
        assert {(round(float(x)), round(float(y))) for x, y in sizes} == {(width, height)}
        assert len(sizes) <= most, path


def test_paper_has_no_navigation(phone: Page) -> None:
    phone.goto(f"/en/{SERVICE}print/")
    phone.emulate_media(media="print")
    for part in ("header.top", "footer.foot", "form", "main nav"):
        expect(phone.locator(f"{part}:visible")).to_have_count(0)
    expect(phone.locator(".qr")).to_be_visible()
