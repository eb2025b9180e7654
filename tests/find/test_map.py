"""The interactive map draws what the list says: the same places for the same reader, and nothing hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from sympolity.directory import models
from sympolity.portal import basemap
from sympolity.portal.plotting import ON_A_CARD
from sympolity.project.middleware import CSP
from tests.find.network import Network

Counted = Callable[..., AbstractContextManager[Any]]
QUESTIONS = [
    "",
    "?need=legal",
    "?q=asylum",
    "?in=athens&page=2",
    "?near=Athens&within=5",
    "?q=qxqxqx",
    "?need=none&page=-4&sort=odd&near=x",
]
TILES = "https://tiles.example"


@pytest.mark.parametrize("asked", QUESTIONS)
def test_pins_are_the_cards_of_the_page_in_their_order(network: Network, asked: str) -> None:
    reader = network.reader()
    page = reader.get(f"/en/find/{asked}").response.context["found"]
    drawn = reader.client.get(f"/en/find/map.json{asked}").json()
    assert [(one["number"], one["anchor"], one["url"], one["name"]) for one in drawn["items"]] == [
        (item.number, item.anchor, item.url, item.name.body) for item in page.items
    ]
    assert drawn["total"] == page.answer.total
    shown = [spot for one in drawn["items"] for spot in one["at"]]
    every = sum(len(points[:ON_A_CARD]) for points in page.answer.points)
    assert len(shown) + len(drawn["others"]) == every


@pytest.mark.parametrize("url", ["/ar/map.json", "/en/find/map.json", "/el/city/athens/map.json", "{service}map.json"])
def test_the_map_asks_no_database(network: Network, url: str, django_assert_num_queries: Counted) -> None:
    client = network.reader().client
    address = url.format(service=f"/en/service/{network.service('athens-first-steps')}/")
    with django_assert_num_queries(0):
        response = client.get(address)
    assert response.status_code == 200
    assert response["Cache-Control"] == "public, max-age=60"
    assert client.get(address, headers={"if-none-match": response["ETag"]}).status_code == 304


def _rough(rows: Iterable[models.Location]) -> set[tuple[float, float]]:
    """Longitude and latitude to about 100 m."""
    return {(round(row.lon, 3), round(row.lat, 3)) for row in rows if row.lon is not None and row.lat is not None}


def test_a_hidden_place_is_told_as_its_area_and_nothing_else(network: Network) -> None:
    client = network.reader().client
    hidden = models.Location.objects.exclude(visibility="full").exclude(kind="virtual").select_related("area")
    centres = {(row.area.lon or 0.0, row.area.lat or 0.0) for row in hidden}
    told = [client.get("/en/find/map.json", {"page": page}).json() for page in range(1, 10)]
    links = models.ServiceAtLocation.objects.filter(location__in=hidden).values_list("service", flat=True)
    alone = [client.get(f"/en/service/{one}/map.json") for one in set(links)]
    told += [answer.json() for answer in alone if answer.status_code == 200]
    spots = {tuple(spot) for drawn in told for one in drawn["items"] for spot in one["at"]}
    spots |= {tuple(spot) for drawn in told for spot in drawn["others"]}
    about = {(round(lon, 3), round(lat, 3)) for lon, lat in centres}
    secret = _rough(hidden) - _rough(models.Location.objects.filter(visibility="full")) - about
    assert secret
    assert {(round(lon, 3), round(lat, 3)) for lon, lat, _ in spots} & secret == set()
    areas = {(lon, lat) for lon, lat, exact in spots if not exact}
    assert areas
    assert areas <= {(round(lon, 5), round(lat, 5)) for lon, lat in centres}


def test_a_reader_sees_on_the_map_what_they_see_in_the_list(network: Network) -> None:
    for persona in ("public", "member", "curator"):
        reader = network.reader(persona)
        drawn = reader.client.get("/en/find/map.json")
        assert drawn.json()["total"] == reader.client.get("/en/find.json").json()["total"], persona
        assert drawn["Cache-Control"] == ("public, max-age=60" if persona == "public" else "private, no-store")


def test_only_so_many_places_are_told(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sympolity.portal.plotting.MOST", 7)
    assert len(network.reader().client.get("/en/find/map.json").json()["others"]) == 7


def test_the_words_of_the_map_are_in_the_language_of_the_page(network: Network) -> None:
    client = network.reader().client
    english, greek = client.get("/en/map.json").json(), client.get("/el/map.json").json()
    assert set(english["words"]) == set(greek["words"])
    assert {key for key, words in english["maplibre"].items() if words == greek["maplibre"][key]} == set()
    assert "Αθήνα" in {name for _, _, name in greek["cities"]}


def test_a_page_costs_a_little_for_the_button(network: Network) -> None:
    client = network.reader().client
    page = client.get("/en/find/").content.decode()
    assert page.count("data-map=") == page.count("map.js") == 1
    assert "maplibre" not in page
    assert "data-map" not in client.get("/en/find/print/").content.decode()


# ---- the operator's tiles ----


@pytest.fixture
def tiles(settings: Any) -> str:
    settings.MAP_TILES = f"{TILES}/{{z}}/{{x}}/{{y}}.png"
    return TILES


def test_only_pages_with_a_map_may_ask_for_tiles(network: Network, tiles: str) -> None:
    client = network.reader().client
    service = f"/en/service/{network.service('athens-first-steps')}/"
    for url in ("/en/find/", service, "/ar/city/athens/", "/static/maplibre-gl/maplibre-gl-worker.mjs"):
        policy = client.get(url)["Content-Security-Policy"]
        assert policy.replace(f" {tiles}", "") == CSP, url
        parts = {part.split()[0]: part.split()[1:] for part in policy.split(";")}
        assert {name for name, allowed in parts.items() if tiles in allowed} == {"connect-src", "img-src"}, url
    for url in (
        "/",
        "/en/",
        "/en/account/",
        "/en/find.json",
        f"{service}print/",
        "/en/nothing/",
        "/static/design/look.css",
    ):
        assert client.get(url)["Content-Security-Policy"] == CSP, url


def test_the_privacy_page_says_who_learns_of_an_opened_map(network: Network, settings: Any) -> None:
    reader = network.reader()
    assert "tiles.example" not in reader.get("/en/privacy/").text
    settings.MAP_TILES = f"{TILES}/greece.pmtiles"
    assert "tiles.example" in reader.get("/en/privacy/").text


def test_the_archive_is_a_fixed_file(network: Network, settings: Any, tmp_path: Path) -> None:
    (tmp_path / "own.pmtiles").write_bytes(basemap.MAGIC + bytes(500))
    client = network.reader().client
    assert client.get("/map/tiles.pmtiles").status_code == 404
    settings.DATA, settings.MAP_TILES, settings.MAP_CREDIT = tmp_path, "own.pmtiles", "© somebody"
    piece = client.get("/map/tiles.pmtiles", headers={"range": "bytes=0-6", "accept-encoding": "br, gzip"})
    assert (piece.status_code, b"".join(piece.streaming_content)) == (206, b"PMTiles")  # type: ignore[attr-defined]
    assert not piece.has_header("Content-Encoding")
    setting = client.get("/en/map.json").json()
    assert (setting["basemap"], setting["credit"]) == ({"kind": "pmtiles", "url": "/map/tiles.pmtiles"}, "© somebody")
    for path in ("/map/../own.pmtiles", "/map/secret_key", "/map/tiles.pmtiles/..", "/map/tiles.pmtiles%00"):
        assert client.get(path).status_code == 404, path
    assert client.get("/en/find/")["Content-Security-Policy"] == CSP
