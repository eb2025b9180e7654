"""The signed link of an asking: it shows, it takes down answers, and it opens nothing else."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from sympolity.directory.asking_models import Asking, Reply
from sympolity.directory.enums import AskingState
from sympolity.directory.models import Category, Confirmation, Location, Service
from sympolity.directory.truth import asking, links
from sympolity.kit import clock
from sympolity.kit.actor import SYSTEM
from sympolity.ops.demo.ids import demo_id
from sympolity.people import actions as people
from sympolity.people.models import Affiliation, Organization, Person
from sympolity.post.models import Message
from sympolity.sharing.models import Proposal
from sympolity.trail.models import Entry
from tests.find.network import Network
from tests.reader import HOST, Reader

OWNER = "fanari-legal"
ORIGIN: dict[str, Any] = {"HTTP_ORIGIN": f"http://{HOST}", "HTTP_SEC_FETCH_SITE": "same-origin"}


class Link:
    """What the holder of a link sees and sends; nobody is signed in."""

    def __init__(self, token: str, lang: str = "en") -> None:
        self.token, self.lang = token, lang
        self.reader = Reader(Client(HTTP_HOST=HOST))

    @property
    def url(self) -> str:
        return f"/{self.lang}/confirm/{self.token}/"

    def page(self, status: int = 200) -> str:
        return str(self.reader.get(self.url, status=status).response.content.decode())

    def send(self, said: dict[str, str], *, status: int = 302, form: str | None = None, **headers: str) -> str:
        token = re.search(r'name="form" value="([^"]+)"', self.page()) if form is None else None
        data = {"form": token[1] if token else form or "", **said}
        response = self.reader.client.post(self.url, data, **({**ORIGIN, **headers}))
        assert response.status_code == status, response.content.decode()[:2000]
        assert not response.cookies
        return str(response.content.decode())


@pytest.fixture
def owner(network: Network) -> Organization:
    return Organization.objects.get(id=demo_id("organization", OWNER))


@pytest.fixture
def link(owner: Organization) -> Link:
    """A year later everything is due, and the letter has come."""
    asking.run(daily=10_000)
    row = Asking.objects.filter(organization=owner).first()
    if row is None:
        row = Asking.objects.create(
            organization=owner, state=AskingState.ASKED, began_at=clock.now(), step_at=clock.now()
        )
    return Link(links.made(row.id, clock.local_today()))


@pytest.fixture
def services(owner: Organization) -> list[Service]:
    """All of the owner's, never confirmed: all of them are asked about."""
    Confirmation.objects.filter(service__organization=owner).delete()
    return list(Service.objects.filter(organization=owner, status="active").order_by("name", "id"))


def _rows() -> tuple[int, ...]:
    models = (Confirmation, Reply, Proposal, Entry, Person, Affiliation, Message, Location)
    return tuple(model.objects.count() for model in models)


# --- what it shows ----------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "el", "ar"])
def test_the_letter_leads_to_a_page_that_names_every_service(services: list[Service], link: Link, lang: str) -> None:
    letter = Message.objects.get(kind="asking", noun_id=links.read(link.token).asking)  # type: ignore[union-attr]
    path = next(part["path"] for part in letter.letter["parts"] if "path" in part)
    assert path.split("/")[2] == "confirm"
    link.lang = lang
    asked_of = set(re.findall(r'name="words-([0-9a-f-]+)"', link.page()))
    assert asked_of == {str(one.id) for one in services}
    assert Client(HTTP_HOST=HOST).get(path).status_code == 200


def test_opening_the_link_changes_nothing_whoever_opens_it(services: list[Service], link: Link) -> None:
    """Mail scanners open links, with every method that only asks."""
    before = _rows()
    for _ in range(3):
        link.page()
        assert link.reader.client.head(link.url).status_code == 200
        assert link.reader.client.get(link.url, {"all": "1", f"said-{services[0].id}": "closed"}).status_code == 200
    assert link.reader.client.options(link.url).status_code == 405
    assert _rows() == before


def test_the_page_is_kept_by_nobody_and_leads_nowhere_else(services: list[Service], link: Link) -> None:
    page = link.reader.get(link.url)
    assert page.response.headers["Cache-Control"] == "private, no-store"
    assert page.response.headers["Referrer-Policy"] == "same-origin"
    assert '<meta name="robots" content="noindex">' in page.response.content.decode()
    outside = [one for one in page.links if one.startswith("http")]
    assert len(outside) <= 1, "only the way out of the site, which sends no referrer"


