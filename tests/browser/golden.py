"""The golden list: every type of page there is, each with an object of the demo network."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

__all__ = ["HIDDEN", "LANGUAGES", "MAIN", "MEMBER", "ORGANIZATION", "PAGES", "PROFESSIONAL", "SERVICE", "PageType"]

LANGUAGES = ("en", "el", "ar")
MEMBER = "eleni@fanari.example"


def demo_id(kind: str, key: str) -> str:
    """The id of a thing of the demo, as ``sympolity.ops.demo`` makes it; known before Django is."""
    return str(uuid5(NAMESPACE_URL, f"https://sympolity.org/demo/{kind}/{key}"))


ORGANIZATION = f"organization/{demo_id('organization', 'fanari-legal')}/"
SERVICE = f"service/{demo_id('service', 'athens-first-steps')}/"
HIDDEN = f"service/{demo_id('service', 'rodia-violence-at-home')}/"
PROFESSIONAL = f"service/{demo_id('service', 'fanari-asylum-case')}/"


@dataclass(frozen=True, slots=True)
class PageType:
    """``path`` stands below ``/{lang}/``; ``as_``: who reads it; ``status``: what it answers.

    ``opened`` shows the page with everything unfolded. ``made_here`` marks a page that a sound
    site does not serve: the test process renders it and the browser gets it in its place.
    """

    name: str
    path: str = ""
    as_: str = "anybody"  # anybody | member | asked (has asked for a code)
    status: int = 200
    opened: bool = False
    made_here: bool = False

    def url(self, lang: str) -> str:
        return self.path if self.path.startswith("/") else f"/{lang}/{self.path}"


PAGES = (
    PageType("choose", "/"),
    PageType("home"),
    PageType("find", "find/"),
    PageType("find-filtered", "find/?need=legal&speaks=en&access=by_appointment&near=Athens&within=10", opened=True),
    PageType("find-nothing", "find/?q=qxqxqx&in=tilos"),
    PageType("find-problems", "find/?need=no-such-need&in=nowhere&sort=odd&q=asylum"),
    PageType("service", SERVICE),
    PageType("service-hidden", HIDDEN),
    PageType("service-professional", PROFESSIONAL, as_="member"),
    PageType("organization", ORGANIZATION),
    PageType("sign-in", "account/"),
    PageType("code", "account/code/", as_="asked"),
    PageType("account", "account/", as_="member"),
    PageType("no-page", "nothing-here/", status=404),
    PageType("away", "away", status=503, made_here=True),
    PageType("components", "design", made_here=True),
)
# Those that are read most: also in the dark, in forced colours, at large type.
MAIN = tuple(page for page in PAGES if page.name in {"home", "find", "find-filtered", "service", "organization"})
