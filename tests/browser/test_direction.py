"""Arabic is written from the right: the page turns round, pictures without a direction do not."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.golden import PAGES, PROFESSIONAL, SERVICE, PageType
from tests.browser.reading import DESK, PHONE, Readers

MIRRORED = "name => [...document.querySelectorAll(name)].filter(each => each.checkVisibility()).map(each => getComputedStyle(each).transform)"
TURNED = "matrix(-1, 0, 0, 1, 0, 0)"
# Words with digits of a phone, a time or a code, outside an element that is written from the left.
LOOSE = r"""() => {
    const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
        const node = walker.currentNode, parent = node.parentElement
        if (/\+\d[\d ]{6,}|\d{1,2}:\d\d\s*[–-]\s*\d/.test(node.data) && getComputedStyle(parent).direction !== 'ltr') found.push(node.data.trim())
    }
    return found
}"""


def test_the_page_turns_round(readers: Readers) -> None:
    page = readers.open(PageType("service", SERVICE), "ar", width=DESK)
    assert page.evaluate("[document.documentElement.dir, document.documentElement.lang]") == ["rtl", "ar"]
    assert _left(page, ".top .brand") > _left(page, ".top .exit")
    assert _left(page, "article") > _left(page, "aside")
    assert _left(page, ".hours tbody th") > _left(page, ".hours tbody svg")
    left = readers.open(PageType("service", SERVICE), "el", width=DESK)
    assert _left(left, ".top .brand") < _left(left, ".top .exit")


def _left(page: Page, name: str) -> float:
    box = page.locator(name).first.bounding_box()
    assert box is not None
    return float(box["x"])


def test_only_what_has_a_direction_is_mirrored(readers: Readers) -> None:
    page = readers.open(PageType("service", SERVICE), "ar", width=PHONE)
    assert set(page.evaluate(MIRRORED, ".hours svg.flip")) == {TURNED}, "the bars of the hours begin on the right"
    assert set(page.evaluate(MIRRORED, ".i-dir")) == {TURNED}
    assert set(page.evaluate(MIRRORED, "svg:not(.flip, .i-dir)")) == {"none"}, (
        "phone, clock, tick and map stay as they are"
    )
    page = readers.open(PageType("service", SERVICE), "en")
    assert set(page.evaluate(MIRRORED, "svg")) == {"none"}


def test_numbers_to_call_and_times_are_written_from_the_left(readers: Readers) -> None:
    loose = {}
    for kind in PAGES:
        if kind.name != "components" and len(kind.languages) > 1:
            loose[kind.name] = readers.open(kind, "ar").evaluate(LOOSE)
    assert {name: found for name, found in loose.items() if found} == {}
    page = readers.open(PageType("professional", PROFESSIONAL, as_="member"), "ar")
    assert page.locator("a[href^='tel:'] bdi[dir=ltr]").count() == page.locator("a[href^='tel:']").count() > 0
