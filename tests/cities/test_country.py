"""With the areas of the whole country: what the index follows, pages draw, lists leave out and names find."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import brotli
import pytest

from sympolity.exchange.areas.composing import Origin
from sympolity.exchange.areas.importing import import_areas
from sympolity.exchange.tests import area_files
from sympolity.languages import registry
from sympolity.places.actions import load_areas
from sympolity.places.facts import AreaFact, NameFact, area_id
from sympolity.search.indexer import Indexer
from tests.find.network import Network, point_reader

PAGE = 14_336  # bytes, brotli 5
MORE = 60  # made-up municipalities, so that there are too many to list


@pytest.fixture
def country(network: Network, tmp_path: Path) -> Network:
    """Three municipalities with boundaries, many without anything, and an index that followed the trail to them."""
    indexer = Indexer(tmp_path / "index")
    indexer.step()
    point_reader(tmp_path / "index")
    towns = [
        AreaFact(
            area_id(f"town-{at}"), f"town-{at}", "municipality", area_id("crete"),
            names=(NameFact("en", "common", f"Quibble {at}"), NameFact("el", "common", f"Κουίμπλ {at}")),
        )
        for at in range(MORE)
    ]  # fmt: skip
    load_areas(facts=towns)
    import_areas(area_files.all_files(tmp_path), origin=Origin("Survey", "CC BY 4.0"))
    assert indexer.step() > MORE
    return network


def test_the_boundary_of_one_area_is_drawn_without_the_database_within_the_budget(
    country: Network, django_assert_num_queries: Callable[..., AbstractContextManager[Any]]
) -> None:
    reader = country.reader()
    for lang in (row.code for row in registry.INTERFACE):
        for rest in ("city/athens/", "city/corfu/", "find/?in=athens", "find/?near=Athens&within=5", "cities/"):
            with django_assert_num_queries(0):
                page = reader.get(f"/{lang}/{rest}")
            assert len(brotli.compress(page.response.content, quality=5)) <= PAGE, (lang, rest)
            drawn = 'class="m-bound"' in page.response.content.decode()
            assert drawn == (rest != "cities/"), (lang, rest)
            assert ("Survey, CC BY 4.0" in page.text) == drawn, (lang, rest)
    for rest in ("", "?in=athens&in=piraeus", "?near=Athens", "?in=piraeus"):
        assert "m-bound" not in reader.get(f"/en/find/{rest}").response.content.decode(), rest


def test_lists_name_cities_with_something_and_every_other_is_found_by_name(country: Network) -> None:
    reader = country.reader()
    page = reader.get("/en/cities/")
    listed = {link.split("/")[3] for link in page.links if "/en/city/" in link}
    assert {"athens", "thessaloniki", "tilos"} <= listed
    assert not any(slug.startswith("town-") or slug in {"corfu", "lesvos"} for slug in listed)
    assert page.response.context["others"] == MORE + 21 - len(listed)
    for name, slug in (("Κερκύρας", "corfu"), ("mitilini", "lesvos"), ("Quibble 7", "town-7"), ("Omonia", "athens")):
        found = reader.get(f"/en/cities/?{urlencode({'name': name})}").response.context["matches"]
        assert found[0].slug == slug, name
        assert reader.get(found[0].url).h1
    nonsense = reader.get(f"/en/cities/?{urlencode({'name': '<b>' * 50})}")
    assert nonsense.response.context["matches"] == []
    options = reader.get("/en/find/").response.content.decode()
    assert "town-7" not in options
    assert 'value="town-7" selected' in reader.get("/en/find/?in=town-7").response.content.decode()
    for asked in ("in=Κέρκυρα", "in=kerkyra", "near=Corfu&within=5"):
        found = reader.get(f"/en/find/?{asked}").response.context["found"]
        assert found.problems == [], asked
        assert "corfu" in found.query.chosen.get("in", ("corfu",)), asked


def test_a_regional_unit_finds_what_lies_in_it_and_the_site_map_holds_cities_with_something(country: Network) -> None:
    response = country.reader().client.get("/en/city/central-athens-unit/")
    assert (response.status_code, response.headers["Location"]) == (302, "/en/cities/#attica")
    assert country.ids(**{"in": "central-athens-unit"}) == country.ids(**{"in": "athens"}) != set()
    text = b"".join(country.reader().client.get("/sitemap-pages-1.xml").streaming_content).decode()  # type: ignore[attr-defined]
    assert "/en/city/athens/" in text
    assert "/city/town-7/" not in text
    assert "/city/corfu/" not in text
