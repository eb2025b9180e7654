"""Small screens and large type: nothing is cut, nothing lies over anything else, everything can be hit."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.golden import PAGES, PageType, each_in
from tests.browser.reading import PHONE, Readers

NARROW = 320  # CSS pixels
TARGET = 44  # CSS pixels, both ways
LARGE = 32  # pixels of the reader's own type, twice the usual

# Wider than the window: elements that stick out, unless something around them scrolls or hides them.
WIDE = """() => {
    const root = document.scrollingElement
    if (root.scrollWidth <= innerWidth) return []
    return [...document.querySelectorAll('body *')].filter(each => {
        const box = each.getBoundingClientRect()
        return box.width > 0 && (box.right > innerWidth + 1 || box.left < -1)
    }).map(each => each.outerHTML.slice(0, 100)).slice(0, 5).concat(`${root.scrollWidth} > ${innerWidth}`)
}"""
TYPE = "parseFloat(getComputedStyle(document.querySelector('main')).fontSize)"
# Parts of the header that lie over each other or over the content.
HEADER = """() => {
    const seen = each => { const box = each.getBoundingClientRect(); return box.width > 1 && box.height > 1 }
    const parts = [...document.querySelectorAll('.top .brand, .top .nav, .top .menu > summary, .top .exit')].filter(seen)
    const box = each => each.getBoundingClientRect()
    const over = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1
    const found = []
    parts.forEach((a, n) => parts.slice(n + 1).forEach(b => { if (over(box(a), box(b))) found.push(`${a.className} over ${b.className}`) }))
    if (box(document.querySelector('main')).top < box(document.querySelector('.top')).bottom - 1) found.push('main under the header')
    return found
}"""
# Everything to press; a tick counts with its label. Links inside a sentence and pins of a map are not targets of this size.
SMALL = """minimum => [...document.querySelectorAll(
    'button, .btn, .chip, .door, .brand, .pages a, .tongues a, .tabs a, nav a, summary, select, .in, .search input, .tick, h3 .cover, .facts a'
)].filter(each => each.checkVisibility() && !each.closest('svg')).map(each => {
    const box = each.getBoundingClientRect(), after = getComputedStyle(each, '::after')
    const around = each.matches('.cover') && after.position === 'absolute' ? each.closest('.card').getBoundingClientRect() : box
    return [Math.round(around.width), Math.round(around.height), each.outerHTML.slice(0, 90)]
}).filter(([width, height]) => width > 1 && (width < minimum || height < minimum))"""


def _fits(page: Page) -> list[str]:
    return [*page.evaluate(WIDE), *page.evaluate(HEADER)]


@pytest.mark.parametrize(("kind", "lang"), each_in(PAGES, others=("el", "ar")), ids=str)
def test_no_sideways_scrolling(readers: Readers, kind: PageType, lang: str) -> None:
    page = readers.open(kind, lang, width=NARROW)
    assert _fits(page) == [], "at 320 pixels"
    page.set_viewport_size({"width": PHONE, "height": 844})
    before = page.evaluate(TYPE)
    page.evaluate(f"document.documentElement.style.fontSize = '{LARGE}px'")
    assert page.evaluate(TYPE) == 2 * before
    assert _fits(page) == [], "at type of twice the size"
    page.set_viewport_size({"width": 2 * NARROW, "height": 844})
    assert _fits(page) == [], "at type of twice the size, in a window of 640 pixels"


@pytest.mark.parametrize("kind", [page for page in PAGES if page.name != "components"], ids=lambda kind: kind.name)
def test_a_finger_hits_what_it_means(readers: Readers, kind: PageType) -> None:
    assert readers.open(kind, "el").evaluate(SMALL, TARGET) == []
