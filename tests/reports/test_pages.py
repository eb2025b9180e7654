"""The forms without an account as a visitor meets them: without script, without a cookie, in every language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client

from sympolity.design.anonymous import Network as Sender
from sympolity.design.anonymous import keys
from sympolity.directory.enums import CONDUCT, FACTS, ReportKind
from sympolity.directory.models import MissingService, Report
from sympolity.directory.reports import answering
from sympolity.kit import clock, codes
from sympolity.languages import registry
from sympolity.ops.forgetting import Forgetting
from sympolity.portal import complaints, reporting
from sympolity.trail.models import Entry
from tests.find.network import Network
from tests.reader import HOST, Page, Reader

LANGUAGES = [row.code for row in registry.INTERFACE]
ORIGIN = f"http://{HOST}"
SERVICE = "athens-first-steps"
NAUGHTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</textarea><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% debug %}",
    "\u202egnirts\u202c \u2066inside\u2069 \u200b\ufeff.",
    "a\0b \ud7ff \U000e0041",
    "z" + "\u0301" * 500,
    "=HYPERLINK(1)",
    "'; DROP TABLE directory_report; --",
    "&lt;b&gt; &amp;amp;",
    "]]><!-- --><!DOCTYPE",
)
NETWORKS = ("192.0.2.7", "198.51.100.7", "203.0.113.7")


@pytest.fixture(autouse=True)
def _nothing_sent_today(network: Network) -> Iterator[None]:
    """The demo has reports of its own; counts of another test must not be in the way."""
    with clock.moved(timedelta(days=400)):
        keys.forget()
    Report.objects.all().delete()
    MissingService.objects.all().delete()
    yield
    with clock.moved(timedelta(days=400)):
        keys.forget()


class Visitor:
    """Somebody at an address, without cookies; reads strictly."""

    def __init__(self, address: str = NETWORKS[0], lang: str = "en") -> None:
        self.reader, self.address, self.lang = Reader(Client(HTTP_HOST=HOST, enforce_csrf_checks=True)), address, lang

    def open(self, path: str) -> Page:
        return self.reader.get(f"/{self.lang}/{path}", REMOTE_ADDR=self.address)

    def send(
        self,
        path: str,
        fields: Mapping[str, str] | None = None,
        *,
        status: int = 200,
        headers: dict[str, str] | None = None,
        **more: str,
    ) -> Page:
        """Open the page and send its form, as a browser does."""
        token = _value(self.open(path), "form")
        return self.post(path, {"form": token, **(fields or {}), **more}, status=status, headers=headers)

    def post(
        self, path: str, fields: Mapping[str, str], *, status: int = 200, headers: dict[str, str] | None = None
    ) -> Page:
        sent: dict[str, Any] = {"HTTP_ORIGIN": ORIGIN} if headers is None else headers
        return self.reader.post(f"/{self.lang}/{path}", dict(fields), status=status, REMOTE_ADDR=self.address, **sent)


def _value(page: Page, name: str) -> str:
    return next(tag.get("value") or "" for tag in page.document.tags if tag.name == "input" and tag.get("name") == name)


def _report(network: Network, key: str = SERVICE) -> str:
    return f"service/{network.service(key)}/report/"


def _numbers(text: str) -> Iterator[str]:
    yield from re.findall(r"\d{3} \d{3} \d{3}", text)


# --- two taps ----------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_two_taps_from_a_service(network: Network, lang: str) -> None:
    visitor = Visitor(lang=lang)
    page = visitor.open(f"service/{network.service(SERVICE)}/")
    assert f"/{lang}/{_report(network)}" in page.links, "the first tap"
    form = visitor.open(_report(network))
    buttons = {tag.get("value") for tag in form.document.tags if tag.name == "button" and tag.get("name") == "kind"}
    assert buttons == {*FACTS, *CONDUCT}, "the second sends at once"
    thanks = visitor.send(_report(network), kind="wrong_hours")
    row = Report.objects.get()
    assert (row.kind, row.lang, row.conduct, row.words) == ("wrong_hours", lang, False, "")
    assert row.code in thanks.text.replace(" ", "")


@pytest.mark.parametrize("kind", ReportKind.values)
def test_every_kind_can_be_sent_with_words(network: Network, kind: str) -> None:
    Visitor().send(_report(network), kind=kind, words="It was so.")
    assert list(Report.objects.values_list("kind", "words")) == [(kind, "It was so.")]


@pytest.mark.parametrize("path", ["report/", "missing/", "missing/?in=athens&need=health&words=dentist", "free/"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_in_every_language(lang: str, path: str) -> None:
    page = Visitor(lang=lang).open(path)
    assert page.response.cookies == {}
    assert settings.EXIT_URL in page.links, "the way out"


def test_the_page_tells_before_who_will_read(network: Network) -> None:
    words = Visitor().open(_report(network)).text
    for said in (
        "You need no account and no name.",
        "The organization reads this, and the coordination centre.",
        "Only the contact for safeguarding reads this",
        "The organization never reads it",
        "Do not write names, addresses",
        "All help is free",
    ):
        assert said in words


def test_nothing_of_it_is_kept_by_anybody(network: Network) -> None:
    for path in (_report(network), "report/", "missing/"):
        page = Visitor().open(path)
        assert page.response.headers["Cache-Control"] == "private, no-store"
        assert [tag.get("content") for tag in page.document.tags if tag.get("name") == "robots"] == ["noindex"]


def test_a_service_that_not_everybody_sees_has_no_form(network: Network) -> None:
    editor = network.reader("editor").client
    for key in ("athens-night-voices", "centre-free-beds-today", "open-bench-homework"):
        assert editor.get(f"/en/{_report(network, key)}").status_code == 404


def test_the_footer_and_the_service_lead_to_all_help_is_free(network: Network) -> None:
    assert Visitor().open("").links.count("/en/free/") == 1
    assert Visitor().open(f"service/{network.service(SERVICE)}/").links.count("/en/free/") == 2


# --- what is not taken -------------------------------------------------------------------------

_FORGED = {"none": "", "nonsense": "abc", "of another form": "missing"}


@pytest.mark.parametrize("token", _FORGED.values(), ids=_FORGED)
def test_a_forged_token_sends_nothing_and_loses_nothing(network: Network, token: str) -> None:
    visitor = Visitor()
    if token == "missing":
        token = _value(visitor.open("missing/"), "form")
    said = {"kind": "unsafe", "conduct": "1", "words": "ten euros for a chair"}
    page = visitor.post(_report(network), {"form": token, **said}, status=422)
    assert (Report.objects.count(), page.text.count("ten euros for a chair")) == (0, 1)
    again = visitor.post(
        _report(network), {"form": _value(page, "form"), "kind": "unsafe", "words": "ten euros for a chair"}
    )
    assert "Your report was sent" in again.text


def test_a_stale_token_says_so(network: Network) -> None:
    visitor = Visitor()
    token = _value(visitor.open(_report(network)), "form")
    with clock.moved(timedelta(hours=13)):
        page = visitor.post(
            _report(network), {"form": token, "kind": "closed", "words": "Closed since May"}, status=422
        )
    assert "This page was open for too long" in page.text
    assert "Closed since May" in page.text
    assert not Report.objects.exists()


def test_sent_twice_it_is_one_report_with_one_code(network: Network) -> None:
    visitor = Visitor()
    token = _value(visitor.open(_report(network)), "form")
    first, second = (visitor.post(_report(network), {"form": token, "kind": "closed"}) for _ in range(2))
    assert Report.objects.count() == 1
    assert list(_numbers(first.text)) == list(_numbers(second.text)) != []


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_ORIGIN": "https://elsewhere.example"},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_REFERER": "https://elsewhere.example/"},
    ],
)
def test_another_site_cannot_send_through_a_visitor(network: Network, headers: dict[str, str]) -> None:
    Visitor().send(_report(network), status=403, headers=headers, kind="closed")
    Visitor().send("missing/", status=403, headers=headers, words="A dentist")
    assert (Report.objects.count(), MissingService.objects.count()) == (0, 0)


def test_an_old_browser_that_says_nothing_may_send_and_counts_for_nobody(network: Network) -> None:
    for address in NETWORKS:
        Visitor(address).send(_report(network), headers={}, kind="closed")
    assert set(Report.objects.values_list("state", "sender")) == {("received", "")}


def test_machines_fill_what_nobody_sees(network: Network) -> None:
    Visitor().send(_report(network), status=422, kind="closed", website="https://spam.example")
    assert not Report.objects.exists()


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_sends_nothing(network: Network, method: str) -> None:
    token = _value(Visitor().open(_report(network)), "form")
    before = Entry.objects.count()
    getattr(Client(HTTP_HOST=HOST), method)(f"/en/{_report(network)}?form={token}&kind=closed")
    assert (Report.objects.count(), Entry.objects.count()) == (0, before)


@pytest.mark.parametrize("said", [{"kind": "nonsense"}, {}, {"kind": "closed", "words": "x" * 5_000}])
def test_mistakes_are_told(network: Network, said: dict[str, str]) -> None:
    page = Visitor().send(_report(network), said, status=422)
    assert "Please correct this" in page.text
    assert not Report.objects.exists()


# --- limits ------------------------------------------------------------------------------------


def test_one_network_cannot_bury_a_service(network: Network) -> None:
    visitor = Visitor()
    for _ in range(8):
        visitor.send(_report(network), kind="closed")
    page = visitor.send(_report(network), status=429, kind="closed", words="kept")
    assert "Too much has come at once" in page.text
    assert "kept" in page.text
    assert Report.objects.count() == 8
    Visitor(NETWORKS[1]).send(_report(network), kind="closed")
    assert Report.objects.count() == 9, "others are heard"


def test_facts_use_up_nothing_of_conduct(network: Network) -> None:
    visitor = Visitor()
    for _ in range(8):
        visitor.send(_report(network), kind="closed")
    visitor.send(_report(network), kind="unsafe")
    assert Report.objects.filter(conduct=True).count() == 1
    about = UUID(int=1)
    everybody = [
        limit for limit in reporting.limits_of_report(about, Sender("192.0.2.0/24"), conduct=True) if not limit.network
    ]
    assert everybody == [], "nobody can use up what all share"


def test_two_networks_mark_and_one_does_not(network: Network) -> None:
    path = f"service/{network.service(SERVICE)}/"
    for address in (NETWORKS[0], "192.0.2.200", NETWORKS[0]):
        Visitor(address).send(_report(network), kind="wrong_phone")
    assert "Reported as wrong" not in Visitor().open(path).text
    Visitor(NETWORKS[1]).send(_report(network), kind="wrong_phone")
    words = Visitor().open(path).text
    assert "Reported as wrong, being checked" in words
    assert "The phone number is wrong" in words


def test_on_another_day_the_same_network_is_not_another(network: Network) -> None:
    Visitor().send(_report(network), kind="closed")
    with clock.moved(timedelta(days=1)):
        Visitor().send(_report(network), kind="closed")
        assert set(Report.objects.values_list("state", flat=True)) == {"received"}
    assert len({sender.partition(".")[0] for sender in Report.objects.values_list("sender", flat=True)}) == 2


# --- what came of it ---------------------------------------------------------------------------


def test_what_came_of_it(network: Network) -> None:
    visitor = Visitor()
    code = next(_numbers(visitor.send(_report(network), kind="closed", words="secret").text))
    assert "It has arrived." in visitor.send("report/", code=code).text
    actor = network.actor("curator")
    verdict = answering.Verdict(Report.objects.get().id, "answer", "fixed", "We put it right.", "en")
    answering.turn_reports(actor=actor, verdicts=[verdict])
    for typed in (code, code.replace(" ", ""), code.translate({ord("0") + n: 0x0660 + n for n in range(10)})):
        words = visitor.send("report/", code=typed).text
        assert "It was wrong. It is corrected now." in words
        assert "We put it right." in words
        assert "secret" not in words


def test_a_code_tells_neither_of_whom_nor_what(network: Network) -> None:
    visitor = Visitor()
    code = next(_numbers(visitor.send(_report(network), kind="harassed", words="secret").text))
    fact = next(_numbers(visitor.send(_report(network), kind="closed", words="secret").text))
    about_conduct, about_fact = (visitor.send("report/", code=one) for one in (code, fact))
    assert about_conduct.text == about_fact.text
    assert about_conduct.links == about_fact.links


@pytest.mark.parametrize(
    ("code", "says"), [("123 456 789", "mistake"), ("x", "mistake"), ("", "mistake"), ("1" * 500, "mistake")]
)
def test_wrong_codes(code: str, says: str) -> None:
    assert f"There is a {says} in the code" in Visitor().send("report/", status=404, code=code).text


def test_codes_are_not_guessed(network: Network) -> None:
    visitor = Visitor()
    wrong = codes.make(UUID(int=7), codes.ATTEMPTS - 1)
    for _ in range(20):
        visitor.send("report/", status=404, code=wrong)
    assert "Too much has come at once" in visitor.send("report/", status=429, code=wrong).text
    with clock.moved(timedelta(minutes=16)):
        visitor.send("report/", status=404, code=wrong)


# --- something is missing ----------------------------------------------------------------------


def test_nothing_found_leads_to_the_board(network: Network) -> None:
    visitor = Visitor()
    page = visitor.open("find/?q=qxqxqx&in=tilos")
    [link] = [link for link in page.links if link.startswith("/en/missing/")]
    form = visitor.open(link.removeprefix("/en/"))
    assert "qxqxqx" in form.text
    visitor.send(link.removeprefix("/en/"), {"words": "A boat to the doctor", "in": "tilos"})
    assert list(MissingService.objects.values_list("words", "area__slug", "lang")) == [
        ("A boat to the doctor", "tilos", "en")
    ]


@pytest.mark.parametrize(
    "said", [{"words": ""}, {"words": "x" * 201}, {"words": "a", "in": "atlantis"}, {"words": "a", "need": "gold"}]
)
def test_mistakes_on_the_board(said: dict[str, str]) -> None:
    assert "Please correct this" in Visitor().send("missing/", said, status=422).text
    assert not MissingService.objects.exists()


# --- hostile words -----------------------------------------------------------------------------


@pytest.mark.parametrize("words", NAUGHTY)
def test_hostile_words_harm_nobody(network: Network, words: str) -> None:
    """The strict reader finds scripts, styles and handlers that were not there."""
    Visitor().send(_report(network), status=422, words=words)
    Visitor().send("report/", status=404, code=words)
    Visitor().send(_report(network), kind="closed", words=words)
    Visitor().send(_report(network), kind="unsafe", words=words)
    Visitor().send("missing/", words=words[:150] + "!")
    Visitor().send("missing/", {"words": "a", "in": words, "need": words}, status=422)
    network.reader("curator").get("/en/desk/reports/")
    network.reader("curator").get("/en/desk/missing/")
    stored = "".join(Report.objects.values_list("words", flat=True))
    assert not set(stored) & {"\u202e", "\u2066", "\0"}


# --- all help is free --------------------------------------------------------------------------


def test_every_body_has_its_source_and_its_words() -> None:
    for body in (body for lang in LANGUAGES for body in complaints.bodies(lang)):
        assert body.source
        assert body.url.startswith("https://")
    for lang in LANGUAGES:
        assert {body.what.lang for body in complaints.bodies(lang)} == {lang}


# --- the end of the day ------------------------------------------------------------------------


def test_the_work_process_forgets_with_the_day(network: Network) -> None:
    Visitor().send(_report(network), kind="closed")
    work, folder = Forgetting(), settings.SENDERS_ROOT
    assert folder is not None
    work.look()
    assert not Report.objects.filter(sender="").exists()
    assert list(folder.iterdir()) != []
    with clock.moved(timedelta(days=1)):
        work.look()
    assert list(Report.objects.values_list("sender", flat=True)) == [""]
    assert list(folder.iterdir()) == []
