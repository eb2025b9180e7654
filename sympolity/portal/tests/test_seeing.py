"""Who reads the address of a hidden place, and what the page says of those who vouch."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.template.loader import render_to_string

from sympolity.directory import actions, queries
from sympolity.directory.drafts import ConfirmationDraft
from sympolity.directory.models import Service
from sympolity.directory.tests.conftest import House, an_id, build
from sympolity.kit.actor import PUBLIC, SYSTEM, Actor, Grant, Role
from sympolity.portal import face


@pytest.fixture
def house(db: None) -> House:
    return build()


def _curator(*areas: UUID) -> Actor:
    return Actor(uuid4(), an_id("centre"), frozenset({Grant(Role.CURATOR, frozenset(areas))}), approved=True)


def test_the_address_is_for_whoever_runs_the_place_and_curators_of_each_level(house: House) -> None:
    actions.record_services(actor=SYSTEM, drafts=[house.service("joint", house.other, house.refuge)])
    [dossier] = queries.dossiers(Service.objects.all())
    [place] = dossier.places
    line = queries.area_line(place.location)
    assert line == [an_id(slug) for slug in ("kypseli", "athens", "attica", "greece")]
    actors = {
        "owner": house.editor(house.shelter), "linked": house.editor(house.other), "public": PUBLIC, "nowhere": _curator(),
        **{slug: _curator(an_id(slug)) for slug in ("kypseli", "athens", "attica", "greece", "tilos")},
    }  # fmt: skip
    levels = {"kypseli", "athens", "attica", "greece"}
    assert {name for name, actor in actors.items() if face.sees_protected(place, actor)} == {"owner", *levels}
    staff = Service.objects.get()
    Service.objects.filter(id=staff.id).update(status="inactive")
    assert {name for name, actor in actors.items() if queries.visible_to(actor).exists()} == {"linked", *levels}


def test_the_page_tells_of_a_visit_only_where_there_was_one(house: House) -> None:
    at, centre = datetime(2026, 3, 2, 9, tzinfo=UTC), an_id("centre")
    draft = house.service("beds", house.shelter)
    draft.confirmations = tuple(
        ConfirmationDraft(group, at, how, by)
        for group, how, by in [("contact", "phone", centre), ("hours", "visit", centre), ("rest", "visit", house.other)]
    )
    actions.record_services(actor=SYSTEM, drafts=[draft])
    [dossier] = queries.dossiers(Service.objects.all())
    told = face.context(dossier, actor=PUBLIC, lang="en", here=None, now=at)
    rows = told["seals"]
    assert [(row["label"], row["vouched"], row["visited"]) for row in rows] == [
        ("Phone and address", True, False), ("Opening hours", True, True), ("Everything else", False, False),
    ]  # fmt: skip
    page = render_to_string("portal/service.html", told)
    assert re.findall(r"<b>([^<]+)</b>: (the coordination centre[\w ]+|confirmed by)", page) == [
        ("Phone and address", "the coordination centre vouches for it"),
        ("Opening hours", "the coordination centre visited and vouches for it"),
        ("Everything else", "confirmed by"),
    ]
