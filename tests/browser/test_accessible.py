"""axe-core finds nothing on any page type: WCAG 2.0 to 2.2, A and AA, and best practice."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.golden import MAIN, PAGES, PageType, each_in
from tests.browser.reading import DESK, PHONE, Readers

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")
AXE = Axe()
OTHERS = [page for page in PAGES if not page.main]


def violations(page: Page, **run_only: Any) -> list[str]:
    """Rule, element and reason of everything axe objects to."""
    options = {"resultTypes": ["violations"], "runOnly": run_only or {"type": "tag", "values": RULES}}
    found = AXE.run(page, options=options).response["violations"]
    return [f"{rule['id']} {node['target']}: {node['failureSummary']}" for rule in found for node in rule["nodes"]]


def contrast(page: Page) -> list[str]:
    return violations(page, type="rule", values=["color-contrast", "link-in-text-block"])


@pytest.mark.parametrize(("kind", "lang"), each_in(MAIN), ids=str)
def test_what_is_read_most_at_both_widths(readers: Readers, kind: PageType, lang: str) -> None:
    page = readers.open(kind, lang, width=PHONE)
    found = [f"{PHONE}: {each}" for each in violations(page)]
    page.set_viewport_size({"width": DESK, "height": 844})
    assert found + [f"{DESK}: {each}" for each in violations(page)] == []


@pytest.mark.parametrize(("kind", "lang"), each_in(OTHERS), ids=str)
def test_every_other_page_type(readers: Readers, kind: PageType, lang: str) -> None:
    """Greek on a desk, the others on a telephone (see golden.py)."""
    assert violations(readers.open(kind, lang, width=DESK if lang == "el" else PHONE)) == []


@pytest.mark.parametrize("kind", PAGES, ids=lambda kind: kind.name)
def test_words_can_be_read_in_the_dark(readers: Readers, kind: PageType) -> None:
    assert contrast(readers.open(kind, "ar", width=DESK, scheme="dark")) == []


@pytest.mark.parametrize("kind", MAIN, ids=lambda kind: kind.name)
def test_forced_colours(readers: Readers, kind: PageType) -> None:
    page = readers.open(kind, "en", forced="active", scheme="dark")
    assert violations(page) == []
    buttons = page.evaluate(
        """[...document.querySelectorAll('.btn, .chip, .door, .in, .search-box')].filter(each => {
            const style = getComputedStyle(each)
            return each.checkVisibility() && ['Top', 'Bottom'].every(side => parseFloat(style[`border${side}Width`]) === 0)
        }).map(each => each.className)"""
    )
    assert buttons == [], "without its colour nobody sees where this begins and ends"


@pytest.mark.parametrize("kind", MAIN, ids=lambda kind: kind.name)
def test_nothing_moves_for_those_who_asked_for_stillness(readers: Readers, kind: PageType) -> None:
    page = readers.open(kind, "en", motion="reduce")
    moving = """[...document.querySelectorAll('body *')].filter(each => {
        const style = getComputedStyle(each)
        return parseFloat(style.transitionDuration) > 0 || style.animationName !== 'none'
    }).map(each => each.outerHTML.slice(0, 80))"""
    assert page.evaluate(moving) == []
