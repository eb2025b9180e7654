"""What a page costs: database queries and bytes."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import brotli
import pytest
from django.contrib.staticfiles import finders

from sympolity.directory import models
from sympolity.kit import clock
from sympolity.portal.fragments import PAGES
from tests.find.network import Network

Counted = Callable[..., AbstractContextManager[Any]]
PAGE = 14_336  # bytes, brotli 5
SHEET = 12_288


@pytest.mark.parametrize(
    "url",
    ["/", "/en/", "/el/", "/ar/", "/en/find/", "/ar/find/?q=مساعدة", "/el/find/?near=Αθήνα&within=5&open=now", "/en/find.json?q=help",
     "/en/find/?q=zzzzzz", "/en/find/?need=legal-help&in=athens&speaks=ar&page=2"],
)  # fmt: skip
def test_find_asks_no_database(network: Network, url: str, django_assert_num_queries: Counted) -> None:
    client = network.reader().client
    with django_assert_num_queries(0):
        assert client.get(url).status_code == 200


def _grown(service: models.Service) -> None:
    """Five places, ten documents, schedules and exceptions at each of them."""
    link = service.at_locations.select_related("location").first()
    assert link is not None
    for at in range(4):
        old = link.location
        place = models.Location.objects.create(
            organization=old.organization, area=old.area, address=f"Οδός {at}", lat=37.9 + at / 100, lon=23.7
        )
        more = models.ServiceAtLocation.objects.create(service=service, location=place)
        for owner in ({"location": place}, {"at_location": more}):
            schedule = models.Schedule.objects.create(opening_hours="Mo-Fr 09:00-14:00", **owner)
            day = clock.local_today() + timedelta(days=at)
            models.ScheduleException.objects.create(schedule=schedule, first=day, last=day, hours="off", note="Αργία")
    for at in range(10):
        models.RequiredDocument.objects.create(service=service, position=50 + at, name=f"Χαρτί {at}", id=uuid.uuid4())


@pytest.mark.parametrize("lang", ["en", "el", "ar"])
def test_a_service_page_is_at_most_six_queries_whatever_its_size(
    network: Network, lang: str, django_assert_max_num_queries: Counted
) -> None:
    client = network.reader().client
    row = models.Service.objects.get(id=network.service("fanari-asylum-case"))
    url = f"/{lang}/service/{row.id}/"
    with django_assert_max_num_queries(6) as few:
        assert client.get(url).status_code == 200
    _grown(row)
    with django_assert_max_num_queries(6) as many:
        page = network.reader().get(url)
    assert len(many) <= len(few) + 1  # words of the new exceptions
    assert "Οδός 3" in page.text
    assert "Χαρτί 9" in page.text


def test_an_organization_page_costs_the_same_for_one_and_many(
    network: Network, django_assert_num_queries: Counted
) -> None:
    client = network.reader().client
    counts = dict[int, str]()
    for row in models.Service.objects.filter(audience="public", organization__status="approved"):
        counts.setdefault(row.organization.services.count(), f"/en/organization/{row.organization_id}/")
    assert len(counts) > 1
    for url in counts.values():
        with django_assert_num_queries(2):
            assert client.get(url).status_code == 200


@pytest.mark.parametrize("lang", ["en", "el", "ar"])
def test_pages_are_light(network: Network, lang: str) -> None:
    reader = network.reader()
    PAGES.clear()  # a page that is kept has no context to look into
    for asked in ("", "?page=2", "?near=Athens", "?q=help", "?open=now"):
        page = reader.get(f"/{lang}/find/{asked}")
        cards = page.response.context["found"].items
        if not asked:
            assert len({item.name.body for item in cards}) == 20
        assert len(brotli.compress(page.response.content, quality=5)) <= PAGE, asked
    ids = list(
        models.Service.objects.filter(audience="public", status="active", organization__status="approved").values_list(
            "id", flat=True
        )
    )
    sizes = {
        one: len(brotli.compress(reader.get(f"/{lang}/service/{one}/").response.content, quality=5)) for one in ids[::2]
    }
    assert max(sizes.values()) <= PAGE


def test_what_is_sent_is_what_was_measured(network: Network) -> None:
    client = network.reader().client
    sent = client.get("/en/find/", headers={"accept-encoding": "br"})
    assert sent.headers["Content-Encoding"] == "br"
    assert len(sent.content) <= PAGE
    assert "/en/find/" in brotli.decompress(sent.content).decode()


def test_the_style_sheet_is_light() -> None:
    path = finders.find("design/look.css")
    assert path
    with open(path, "rb") as handle:
        assert len(brotli.compress(handle.read(), quality=5)) <= SHEET
