"""The demonstration network: written one by one, over all cities and needs, and plainly an example."""

from __future__ import annotations

import itertools
import re
import tomllib
from collections import Counter
from datetime import date
from typing import Any

import pytest

from sympolity.directory import models
from sympolity.directory.queries import dossiers
from sympolity.kit import clock
from sympolity.ops.demo import loader
from sympolity.people.enums import OrganizationKind
from sympolity.people.models import Organization
from tests.find.network import Network

LANGUAGES = ("el", "en", "ar")
WORDS = ("name", "summary", "description", "eligibility", "how", "cost_note")
MEMBERS = {
    "athens", "chania", "delta", "agios-dimitrios", "heraklion", "thessaloniki", "ioannina", "kalamaria", "karditsa",
    "katerini", "larissa", "livadia", "neapoli-sykees", "nea-filadelfeia", "piraeus", "tilos", "trikala", "tripoli",
}  # fmt: skip


@pytest.fixture(scope="module")
def files() -> dict[str, dict[str, Any]]:
    return {name: tomllib.loads((loader.FOLDER / name).read_text(encoding="utf-8")) for name in loader.FILES}


@pytest.fixture(scope="module")
def services(files: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for data in files.values() for row in data["service"]]


def _grams(row: dict[str, Any], lang: str) -> set[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    for field in WORDS:
        words = re.findall(r"\w+", row.get(field, {}).get(lang, "").casefold())
        found |= {tuple(words[at : at + 5]) for at in range(len(words) - 4)}
    return found


@pytest.mark.parametrize("lang", [*LANGUAGES, "fr", "fa", "ur"])
def test_no_two_services_share_their_sentences(services: list[dict[str, Any]], lang: str) -> None:
    grams = {row["key"]: _grams(row, lang) for row in services}
    long = {key: found for key, found in grams.items() if len(found) >= 5}
    assert len(long) > 15
    alike = [
        (one, other)
        for one, other in itertools.combinations(long, 2)
        if len(long[one] & long[other]) > 0.4 * min(len(long[one]), len(long[other]))
    ]
    assert alike == []


def test_there_are_150_in_three_languages_and_a_third_in_five(services: list[dict[str, Any]]) -> None:
    assert len(services) >= 150
    assert len({row["key"] for row in services}) == len(services)
    for row in services:
        for field in ("name", "summary", "description"):
            assert set(LANGUAGES) <= set(row[field]), row["key"]
    assert sum({"fr", "fa"} <= set(row["name"]) for row in services) >= len(services) / 3


def _area_slug(area: Any) -> set[str]:
    found = set()
    while area is not None:
        found.add(area.slug)
        area = area.parent
    return found


def test_every_city_and_every_need_has_help(network: Network) -> None:
    rows = dossiers(models.Service.objects.all())
    cities = Counter(
        slug for row in rows for slug in set().union(*(_area_slug(place.location.area) for place in row.places))
    )
    assert set(cities) >= MEMBERS
    assert min(cities[slug] for slug in MEMBERS) >= 3
    needed = set(models.Category.objects.filter(parent__isnull=False, fallback=False).values_list("slug", flat=True))
    assert needed - {category.slug for row in rows for category in row.categories} == set()


def test_it_has_all_that_real_life_has(network: Network) -> None:
    today = clock.local_today()
    rows = dossiers(models.Service.objects.all())
    assert sum(row.standing.must_call(today) and not row.standing.is_gone(today) for row in rows) >= 8
    assert sum(row.standing.is_gone(today) for row in rows) >= 2
    assert sum(row.service.ends_on is not None and row.service.ends_on >= today for row in rows) >= 8
    assert sum(row.standing.has_ended(today) for row in rows) >= 1
    visible = Counter(place.location.visibility for row in rows for place in row.places)
    assert visible["hidden"] >= 5
    assert visible["area_only"] >= 4
    assert sum(not row.hours.known for row in rows) >= 5
    assert {row.service.status for row in rows} >= {"active", "temporarily_closed", "inactive"}
    assert {row.service.audience for row in rows} == {"public", "members", "staff"}
    assert set(Organization.objects.values_list("kind", flat=True)) >= set(OrganizationKind.values) - {
        "individual_supporter"
    }
    near = [row for row in rows if row.service.status == "active"]
    assert _doubles(near), "no place is entered twice by two organizations"


def _doubles(rows: list[Any]) -> list[tuple[str, str]]:
    """Pairs of services of two organizations for the same need within 40 m."""
    points = [
        (row, place.point, {category.slug for category in row.categories})
        for row in rows for place in row.places if place.point
    ]  # fmt: skip
    return [
        (str(one[0].service.id), str(two[0].service.id))
        for one, two in itertools.combinations(points, 2)
        if one[0].service.organization_id != two[0].service.organization_id
        and one[2] & two[2]
        and abs(one[1][0] - two[1][0]) < 0.0004
        and abs(one[1][1] - two[1][1]) < 0.0004
    ]


def test_no_number_can_ring_and_no_address_leads_anywhere(network: Network) -> None:
    for row in models.Service.objects.all():
        for number in (row.phone, row.whatsapp, row.direct_line):
            assert not number or re.fullmatch(r"\+30 000 000 \d{4}", number), number
        assert not row.email or row.email.endswith(".example")
        assert not row.url or re.match(r"https://[a-z0-9.-]+\.example(/|$)", row.url)
        assert row.example
    for place in models.Location.objects.exclude(address="").exclude(kind="mobile"):
        assert re.search("Παραδείγμ", place.address), place.address


def test_every_row_has_its_entry_and_a_second_loading_changes_nothing(network: Network) -> None:
    from sympolity.trail.models import Entry

    for noun, model in (("service", models.Service), ("location", models.Location), ("organization", Organization)):
        ids = set(model.objects.values_list("id", flat=True))
        assert ids - set(Entry.objects.filter(noun=noun).values_list("noun_id", flat=True)) == set()
    before = Entry.objects.count()
    loader.load()
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    ("today", "span"),
    [
        (date(2026, 11, 22), (date(2026, 12, 24), date(2027, 1, 6))),
        (date(2027, 1, 3), (date(2026, 12, 24), date(2027, 1, 6))),
        (date(2027, 1, 7), (date(2027, 12, 24), date(2028, 1, 6))),
    ],
)
def test_feasts_lie_where_the_year_has_them(today: date, span: tuple[date, date]) -> None:
    assert loader._span({"from": "12-24", "until": "01-06"}, today) == span