def test_a_hidden_place_stays_hidden_on_a_page_that_anybody_may_get_hold_of(
    services: list[Service], link: Link
) -> None:
    place = Location.objects.filter(organization=services[0].organization).first()
    assert place is not None
    Location.objects.filter(id=place.id).update(visibility="hidden", address="Zyxwstreet 77", lat=38.0, lon=23.7)
    assert "Zyxwstreet" not in link.page()


def test_nothing_for_professionals_stands_on_it(services: list[Service], link: Link) -> None:
    Service.objects.filter(id=services[0].id).update(direct_line="+30 210 0009999", referral="secret way")
    html = link.page()
    assert "0009999" not in html
    assert "secret way" not in html


# --- what it takes down -----------------------------------------------------------------------


def test_one_button_confirms_everything_on_the_page(services: list[Service], link: Link, network: Network) -> None:
    link.send({"all": "1"})
    assert set(
        Confirmation.objects.filter(how="link", at__gte=clock.now() - timedelta(minutes=1)).values_list(
            "service", flat=True
        )
    ) == {one.id for one in services}
    assert "Everything is answered" in link.page()
    assert asking.run().ended == 1
    page = network.reader().get(f"/en/service/{services[0].id}/").text
    assert "confirmed by the organization" in page
    assert "(today)" in page


def test_a_row_can_say_something_else_than_the_button(services: list[Service], link: Link) -> None:
    first, *others = services
    link.send({"all": "1", f"said-{first.id}": "hours_changed", f"words-{first.id}": "Μόνο Τρίτη 10–12"})
    assert {row.service_id: row.said for row in Reply.objects.all()} == {
        first.id: "hours_changed", **{one.id: "still_true" for one in others},
    }  # fmt: skip
    assert Proposal.objects.get(origin="correction").raw["words"] == "Μόνο Τρίτη 10–12"
    assert "Μόνο Τρίτη 10–12" in link.page()


def test_while_hours_are_being_changed_the_public_page_says_call_first(
    services: list[Service], link: Link, network: Network
) -> None:
    first = services[0]
    link.send({f"said-{first.id}": "still_true"})
    assert "Call before you go" not in network.reader().get(f"/en/service/{first.id}/").text
    link.send({f"said-{first.id}": "hours_changed", f"words-{first.id}": "only Tuesdays"})
    text = network.reader().get(f"/en/service/{first.id}/").text
    assert "Call before you go" in text
    assert "only Tuesdays" not in text


def test_good_rows_are_kept_beside_one_that_has_to_be_corrected(services: list[Service], link: Link) -> None:
    first, second = services[:2]
    html = link.send(
        {f"said-{first.id}": "still_true", f"said-{second.id}": "changed", f"words-{second.id}": " "}, status=422
    )
    assert [(row.service_id, row.said) for row in Reply.objects.all()] == [(first.id, "still_true")]
    assert "Please write what it is now" in html
    assert re.search(rf'name="said-{second.id}" value="changed" checked', html)


def test_words_without_a_choice_are_no_confirmation(services: list[Service], link: Link) -> None:
    link.send({"all": "1", f"words-{services[0].id}": "we moved"})
    assert Reply.objects.get(service=services[0]).said == "changed"


def test_sent_twice_and_by_two_people_it_is_done_once(services: list[Service], link: Link) -> None:
    said = {"all": "1", f"said-{services[0].id}": "changed", f"words-{services[0].id}": "new phone"}
    link.send(said)
    before = _rows()
    link.send(said)
    colleague = Link(link.token, "el")
    colleague.send(said)
    assert _rows() == before


def test_closed_takes_the_service_out_of_the_lists(services: list[Service], link: Link) -> None:
    Category.objects.update(emergency=False)
    link.send({f"said-{services[0].id}": "closed"})
    assert Service.objects.get(id=services[0].id).status == "defunct"
    assert "It is in no list any more" in link.page()


def test_what_is_written_cannot_harm_who_reads_it(services: list[Service], link: Link) -> None:
    bad = "<script>alert(1)</script>\"'>\u202e\u2066\x00 =cmd|x"
    link.send({f"said-{services[0].id}": "changed", f"words-{services[0].id}": bad})
    html = link.page()
    assert "<script>alert" not in html
    assert not {"\u202e", "\u2066", "\x00"} & set(html)
    assert Proposal.objects.get(origin="correction").raw["words"].startswith("<script>")


# --- what it does not -------------------------------------------------------------------------


def test_a_form_of_another_site_changes_nothing(services: list[Service], link: Link) -> None:
    before = _rows()
    foreign = {"HTTP_ORIGIN": "https://evil.example", "HTTP_SEC_FETCH_SITE": "cross-site"}
    link.send({"all": "1"}, status=403, **foreign)
    link.send({"all": "1"}, status=422, form="")
    link.send({"all": "1"}, status=422, form="x" * 300)
    link.send({"all": "1", "website": "http://spam.example"}, status=422)
    assert _rows() == before


