"""A file from a partner, from the upload to the last decision, without a mouse."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reading import DESK, PHONE, SIGNED_IN, sign_in
from tests.browser.site import Site
from tests.browser.test_walks import follow, reach, walker

__all__ = ["walker"]  # the fixture

PATIENCE = 60  # seconds until the work process has looked at a file
TABLE = (
    "id;name;organization;category;address;lat;lon;description\n"
    "1;Walk kitchen;Walking house;food;Street 1;37.98;23.73;A meal every day\n"
    "2;Walk advice;Walking house;legal;Street 2;37.99;23.74;Write to maria@office.example\n"
    "3;Walk nowhere;Walking house;legal;Street 3;north;23.74;A point that is none\n"
)


def _wait_for(page: Page, name: str) -> None:
    """Load the page again by its own link until ``name`` is there."""
    limit = time.monotonic() + PATIENCE
    while not page.locator(name).count():
        assert time.monotonic() < limit, page.locator("main").inner_text()
        page.wait_for_timeout(500)
        reach(page, f"main a.btn.main[href='{urlsplit(page.url).path}']")
        with page.expect_navigation():
            page.keyboard.press("Enter")


@pytest.mark.parametrize("walker", [PHONE, DESK], indirect=True)
def test_from_the_file_to_the_last_decision(walker: Page, running: Site) -> None:
    sign_in(walker, running, SIGNED_IN["administrator"])
    source = f"walk-{walker.viewport_size['width'] if walker.viewport_size else 0}"
    walker.goto("/en/desk/imports/")
    follow(walker, "main a[href='/en/desk/imports/new/']")
    reach(walker, "[name=format]")
    for _ in range(5):
        if walker.locator("#format-csv").is_checked():
            break
        walker.keyboard.press("ArrowDown")
    if not walker.locator("#format-csv").is_checked():
        walker.keyboard.press("Space")
    expect(walker.locator("#format-csv")).to_be_checked()
    reach(walker, "#files")
    # The window in which a file is chosen is that of the system.
    walker.set_input_files("#files", {"name": "walk.csv", "mimeType": "text/csv", "buffer": TABLE.encode()})
    reach(walker, "#source")
    walker.keyboard.type(source)
    follow(walker, "main form button[type=submit]")

    _wait_for(walker, "main a[href$='/columns/']")
    follow(walker, "main a[href$='/columns/']")
    follow(walker, "main form[action$='/columns/'] button[type=submit]")
    _wait_for(walker, "button:has-text('Apply')")
    expect(walker.locator("main")).to_contain_text("Cannot be used")
    reach(walker, "form:has([value=apply]) button")
    with walker.expect_navigation():
        walker.keyboard.press("Enter")
    _wait_for(walker, "main a[href*='/desk/waiting/?source=']")

    follow(walker, "main a[href*='/desk/waiting/?source=']")
    expect(walker.locator("main")).to_contain_text("Walk advice")
    reach(walker, "[name=id]")
    walker.keyboard.press("Space")
    reach(walker, "button[value=accept]")
    walker.keyboard.press("Enter")
    expect(walker.locator("[role=status]")).to_contain_text("1 record accepted")
    reach(walker, "button[value=again]")
    walker.keyboard.press("Enter")
    expect(walker.locator("[role=status]")).to_contain_text("0 records can be used now")
    expect(walker.locator("[role=status]")).to_contain_text("is no degree")
