"""Time passes and nothing is written: pages, lists and counts stay right."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sympolity.directory import queries
from sympolity.directory.enums import ServiceStatus
from sympolity.directory.models import Service
from sympolity.kit import clock
from sympolity.kit.actor import PUBLIC
from sympolity.people.models import Organization
from sympolity.search.indexer import Indexer
from tests.find.network import Network, point_reader

LATER = {
    "1 hour": timedelta(hours=1),
    "7 days": timedelta(days=7),
    "30 days": timedelta(days=30),
    "400 days": timedelta(days=400),
}


@contextmanager
def _later(network: Network, by: timedelta, *, rebuilt: bool, folder: Path) -> Iterator[None]:
    with clock.moved(by):
        if rebuilt:
            Indexer(folder).rebuild()
            point_reader(folder)
        yield
    point_reader(network.root)


def _by_hand(now: datetime) -> tuple[set[str], set[str]]:
    """(open, hours unknown) among the public list, looking at each place of each service."""
    open_, unknown = set[str](), set[str]()
    for dossier in queries.listed(PUBLIC, now.astimezone(clock.ATHENS).date()):
        hours = [place.hours for place in dossier.places] or [dossier.hours]
        kinds = {one.state(now).kind for one in hours}
        if not any(one.known for one in hours):
            if dossier.service.status == ServiceStatus.ACTIVE:
                unknown.add(str(dossier.service.id))
        elif dossier.service.status == ServiceStatus.ACTIVE and "open" in kinds:
            open_.add(str(dossier.service.id))
    return open_, unknown


def _instants(count: int) -> list[datetime]:
    """Moments of the next 40 days, some at the edges of quarters of an hour."""
    dice = random.Random(20240229)
    start = clock.now().astimezone(UTC).replace(second=0, microsecond=0)
    out = []
    for at in range(count):
        days = 8 if at % 2 else 40
        moment = start + timedelta(minutes=dice.randrange(days * 24 * 60))
        if at % 3 == 0:
            moment = moment.replace(minute=dice.choice([0, 15, 30, 45]))
        out.append(moment)
    return out


def test_open_now_equals_the_hours_at_fifty_moments(network: Network) -> None:
    client = network.reader().client
    for moment in _instants(50):
        with clock.moved(to=moment + timedelta(seconds=20)):
            open_, unknown = _by_hand(clock.now())
            data = client.get("/en/find.json", {"open": "now"}).json()
            assert data["total"] == len(open_ | unknown), moment
            assert data["facets"]["open"] == {"now": len(open_), "unknown": len(unknown)}, moment
            assert {row["id"] for row in data["results"]} <= open_ | unknown
            first = [row["id"] for row in data["results"]][: len(open_)]
            assert set(first) <= open_, "unknown hours come after open ones"


@pytest.mark.parametrize("rebuilt", [False, True], ids=["old index", "new index"])
@pytest.mark.parametrize("later", LATER)
def test_list_and_page_follow_the_clock(network: Network, later: str, rebuilt: bool, tmp_path: Path) -> None:
    reader = network.reader()
    with _later(network, LATER[later], rebuilt=rebuilt, folder=tmp_path / "index"):
        today = clock.local_today()
        expected = {str(one.service.id): one for one in queries.listed(PUBLIC, today)}
        assert network.ids() == set(expected)
        open_, unknown = _by_hand(clock.now())
        assert network.ids(open="now") == open_ | unknown
        counts = reader.client.get("/en/find.json").json()["facets"]
        assert counts["cost"].get("free", 0) == sum(1 for one in expected.values() if one.service.cost == "free")
        rows = {
            row["id"]: row
            for page in (1, 2, 3)
            for row in reader.client.get("/en/find.json", {"page": page}).json()["results"]
        }
        for one, row in rows.items():
            dossier = expected[one]
            if dossier.standing.must_call(today) and dossier.service.status == ServiceStatus.ACTIVE:
                assert row["state_words"].startswith("Call first"), one
            elif dossier.service.status == ServiceStatus.ACTIVE:
                assert not row["state_words"].startswith("Call first"), one
                assert (row["state"] == "open") <= (one in open_), one


@pytest.mark.parametrize("later", LATER)
def test_the_page_says_call_first_and_ended(network: Network, later: str) -> None:
    reader = network.reader()
    with clock.moved(LATER[later]):
        today = clock.local_today()
        for dossier in queries.dossiers(queries.visible_to(PUBLIC))[::3]:
            text = reader.get(f"/en/service/{dossier.service.id}/").text
            if dossier.standing.has_ended(today):
                assert "Ended" in text
            elif dossier.service.status == ServiceStatus.ACTIVE:
                assert ("Call first" in text) == dossier.standing.must_call(today)


def test_something_changes_in_time(network: Network) -> None:
    """The demo holds what the clock is to show: nothing above passes for want of cases."""
    today = clock.local_today()
    now = {str(one.service.id) for one in queries.listed(PUBLIC, today)}
    then = {str(one.service.id) for one in queries.listed(PUBLIC, today + timedelta(days=30))}
    assert then < now
    dossiers = queries.dossiers(queries.visible_to(PUBLIC))
    assert any(one.standing.must_call(today) for one in dossiers)
    assert any(
        one.standing.must_call(today + timedelta(days=400)) and not one.standing.must_call(today) for one in dossiers
    )
    assert any(one.service.ends_on and today <= one.service.ends_on < today + timedelta(days=400) for one in dossiers)
    assert any(one.service.capacity for one in dossiers)


def test_what_ended_stays_reachable_by_link(network: Network) -> None:
    dossier = next(
        one
        for one in queries.dossiers(queries.visible_to(PUBLIC))
        if one.service.ends_on and one.service.ends_on >= clock.local_today()
    )
    service = dossier.service
    assert service.ends_on
    days = (service.ends_on - clock.local_today()).days
    for moved, there in ((days, True), (days + 1, False)):
        with clock.moved(timedelta(days=moved)):
            assert (str(service.id) in network.ids()) == there
            assert ("Ended" in network.reader().get(f"/en/service/{service.id}/").text) == (not there)
    assert Organization.objects.exists()


def test_capacity_is_forgotten_by_itself(network: Network) -> None:
    reader = network.reader()
    row = Service.objects.filter(
        audience="public", capacity="waiting_list", capacity_until__gte=clock.local_today()
    ).first()
    assert row is not None
    assert row.capacity_until is not None
    url, days = f"/en/service/{row.id}/", (row.capacity_until - clock.local_today()).days

    def listed() -> str:
        rows = reader.client.get("/en/find.json", {"organization": str(row.organization_id)}).json()["results"]
        return next(str(one["state_words"]) for one in rows if one["id"] == str(row.id))

    with clock.moved(timedelta(days=days)):
        assert "Waiting list" in reader.get(url).text
        assert "Waiting list" in listed()
    with clock.moved(timedelta(days=days + 1)):
        assert "Waiting list" not in reader.get(url).text
        assert "out of date" in reader.get(url).text
        assert "Waiting list" not in listed()
