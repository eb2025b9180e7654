"""People with a browser: anybody, those who have signed in, someone who has asked for a code."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.shortcuts import render
from django.test import RequestFactory
from django.utils import translation
from playwright.sync_api import Browser, BrowserContext, Page, Route

from sympolity.design import sheet
from sympolity.kit.actor import PUBLIC
from sympolity.project.middleware import CSP
from tests.browser.golden import ADMINISTRATOR, MEMBER, PageType
from tests.browser.site import Site

__all__ = ["Readers", "made_here", "sign_in"]

PHONE, DESK = 390, 1280  # CSS pixels
HEIGHT = 844
STATIC = Path(sheet.__file__).parent / "static"
SIGNED_IN = {"member": MEMBER, "administrator": ADMINISTRATOR}
ASKING = "stavros@thess-social.example"  # asks for a code and never uses it


def made_here(name: str, lang: str) -> HttpResponse:
    """A page that a sound site in production does not serve, rendered in this process."""
    request: Any = RequestFactory().get(f"/{lang}/find/")
    request.actor, request.LANGUAGE_CODE = PUBLIC, lang
    with translation.override(lang):
        if name == "away":
            return render(request, "portal/away.html", status=503)
        return render(request, "design/components.html", sheet.context())


def _serve(route: Route) -> None:
    path = urlsplit(route.request.url).path
    if path.startswith("/static/"):
        route.fulfill(path=STATIC / path.removeprefix("/static/"))
        return
    _, _, name, lang = path.split("/")
    response = made_here(name, lang)
    route.fulfill(
        status=response.status_code,
        body=response.content.decode(),
        content_type="text/html; charset=utf-8",
        headers={"Content-Security-Policy": CSP},
    )


def ask_for_code(page: Page, address: str, lang: str = "en") -> None:
    """As far as the page that wants the code."""
    page.goto(f"/{lang}/account/")
    page.fill("#email", address)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/account/code/")


def sign_in(page: Page, running: Site, address: str, lang: str = "en") -> None:
    """Sign in with the codes that the site prints on its console: of the mail, and of the second factor."""
    begin = len(running.printed())
    ask_for_code(page, address, lang)
    first, second = running.codes_after(begin)
    page.fill("#code", first)
    page.locator("main button[type=submit]").click()
    page.wait_for_url(lambda url: "/code/" not in url)
    if "/proof/" in page.url:
        page.fill("#code", second)
        page.locator("main button[type=submit]").first.click()
        page.wait_for_url(lambda url: "/proof/" not in url)


class Readers:
    """One page for each kind of reader; it goes from address to address."""

    def __init__(self, browser: Browser, running: Site) -> None:
        self.browser, self.running = browser, running
        self.contexts: list[BrowserContext] = []
        self.pages: dict[str, Page] = {}

    def page_of(self, reader: str) -> Page:
        """The page of ``anybody``, of a ``member``, an ``administrator``, or one who has ``asked`` for a code."""
        if reader not in self.pages:
            page = self.new(base_url=self.running.address)
            if reader in SIGNED_IN:
                sign_in(page, self.running, SIGNED_IN[reader])
            elif reader == "asked":
                ask_for_code(page, ASKING)
            self.pages[reader] = page
        return self.pages[reader]

    def new(self, **options: Any) -> Page:
        """A page in a context of its own, closed with the others at the end."""
        context = self.browser.new_context(reduced_motion="reduce", **options)
        context.route("**/made-here/**", _serve)
        for name in ("look.css", "exit.js", "mark.svg", "mark-48.png"):
            context.route(f"**/static/design/{name}", _serve)
        self.contexts.append(context)
        return context.new_page()

    def address(self, kind: PageType, lang: str) -> str:
        return f"/made-here/{kind.path}/{lang}" if kind.made_here else kind.url(lang)

    def open(
        self,
        kind: PageType,
        lang: str,
        *,
        width: int = PHONE,
        scheme: Any = "light",
        forced: Any = "none",
        motion: Any = "reduce",
    ) -> Page:
        """Show a page type; AssertionError when it answers with another status."""
        page = self.page_of(kind.as_)
        page.emulate_media(color_scheme=scheme, forced_colors=forced, reduced_motion=motion)
        page.set_viewport_size({"width": width, "height": HEIGHT})
        answer = page.goto(self.running.address + self.address(kind, lang))
        assert answer is not None
        assert answer.status == kind.status, f"{kind.name} in {lang}: {answer.status}"
        if kind.opened:
            page.evaluate("for (const each of document.querySelectorAll('main details')) each.open = true")
        return page

    def source(self, kind: PageType, lang: str) -> str:
        """The HTML as it was sent."""
        if kind.made_here:
            return made_here(kind.path, lang).content.decode()
        return str(self.page_of(kind.as_).context.request.get(self.running.address + kind.url(lang)).text())

    def close(self) -> None:
        for context in self.contexts:
            context.close()
