"""``sympolity import areas``: what stands afterwards, that nothing is changed twice, and what is refused."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from sympolity.exchange.areas.importing import Result, import_areas
from sympolity.exchange.reading import Unreadable
from sympolity.exchange.tests import area_files as files
from sympolity.exchange.tests.area_files import CORFU, LESVOS
from sympolity.places import facts, queries
from sympolity.places.actions import load_areas
from sympolity.places.models import Area, Boundary
from sympolity.trail.models import Entry

pytestmark = pytest.mark.django_db
OWN = {fact.slug: fact for fact in facts.load()}


@pytest.fixture(autouse=True)
def _facts(db: None) -> None:
    load_areas()


@pytest.fixture
def done(tmp_path: Path) -> Result:
    return import_areas(files.all_files(tmp_path))


def told(result: Result) -> dict[str, dict[str, int]]:
    return {kind: {name: count for name, count in row.items() if count} for kind, row in result.counts.items()}


def area(code: str) -> facts.AreaFact:
    (found,) = (fact for fact in queries.facts() if fact.ypes_code == code)
    return found


def names(code: str, language: str, kind: str) -> set[str]:
    return {name.name for name in area(code).names if (name.language, name.kind) == (language, kind)}


def test_every_file_is_known_by_its_content_and_accounted_for(done: Result) -> None:
    assert {(file.path.name, file.kind, file.rows) for file in done.files} == {
        ("book.json", "code book", 3), ("names.json", "names", 4), ("settlements.csv", "settlements", 4),
        ("p.csv", "p-codes", 2), ("people.csv", "figures", 2), ("points.geojson", "points", 1),
        ("edges.geojson", "boundaries", 4),
    }  # fmt: skip
    assert told(done) == {
        "region": {"unchanged": 3}, "regional_unit": {"created": 3}, "boundary": {"created": 3, "refused": 1},
        "municipality": {"created": 2, "changed": 1, "unchanged": 18},
    }  # fmt: skip
    assert {place for place, _ in done.refused} == {
        "names.json: entry 4",
        "edges.geojson: Άθως",
        "p.csv: row 4",
    }
    assert done.municipalities == 21


def test_the_tree_names_codes_and_points_are_right(done: Result) -> None:
    tree = queries.tree()
    slugs = queries.by_slug("corfu", "lesvos", "athens")
    assert {slug: [above.slug for above in tree.ancestors(one)] for slug, one in slugs.items()} == {
        "corfu": ["corfu-unit", "ionian-islands", "greece"],
        "lesvos": ["lesvos-unit", "north-aegean", "greece"],
        "athens": ["central-athens-unit", "attica", "greece"],
    }
    assert names(CORFU, "el", "official") == {"Δήμος Κέρκυρας"}
    assert (names(CORFU, "el", "common"), names(CORFU, "en", "common")) == ({"Κέρκυρα"}, {"Corfu"})
    assert names(CORFU, "en", "other") == {"Kerkyra"}
    assert names(LESVOS, "ar", "common") == {"ليسبوس"}
    corfu, lesvos = area(CORFU), area(LESVOS)
    assert (corfu.lat, corfu.lon, corfu.population, corfu.population_year) == (39.62, 19.92, 102071, 2011)
    assert (lesvos.lat, lesvos.lon) == (39.1, 26.55)  # its seat, not the village of the same name elsewhere
    assert {unit.slug: unit.ypes_code for unit in Area.objects.filter(kind="regional_unit")} == {
        "corfu-unit": "0603", "lesvos-unit": "1102", "central-athens-unit": "0903",
    }  # fmt: skip


def test_areas_of_the_package_keep_all_they_have_but_their_parent(done: Result) -> None:
    after = {fact.slug: fact for fact in queries.facts()}
    for slug, fact in OWN.items():
        same = [field for field in fact.__dataclass_fields__ if getattr(fact, field) == getattr(after[slug], field)]
        missing = set(fact.__dataclass_fields__) - set(same)
        assert missing == ({"parent_id"} if slug == "athens" else set()), slug
    assert load_areas().changed == 0  # the next start does not take the regional unit out again
    assert Area.objects.get(slug="athens").parent is not None


def test_a_second_run_changes_nothing(done: Result, tmp_path: Path) -> None:
    before = Entry.objects.count()
    again = import_areas(files.all_files(tmp_path))
    assert told(again) == {
        "region": {"unchanged": 3}, "regional_unit": {"unchanged": 3}, "municipality": {"unchanged": 21},
        "boundary": {"unchanged": 3, "refused": 1},
    }  # fmt: skip
    assert Entry.objects.count() == before


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path: Path) -> None:
    before = queries.facts(), Entry.objects.count()
    dry = import_areas(files.all_files(tmp_path), dry_run=True)
    assert (queries.facts(), Entry.objects.count(), Boundary.objects.count()) == (*before, 0)
    assert (told(dry), dry.coverage) == (told(wet := import_areas(files.all_files(tmp_path))), wet.coverage)


def _standing() -> Any:
    rows = {
        fact.slug: (fact.parent_id, fact.lat, fact.lon, fact.population, sorted(fact.names)) for fact in queries.facts()
    }
    return rows, dict(Boundary.objects.values_list("area__slug", "digest"))


def test_any_order_ends_the_same_once_the_book_is_in(tmp_path: Path) -> None:
    book, *others = (path for path in files.all_files(tmp_path) if path.name not in {"p.csv", "people.csv"})
    edges = next(path for path in others if path.name == "edges.geojson")
    import_areas([book, *others])
    wanted = _standing()
    rest = [path for path in others if path != edges]
    for order in (rest, rest[::-1]):
        _forget()
        import_areas([book, edges])
        for path in order:
            import_areas([path])
        assert _standing() == wanted, [path.name for path in order]


def _forget() -> None:
    Area.objects.filter(kind="municipality").exclude(slug__in=OWN).delete()
    Boundary.objects.all().delete()


def test_points_of_the_files_lie_in_their_areas(done: Result) -> None:
    slugs = {one.id: one.slug for one in Area.objects.all()}
    points = [(39.6, 19.8), (39.22, 20.22), (39.15, 26.15), (39.5, 26.5), (37.98, 23.73), (38.5, 25.0)]
    found = queries.area_at_points(points)
    assert [slugs.get(one) if one else None for one in found] == ["corfu", "corfu", None, "lesvos", "athens", None]


def test_topojson_is_read_with_its_arcs_and_transform(tmp_path: Path) -> None:
    import_areas([files.written(tmp_path, "book.json", files.BOOK)])
    only_corfu = json.loads(json.dumps(files.TOPOLOGY))
    import_areas([files.written(tmp_path, "t.json", only_corfu)])
    slugs = {one.id: one.slug for one in Area.objects.all()}
    found = queries.area_at_points([(39.6, 19.8), (39.6, 20.2), (39.9, 19.8)])
    assert [slugs.get(one) if one else None for one in found] == ["corfu", "lesvos", None]


def test_of_two_boundaries_the_finer_one_stands_and_a_later_coarser_one_waits_for_a_word(tmp_path: Path) -> None:
    coarse = files.written(tmp_path, "a-coarse.geojson", files.boundaries())
    fine = files.written(tmp_path, "fine.geojson", files.boundaries(corners=5))
    import_areas([files.written(tmp_path, "book.json", files.BOOK), coarse, fine])
    assert Boundary.objects.get(area__slug="corfu").points == 40
    again = import_areas([coarse])
    assert told(again)["boundary"] == {"coarser": 2, "unchanged": 1, "refused": 1}
    assert Boundary.objects.get(area__slug="corfu").points == 40
    import_areas([coarse], replace_finer=True)
    assert Boundary.objects.get(area__slug="corfu").points == 8


def test_without_a_book_strange_codes_are_refused_one_by_one(tmp_path: Path) -> None:
    result = import_areas([files.written(tmp_path, "e.geojson", files.boundaries())])
    assert told(result)["boundary"] == {"created": 1, "refused": 3}
    assert Boundary.objects.get().area.slug == "athens"


def test_areas_must_be_loaded_first(tmp_path: Path) -> None:
    Area.objects.filter(slug="crete").update(slug="kriti")
    with pytest.raises(Unreadable, match="serve --prepare-only"):
        import_areas([files.written(tmp_path, "book.json", files.BOOK)])


def run(*words: Any) -> tuple[int, str, str]:
    out = StringIO()
    try:
        call_command("import_areas", *map(str, words), stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue(), str(error)
    return 0, out.getvalue(), ""


def test_the_command_tells_a_person_and_a_program(tmp_path: Path) -> None:
    paths = files.all_files(tmp_path)
    code, out, error = run(*paths, "--source", "Survey", "--licence", "CC BY 4.0", "--date", "2011-05-31", "--json")
    assert (code, error) == (0, "")
    data = json.loads(out)
    assert data["results"]["boundary"]["created"] == 3
    assert data["coverage"]["boundary"] == 3
    assert Boundary.objects.get(area__slug="corfu").as_of is not None
    code, out, error = run(*paths, "--source", "Survey", "--licence", "CC BY 4.0", "--date", "2011-05-31")
    assert (code, error) == (0, "")
    assert "Of 21 municipalities have now:" in out
    assert run(*paths, "--date", "yesterday")[0] == 2
    code, _, error = run(tmp_path / "nowhere.json")
    assert (code, error) == (1, "nowhere.json: there is no such file. Nothing was written.")
