"""Who reads the mailbox of a machine without a mail server. Its mails hold sign-in codes: an attacker wants them."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client

from sympolity.kit.actor import PUBLIC, SYSTEM, Actor, Grant, Role
from sympolity.people.actions import AffiliationItem, PersonItem, enrol_persons
from sympolity.people.models import Organization, Person
from sympolity.post.actions import Outgoing, send
from sympolity.post.channel import MAIL
from sympolity.post.enums import MailboxMode
from sympolity.post.models import KeptMail
from sympolity.post.rules import MailboxFacts, Reach, mailbox_reach
from sympolity.trail import journal
from sympolity.trail.couriers import Courier
from tests.find.network import Network
from tests.reader import HOST, Reader

LOCAL = "sympolity.post.backend.LocalMailbox"
DEMO_ADMINISTRATOR = "admin@centre-athens.example"
BOX = "/en/mailbox/"


@pytest.fixture
def kept(network: Network, settings: Any) -> dict[str, KeptMail]:
    """Mails of the outbox to somebody real and to somebody of the demo; by address."""
    settings.EMAIL_BACKEND, settings.SMTP = LOCAL, ""
    both = ("anna@city.gr", "eleni@fanari.example")
    with journal.action(SYSTEM) as t:
        send(t, [Outgoing(kind="trial", to=to, lang="ar") for to in both])
    Courier(MAIL, "test").round()
    return {row.address: row for row in KeptMail.objects.filter(address__in=both)}


def visitor(email: str = "", **more: str) -> Client:
    client = Client(HTTP_HOST=HOST, **more)  # type: ignore[arg-type]
    if email:
        client.force_login(Person.objects.get(email=email))
    return client


def somebody_real(role: Role = Role.ADMINISTRATOR) -> str:
    """Enter a person with an address of their own; as a machine has one once it is used in earnest."""
    organization = Organization.objects.filter(status="approved", kind="coordination_centre").order_by("id")[0]
    rows = (AffiliationItem(organization=organization.id, role=role),)
    enrol_persons(actor=SYSTEM, items=[PersonItem(email="real@city.gr", name="R", affiliations=rows)])
    TOTP.activate(Person.objects.get(email="real@city.gr"), generate_totp_secret())
    return "real@city.gr"


def seen(client: Client, kept: dict[str, KeptMail]) -> set[str]:
    """The addresses whose mails somebody reads, by the list and by each mail."""
    answer = client.get(BOX)
    if answer.status_code != 200:
        assert answer.status_code == 404
        assert {client.get(f"{BOX}{row.id}/").status_code for row in kept.values()} == {404}
        return set()
    listed = {address for address in kept if address in answer.content.decode()}
    opened = {address for address, row in kept.items() if client.get(f"{BOX}{row.id}/").status_code == 200}
    assert listed == opened
    return listed


def test_on_ones_own_machine_everybody_reads_the_mails_of_the_demo(kept: dict[str, KeptMail]) -> None:
    assert seen(visitor(), kept) == {"eleni@fanari.example"}
    assert seen(visitor(DEMO_ADMINISTRATOR), kept) == {"eleni@fanari.example"}, "anybody may be that here"


@pytest.mark.parametrize(("lang", "dir"), [("en", "ltr"), ("el", "ltr"), ("ar", "rtl")])
def test_the_pages_in_every_language(kept: dict[str, KeptMail], lang: str, dir: str) -> None:
    reader = Reader(visitor())
    page = reader.get(f"/{lang}/mailbox/")
    assert (page.document.root.get("lang"), page.document.root.get("dir")) == (lang, dir)
    page = reader.get(f"/{lang}/mailbox/{kept['eleni@fanari.example'].id}/")
    assert page.response.headers["Cache-Control"] == "private, no-store"


def test_links_of_a_mail_can_be_followed_and_foreign_ones_are_words(kept: dict[str, KeptMail], settings: Any) -> None:
    row = kept["eleni@fanari.example"]
    words = f"Go {settings.SITE_URL}/en/needs/?a=1&b=<2> or https://evil.example/x or {settings.SITE_URL}.evil.example/"
    KeptMail.objects.filter(id=row.id).update(text=words + "\n<script>alert(1)</script>")
    page = Reader(visitor()).get(f"{BOX}{row.id}/")
    links = [href for href in page.document.values("a", "href") if "needs/?" in href or "evil" in href]
    assert links == ["/en/needs/?a=1&b="]


def test_once_somebody_real_works_here_only_real_administrators_read(kept: dict[str, KeptMail]) -> None:
    real = somebody_real()
    assert seen(visitor(), kept) == set()
    assert seen(visitor(DEMO_ADMINISTRATOR), kept) == set()
    assert seen(visitor("eleni@fanari.example"), kept) == set()
    assert seen(visitor(real), kept) == {"anna@city.gr", "eleni@fanari.example"}


def test_somebody_real_without_that_role_closes_it_and_reads_nothing(kept: dict[str, KeptMail]) -> None:
    real = somebody_real(Role.CURATOR)
    assert seen(visitor(), kept) == seen(visitor(real), kept) == set()


@pytest.mark.parametrize(
    "more",
    [
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_X_FORWARDED_HOST": "127.0.0.1"},
        {"HTTP_X_FORWARDED_PROTO": "http"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"HTTP_X_REAL_IP": "127.0.0.1"},
        {"HTTP_VIA": "1.1 x"},
        {"REMOTE_ADDR": "10.0.0.7"},
        {"REMOTE_ADDR": "203.0.113.9"},
        {"REMOTE_ADDR": ""},
        {"REMOTE_ADDR": "nonsense"},
    ],
)
def test_nobody_reads_from_elsewhere(kept: dict[str, KeptMail], more: dict[str, str]) -> None:
    assert seen(visitor(**more), kept) == set()
    assert seen(visitor(DEMO_ADMINISTRATOR, **more), kept) == set()


@pytest.mark.parametrize(
    "url", ["https://help.city.gr", "http://help.city.gr", "https://127.0.0.1", "http://10.0.0.7:8000"]
)
def test_nobody_reads_on_a_site_with_an_address_of_its_own(kept: dict[str, KeptMail], settings: Any, url: str) -> None:
    settings.SITE_URL = url
    assert seen(visitor(), kept) == set()


def test_where_mails_go_out_there_is_no_mailbox_for_anybody(kept: dict[str, KeptMail], settings: Any) -> None:
    real = somebody_real()
    settings.SMTP = "smtp://mail.city.gr"
    for mode in MailboxMode:
        settings.MAILBOX = mode.value
        assert seen(visitor(), kept) == seen(visitor(real), kept) == set()


def test_there_is_no_sign_of_it_where_there_is_none(kept: dict[str, KeptMail]) -> None:
    somebody_real()
    client = visitor()
    bodies = [client.get(f"/en/{word}/").content.decode().replace(word, "") for word in ("mailbox", "mailbix")]
    assert bodies[0] == bodies[1]


def test_a_public_demonstration_opens_it_by_its_settings_for_mails_of_the_demo_only(
    kept: dict[str, KeptMail], settings: Any
) -> None:
    settings.MAILBOX, settings.SITE_URL = "open", "http://demo.city.gr"
    assert seen(visitor(REMOTE_ADDR="203.0.113.9"), kept) == {"eleni@fanari.example"}
    settings.DEMO = False
    assert seen(visitor(REMOTE_ADDR="203.0.113.9"), kept) == set()


def test_closed_is_closed_but_for_real_administrators(kept: dict[str, KeptMail], settings: Any) -> None:
    settings.MAILBOX = "closed"
    assert seen(visitor(), kept) == seen(visitor(DEMO_ADMINISTRATOR), kept) == set()
    assert seen(visitor(somebody_real()), kept) == set(kept)


@pytest.mark.parametrize("role", [None, *Role])
def test_the_whole_table(role: Role | None) -> None:
    """For every combination of facts: everything for real administrators alone, examples only where it is a demo."""
    actor = PUBLIC if role is None else Actor(grants=frozenset({Grant(role, everywhere=True)}))
    for mode, flags in itertools.product(MailboxMode, itertools.product([False, True], repeat=5)):
        facts = MailboxFacts(mode, *flags)
        found = mailbox_reach(actor, facts)
        everything = role == Role.ADMINISTRATOR and facts.reader_real and not facts.sends
        assert (found == Reach.EVERYTHING) == everything
        if found == Reach.EXAMPLES:
            assert facts.demo
            assert not facts.sends
            assert mode == MailboxMode.OPEN or (mode == MailboxMode.LOCAL and facts.here and not facts.real)


# --- sign-in codes -------------------------------------------------------------------------------


def test_a_code_for_somebody_real_is_printed_and_kept_nowhere(
    network: Network, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.EMAIL_BACKEND, settings.SMTP = LOCAL, ""
    real = somebody_real()
    visitor().post("/en/account/", {"email": real})
    assert re.search(r"^\d{6}$", capsys.readouterr().out, re.MULTILINE)
    assert not KeptMail.objects.exists()
    assert mail.outbox == []


def test_a_code_for_somebody_of_the_demo_can_be_read_and_used_on_ones_own_machine(
    network: Network, settings: Any
) -> None:
    settings.EMAIL_BACKEND, settings.SMTP = LOCAL, ""
    client = visitor()
    client.post("/en/account/", {"email": "eleni@fanari.example"})
    [row] = KeptMail.objects.all()
    page = client.get(f"{BOX}{row.id}/").content.decode()
    found = re.search(r"\b\d{6}\b", row.text)
    assert found
    assert found.group() in page
    assert (row.address, row.at_once) == ("eleni@fanari.example", True)
    assert client.post("/en/account/code/", {"code": found.group()}).status_code == 302
