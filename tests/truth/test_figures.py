"""What is said of how true the directory is, is what the tables say."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.core.cache import cache

from sympolity.directory import queries
from sympolity.directory.models import Service
from sympolity.kit import clock
from sympolity.kit.actor import PUBLIC
from sympolity.places.models import Area, AreaKind
from tests.find.network import Network

COLUMNS = [
    "date",
    "area",
    "ypes_code",
    "lau_code",
    "listed",
    "confirmed_90_days",
    "never_confirmed",
    "call_first",
    "left_lists",
]


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def _municipality(area: Area | None) -> str:
    while area is not None and area.kind != AreaKind.MUNICIPALITY:
        area = area.parent
    return area.slug if area else ""


def _by_hand() -> dict[str, list[int]]:
    """Looking at each service by itself."""
    today, found = clock.local_today(), dict[str, list[int]]()
    for one in queries.dossiers(queries.visible_to(PUBLIC)):
        if one.standing.has_ended(today):
            continue
        days = [day for group, day in one.confirmed.items() if group in {"contact", "hours"}]
        gone = one.standing.is_gone(today)
        fresh = bool(days) and (today - max(days)).days <= 90
        facts = [0, 0, 0, 0, 1] if gone else [1, int(fresh), int(not days), int(one.standing.must_call(today)), 0]
        for city in {"all", *(_municipality(place.location.area) for place in one.places)} - {""}:
            found[city] = [a + b for a, b in zip(found.get(city, [0] * 5), facts, strict=True)]
    return found


def _told(network: Network) -> dict[str, list[int]]:
    response = network.reader().client.get("/numbers/truth.csv")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    head, *rows = csv.reader(StringIO(response.content.decode()))
    assert head == COLUMNS
    assert {row[0] for row in rows} == {clock.local_today().isoformat()}
    return {row[1]: [int(cell) for cell in row[4:]] for row in rows}


@pytest.mark.parametrize("days", [0, 30, 100, 200, 600])
def test_the_table_says_what_each_service_says(network: Network, days: int) -> None:
    with clock.moved(timedelta(days=days)):
        told = _told(network)
        assert told == _by_hand()
        assert len(told) > 5


@pytest.mark.parametrize("days", [0, 100, 200])
def test_the_page_of_a_city_says_the_same_from_the_index(network: Network, days: int) -> None:
    with clock.moved(timedelta(days=days)):
        for city in ("athens", "thessaloniki", "piraeus"):
            listed, confirmed, *_ = _by_hand().get(city, [0, 0])
            text = network.reader().get(f"/en/city/{city}/").text
            found = re.search(r"(\d+) of (\d+) confirmed in the last 90 days", text)
            assert (found and (int(found[2]), int(found[1]))) == ((listed, confirmed) if listed else None), city


@pytest.mark.parametrize("lang", ["en", "el", "ar"])
def test_the_method_stands_beside_the_numbers(network: Network, lang: str) -> None:
    page = network.reader().get(f"/{lang}/numbers/truth/")
    assert f"/{lang}/city/athens/" in page.links
    assert "/numbers/truth.csv" in page.links


def test_services_for_professionals_are_counted_nowhere(network: Network) -> None:
    before = _told(network)["all"][0]
    hidden = Service.objects.filter(status="active").exclude(audience="public").count()
    assert hidden
    assert before <= Service.objects.filter(status__in=["active", "temporarily_closed"], audience="public").count()


def test_the_tables_are_asked_once_however_many_ask(network: Network, django_assert_num_queries: object) -> None:
    client = network.reader().client
    client.get("/numbers/truth.csv")
    with django_assert_num_queries(0):  # type: ignore[operator]
        client.get("/numbers/truth.csv")
        client.get("/en/numbers/truth/")
        client.get("/en/city/athens/")


def test_eligibility_falls_back_to_ask_and_leaves_no_list(network: Network) -> None:
    """Only contact and hours decide about lists; the others say "ask" once their period is over."""
    dossier = next(
        one
        for one in queries.dossiers(queries.visible_to(PUBLIC).filter(status="active"))
        if "eligibility" in one.confirmed and not one.standing.must_call(clock.local_today())
    )
    url, words = f"/en/service/{dossier.service.id}/", "Ask whether this still holds"
    last = dossier.confirmed["eligibility"]
    for days, asks in ((90, False), (91, True)):
        with clock.moved(timedelta(days=(last - clock.local_today()).days + days)):
            assert (words in network.reader().get(url).text) == asks, days
