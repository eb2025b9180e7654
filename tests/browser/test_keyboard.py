"""Without a mouse: everything is reached in the order it is read, seen when reached, and left again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.golden import MAIN, PageType
from tests.browser.reading import DESK, PHONE, Readers

# What has the focus, and whether one sees it: an outline of its own, of the box around it, or a thick line in a map.
FOCUS = """() => {
    const here = document.activeElement, style = getComputedStyle(here), box = here.getBoundingClientRect()
    const outlined = each => getComputedStyle(each).outlineStyle !== 'none' && parseFloat(getComputedStyle(each).outlineWidth) >= 2
    const around = here.closest('.search-box')
    const drawn = here.matches('.pin') && parseFloat(getComputedStyle(here.querySelector('path, circle')).strokeWidth) >= 3
    const all = [...document.querySelectorAll('*')]
    return {name: here.outerHTML.slice(0, 90), place: all.indexOf(here), body: here === document.body,
        seen: outlined(here) || (around && outlined(around)) || drawn,
        inside: box.bottom > 0 && box.top < innerHeight && box.width > 0}
}"""
REACHABLE = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter(each => each.checkVisibility() && !(each.closest('details:not([open])') && each.tagName !== 'SUMMARY')).length"""


def walk(page: Page, limit: int) -> Iterator[dict[str, Any]]:
    """Press Tab until the page is left, or begins again."""
    first = None
    for _ in range(limit):
        page.keyboard.press("Tab")
        here = page.evaluate(FOCUS)
        if here["body"] or here["place"] == first:
            return
        first = first or here["place"]
        yield here


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("kind", MAIN, ids=lambda kind: kind.name)
def test_tab_reaches_everything_in_order_and_shows_where_it_is(readers: Readers, kind: PageType, width: int) -> None:
    page = readers.open(kind, "ar", width=width)
    reachable = page.evaluate(REACHABLE)
    steps = list(walk(page, reachable + 20))
    assert [step["name"] for step in steps if not step["seen"]] == [], "the focus cannot be seen"
    assert [step["name"] for step in steps if not step["inside"]] == [], "the focus is outside the window"
    places = [step["place"] for step in steps]
    assert places == sorted(set(places)), "out of order, or caught in a circle"
    radios = page.locator("input[type=radio]:visible").count()  # one stop for a group
    assert len(steps) == reachable - max(radios - 1, 0)


def test_the_first_stop_skips_to_the_content(readers: Readers) -> None:
    page = readers.open(MAIN[1], "en")
    page.keyboard.press("Tab")
    assert page.evaluate(
        "document.activeElement.matches('.skip') && document.activeElement.getBoundingClientRect().top >= 0"
    )
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("key", ["Enter", "Space"])
@pytest.mark.parametrize("fold", ["details.menu", "main details.fold"])
def test_menus_and_folds_open_and_close(readers: Readers, fold: str, key: str) -> None:
    page = readers.open(MAIN[1], "el")
    details = page.locator(fold).first
    details.locator("summary").focus()
    page.keyboard.press(key)
    assert details.evaluate("each => each.open")
    page.keyboard.press("Tab")
    assert details.evaluate("each => each.contains(document.activeElement)")
    details.locator("summary").focus()
    page.keyboard.press(key)
    assert not details.evaluate("each => each.open")
