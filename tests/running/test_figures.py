"""The figures, for machines at /metrics and for administrators in words."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from prometheus_client.parser import text_string_to_metric_families

from sympolity.directory import due, queries, rules
from sympolity.directory.actions import confirm
from sympolity.directory.drafts import ConfirmationDraft
from sympolity.directory.models import Schedule
from sympolity.kit import clock
from sympolity.kit.actor import PUBLIC, SYSTEM
from sympolity.ops import counting, figures, health
from sympolity.ops.backups import Last
from sympolity.people.models import Organization
from sympolity.trail import followers
from tests.find.network import PERSONAS, Network

TOKEN = "a-token-of-the-tests-0123456789"
WITH_TOKEN = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """No report of another test counts; the last backup is an hour old and has 2 MB.

    What /metrics asks in a thread of its own is asked here in the transaction of the test.
    """
    monkeypatch.setattr(health, "_kept", None)
    for module in (health, figures):
        monkeypatch.setattr(module, "last", lambda: Last(at=clock.now() - timedelta(hours=1), size=2_000_000))
    for place in ("sympolity.ops.health.within", "sympolity.ops.prometheus.within"):
        monkeypatch.setattr(place, lambda _, ask: ask())


@pytest.fixture
def client() -> Client:
    return Client(HTTP_HOST="127.0.0.1")


def _families(body: str) -> dict[str, list[Any]]:
    return {one.name: one.samples for one in text_string_to_metric_families(body)}


def _value(families: dict[str, list[Any]], name: str) -> float:
    [sample] = families[f"sympolity_{name}"]
    return float(sample.value)


def test_without_a_token_in_the_settings_there_is_no_such_page(client: Client) -> None:
    absent = client.get("/metricsx")
    for extra in ({}, WITH_TOKEN, {"Authorization": "Bearer "}):
        found = client.get("/metrics", headers=extra)
        assert (found.status_code, found.headers["Cache-Control"]) == (404, "no-store")
        assert found.content.replace(b"metricsx", b"metrics") == absent.content.replace(b"metricsx", b"metrics")


@pytest.mark.parametrize(
    "given", ["", TOKEN, f"Basic {TOKEN}", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", "Bearer", "Bearer é", f"Bearer{TOKEN}"]
)  # fmt: skip
def test_another_token_is_refused(client: Client, given: str) -> None:
    with override_settings(METRICS_TOKEN=TOKEN):
        found = client.get("/metrics", HTTP_AUTHORIZATION=given)
    assert (found.status_code, found.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert found.headers["Cache-Control"] == "no-store"
    assert b"sympolity_" not in found.content


def test_the_figures_are_those_of_the_tables(network: Network, client: Client) -> None:
    client.get("/en/find/?q=legal")
    client.get("/en/find/?q=zzzzzzzz")
    with override_settings(METRICS_TOKEN=TOKEN):
        found = client.get("/metrics", headers=WITH_TOKEN)
    assert found.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert found.headers["Cache-Control"] == "no-store"
    families = _families(found.content.decode())
    assert set(families) == {
        f"sympolity_{name}"
        for name in (
            "requests", "request_duration_seconds", "find_empty", "check", "index_behind_entries", "trail_head",
            "organizations_pending", "confirmations_due", "follower_behind_entries", "disk_free_bytes",
            "backup_age_seconds", "backup_size_bytes", "services_listed", "start_time_seconds",
            "deliveries_waiting", "deliveries_parked", "delivery_oldest_seconds",
        )
    } - ({"sympolity_start_time_seconds"} if figures.started() is None else set()) - (
        {"sympolity_delivery_oldest_seconds"} if figures.written().post.since is None else set()
    )  # fmt: skip
    today = clock.local_today()
    assert _value(families, "trail_head") == followers.head() > 0
    assert _value(families, "organizations_pending") == Organization.objects.filter(status="pending").count() >= 1
    assert _value(families, "services_listed") == len(queries.listed(PUBLIC, today)) == len(network.ids())
    assert _value(families, "confirmations_due") == due.waiting(today)
    assert _value(families, "index_behind_entries") == 0
    assert 3590 < _value(families, "backup_age_seconds") < 3700
    assert _value(families, "backup_size_bytes") == 2_000_000
    assert {sample.labels["check"]: sample.value for sample in families["sympolity_check"]} == dict.fromkeys(
        ("database", "index", "disk", "log", "backup"), 1.0
    )


def test_nothing_a_visitor_sends_becomes_a_label(network: Network, client: Client) -> None:
    """Any number of addresses, methods and words: as many figures as there are routes."""
    for number in range(30):
        client.get(f"/zylophon{number}/")
        client.get(f"/en/find/?q=zylophon{number}", HTTP_HOST="zylophon.example")
        client.generic(f"ZYLOPHON{number}", "/en/find/")
        client.get(f"/static/zylophon{number}.css")
    with override_settings(METRICS_TOKEN=TOKEN):
        body = client.get("/metrics", headers=WITH_TOKEN).content.decode()
    assert "zylophon" not in body.lower()
    families = _families(body)
    labels = {frozenset(sample.labels) - {"le"} for samples in families.values() for sample in samples}
    assert labels <= {frozenset(), frozenset({"route", "status"}), frozenset({"check"}), frozenset({"follower"})}
    counted = families["sympolity_requests"]
    assert {sample.labels["route"] for sample in counted} <= _routes() | {"none", "static"}
    assert {sample.labels["status"] for sample in counted} <= {"2xx", "3xx", "4xx", "5xx"}


def _routes() -> set[str]:
    found: set[str] = set()
    todo: list[URLPattern | URLResolver] = list(get_resolver().url_patterns)
    while todo:
        each = todo.pop()
        if isinstance(each, URLResolver):
            todo += each.url_patterns
        elif each.name:
            found.add(each.name)
    return found


def test_every_route_has_room_in_the_file_of_a_worker() -> None:
    """A file that grows is made longer without its blocks: on a full disk that ends the worker."""
    key = (
        len('["sympolity_requests", "sympolity_requests_total", {"route": "", "status": "2xx"}, "Answers by route"]')
        + 80
    )
    assert len(_routes()) * 5 * (key + 40) < counting.FILES["counter"]


def test_a_worker_lays_out_its_files_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks, not holes: a count that met a full disk later would end the worker."""
    monkeypatch.setenv(counting.VARIABLE, str(tmp_path))
    counting.join(tmp_path)
    files = {path.name.split("_")[0]: path.stat() for path in tmp_path.iterdir()}
    assert {kind: stat.st_size for kind, stat in files.items()} == counting.FILES
    assert all(stat.st_blocks * 512 >= stat.st_size for stat in files.values())