def test_ramadan_is_the_next_one() -> None:
    assert loader._span({"season": "ramadan"}, date(2026, 11, 22)) == (date(2027, 2, 8), date(2027, 3, 9))


# What tells a house, its surroundings, a meeting place or a helper to somebody who looks for them: parts of words.
TELLING = {
    "en": ("garden", "wall", "balcon", "courtyard", "yard", "floor", "gate", "fence", "roof", "terrace", "tree", "corner shop", "harbour",
           "at the port", "view", "key ring", "umbrella", "caps", "clock", "smells", "small house", "small town", "guinea", "trans woman",
           "tuesday", "monday", "curtain"),
    "el": ("κήπο", "τοίχο", "μάντρα", "μπαλκόν", "αυλή", "όροφο", "καγκελόπορτα", "φράχτη", "ταράτσα", "δέντρ", "λεμονιά", "λιμάνι",
           "μπρελόκ", "ομπρέλα", "καπέλα", "ρολόι", "μυρίζει", "μικρό σπίτι", "μικρή πόλη", "γουινέα", "τρανς γυναίκα", "τρίτη", "δευτέρα",
           "κουρτίν", "αριθμό της πόρτας"),
    "ar": ("حديقة", "جدار", "شرفة", "فناء", "طابق", "بوابة", "سور", "سطح", "شجر", "أشجار", "ميناء", "حمالة مفاتيح", "مظلة", "قبعات", "ساعة محطة",
           "رائحة", "بيت صغير", "مدينة صغيرة", "غينيا", "امرأة عابرة", "الثلاثاء", "الاثنين", "ستائر"),
    "fr": ("jardin", "mur ", "balcon", "cour ", "étage", "portail", "sur le toit", "terrasse", "arbre", "au port", "casquette", "horloge", "parapluie",
           "petite ville", "guinée", "femme trans"),
    "fa": ("باغچه", "دیوار", "بالکن", "حیاط", "طبقه", "درخت", "بندر", "کلاه", "ساعت ایستگاه", "چتر", "شهری کوچک", "گینه", "زن ترنس"),
    "ur": ("باغ", "دیوار", "بالکونی", "صحن", "منزل", "درخت", "بندرگاہ", "ٹوپی", "گھڑی", "چھتری", "چھوٹے شہر"),
}  # fmt: skip


def _sayings(row: Any) -> list[tuple[str, str]]:
    """Every text below a row of a file: (language, words)."""
    if isinstance(row, dict):
        own = [(lang, said) for lang, said in row.items() if lang in TELLING and isinstance(said, str)]
        return own + [pair for name, part in row.items() if name not in TELLING for pair in _sayings(part)]
    return [pair for part in row for pair in _sayings(part)] if isinstance(row, list) else []


def test_no_words_lead_to_a_place_that_is_hidden(files: dict[str, dict[str, Any]]) -> None:
    """A wall, a view or the colour of an umbrella is an address for whoever looks for it."""
    hidden = {row["key"] for data in files.values() for row in data["location"] if row["visibility"] != "full"}
    rows = [row for data in files.values() for row in data["service"] if hidden & set(row["locations"])]
    assert len(hidden) > 12
    assert len(rows) >= len(hidden)
    told = [
        (row["key"], lang, word)
        for row in rows
        for lang, said in _sayings(row)
        for word in TELLING[lang]
        if re.search(rf"(?<!\w){re.escape(word)}" if lang in {"en", "fr"} else re.escape(word), said.casefold())
    ]
    assert told == []
