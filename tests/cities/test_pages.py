"""Pages of cities: what stands on them is what Find lists; no database, light, honest where there is nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import brotli
import pytest

from sympolity.directory import actions, models
from sympolity.kit import clock
from sympolity.kit.actor import SYSTEM
from sympolity.languages import registry
from sympolity.people.models import Organization
from sympolity.places.models import Area
from sympolity.portal import cities, site
from sympolity.search.indexer import Indexer
from tests.find.network import PERSONAS, Network, point_reader
from tests.find.test_hidden import _all_secrets, _tells

Counted = Callable[..., AbstractContextManager[Any]]
PAGE = 14_336  # bytes, brotli 5
LANGUAGES = [row.code for row in registry.INTERFACE]
SLUGS = [
    "agios-dimitrios",
    "athens",
    "chania",
    "delta",
    "heraklion",
    "ioannina",
    "irakleio-attica",
    "kalamaria",
    "karditsa",
    "katerini",
    "larissa",
    "livadia",
    "nea-filadelfeia",
    "neapoli-sykees",
    "piraeus",
    "thessaloniki",
    "tilos",
    "trikala",
    "tripoli",
]


def _words(text: str) -> str:
    return " ".join(text.split())


def test_every_municipality_has_a_page(network: Network) -> None:
    assert sorted(Area.objects.filter(kind="municipality").values_list("slug", flat=True)) == SLUGS
    page = network.reader().get("/en/cities/")
    assert {link for link in page.links if "/city/" in link} == {f"/en/city/{slug}/" for slug in SLUGS}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_read_well_ask_no_database_and_are_light(
    network: Network, lang: str, django_assert_num_queries: Counted
) -> None:
    reader = network.reader()
    for path in ("cities/", "notices/", *(f"city/{slug}/" for slug in SLUGS)):
        with django_assert_num_queries(0):
            page = reader.get(f"/{lang}/{path}")
        assert page.h1
        assert page.response.headers["Cache-Control"] == "public, max-age=60"
        assert len(brotli.compress(page.response.content, quality=5)) <= PAGE, path
        tag = page.response.headers["ETag"]
        assert reader.client.get(f"/{lang}/{path}", headers={"if-none-match": tag}).status_code == 304


@pytest.mark.parametrize("persona", ["public", "member", "curator"])
def test_counts_are_those_of_find(network: Network, persona: str) -> None:
    reader = network.reader(persona)
    listed = reader.get("/en/cities/").response.context["regions"]
    counted = {city.slug: city.count for _, _, group in listed for city in group}
    assert counted == {slug: len(network.ids(persona, **{"in": slug})) for slug in SLUGS}
    assert sum(counted.values()) > 20
    for slug in ("athens", "thessaloniki"):
        context = reader.get(f"/en/city/{slug}/").response.context
        assert context["total"] == counted[slug]
        shown = {door.need.slug: door.count for door in context["doors"]}
        for need, count in shown.items():
            assert count == len(network.ids(persona, need=need, **{"in": slug})), need
        empty = {door.need.slug for door in context["empty_doors"]}
        assert empty.isdisjoint(shown)
        for need in empty:
            assert network.ids(persona, need=need, **{"in": slug}) == set()


def test_every_need_can_be_reached_from_a_city(network: Network) -> None:
    page = network.reader().get("/en/city/tilos/")
    asked = [parse_qs(urlsplit(link).query) for link in page.links if link.startswith("/en/find/?")]
    reached = {query["need"][0] for query in asked if "need" in query}
    here = site.site()
    assert {need.slug for need in here.needs("en", "") if not need.fallback} <= reached
    assert {need.slug for need in here.needs("en") if need.emergency and need.parent} <= reached
    for query in asked:
        assert query.get("in", ["tilos"])[0] == "tilos" or query["in"][0] in here.areas


def test_emergency_needs_and_numbers_stand_on_every_city_page_and_home(network: Network) -> None:
    reader = network.reader()
    urgent = {need.slug for need in site.site().needs("en") if need.emergency and need.parent}
    assert urgent >= {"night-shelter", "violence-at-home", "emergency-care"}
    numbers = set(models.Helpline.objects.values_list("number", flat=True))
    assert "112" in numbers
    for path in ("", *(f"city/{slug}/" for slug in SLUGS)):
        page = reader.get(f"/ar/{path}")
        assert {link.removeprefix("tel:") for link in page.links if link.startswith("tel:")} >= numbers
        doors = {door.need.slug: door for door in page.response.context["urgent"]}
        assert set(doors) == urgent
        for door in doors.values():
            assert door.url in page.links
            assert ("in=" in door.url) == bool(path and door.count)


def test_cards_are_open_ones_or_those_confirmed_last(network: Network) -> None:
    reader = network.reader()
    for slug in ("athens", "thessaloniki", "piraeus"):
        context = reader.get(f"/en/city/{slug}/").response.context
        ids = {item.id for item in context["items"]}
        data = reader.client.get("/en/find.json", {"in": slug, "open": "now"}).json()
        assert context["open_count"] == data["facets"]["open"]["now"]
        if context["open_count"]:
            assert {item.state.css for item in context["items"]} == {"open"}
            assert len(ids) == min(cities.CARDS, context["open_count"])
        else:
            assert len(ids) == min(cities.CARDS, context["total"])
        assert ids <= network.ids(**{"in": slug})


def test_organizations_are_those_that_offer_something_or_have_their_seat_here(network: Network) -> None:
    page = network.reader().get("/el/city/athens/")
    inside = {str(one) for one in Area.objects.filter(parent__slug="athens").values_list("id", flat=True)}
    inside.add(str(Area.objects.get(slug="athens").id))
    public = Organization.objects.filter(status="approved", anonymous=False)
    seat = {str(one) for one in public.filter(area__in=inside).values_list("id", flat=True)}
    here = network.ids(**{"in": "athens"})
    offer = {str(one) for one in models.Service.objects.filter(id__in=here).values_list("organization", flat=True)}
    shown = {one.owner.id for one in page.response.context["providers"]}
    assert len(seat | offer) <= cities.OWNERS
    assert shown == seat | offer
    counts = {one.owner.id: one.count for one in page.response.context["providers"]}
    for one, count in counts.items():
        assert count == len(network.ids(organization=one, **{"in": "athens"}))
        assert f"/el/organization/{one}/" in page.links


def test_whom_to_ask(network: Network, tmp_path: Path) -> None:
    reader = network.reader()
    contact = reader.get("/en/city/athens/").response.context["contact"]
    assert contact.kind == "coordination_centre"
    assert contact.reachable
    # nobody answers for Tilos: no office with a phone or an address of its own
    page = reader.get("/en/city/tilos/")
    assert page.response.context["contact"] is None
    assert "We know of no office that answers for this city" in page.text
    # a municipality answers where no centre does
    own = Organization.objects.filter(area__slug="tilos", kind="municipality", status="approved").first()
    assert own is not None
    Organization.objects.filter(id=own.id).update(phone="+30 000 000 9999")
    Indexer(tmp_path / "index").rebuild()
    point_reader(tmp_path / "index")
    page = reader.get("/en/city/tilos/")
    assert page.response.context["contact"].id == str(own.id)
    assert "tel:+300000009999" in page.links
    # a centre for the region comes before it
    centre = Organization.objects.create(
        kind="coordination_centre", status="approved", lang="en", name="Centre of the South", email="a@south.example",
        area=Area.objects.get(slug="south-aegean"),
    )  # fmt: skip
    Indexer(tmp_path / "again").rebuild()
    point_reader(tmp_path / "again")
    assert reader.get("/en/city/tilos/").response.context["contact"].id == str(centre.id)


def test_a_city_without_services_leads_on(network: Network, tmp_path: Path) -> None:
    here = [row.id for row in models.Service.objects.filter(locations__area__slug="livadia").distinct()]
    actions.end_services(actor=SYSTEM, services=here, reason="test")
    Indexer(tmp_path / "index").rebuild()
    point_reader(tmp_path / "index")
    for lang in LANGUAGES:
        page = network.reader().get(f"/{lang}/city/livadia/")
        context = page.response.context
        assert (context["total"], context["items"], context["doors"]) == (0, [], [])
        near = context["nearby"]
        assert len(near) == cities.NEAREST
        assert [city.count > 0 for city in near] == [True] * len(near)
        assert near[0].slug in {"athens", "nea-filadelfeia", "irakleio-attica", "larissa", "piraeus"}
        assert all(re.search(r"\d", city.distance) for city in near)
        assert context["by_phone"] == len(network.ids(access="by_phone")) > 0
        assert f"/{lang}/find/?access=by_phone" in page.links
        assert "tel:112" in page.links
    assert "Nothing is listed here yet" in network.reader().get("/en/city/livadia/").text


def test_neighbourhoods_regions_and_the_country_lead_to_their_page(network: Network) -> None:
    client = network.reader().client
    for slug, target in {
        "athens-kypseli": "/el/city/athens/", "thessaloniki-toumpa": "/el/city/thessaloniki/",
        "crete": "/el/cities/#crete", "greece": "/el/cities/",
    }.items():  # fmt: skip
        answer = client.get(f"/el/city/{slug}/")
        assert (answer.status_code, answer.headers["Location"]) == (302, target)
    page = network.reader().get("/el/cities/")
    assert {tag.get("id") for tag in page.document.tags} >= {"crete", "attica", "central-macedonia"}
    names = {
        str(name): count
        for name, count, _ in network.reader().get("/en/city/athens/").response.context["neighbourhoods"]
    }
    assert names["Kypseli"] == len(network.ids(**{"in": "athens-kypseli"}))


def test_members_are_told_with_their_beginning(network: Network) -> None:
    members = site.site().members()
    assert len(members) == 18
    assert "irakleio-attica" not in members
    reader = network.reader()
    for slug in SLUGS:
        context = reader.get(f"/en/city/{slug}/").response.context
        assert [one.slug for one in context["memberships"]] == [one.network for one in members.get(slug, [])]
    assert "Member of" in reader.get("/en/city/athens/").text
    assert "Member of" not in reader.get("/en/city/irakleio-attica/").text
    offered = [slug for slug, _ in reader.get("/en/").response.context["cities"]]
    assert sorted(offered) == sorted(members)


def test_home_offers_every_municipality_where_there_is_no_network(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site.Site, "members", lambda self, on=None: {})
    assert len(site.site().cities("en")) == len(SLUGS)


def test_the_feed_is_named_and_the_search_box_asks_in_this_city(network: Network) -> None:
    page = network.reader().get("/ar/city/piraeus/")
    feeds = [tag for tag in page.document.tags if tag.name == "link" and tag.get("type") == "application/atom+xml"]
    assert [tag.get("href") for tag in feeds] == ["/ar/city/piraeus/services.atom"]
    hidden = [(tag.get("name"), tag.get("value")) for tag in page.document.tags if tag.get("type") == "hidden"]
    assert ("in", "piraeus") in hidden


@pytest.mark.parametrize("persona", PERSONAS)
def test_no_page_tells_a_hidden_place(network: Network, persona: str) -> None:
    secrets, reader = _all_secrets(), network.reader(persona)
    for path in ("cities/", "notices/", "", *(f"city/{slug}/" for slug in SLUGS)):
        for lang in ("el", "ar"):
            assert _tells(reader.client.get(f"/{lang}/{path}").content.decode(), secrets) == set(), path


def test_an_organization_that_is_not_public_stands_on_no_page(network: Network, tmp_path: Path) -> None:
    area = Area.objects.get(slug="athens")
    unseen: dict[str, dict[str, Any]] = {
        "Zzpending": {"status": "pending"},
        "Zzsuspended": {"status": "suspended"},
        "Zzanonymous": {"status": "approved", "anonymous": True},
        "Zzcentre": {"status": "pending", "kind": "coordination_centre", "phone": "+30 000 000 1"},
    }
    for name, columns in unseen.items():
        Organization.objects.create(**({"kind": "ngo"} | columns), lang="en", name=name, area=area)
    Indexer(tmp_path / "index").rebuild()
    point_reader(tmp_path / "index")
    for persona in ("public", "member", "curator", "administrator"):
        assert "Zz" not in network.reader(persona).get("/en/city/athens/").text


HOSTILE = [
    "no-such-city",
    "x" * 400,
    "Athens",
    "athens-",
    "elsewhere",
    "0",
    "-",
    "__proto__",
    "athens%00",
    "..%2fetc",
    "%ff%fe",
    "Αθήνα",
]


@pytest.mark.parametrize("slug", HOSTILE)
def test_slugs_that_name_nothing(network: Network, slug: str) -> None:
    for lang in LANGUAGES:
        page = network.reader().get(f"/{lang}/city/{slug}/", status=404)
        assert page.document.root.get("lang") == lang


@pytest.mark.parametrize(
    "tail", ["?in=tilos", "?q=%ff%fe", "?page=-1&page=x", "?" + "a" * 3000, "?%00=%00", "?open=now&need=food"]
)
def test_pages_ignore_what_is_asked_of_them(network: Network, tail: str) -> None:
    reader = network.reader()
    for path in ("city/athens/", "cities/", "notices/"):
        plain, asked = reader.get(f"/el/{path}"), reader.get(f"/el/{path}{tail}")
        assert asked.h1 == plain.h1
        assert _words(asked.text) == _words(plain.text)


def test_only_reading(network: Network) -> None:
    client = network.reader().client
    for path in ("city/athens/", "cities/", "notices/"):
        assert client.head(f"/en/{path}").status_code == 200
        assert client.post(f"/en/{path}").status_code == 405


def test_without_an_index_the_number_stands_there(network: Network, tmp_path: Path) -> None:
    point_reader(tmp_path / "nothing")
    for path in ("city/athens/", "cities/", "notices/"):
        page = network.reader().get(f"/el/{path}", status=503)
        assert "112" in page.text


def test_time_goes_on(network: Network) -> None:
    """What leaves the lists by its date leaves the counts of its city too."""
    from datetime import timedelta

    with clock.moved(timedelta(days=400)):
        listed = network.reader().get("/en/cities/").response.context["regions"]
        counted = {city.slug: city.count for _, _, group in listed for city in group}
        assert counted == {slug: len(network.ids(**{"in": slug})) for slug in SLUGS}