def test_a_form_that_was_open_too_long_comes_back_with_its_answers(services: list[Service], link: Link) -> None:
    token = re.search(r'name="form" value="([^"]+)"', link.page())
    assert token
    before, first = _rows(), services[0]
    with clock.moved(timedelta(hours=13)):
        html = link.send({f"said-{first.id}": "changed", f"words-{first.id}": "keep me"}, status=422, form=token[1])
    assert "keep me" in html
    assert _rows() == before


def test_the_link_of_one_organization_says_nothing_of_another(
    services: list[Service], link: Link, network: Network
) -> None:
    other = Service.objects.exclude(organization=services[0].organization).filter(status="active").first()
    assert other is not None
    before = _rows()
    link.send(
        {
            f"said-{other.id}": "closed",
            f"words-{other.id}": "x",
            "organization": str(other.organization_id),
            "status": "closed",
        }
    )
    assert _rows() == before
    assert Service.objects.get(id=other.id).status == "active"


def test_fields_that_are_not_asked_for_change_nothing(services: list[Service], link: Link, owner: Organization) -> None:
    first = services[0]
    before = (
        Service.objects.filter(id=first.id).values().get(),
        Organization.objects.filter(id=owner.id).values().get(),
    )
    link.send(
        {
            "phone": "+30 210 0006666",
            "email": "thief@x.example",
            "name": "x",
            f"said-{first.id}": "still_true",
            "role": "editor",
        }
    )
    assert before == (
        Service.objects.filter(id=first.id).values().get(),
        Organization.objects.filter(id=owner.id).values().get(),
    )
    assert Affiliation.objects.filter(person__email="thief@x.example").count() == 0


def test_the_link_signs_nobody_in(services: list[Service], link: Link) -> None:
    link.send({"all": "1"})
    client = link.reader.client
    assert client.get("/en/desk/").status_code == 404
    assert not client.cookies


@pytest.mark.parametrize("change", ["one letter", "another asking", "a later day", "cut", "empty", "long", "unsigned"])
def test_a_made_up_link_is_no_page(services: list[Service], link: Link, change: str) -> None:
    said, _, mark = link.token.partition(".")
    other = {
        "one letter": f"{said}.{'A' if mark[0] != 'A' else 'B'}{mark[1:]}", "another asking": f"{'0' * 32}{said[32:]}.{mark}",
        "a later day": f"{said[:32]}99999.{mark}", "cut": link.token[:-3], "empty": ".", "long": link.token * 30, "unsigned": said,
    }[change]  # fmt: skip
    client = link.reader.client
    assert client.get(f"/en/confirm/{other}/").status_code == 404
    assert client.post(f"/en/confirm/{other}/", {"all": "1"}, **ORIGIN).status_code == 404
    assert Reply.objects.count() == 0


def test_a_link_of_an_asking_that_is_gone_is_no_page(link: Link) -> None:
    gone = links.made(UUID(int=7), clock.local_today())
    assert link.reader.client.get(f"/en/confirm/{gone}/").status_code == 404


def test_the_link_ends_with_its_day(services: list[Service], link: Link) -> None:
    with clock.moved(timedelta(days=45)):
        link.page()
    with clock.moved(timedelta(days=46)):
        before = _rows()
        assert "This link is over" in link.page(410)
        assert link.reader.client.post(link.url, {"all": "1"}, **ORIGIN).status_code == 410
        assert _rows() == before


def test_the_link_of_a_suspended_organization_is_over_at_once(
    services: list[Service], link: Link, owner: Organization
) -> None:
    people.suspend_organizations(actor=SYSTEM, ids=[owner.id])
    before = _rows()
    assert services[0].name not in link.page(410)
    assert link.reader.client.post(link.url, {"all": "1"}, **ORIGIN).status_code == 410
    assert _rows() == before


def test_who_sends_again_and_again_has_to_wait(
    services: list[Service], link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sympolity.portal import confirming

    monkeypatch.setattr(confirming, "_HOURLY", 3)
    for n in range(3):
        link.send({f"said-{services[0].id}": "changed", f"words-{services[0].id}": f"try {n}"})
    html = link.send({f"said-{services[0].id}": "changed", f"words-{services[0].id}": "try 4"}, status=429)
    assert "try 4" in html
    assert Reply.objects.count() == 3


def test_the_token_stands_in_no_log(services: list[Service], link: Link, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        link.send({"all": "1"})
    assert link.token not in caplog.text
    assert link.token[:32] not in caplog.text
    assert "Allow: /*/confirm/" not in (robots := link.reader.client.get("/robots.txt").content.decode())
    assert "/*/confirm/" in robots
