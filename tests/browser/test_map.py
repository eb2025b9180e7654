"""The interactive map: only when asked for, quiet, usable by keyboard, and never in the way of the list."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.golden import HIDDEN, SERVICE
from tests.browser.site import BROWSER_FLAGS, Site, chromium
from tests.browser.test_accessible import violations

# WebGL2 in software, so that machines without a graphics card test it too.
DRAWING = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
FLAGS = [flag for flag in BROWSER_FLAGS if flag != "--disable-gpu"] + DRAWING
NO_WEBGL = "HTMLCanvasElement.prototype.getContext = () => null;"
PRESSED = "button[data-map]"


@pytest.fixture(scope="module")
def painter(browser: Browser) -> Iterator[Browser]:
    """A browser that can draw."""
    started = browser.browser_type.launch(executable_path=chromium(), args=FLAGS)
    yield started
    started.close()


def _page(
    browser: Browser, running: Site, *, width: int = 1280, heard: list[str] | None = None, script: str = ""
) -> Page:
    context = browser.new_context(
        base_url=running.address, viewport={"width": width, "height": 844}, reduced_motion="reduce"
    )
    context.set_default_timeout(20_000)
    if script:
        context.add_init_script(script)
    page = context.new_page()
    if heard is not None:
        page.on("console", lambda message: heard.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: heard.append(f"error: {error}"))
        own = (running.address, "data:")
        page.on("request", lambda request: None if request.url.startswith(own) else heard.append(request.url))
    return page


def _opened(page: Page, url: str) -> None:
    page.goto(url)
    page.locator(PRESSED).click()
    page.locator(".gl-pin").first.wait_for()
    page.wait_for_load_state("networkidle")


def test_nothing_of_it_is_loaded_before_it_is_asked_for(painter: Browser, running: Site) -> None:
    page = _page(painter, running)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/en/find/", wait_until="networkidle")
    assert page.locator(PRESSED).is_visible()
    assert [url for url in asked if "maplibre" in url or "map.json" in url or "map-view" in url] == []
    page.context.close()


def test_without_webgl_or_script_the_drawing_stays_and_nothing_is_offered(
    painter: Browser, running: Site, plain: Page
) -> None:
    for page in (_page(painter, running, script=NO_WEBGL), plain):
        page.goto(f"{running.address}/ar/find/", wait_until="networkidle")
        assert page.locator("#map svg").is_visible()
        assert page.locator(PRESSED).count() == 1
        assert not page.locator(PRESSED).is_visible()


@pytest.mark.parametrize("url", ["/en/find/?need=legal", f"/ar/{SERVICE}", f"/el/{HIDDEN}"])
def test_it_is_quiet_under_the_policy_of_every_page(painter: Browser, running: Site, url: str) -> None:
    heard: list[str] = []
    page = _page(painter, running, heard=heard)
    _opened(page, url)
    assert heard == [], "no other origin, no breach of the policy, no warning"
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    page.context.close()


def test_when_it_cannot_be_loaded_the_page_says_so_and_keeps_the_drawing(painter: Browser, running: Site) -> None:
    page = _page(painter, running)
    page.route("**/maplibre-gl*", lambda route: route.abort())
    page.goto("/en/find/")
    page.locator(PRESSED).click()
    page.get_by_role("status").filter(has_text="could not be loaded").wait_for()
    assert page.locator("#map svg").is_visible()
    page.context.close()


def test_pins_are_buttons_in_the_order_of_the_list_and_focus_gets_out(painter: Browser, running: Site) -> None:
    page = _page(painter, running)
    _opened(page, "/en/find/")
    numbers = [int(text) for text in page.locator(".gl-pin").all_inner_texts()]
    assert numbers == sorted(numbers)
    assert page.evaluate("document.activeElement.className") == "maplibregl-canvas"
    for _ in numbers:
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == str(numbers[-1])
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "Back to the simple map"
    page.keyboard.press("Enter")
    assert page.locator(".gl").count() == 0
    assert page.locator("#map svg").is_visible()
    assert page.evaluate("document.activeElement.hasAttribute('data-map')")
    page.context.close()


def test_pins_and_cards_are_in_step(painter: Browser, running: Site) -> None:
    page = _page(painter, running)
    _opened(page, "/en/find/?in=athens")
    first = page.locator(".gl-pin").first
    card = page.locator(f"#r{first.inner_text()}")
    top = page.evaluate("scrollY")
    card.locator("h3 a").evaluate("link => link.focus({ preventScroll: true })")
    assert "lit" in (first.get_attribute("class") or "")
    first.evaluate("pin => pin.focus({ preventScroll: true })")
    assert "lit" in (card.get_attribute("class") or "")
    page.keyboard.press("Enter")
    popup = page.locator(".maplibregl-popup")
    assert card.locator("h3 a").inner_text() in popup.inner_text()
    assert page.locator("[aria-current=true].result").count() == 1
    assert page.evaluate("scrollY") == top, "nothing scrolls by itself"
    popup.get_by_text("Show in the list").click()
    assert page.evaluate("document.activeElement.closest('.result').id") == card.get_attribute("id")
    page.keyboard.press("Shift+Tab")
    first.focus()
    page.keyboard.press("Escape")
    assert popup.count() == 0
    assert page.locator(".result[aria-current]").count() == 0
    page.context.close()


def test_searching_in_an_area_sends_a_rough_place(painter: Browser, running: Site) -> None:
    page = _page(painter, running)
    _opened(page, "/en/find/?need=legal&page=1")
    button = page.get_by_role("button", name="Search in this area")
    assert not button.is_visible()
    page.locator(".maplibregl-canvas").focus()
    page.keyboard.press("ArrowLeft")
    button.click()
    page.wait_for_url("**near=**")
    asked = dict(part.split("=") for part in page.url.partition("?")[2].split("&"))
    assert set(asked) == {"need", "near", "within"}
    lat, lon = (float(part) for part in asked["near"].split("%2C"))
    assert [round(value * 500) / 500 for value in (lat, lon)] == pytest.approx([lat, lon]), "a grid of 200 m"
    page.context.close()


@pytest.mark.parametrize(("lang", "width"), [("en", 390), ("en", 1280), ("ar", 390), ("ar", 1280)])
def test_axe_finds_nothing_with_the_map_and_a_popup_open(
    painter: Browser, running: Site, lang: str, width: int
) -> None:
    page = _page(painter, running, width=width)
    _opened(page, f"/{lang}/find/?in=athens")
    page.locator(".gl-pin").first.focus()
    page.keyboard.press("Enter")
    page.locator(".maplibregl-popup").wait_for()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.context.close()
