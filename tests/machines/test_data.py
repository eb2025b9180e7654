"""JSON-LD, read back by a parser that is not ours, says what the record says; and nothing of what is not public."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from rdflib import RDF, Graph
from rdflib.term import Node

from sympolity.directory import models
from sympolity.directory.queries import Dossier, dossiers, visible_to
from sympolity.kit import clock
from sympolity.kit.actor import PUBLIC
from sympolity.kit.hours import Day, Hours
from sympolity.people.models import Organization
from sympolity.portal.site import site
from tests.find.network import PERSONAS, Network
from tests.machines.reading import SCHEMA, data_of, graph_of, hours_of

LANGS = ("en", "el", "ar")
STATE = {"municipality", "coordination_centre", "state_body"}


def _page(network: Network, url: str, persona: str = "public") -> str:
    response = network.reader(persona).client.get(url)
    assert response.status_code == 200
    return str(response.content.decode())


def _read(network: Network, dossier: Dossier, lang: str) -> tuple[Graph, Node] | None:
    found = data_of(_page(network, f"/{lang}/service/{dossier.service.id}/"))
    assert len(found) <= 1
    return graph_of(found[0]) if found else None


def _said(graph: Graph, subject: Node, name: str, lang: str) -> set[tuple[str, str]]:
    """(words, language): words without a language are in that of the page."""
    return {(str(one), getattr(one, "language", None) or lang) for one in graph.objects(subject, SCHEMA[name])}


def _all(network: Network) -> list[Dossier]:
    return dossiers(visible_to(PUBLIC).order_by("pk"))


@pytest.mark.parametrize("lang", LANGS)
def test_every_public_page_says_what_the_record_says(network: Network, lang: str) -> None:
    today, told = clock.local_today(), 0
    for dossier in _all(network)[:: 3 if lang == "el" else 8]:
        found = _read(network, dossier, lang)
        assert (found is None) == dossier.standing.is_gone(today), dossier.service.name
        if found is None:
            continue
        told += 1
        graph, top = found
        row = dossier.service
        kind = SCHEMA.GovernmentService if row.organization.kind in STATE else SCHEMA.Service
        assert set(graph.objects(top, RDF.type)) == {kind}
        assert str(top) == row.id.urn
        name = dossier.texts.said("name", lang)
        assert _said(graph, top, "name", lang) == {(name.body, name.lang)}
        lead = dossier.texts.said("description", lang) or dossier.texts.said("summary", lang)
        assert _said(graph, top, "description", lang) == ({(lead.body, lead.lang)} if lead else set())
        page = graph.value(top, SCHEMA.mainEntityOfPage)
        assert page is not None
        assert str(graph.value(page, SCHEMA.inLanguage)) == lang
        assert str(graph.value(top, SCHEMA.url)) == str(page) == f"http://127.0.0.1:8000/{lang}/service/{row.id}/"
        provider = graph.value(top, SCHEMA.provider)
        assert provider is not None
        owner = dossier.organization.said("name", lang)
        assert _said(graph, provider, "name", lang) == {(owner.body, owner.lang)}
        _reachable(graph, top, dossier)
        _area(graph, top, dossier, lang)
        free = graph.value(top, SCHEMA.isAccessibleForFree)
        wanted = {"free": True, "unknown": None}.get(row.cost, False)
        assert (free.toPython() if free is not None else None) is wanted  # type: ignore[attr-defined]
        assert list(graph.objects(top, SCHEMA.sameAs)) == []
    assert told > (40 if lang == "el" else 15)


def _reachable(graph: Graph, top: Node, dossier: Dossier) -> None:
    row = dossier.service
    channels = list(graph.objects(top, SCHEMA.availableChannel))
    spoken = {*row.languages, *row.interpretation}
    for channel in channels:
        assert (channel, RDF.type, SCHEMA.ServiceChannel) in graph
        assert {str(one) for one in graph.objects(channel, SCHEMA.availableLanguage)} == spoken
        phone = graph.value(channel, SCHEMA.servicePhone)
        assert (str(graph.value(phone, SCHEMA.telephone)) if phone and row.phone else "") == row.phone
    assert len(channels) == max(1, len(dossier.places)) or not (row.phone or spoken or row.url or row.email)


def _area(graph: Graph, top: Node, dossier: Dossier, lang: str) -> None:
    slugs = {place.location.area.slug for place in dossier.places} - {"elsewhere"}
    if dossier.service.residence_area:
        slugs = {dossier.service.residence_area.slug}
    served = [_said(graph, one, "name", lang) for one in graph.objects(top, SCHEMA.areaServed)]
    names = [site().area_name(slug, lang) for slug in slugs]
    assert sorted(map(sorted, served)) == sorted([(name.body, name.lang)] for name in names)


# --- hours ------------------------------------------------------------------------------------

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _spans(rows: Iterable[dict[str, Any]]) -> set[tuple[int, int]]:
    """Minutes; an end that is not later than its begin lies on the next day; an opening of no length is none."""
    out = set()
    for row in rows:
        begin, end = (int(row[name][:2]) * 60 + int(row[name][3:5]) for name in ("opens", "closes"))
        if begin != end:
            whole = (begin, end) == (0, 1439)
            out.add((0, 1440) if whole else (begin, end if end > begin else end + 1440))
    return out


def _on(day: date, usual: list[dict[str, Any]], special: list[dict[str, Any]]) -> set[tuple[int, int]]:
    """What a program concludes for a day: dated rows replace the ordinary ones (schema.org)."""

    def holds(row: dict[str, Any]) -> bool:
        first, last = row["validFrom"] or "0000", row["validThrough"] or "9999"
        return first <= str(day) <= last and (not row["days"] or DAYS[day.weekday()] in row["days"])

    dated = [row for row in special if holds(row)]
    return _spans(dated or [row for row in usual if holds(row)])


def _truth(hours: Hours, day: date) -> Day:
    return next(row for row in hours.week(day - timedelta(days=day.weekday())) if row.date == day)


def _same_hours(network: Network, dossier: Dossier) -> int:
    """Every day of four weeks, and every day of an exception to come. How many days were looked at."""
    found, today, count = _read(network, dossier, "en"), clock.local_today(), 0
    assert found is not None
    graph, top = found
    shown = next((place.hours for place in dossier.places if place.hours.known), dossier.hours)
    places = [place.hours for place in dossier.places if place.location.kind != "virtual"]
    rows = hours_of(graph, top, "hoursAvailable")
    told = [([r for r in rows if r["days"]], [r for r in rows if not r["days"]], shown)]
    for where in {node for channel in graph.objects(top, SCHEMA.availableChannel) for node in graph.objects(channel, SCHEMA.serviceLocation)}:  # fmt: skip
        if len(places) == 1:
            usual = hours_of(graph, where, "openingHoursSpecification")
            told.append((usual, hours_of(graph, where, "specialOpeningHoursSpecification"), places[0]))
    silent = dossier.standing.must_call(today) or dossier.service.status != "active"
    for usual, special, hours in told:
        if silent or not hours.known:
            assert usual == []
            continue
        end = today + timedelta(days=27 - today.weekday())
        days = [today + timedelta(days=n) for n in range((end - today).days + 1)]
        days += [one.last for one in hours.exceptions if today <= one.last < today + timedelta(days=390)]
        for day in days:
            assert _on(day, usual, special) == set(_truth(hours, day).spans), (dossier.service.name, day, hours.spec)
            count += 1
    return count


def test_hours_of_every_day_are_those_of_the_record(network: Network) -> None:
    today = clock.local_today()
    listed = [one for one in _all(network)[::2] if not one.standing.is_gone(today)]
    assert sum(_same_hours(network, one) for one in listed) > 1000


@pytest.mark.parametrize(
    "spec",
    ["24/7", "Mo-Su 00:00-24:00", "Fr-Sa 20:00-02:00", "Mo-Fr 09:00-14:00,17:00-20:00; PH off", "Mo-Fr 09:00-14:00; Nov off",
     "Mo-Sa 09:00-24:00", "PH 10:00-12:00; We 09:00-10:00", "Mo[1] 10:00-12:00", "Mo-Fr 08:30-15:00 || \"by appointment\"", ""],
)  # fmt: skip
def test_odd_hours(network: Network, spec: str) -> None:
    row = models.Service.objects.get(id=network.service("fanari-asylum-case"))
    models.Schedule.objects.filter(service=row).delete()
    models.Schedule.objects.filter(location__services=row).delete()
    models.Schedule.objects.filter(at_location__service=row).delete()
    schedule = models.Schedule.objects.create(service=row, opening_hours=spec)
    today = clock.local_today()
    for first, last, hours in (
        (3, 5, "off"),
        (5, 5, "10:00-11:00,12:00-13:00"),
        (40, 70, "18:00-01:00"),
        (80, 80, "24/7"),
        (-9, -3, "off"),
    ):
        days = {"first": today + timedelta(days=first), "last": today + timedelta(days=last)}
        models.ScheduleException.objects.create(schedule=schedule, hours=hours, **days)
    [dossier] = dossiers(visible_to(PUBLIC).filter(id=row.id))
    looked = _same_hours(network, dossier)
    assert (looked > 20) == bool(spec)


# --- what is not said ---------------------------------------------------------------------------


def _blocks(network: Network, service: UUID, persona: str = "public") -> list[dict[str, Any]]:
    return data_of(_page(network, f"/en/service/{service}/", persona))


def test_the_same_data_for_every_reader(network: Network) -> None:
    """Also on the pages of those who see more: a page is saved, sent, printed to a file."""
    kept = [network.service("rodia-violence-at-home"), network.service("fanari-asylum-case")]
    for service in kept:
        public = _blocks(network, service)
        assert len(public) == 1
        assert all(_blocks(network, service, persona) == public for persona in PERSONAS)


def test_nothing_of_services_for_members_staff_or_that_ended(network: Network) -> None:
    service, reader = network.service("fanari-asylum-case"), "administrator"
    rows = models.Service.objects.filter(id=service)
    assert len(_blocks(network, service, reader)) == 1
    yesterday = clock.local_today() - timedelta(days=1)
    for change in (
        {"audience": "members"},
        {"audience": "staff"},
        {"ends_on": yesterday},
        {"status": "inactive"},
        {"status": "defunct"},
    ):
        before = rows.values(*change).get()
        rows.update(**change)
        assert _blocks(network, service, reader) == [], change
        rows.update(**before)
    Organization.objects.filter(services=service).update(status="suspended")
    assert _blocks(network, service, reader) == []


def test_an_organization_that_hides_is_not_named(network: Network) -> None:
    service = network.service("fanari-asylum-case")
    Organization.objects.filter(services=service).update(anonymous=True)
    assert "provider" not in _blocks(network, service)[0]


def test_points_only_of_public_places_that_are_real(network: Network) -> None:
    service = network.service("fanari-asylum-case")
    place = models.Location.objects.get(services=service)
    assert place.lat is not None

    def points() -> list[Any]:
        graph, _ = graph_of(_blocks(network, service)[0])
        return [
            (float(str(lat)), float(str(graph.value(at, SCHEMA.longitude))))
            for at, lat in graph.subject_objects(SCHEMA.latitude)
        ]

    assert points() == []  # the example network is invented
    models.Service.objects.filter(id=service).update(example=False)
    assert points() == [(place.lat, place.lon)]
    for visibility in ("area_only", "hidden"):
        models.Location.objects.filter(id=place.id).update(visibility=visibility)
        assert points() == []
        graph, _ = graph_of(_blocks(network, service)[0])
        assert list(graph.objects(None, SCHEMA.streetAddress)) == list(graph.objects(None, SCHEMA.postalCode)) == []


# --- organizations ------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_organizations(network: Network, lang: str) -> None:
    kinds = {"ngo": SCHEMA.NGO, **dict.fromkeys(STATE, SCHEMA.GovernmentOrganization)}
    for row in Organization.objects.filter(status="approved", anonymous=False).select_related("area")[:25]:
        [data] = data_of(_page(network, f"/{lang}/organization/{row.id}/"))
        graph, top = graph_of(data)
        assert str(top) == row.id.urn
        assert set(graph.objects(top, RDF.type)) == {kinds.get(row.kind, SCHEMA.Organization)}
        assert len(_said(graph, top, "name", lang)) == 1
        for field, name in (("phone", "telephone"), ("email", "email"), ("url", "sameAs")):
            assert {str(one) for one in graph.objects(top, SCHEMA[name])} == ({getattr(row, field)} - {""})
        area = graph.value(top, SCHEMA.areaServed)
        assert (area is None) == (row.area is None)


def test_an_organization_that_waits_says_nothing(network: Network) -> None:
    row = Organization.objects.filter(status="pending").first()
    assert row is not None
    page = _page(network, f"/en/organization/{row.id}/", "administrator")
    assert data_of(page) == []
    assert 'content="noindex"' in page