def test_without_room_on_the_disk_a_worker_counts_for_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setenv(counting.VARIABLE, str(tmp_path))
    monkeypatch.setattr("os.posix_fallocate", full)
    counting.join(tmp_path)
    assert not counting.shared()
    assert list(tmp_path.iterdir()) == []


def test_without_a_database_the_other_figures_are_there(
    network: Network, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> Any:
        raise OperationalError

    monkeypatch.setattr("sympolity.ops.health._ask", away)
    monkeypatch.setattr("sympolity.ops.figures.written", away)
    with override_settings(METRICS_TOKEN=TOKEN):
        families = _families(client.get("/metrics", headers=WITH_TOKEN).content.decode())
    assert "sympolity_trail_head" not in families
    assert _value(families, "services_listed") > 0
    assert {s.labels["check"]: s.value for s in families["sympolity_check"]}["database"] == 0.0


def _due_by_rules() -> int:
    """The oracle: every dossier, one by one."""
    today, found = clock.local_today(), 0
    for one in queries.dossiers(queries.visible_to(PUBLIC)):
        if one.service.ends_on is None or one.service.ends_on >= today:
            late = rules.due(one.confirmed, "contact", today) or (
                one.has_hours and rules.due(one.confirmed, "hours", today)
            )
            found += late
    return found


@pytest.mark.parametrize("days", [0, 30, 61, 181, 400])
def test_due_is_what_the_rules_say_of_each(network: Network, days: int) -> None:
    with clock.moved(timedelta(days=days)):
        assert due.waiting(clock.local_today()) == _due_by_rules()


def test_due_counts_by_local_midnight(network: Network) -> None:
    """Confirmed at 00:10 in Athens, which is the day before in UTC: the period counts from the local day."""
    service = queries.visible_to(PUBLIC).filter(ends_on=None).exclude(schedules__in=Schedule.objects.all())[0]
    today = clock.local_today()
    night = datetime.combine(today + timedelta(days=1), datetime.min.time(), clock.ATHENS) + timedelta(minutes=10)
    with clock.moved(to=night):
        confirm(
            actor=SYSTEM,
            confirmations={service.id: [ConfirmationDraft(group, night, "phone") for group in ("contact", "hours")]},
        )
    for days in (58, 59, 60, 61, 62, 179, 180, 181, 182):
        with clock.moved(to=night + timedelta(days=days)):
            assert due.waiting(clock.local_today()) == _due_by_rules(), days


# --- the page ---------------------------------------------------------------------------------


@pytest.mark.parametrize("persona", [name for name in PERSONAS if name != "administrator"])
@pytest.mark.parametrize("lang", ["en", "el", "ar"])
def test_for_all_but_administrators_there_is_no_such_page(network: Network, persona: str, lang: str) -> None:
    reader = network.reader(persona)
    found = reader.get(f"/{lang}/operator/", status=404).response
    absent = reader.get(f"/{lang}/operators/", status=404).response
    assert re.sub(rb"operators?", b"", found.content) == re.sub(rb"operators?", b"", absent.content)
    assert found.headers["Cache-Control"] == absent.headers["Cache-Control"]


def test_the_page_has_the_figures(network: Network) -> None:
    page = network.reader("administrator").get("/en/operator/")
    assert page.response.headers["Cache-Control"] == "private, no-store"
    written = figures.written()
    facts = dict(re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", page.response.content.decode()))
    assert facts == {
        "Organizations waiting for approval": str(written.pending),
        "Services waiting for a confirmation": str(written.due),
        "Messages that could not be sent": "0",
        "Services that everybody finds": str(len(network.ids())),
        "Changes in the log": str(written.head),
        "Changes the search has not seen": "0",
    }
    assert "All is well." in page.text


@pytest.mark.parametrize("lang", ["el", "ar"])
def test_the_page_in_other_languages(network: Network, lang: str) -> None:
    network.reader("administrator").get(f"/{lang}/operator/")


def test_the_page_says_what_to_do(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "last", Last)
    monkeypatch.setattr("sympolity.trail.guard.missing", lambda: ["x"])
    monkeypatch.setattr(health, "_guard", None)
    page = network.reader("administrator").get("/en/operator/")
    assert "Something has failed." in page.text
    assert "Run sympolity migrate, then sympolity verify." in page.text
    assert "There is no backup yet." in page.text
    assert page.response.status_code == 200


@pytest.mark.parametrize("more", [0, 3])
def test_the_page_asks_as_much_however_much_there_is(network: Network, more: int) -> None:
    from sympolity.people import actions

    items = [actions.OrganizationItem(kind="ngo", name=f"Waits {number}") for number in range(more)]
    if items:
        actions.register_organizations(actor=SYSTEM, items=items)
    health._guard = None
    reader = network.reader("administrator")
    reader.get("/en/operator/")
    health._kept = None
    with CaptureQueriesContext(
        connection,
    ) as asked:
        reader.get("/en/operator/")
    # session, person, affiliations · health: head of the trail, and with more the oldest entry that
    # the index lacks · head, cursors, pending, due, deliveries
    assert len(asked) == 9 + bool(more)
