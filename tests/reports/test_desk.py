"""Reports at the desk: who runs the service answers, the visitor reads it; and what an answer costs."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sympolity.directory.models import MissingService, Report
from sympolity.directory.queries import visible_to
from sympolity.directory.reports.sending import MissingItem, ReportItem, send_missing, send_reports
from sympolity.kit.actor import PUBLIC
from sympolity.ops.demo.ids import demo_id
from sympolity.people.models import Person
from tests.find.network import Network
from tests.reader import HOST, Reader

PAGE = "/en/desk/reports/"


@pytest.fixture
def service(network: Network) -> UUID:
    Report.objects.all().delete()
    MissingService.objects.all().delete()
    found = visible_to(PUBLIC).filter(organization=demo_id("organization", "fanari-legal")).order_by("id")
    return found.values_list("id", flat=True)[0]


def _send(service: UUID, kind: str = "closed", words: str = "") -> Report:
    return send_reports(items=[ReportItem(uuid4(), service, kind, words)])[0]


def test_the_owner_reads_and_answers(network: Network, service: UUID) -> None:
    row = _send(service, "wrong_phone", "It rings at a bakery")
    owner = network.reader("editor")
    assert "1 report waits for an answer" in owner.get("/en/desk/").text
    assert "It rings at a bakery" in owner.get(PAGE).text
    done = owner.post(PAGE, {"id": str(row.id), "verb": "answer", "outcome": "fixed", "answer": "Thank you!"})
    assert "Answered. Whoever sent it can read it now." in done.text
    assert "bakery" not in owner.get(PAGE).text
    assert "Thank you!" in owner.get(f"{PAGE}?ended=1").text


def test_an_answer_that_is_refused_loses_no_word(network: Network, service: UUID) -> None:
    row = _send(service)
    said = {"id": str(row.id), "verb": "answer", "answer": "We moved up one floor"}
    page = network.reader("editor").post(PAGE, said, status=422)
    assert "Choose an answer first." in page.text
    assert "We moved up one floor" in page.text
    long = network.reader("editor").post(PAGE, {**said, "outcome": "fixed", "answer": "x" * 700}, status=422)
    assert "too long" in long.text


@pytest.mark.parametrize("who", ["public", "member", "editor of a pending organization"])
def test_nobody_else_answers(network: Network, service: UUID, who: str) -> None:
    row = _send(service)
    said = {"id": str(row.id), "verb": "answer", "outcome": "fixed"}
    assert network.reader(who).client.post(PAGE, said).status_code in {404, 422}
    row.refresh_from_db()
    assert row.state == "received"


@pytest.mark.parametrize("verb", ["set_aside", "check", "burn", ""])
def test_the_owner_sets_nothing_aside(network: Network, service: UUID, verb: str) -> None:
    row = _send(service)
    network.reader("editor").post(PAGE, {"id": str(row.id), "verb": verb}, status=422)
    row.refresh_from_db()
    assert row.state == "received"


def test_a_stranger_page_cannot_answer(network: Network, service: UUID) -> None:
    row = _send(service)
    client = Client(HTTP_HOST=HOST, enforce_csrf_checks=True)
    client.force_login(Person.objects.get(email="eleni@fanari.example"))
    said = {"id": str(row.id), "verb": "answer", "outcome": "fixed"}
    assert client.post(PAGE, said).status_code == 403


def _queries(reader: Reader, path: str) -> int:
    reader.get(path)
    with CaptureQueriesContext(connection) as found:
        reader.get(path)
    return len(found)


def test_ten_cost_as_much_as_one(network: Network, service: UUID) -> None:
    guard = Client(HTTP_HOST=HOST)
    guard.force_login(Person.objects.get(email="myrto@centre-athens.example"))
    readers = {
        PAGE: network.reader("curator"),
        "/en/desk/safeguarding/": Reader(guard, signed_in=True),
        "/en/desk/missing/": network.reader("curator"),
    }
    told: list[dict[str, int]] = []
    for number in (1, 9):
        for _ in range(number):
            _send(service), _send(service, "unsafe")
            send_missing(items=[MissingItem(uuid4(), "A dentist", area="athens", need="health")])
        told.append({path: _queries(reader, path) for path, reader in readers.items()})
    assert told[0] == told[1]
    assert max(told[0].values()) <= 12, told[0]


def test_the_board_is_worked_through(network: Network, service: UUID) -> None:
    items = [MissingItem(uuid4(), words, area="athens") for words in ("A dentist", "A crèche")]
    send_missing(items=items)
    curator = network.reader("curator")
    assert "2 things are missing" in curator.get("/en/desk/").text
    curator.post("/en/desk/missing/", {"verb": "drop"}, status=422)
    page = curator.post("/en/desk/missing/", {"id": str(items[0].id), "verb": "drop"})
    assert "1 line changed" in page.text
    assert ("A dentist" in page.text, "A crèche" in page.text) == (False, True)
