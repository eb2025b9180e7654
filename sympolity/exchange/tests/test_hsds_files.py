"""The shapes in which HSDS comes give the same services, and files that mean harm are refused with the reason."""

from __future__ import annotations

import gzip
import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sympolity.exchange.formats.hsds import Hsds
from sympolity.exchange.formats.shape import Page, Record, Unreadable, Wrong
from sympolity.exchange.tests.hsds_samples import a_service, as_tables

HSDS = Hsds()


def read(*paths: Path) -> tuple[list[Record], Page]:
    page = Page()
    return list(HSDS.read(paths, page)), page


def written(folder: Path, value: Any, name: str = "file.json") -> Path:
    path = folder / name
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def a_page(*services: Any, **more: Any) -> dict[str, Any]:
    facts = {"total_items": len(services), "total_pages": 1, "page_number": 1, "size": len(services), "empty": False}
    return facts | {"contents": list(services)} | more


def ids(records: list[Record]) -> list[str]:
    return [HSDS.id_of(record.value) for record in records]


KITCHENS = [a_service(number) for number in range(3)]


def at_locations(services: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same services, as a list of services at locations."""
    rows = []
    for one in services:
        inner = {key: part for key, part in one.items() if key != "service_at_locations"}
        rows += [at | {"service": inner} for at in one["service_at_locations"]]
    return rows


@pytest.mark.parametrize(
    "shape",
    [
        lambda services: services,
        lambda services: a_page(*services),
        lambda services: {"services": services},
        lambda services: "\n".join(json.dumps(one) for one in services),
        lambda services: "\ufeff" + json.dumps(services).replace("}, {", "},\r\n{"),
        at_locations,
        lambda services: [
            one["organization"] | {"services": [{key: part for key, part in one.items() if key != "organization"}]}
            for one in services
        ],
    ],
)
def test_every_shape_tells_the_same(shape: Callable[[Any], Any], tmp_path: Path) -> None:
    records, _ = read(written(tmp_path, shape(KITCHENS)))
    told = [HSDS.map_record(record.value, None).data for record in records]
    assert told == [HSDS.map_record(one, None).data for one in KITCHENS]


def test_tables_tell_the_same(tmp_path: Path) -> None:
    folder = as_tables(tmp_path / "tables", KITCHENS)
    records, page = read(folder)
    told = [HSDS.map_record(record.value, None).data for record in records]
    assert told == [HSDS.map_record(one, None).data for one in KITCHENS]
    assert records[1].place == "services.csv, line 3"
    assert (page.facts, page.notes, HSDS.not_whole(page, 3)) == ({"shape": "tables"}, [], "")
    files, _ = read(*sorted(folder.iterdir()))
    assert [one.value for one in files] == [one.value for one in records]


def test_an_object_of_tables_tells_the_same(tmp_path: Path) -> None:
    tables = {
        "organizations.csv": [{"id": "o", "name": "House"}],
        "services.csv": [{"id": 7, "organization_id": "o", "name": "Kitchen", "status": "active"}],
        "phones.csv": [{"id": "p", "service_id": "7", "number": "2100000000"}],
    }
    records, _ = read(written(tmp_path, tables))
    assert [(HSDS.id_of(one.value), one.value["organization"]["name"]) for one in records] == [("7", "House")]
    assert records[0].value["phones"] == [{"id": "p", "service_id": "7", "number": "2100000000"}]


def test_a_service_at_three_locations_is_one_record(tmp_path: Path) -> None:
    inner = {"id": "s", "name": "Kitchen", "status": "active"}
    rows = [
        {"id": f"at-{n}", "service": inner, "location": {"id": f"l-{n}", "location_type": "physical", "name": f"L{n}"}}
        for n in range(3)
    ]
    records, page = read(written(tmp_path, a_page(*rows)))
    assert ids(records) == ["s"]
    assert [at["id"] for at in records[0].value["service_at_locations"]] == ["at-0", "at-1", "at-2"]
    assert HSDS.not_whole(page, 1) == ""


def test_pages_are_whole_only_together(tmp_path: Path) -> None:
    one = written(tmp_path, a_page(KITCHENS[0], total_items=2, total_pages=2), "1.json")
    two = written(tmp_path, a_page(KITCHENS[1], total_items=2, total_pages=2, page_number=2), "2.json")
    _, page = read(one)
    assert HSDS.not_whole(page, 1) == "it has 1 of 2 pages"
    records, page = read(one, two)
    assert (ids(records), HSDS.not_whole(page, 2)) == (["kitchen-0", "kitchen-1"], "")
    _, page = read(written(tmp_path, KITCHENS[0]))
    assert HSDS.not_whole(page, 1) == "it is one object, not a list"
    _, page = read(written(tmp_path, a_page(KITCHENS[0], total_items=9)))
    assert HSDS.not_whole(page, 1) == "total_items says 9, the file has 1"


def test_rows_without_a_service_are_records_of_their_own(tmp_path: Path) -> None:
    folder = as_tables(tmp_path / "tables", KITCHENS[:1])
    written(folder, "id,service_id,location_id,number\np1,kitchen-0,,2100000000\np2,nobody,,2100000001\n", "phones.csv")
    with (folder / "organizations.csv").open("a", encoding="utf-8") as file:
        file.write("empty,Empty house,\n")
    with (folder / "taxonomy_terms.csv").open("a", encoding="utf-8") as file:
        file.write("2,Nothing,,\n")
    records, page = read(folder)
    assert ids(records) == ["kitchen-0", "organization:empty", "phone:p2"]
    with pytest.raises(Wrong, match="phones: it belongs to no service: phone alone"):
        HSDS.map_record(records[2].value, None)
    assert page.notes == ["taxonomy_terms.csv: 1 of 2 rows are named by no record"]


def test_terms_that_run_in_a_circle_do_not_hang(tmp_path: Path) -> None:
    folder = as_tables(tmp_path / "tables", KITCHENS[:1])
    written(folder, "id,name,parent_id\n1,Unknown,2\n2,Also unknown,3\n3,Of itself,3\n", "taxonomy_terms.csv")
    record = read(folder)[0][0]
    assert [one["id"] for one in record.value["attributes"][0]["taxonomy_term"]["parents"]] == ["2", "3"]
    assert HSDS.map_record(record.value, None).fallback == "no need of ours for its terms"


def test_more_rows_than_a_person_reads_are_a_fault_of_that_record(tmp_path: Path) -> None:
    folder = as_tables(tmp_path / "tables", KITCHENS[:2])
    rows = "".join(f"p{number},kitchen-1,2100000000\n" for number in range(1000))
    written(folder, "id,service_id,number\n" + rows, "phones.csv")
    records, _ = read(folder)
    assert [(one.value["id"], bool(one.fault)) for one in records] == [("kitchen-0", False), ("kitchen-1", True)]


def _gzip(folder: Path) -> Path:
    path = folder / "file.json"
    path.write_bytes(gzip.compress(json.dumps(KITCHENS).encode()))
    return path


def _zip(folder: Path) -> Path:
    path = folder / "services.csv"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("services.csv", "id,name\n")
    return path


def _link(folder: Path) -> Path:
    tables = as_tables(folder / "tables", KITCHENS[:1])
    secret = written(folder, "id,name\n1,secret\n", "secret.txt")
    (tables / "programs.csv").symlink_to(secret)
    return tables


def _many(folder: Path) -> Path:
    tables = as_tables(folder / "tables", KITCHENS[:1])
    for number in range(300):
        (tables / f"{number}.txt").touch()
    return tables


def _table(text: str) -> Callable[[Path], Path]:
    return lambda folder: written(folder, text, "services.csv")


def _json(value: Any) -> Callable[[Path], Path]:
    return lambda folder: written(folder, value)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (_gzip, "gzip"),
        (_zip, "ZIP"),
        (_link, "is a link"),
        (_many, "more than 200 files"),
        (lambda folder: folder, "No table of HSDS"),
        (_json("hello"), "neither JSON nor a table"),
        (_json({"type": "FeatureCollection", "features": []}), "keys type, features"),
        (_json([{"a": 1}, {"b": 2}]), "keys a; expected"),
        (_json([{}] * 2000 + KITCHENS), "Nothing in the file"),
        (_json({f"k{number}": 1 for number in range(3000)}), "more than 2,000 keys"),
        (lambda folder: written(folder, "id,number\n", "phones.csv"), "no table of services"),
        (_json(json.dumps(KITCHENS)[:-200]), "it was cut"),
        (_json(json.dumps(a_page(*KITCHENS))[:-2]), "it was cut"),
        (_json(json.dumps(KITCHENS) + "x"), "stands after the end"),
        (_json('{"contents": [], "contents": []}'), "stands twice"),
        (_json("[" * 5000 + "]" * 5000), "nested too deeply"),
        (_table("id,name\n1,\x00\n"), "NUL"),
        (_table("name,status\nKitchen,active\n"), "one of them id"),
        (_table("id,name,name\n"), "stands twice"),
        (_table("id," + ",".join(f"c{number}" for number in range(1_000_000)) + "\n"), "longer than 65,536"),
        (_table("id," + "," * 60_000 + "\n"), "60,002 columns"),
        (_table("id,name\n1," + "x" * 50_000_000 + "\n"), "longer than 1,000,000"),
        (_table('id,name\n1,"' + "x\n" * 3_000_000 + '"\n'), "a record does not end"),
        (_table('id,name\n1,"never closed\n2,Kitchen\n'), "cut, or a quote not closed"),
        (_table('id,a\n' + '1,"' + '","'.join(["\n"] * 200_000) * 7), "a record does not end"),
    ],
)  # fmt: skip
def test_what_is_refused_as_a_whole(make: Callable[[Path], Path], says: str, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=says):
        read(make(tmp_path))


def test_a_record_that_cannot_be_looked_at_does_not_stop_the_next(tmp_path: Path) -> None:
    deep: Any = {}
    for _ in range(60):
        deep = {"x": deep}
    rows = [KITCHENS[0] | {"description": "x" * 5_100_000}, KITCHENS[1] | {"x": deep}, 5, KITCHENS[2]]
    records, _ = read(written(tmp_path, rows))
    assert [bool(one.fault) for one in records] == [True, True, True, False]
    assert ids([records[0], records[1], records[3]]) == ["kitchen-0", "kitchen-1", "kitchen-2"]


def test_latin_1_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "services.csv"
    path.write_bytes("id,name\n1,Kitchen\n2,Caf\u00e9\n".encode("latin-1"))
    with pytest.raises(Unreadable, match=r"byte 0xE9 .* no UTF-8"):
        read(path)


def test_empty_rows_and_other_delimiters_do_no_harm(tmp_path: Path) -> None:
    path = written(
        tmp_path, "\ufeffid;name;status\r\n" + "\r\n;;\r\n" * 50_000 + "1;Kitchen;active;more\r\n", "services.csv"
    )
    records, _ = read(path)
    assert [one.value for one in records] == [
        {"id": "1", "name": "Kitchen", "status": "active", "cells without a column": ["more"]}
    ]


def test_noise_is_refused_or_read_but_never_breaks(tmp_path: Path) -> None:
    chance = random.Random(4)
    text = json.dumps(a_page(*KITCHENS))
    for number in range(150):
        letters = list(text)
        for _ in range(chance.randint(1, 6)):
            letters[chance.randrange(len(letters))] = chance.choice('{}[]",:0x\x00\ud7ffé ')
        path = written(tmp_path, "".join(letters), f"{number}.json")
        try:
            for record in read(path)[0]:
                if not record.fault:
                    HSDS.points_of(record.value)
                    HSDS.map_record(record.value, None)
        except (Unreadable, Wrong):
            continue
