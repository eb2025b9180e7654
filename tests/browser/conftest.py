"""One server and one browser for all tests of this folder (see ``together``).

The scope is the package, not the session: Playwright keeps an event loop in its thread, and
Django refuses its database there, so the browser is closed before other tests run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.site import BROWSER_FLAGS, NO_BROWSER, Site, chromium, site

if TYPE_CHECKING:  # it needs Django, which is not loaded yet when this file is read
    from tests.browser.reading import Readers


def pytest_itemcollected(item: pytest.Item) -> None:
    """In one of the two runs on databases: the server here has one of its own; the pages are the same."""
    item.add_marker(pytest.mark.only_on("sqlite"))


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium; without it these tests are skipped loudly, and fail where CI=true."""
    program = chromium()
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail(NO_BROWSER)
        pytest.skip(NO_BROWSER)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=BROWSER_FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="package")
def running(browser: Browser) -> Iterator[Site]:
    """A site with the demo network."""
    with site() as started:
        yield started


@pytest.fixture(scope="package")
def readers(browser: Browser, running: Site) -> Iterator[Readers]:
    """People with a browser, who open page types of the golden list."""
    from tests.browser.reading import Readers

    people = Readers(browser, running)
    yield people
    people.close()


@pytest.fixture
def plain(browser: Browser, running: Site) -> Iterator[Any]:
    """A new page of a telephone whose browser runs no script."""
    context = browser.new_context(
        base_url=running.address,
        java_script_enabled=False,
        viewport={"width": 390, "height": 844},
        reduced_motion="reduce",
    )
    yield context.new_page()
    context.close()
