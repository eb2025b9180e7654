"""The golden list: every type of page there is, each with an object of the demo network.

tests/house/test_golden_pages.py proves that no page of the URLconf is missing here, and opens each of
them without a browser. What a browser looks at, and how often, is decided here too, because it is half
of the time of all tests:

- ``MAIN``, the pages that are read most: every language at both widths, in the dark, in forced colours,
  at large type, by keyboard.
- the others: English and Arabic (the other direction) on a telephone, Greek (the longest words) on a
  desk; in the dark the contrast only; at 320 pixels and at large type Greek and Arabic.
- an address without a language shows the same to everybody: once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

from sympolity.kit import codes

__all__ = [
    "ADMINISTRATOR",
    "BUDGET",
    "HIDDEN",
    "LANGUAGES",
    "MAIN",
    "MEMBER",
    "ORGANIZATION",
    "PAGES",
    "PROFESSIONAL",
    "SERVICE",
    "PageType",
    "each_in",
]

LANGUAGES = ("en", "el", "ar")
MEMBER = "eleni@fanari.example"
ADMINISTRATOR = "admin@centre-athens.example"
BUDGET = 14_336  # bytes of HTML, brotli 5: what a telephone gets in the first round trip


def demo_id(kind: str, key: str) -> str:
    """The id of a thing of the demo, as ``sympolity.ops.demo`` makes it; known before Django is."""
    return str(uuid5(NAMESPACE_URL, f"https://sympolity.org/demo/{kind}/{key}"))


ORGANIZATION = f"organization/{demo_id('organization', 'fanari-legal')}/"
SERVICE = f"service/{demo_id('service', 'athens-first-steps')}/"
HIDDEN = f"service/{demo_id('service', 'rodia-violence-at-home')}/"
PROFESSIONAL = f"service/{demo_id('service', 'fanari-asylum-case')}/"
ENDED = f"service/{demo_id('service', 'law-clinic-wages')}/"
IMPORT = f"desk/imports/{demo_id('import', 'example-list')}/"
APPROVAL = f"desk/approvals/{demo_id('organization', 'open-bench')}/"
CODE = codes.make(UUID(demo_id("service", "athens-first-steps")))
NO_CODE = "1234567"  # its check digit is wrong


@dataclass(frozen=True, slots=True)
class PageType:
    """``path`` stands below ``/{lang}/``; ``as_``: who reads it; ``status``: what it answers.

    ``opened`` shows the page with everything unfolded. ``made_here`` marks a page that a sound
    site does not serve: the test process renders it and the browser gets it in its place.
    ``main``: see above. ``heavy``: the reason why it may weigh more than ``BUDGET``; ``weight`` is then
    its limit.
    """

    name: str
    path: str = ""
    as_: str = "anybody"  # anybody | member | administrator | asked (has asked for a code)
    status: int = 200
    opened: bool = False
    made_here: bool = False
    main: bool = False
    heavy: str = ""
    weight: int = BUDGET

    def url(self, lang: str) -> str:
        return self.path if self.path.startswith("/") else f"/{lang}/{self.path}"

    @property
    def languages(self) -> tuple[str, ...]:
        """In which it is different."""
        return LANGUAGES[:1] if self.path.startswith("/") else LANGUAGES

    def __str__(self) -> str:
        return self.name


PAGES = (
    PageType("choose", "/"),
    PageType("home", main=True),
    PageType("find", "find/", main=True),
    PageType(
        "find-filtered",
        "find/?need=legal&speaks=en&access=by_appointment&near=Athens&within=10",
        opened=True,
        main=True,
    ),
    PageType("find-nothing", "find/?q=qxqxqx&in=tilos"),
    PageType("find-problems", "find/?need=no-such-need&in=nowhere&sort=odd&q=asylum"),
    PageType("service", SERVICE, main=True),
    PageType("service-hidden", HIDDEN),
    PageType("service-ended", ENDED),
    PageType("service-professional", PROFESSIONAL, as_="member"),
    PageType("organization", ORGANIZATION, main=True),
    PageType("city", "city/athens/", main=True),
    PageType("city-few", "city/tilos/"),
    PageType("city-none", "city/irakleio-attica/"),
    PageType("cities", "cities/"),
    PageType("notices", "notices/"),
    PageType("needs", "needs/"),
    PageType("cooperation", "cooperation/"),
    PageType("network", "network/cities-network-for-integration/"),
    PageType("share", f"{SERVICE}share/"),
    PageType("share-hidden", f"{HIDDEN}share/"),
    PageType("share-list", "find/share/?need=legal&in=athens"),
    PageType("print", f"{SERVICE}print/?with=ar", main=True),
    PageType("print-small", f"{SERVICE}print/?paper=a6&with=ur"),
    PageType("print-hidden", f"{HIDDEN}print/"),
    PageType("print-list", "find/print/?need=legal&in=athens&with=ar"),
    PageType("report", f"{SERVICE}report/"),
    PageType("reported", "report/"),
    PageType("missing", "missing/?in=athens&need=health", heavy="every municipality can be chosen", weight=30_000),
    PageType("free", "free/"),
    PageType("saved", "saved/"),
    PageType("code-ask", "code/"),
    PageType("code-wrong", f"code/?code={NO_CODE}", status=404),
    PageType("told", "/s/"),
    PageType("told-wrong", f"/s/{NO_CODE}/", status=404),
    PageType("told-code", f"/s/{CODE}/"),
    PageType("neutral-find", "/find/?need=legal"),
    PageType("neutral-service", f"/{SERVICE}"),
    PageType("neutral-organization", f"/{ORGANIZATION}"),
    PageType("neutral-city", "/city/athens/"),
    PageType("neutral-needs", "/needs/"),
    PageType("about", "about/"),
    PageType("privacy", "privacy/"),
    PageType("accessibility", "accessibility/"),
    PageType("sources", "sources/"),
    PageType("truth", "numbers/truth/"),
    PageType("languages", "languages/"),
    PageType("language", "languages/ar/"),
    PageType("language-content", "languages/ur/"),
    PageType("sign-in", "account/"),
    PageType("code", "account/code/", as_="asked"),
    PageType("account", "account/", as_="member"),
    PageType("begin", "account/new/"),
    PageType("found", "account/new/organization/", heavy="every municipality can be chosen", weight=30_000),
    PageType("join", "account/new/join/?q=fanari"),
    PageType("sessions", "account/sessions/", as_="member"),
    PageType("factor", "account/factor/", as_="member"),
    PageType("factor-passkey", "account/factor/passkey/", as_="member"),
    PageType(
        "desk-organization", "desk/organization/", as_="member", heavy="the form with every language", weight=20_000
    ),
    PageType("desk-team", "desk/team/", as_="member"),
    PageType("approvals", "desk/approvals/", as_="administrator"),
    PageType("approval", APPROVAL, as_="administrator"),
    PageType("mailbox", "mailbox/", as_="member"),
    PageType("operator", "operator/", as_="administrator"),
    PageType("desk", "desk/", as_="administrator"),
    PageType("imports", "desk/imports/", as_="administrator"),
    PageType("import-new", "desk/imports/new/", as_="administrator"),
    PageType("import", IMPORT, as_="administrator", opened=True),
    PageType("import-columns", f"{IMPORT}columns/", as_="administrator"),
    PageType("calls", "desk/calls/", as_="administrator", opened=True),
    PageType("desk-reports", "desk/reports/", as_="administrator"),
    PageType("desk-safeguarding", "desk/safeguarding/", as_="administrator"),
    PageType("desk-missing", "desk/missing/", as_="administrator"),
    PageType("waiting", "desk/waiting/", as_="administrator", opened=True),
    PageType("no-page", "nothing-here/", status=404),
    PageType("no-language", "/de/find/", status=404),
    PageType("away", "away", status=503, made_here=True),
    PageType("components", "design", made_here=True),
)
MAIN = tuple(page for page in PAGES if page.main)


def each_in(pages: Iterable[PageType], others: tuple[str, ...] = LANGUAGES) -> list[tuple[PageType, str]]:
    """(page, language) for a test: the main pages in every language, the others in ``others``."""
    return [
        (page, lang)
        for page in pages
        for lang in page.languages
        if page.main or lang in others or len(page.languages) == 1
    ]
