"""A report of conduct, seen from everywhere else: nobody but its reader can tell that it was sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sympolity.directory import search
from sympolity.directory.models import Report, Service
from sympolity.directory.queries import visible_to
from sympolity.directory.reports.sending import ReportItem, send_reports
from sympolity.kit.actor import PUBLIC, SYSTEM, Actor, Role
from sympolity.ops.demo.ids import demo_id
from sympolity.people.acting import actor_for
from sympolity.people.actions import AffiliationItem, PersonItem, enrol_persons
from sympolity.people.models import Person
from sympolity.portal import changed
from sympolity.post.models import Message
from sympolity.trail.models import Entry, EntryDetail
from tests.find.network import PERSONAS, Network
from tests.reader import HOST

OWNER = "fanari-legal"
GUARD = "myrto@centre-athens.example"
# What differs from one answer to the next, and tells nothing.
_TOKENS = re.compile(r'name="(csrfmiddlewaretoken|form)" value="[^"]+"|\d+ ms|\d+\.\d+')


@pytest.fixture
def service(network: Network) -> Service:
    found = visible_to(PUBLIC).filter(organization=demo_id("organization", OWNER)).order_by("id").first()
    assert found is not None
    return found


def _send(service: Service, kind: str, **more: Any) -> Report:
    return send_reports(items=[ReportItem(uuid4(), service.id, kind, **more)])[0]


def _paths(service: Service) -> list[str]:
    here = f"service/{service.id}/"
    organization = f"organization/{service.organization_id}/"
    below = (
        here, f"{here}map.json", f"{here}report/", f"{here}share/", f"{here}print/", organization, f"{organization}map.json",
        f"find.json?organization={service.organization_id}", "services.atom", "city/athens/", "city/athens/services.atom",
        "", "find/", "notices/", "report/", "missing/", "account/", "desk/", "desk/reports/", "desk/reports/?ended=1",
        "desk/missing/", "desk/waiting/", "desk/calls/", "desk/organizations/", "desk/team/", "operator/", "mailbox/",
    )  # fmt: skip
    return [*(f"/en/{path}" for path in below), "/sitemap.xml", "/sitemap-services-1.xml", "/numbers/truth.csv"]


def _seen(client: Client, service: Service) -> dict[str, tuple[int, str]]:
    found = {}
    for path in _paths(service):
        response: Any = client.get(path)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        found[path] = response.status_code, _TOKENS.sub("", body.decode())
    return found


@pytest.mark.parametrize("who", PERSONAS)
def test_no_page_is_another_one(network: Network, service: Service, who: str) -> None:
    """Neither the accused, nor curators, nor an administrator while there is a contact who may read it."""
    client = network.reader(who).client
    before = _seen(client, service)
    for kind in ("asked_for_money", "unsafe"):
        _send(service, kind, words="Zyxw")
    after = _seen(client, service)
    outbox = {"/en/mailbox/", "/en/operator/"}  # what is told to the contact stands there, see below
    assert {path for path in before if before[path] != after[path]} - outbox == set()
    assert "Zyxw" not in "".join(body for _, body in after.values())


def test_only_the_contact_reads_it(network: Network, service: Service) -> None:
    Report.objects.all().delete()
    client = Client(HTTP_HOST=HOST)
    client.force_login(Person.objects.get(email=GUARD))
    assert "Zyxw" not in client.get("/en/desk/safeguarding/").content.decode()
    _send(service, "harassed", words="Zyxw")
    assert "Zyxw" in client.get("/en/desk/safeguarding/").content.decode()
    assert client.get("/en/desk/reports/").status_code == 404
    status = {who: network.reader(who).client.get("/en/desk/safeguarding/").status_code for who in PERSONAS}
    assert {who for who, code in status.items() if code == 200} == {"administrator"}
    assert "Zyxw" not in network.reader("administrator").client.get("/en/desk/safeguarding/").content.decode()


def test_the_contact_who_turns_editor_there_reads_it_no_more(network: Network, service: Service) -> None:
    row = _send(service, "harassed", words="Zyxw")
    client = Client(HTTP_HOST=HOST)
    client.force_login(Person.objects.get(email=GUARD))
    form = {"id": str(row.id), "verb": "answer", "outcome": "acted"}
    there = AffiliationItem(organization=service.organization_id, role=Role.EDITOR, since=date(2024, 1, 1))
    enrol_persons(actor=SYSTEM, items=[PersonItem(email=GUARD, name="Myrto", affiliations=(there,))])
    assert client.post("/en/desk/safeguarding/", form).status_code == 422, "at the next request"
    assert "Zyxw" not in client.get("/en/desk/safeguarding/").content.decode()
    row.refresh_from_db()
    assert row.state == "received"


def test_no_document_of_the_index_is_another_one(network: Network, service: Service) -> None:
    before = list(search._services([service.id])), list(changed.services().values_list("id", "changed"))
    _send(service, "unsafe", sender="k.one"), _send(service, "unsafe", sender="k.two")
    assert (list(search._services([service.id])), list(changed.services().values_list("id", "changed"))) == before


def test_mails_go_to_the_contact_only_and_say_nothing(network: Network, service: Service) -> None:
    known = set(Message.objects.values_list("id", flat=True))
    _send(service, "unsafe", words="Zyxw")
    [mail] = Message.objects.exclude(id__in=known).select_related("recipient") or [
        Message.objects.filter(recipient__address=GUARD).latest("created_at")  # one an hour: the demo has sent it
    ]
    assert mail.recipient.address == GUARD
    told = f"{mail.subject} {mail.letter} {mail.facts if hasattr(mail, 'facts') else ''} {mail.key} {mail.noun}"
    for word in ("Zyxw", str(service.id), str(service.organization_id), service.name, "unsafe"):
        assert word not in told


def _statements(act: Callable[[], Any]) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as found:
        act()
    return [re.sub(r"'[^']*'|\d+", "?", row["sql"])[:60] for row in found.captured_queries]


def test_facts_and_conduct_go_the_same_way(network: Network, service: Service) -> None:
    """Up to the mails, the database is asked the same: the time of the answer tells nothing."""
    Report.objects.all().delete()
    Message.objects.all().delete()
    fact = _statements(lambda: _send(service, "closed"))
    Report.objects.all().delete()
    Message.objects.all().delete()
    conduct = _statements(lambda: _send(service, "unsafe"))
    first = next(at for at, (one, other) in enumerate(zip(fact, conduct, strict=False)) if one != other)
    assert [one for one in fact[:first] if "INSERT" in one and "directory_report" in one], (
        "they part after it is written"
    )
    assert abs(len(fact) - len(conduct)) <= 6, (len(fact), len(conduct))


def test_the_log_does_not_tell_them_apart(network: Network, service: Service) -> None:
    for kind in ("closed", "unsafe"):  # their recipients are known then
        _send(service, kind)
    Message.objects.all().delete()
    told = []
    for kind in ("closed", "unsafe"):
        last = Entry.objects.latest("position").position
        _send(service, kind)
        entries = Entry.objects.filter(position__gt=last).order_by("position")
        bodies = {row.entry_id: row.body for row in EntryDetail.objects.filter(entry__in=entries)}
        told.append(
            [(one.verb, one.noun, one.actor_id, one.organization_id, set(bodies[one.position])) for one in entries]
        )
    assert told[0] == told[1]


def test_guard_acts_for_the_centre(network: Network) -> None:
    actor: Actor = actor_for(Person.objects.get(email=GUARD).id)
    assert {grant.role.value for grant in actor.grants} == {"safeguarding"}
