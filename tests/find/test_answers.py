"""Find answers the same in every language; its counts and pages agree with each other."""

from __future__ import annotations

from typing import Any

import pytest

from sympolity.directory import queries
from sympolity.kit import clock
from sympolity.kit.actor import PUBLIC
from tests.find.network import Network

LEGAL = ("legal help", "νομική βοήθεια", "مساعدة قانونية", "nomiki voitheia")


def _json(network: Network, lang: str = "en", **asked: Any) -> dict[str, Any]:
    data: dict[str, Any] = network.reader().client.get(f"/{lang}/find.json", asked).json()
    return data


def _needs(dossier: queries.Dossier) -> set[str]:
    own = dossier.categories
    return {category.slug for category in own} | {category.parent.slug for category in own if category.parent}


def test_legal_help_is_the_same_in_four_spellings(network: Network) -> None:
    listed = queries.listed(PUBLIC, clock.local_today())
    wanted = {str(one.service.id) for one in listed if "legal" in _needs(one)}
    assert len(wanted) >= 4
    found = {(words, lang): network.ids(lang=lang, q=words) for words in LEGAL for lang in ("en", "el", "ar")}
    assert found == dict.fromkeys(found, wanted)


@pytest.mark.parametrize(
    "words",
    ["nowhere to sleep", "δεν έχω πού να κοιμηθώ", "doctor", "γιατρός", "giatros", "طبيب", "food", "φαγητό", "طعام"],
)
def test_needs_as_people_say_them_find_something(network: Network, words: str) -> None:
    assert _json(network, q=words)["total"] > 0


def test_capitals_accents_and_one_mistake_do_not_matter(network: Network) -> None:
    right = network.ids(q="ιατρείο")
    assert right
    assert network.ids(q="ΙΑΤΡΕΙΟ") == network.ids(q="ιατρειο") == right
    data = _json(network, q="intrepreter")
    assert data["corrected"] == "interpreter"
    assert data["total"] > 0


@pytest.mark.parametrize(
    "asked", [{}, {"in": "athens"}, {"q": "help"}, {"open": "now"}, {"near": "Athens"}, {"q": "legal help"}]
)
def test_a_count_is_the_total_after_choosing_it(network: Network, asked: dict[str, str]) -> None:
    facets = _json(network, **asked)["facets"]
    looked = 0
    for group, counts in facets.items():
        if group in {"open", "within"}:
            continue
        for value, count in list(counts.items())[:8]:
            if group not in asked:
                assert _json(network, **(asked | {group: value}))["total"] == count, (group, value)
                looked += 1
    assert looked > 10
    for km, count in facets["within"].items():
        assert _json(network, **asked, within=km)["total"] == count, km
    both = _json(network, **{**asked, "open": "now"})["total"]
    assert both == facets["open"]["now"] + facets["open"]["unknown"]


def test_a_filter_only_narrows(network: Network) -> None:
    """What the words mean does not change with a filter."""
    for words in ("legal help", "help doctor baby", "lawyer", "nomiki voitheia"):
        everything = network.ids(q=words)
        for filters in (
            {"open": "now"},
            {"in": "piraeus"},
            {"cost": "paid"},
            {"near": "Patra", "within": "5"},
            {"speaks": "so"},
        ):
            assert network.ids(q=words, **filters) <= everything, (words, filters)


def test_values_of_a_group_are_alternatives_and_groups_add_up(network: Network) -> None:
    athens, piraeus = network.ids(**{"in": "athens"}), network.ids(**{"in": "piraeus"})
    assert athens
    assert piraeus
    both: dict[str, Any] = {"in": ["athens", "piraeus"]}
    assert network.ids(**both) == athens | piraeus
    free = network.ids(cost="free")
    assert network.ids(cost="free", **{"in": "athens"}) == free & athens
    # the count of a group in use says what one more value would give
    counts = _json(network, **{"in": "athens"})["facets"]["in"]
    assert counts["piraeus"] == len(piraeus)


@pytest.mark.parametrize("sort", ["best", "near", "confirmed", "name"])
@pytest.mark.parametrize("asked", [{}, {"near": "Thessaloniki"}, {"q": "help"}])
def test_pages_part_the_results_in_one_order(network: Network, sort: str, asked: dict[str, str]) -> None:
    def all_pages() -> list[str]:
        out: list[str] = []
        data = _json(network, **asked, sort=sort)
        for page in range(1, data["pages"] + 1):
            out += [row["id"] for row in _json(network, **asked, sort=sort, page=page)["results"]]
        return out

    first = all_pages()
    assert len(first) == len(set(first)) == _json(network, **asked)["total"]
    assert all_pages() == first


def test_by_name_and_by_distance_are_what_they_say(network: Network) -> None:
    names = [row["name"].casefold() for row in _json(network, sort="name")["results"]]
    assert names == sorted(names)
    data = _json(network, near="38.0,23.73", sort="near")
    far = [row["distance"] for row in data["results"] if row["distance"]]
    metres = [float(text.split()[0]) * (1000 if text.endswith("km") else 1) for text in far]
    assert metres == sorted(metres)
    assert len(metres) > 10


def test_organizations_are_found_by_name_only_when_words_are_given(network: Network) -> None:
    def kinds(**asked: str) -> set[str]:
        return {row["kind"] for row in _json(network, **asked)["results"]}

    assert kinds() == {"service"}
    assert "organization" in kinds(q="Φανάρι")


def test_the_console_and_the_page_agree(network: Network, capsys: pytest.CaptureFixture[str]) -> None:
    import json

    from django.core.management import call_command

    call_command("find", "legal help", "--lang", "ar", "--json")
    printed = json.loads(capsys.readouterr().out)
    assert [row["id"] for row in printed["results"]] == [
        row["id"] for row in _json(network, "ar", q="legal help")["results"]
    ]
