"""A file that is not what it should be is refused with its place; a good one is read whatever its pieces."""

from __future__ import annotations

import json
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sympolity.exchange import reading, window
from sympolity.exchange.reading import Page, Record, Unreadable
from sympolity.exchange.tests.pages import a_page, a_record, written


def read(path: Path, page: Page | None = None) -> list[Record]:
    with reading.opened(path) as handle:
        return list(reading.records(handle, page or Page()))


def fault(path: Path) -> str:
    with pytest.raises(Unreadable) as caught:
        read(path)
    return str(caught.value)


def test_records_come_one_by_one_with_their_place(tmp_path: Path) -> None:
    page = Page()
    text = '{"count": 2,\n "next": null,\n "results": [\n {"id": 1},\n\n {"id": 2}\n], "extra": [1]}\n'
    rows = read(written(tmp_path, text), page)
    assert [(row.value, row.place) for row in rows] == [
        ({"id": 1}, "record 1 (line 4)"),
        ({"id": 2}, "record 2 (line 6)"),
    ]
    assert page.facts == {"count": 2, "next": None, "extra": True}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=30) | st.integers() | st.none()), max_size=8),
    st.integers(1, 40),
    st.sampled_from([None, 1]),
)
def test_whatever_the_pieces_the_records_are_the_same(rows: list[Any], chunk: int, indent: int | None) -> None:
    body = json.dumps({"results": rows, "count": 1}, indent=indent, ensure_ascii=False).encode("utf-8", "surrogatepass")
    try:
        body.decode()
    except UnicodeDecodeError:
        return
    import io

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(window, "_CHUNK", chunk)
        found = list(reading.records(io.BytesIO(body), Page()))
    expected = [{k: str(v) if isinstance(v, int) and len(str(v)) >= 19 else v for k, v in row.items()} for row in rows]
    assert [row.value for row in found] == expected


def test_cut_anywhere_it_is_refused(tmp_path: Path) -> None:
    whole = json.dumps(a_page(a_record(1), a_record(2)), ensure_ascii=False).encode()
    path = tmp_path / "cut.json"
    for end in range(1, len(whole)):
        path.write_bytes(whole[:end])
        assert "cut" in fault(path), whole[:end][-20:]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "is empty"),
        (json.dumps(a_page()).encode("utf-16"), "UTF-16"),
        (json.dumps(a_page()).encode("utf-16-le"), "UTF-16"),
        (
            '{"count": 1,\n"results": [{"name": "Peña"}]}'.encode("latin-1"),
            "Byte 0xF1 at line 2, character 25 is no UTF-8",
        ),
        (b"\x1f\x8b\x08\x00\x00\x00\x00\x00", "gzip"),
        (b"PK\x03\x04rest of it", "ZIP"),
        (b"id,name\n1,Kitchen\n", "does not begin with an object"),
        (b"<html><body>", "does not begin with an object"),
        (b"[]", "does not begin with an object"),
        (b"{}", 'has no "results"'),
        (b'{"count": 3}', 'has no "results"'),
        (b'{"results": {"id": 1}}', '"results" is no list (line 1, character 13)'),
        (b'{"results": [], "results": []}', "stands twice"),
        (b'{"results": []} {}', "Something stands after the end"),
        (b'{"results": [{"id": 1} {"id": 2}]}', "Not JSON: , or ] is expected (line 1, character 24)"),
        (b'{"results": [{"id": 1,}]}', "Not JSON"),
        (b'{"results": [\n{"id": nothing}]}', "at line 2, character 8, in record 1"),
        (b'{"results": [{"id": NaN}]}', "NaN is no JSON, in record 1"),
        (b'{7: 1, "results": []}', "A key is expected"),
        (b'{"results": [' + b"[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, body: bytes, says: str) -> None:
    path = tmp_path / "wrong.json"
    path.write_bytes(body)
    assert says in fault(path)


def test_a_mark_of_utf_8_at_the_beginning_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "bom.json"
    path.write_bytes(json.dumps(a_page(a_record(1))).encode("utf-8-sig"))
    assert [row.value["id"] for row in read(path)] == [1]


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    assert "cannot be opened: No such file" in fault(tmp_path / "absent.json")
    assert "no ordinary file" in fault(tmp_path)
    assert "no ordinary file" in fault(Path("/dev/zero"))


def test_a_gigabyte_in_one_line_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as handle:
        handle.write(b'{"results": [{"name": "')
        handle.truncate(10**9)
    tracemalloc.start()
    begun = time.monotonic()
    assert "1,000 MB; at most 100 MB" in fault(path)
    assert time.monotonic() - begun < 1
    assert tracemalloc.get_traced_memory()[1] < 2_000_000
    tracemalloc.stop()


def test_a_record_without_an_end_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "long.json"
    path.write_bytes(b'{"results": [{"name": "' + b"a" * 50_000_000)
    tracemalloc.start()
    assert "does not end within 20 million characters" in fault(path)
    assert tracemalloc.get_traced_memory()[1] < 200_000_000
    tracemalloc.stop()


def test_a_faulty_record_keeps_its_id_and_does_not_stop_the_next(tmp_path: Path) -> None:
    deep: Any = "x"
    for _ in range(40):
        deep = [deep]
    long = a_record(2, name="a" * 5_100_000)
    rows = read(written(tmp_path, a_page(a_record(1, deep=deep), long, "text", None, [], a_record(3))))
    assert [row.fault for row in rows] == [
        "it is nested deeper than 32 levels",
        "it is 5.1 million characters long; at most 5 million are read",
        "a record is an object; here is a text",
        "a record is an object; here is nothing",
        "a record is an object; here is a list",
        "",
    ]
    assert [row.value.get("id") for row in rows] == [1, 2, None, None, None, 3]
    assert all(len(str(row.value)) < 2100 for row in rows)
