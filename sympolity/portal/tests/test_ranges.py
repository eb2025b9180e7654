"""A file in pieces: what a browser may ask of the archive of tiles, and what a hostile one gets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from sympolity.portal import ranges

BODY = bytes(range(256)) * 1000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.pmtiles"
    path.write_bytes(BODY)
    return path


_answers: list[HttpResponseBase] = []


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """A server closes every answer, also one whose body nobody reads."""
    yield
    while _answers:
        _answers.pop().close()


def _asked(file: Path, method: str = "get", **headers: str) -> HttpResponseBase:
    request = getattr(RequestFactory(), method)("/map/tiles.pmtiles", headers=headers)
    _answers.append(ranges.answer(request, file, "application/vnd.pmtiles"))
    return _answers[-1]


def _body(response: HttpResponseBase) -> bytes:
    if isinstance(response, StreamingHttpResponse):
        return b"".join(map(bytes, response))
    assert isinstance(response, HttpResponse)
    return bytes(response.content)


def test_the_whole_file(file: Path) -> None:
    response = _asked(file)
    assert (response.status_code, response["Content-Length"], response["Accept-Ranges"]) == (
        200,
        str(len(BODY)),
        "bytes",
    )
    assert response["Content-Type"] == "application/vnd.pmtiles"
    assert _body(response) == BODY


@pytest.mark.parametrize(
    ("asked", "first", "end"),
    [
        ("bytes=0-0", 0, 1), ("bytes=0-16383", 0, 16384), ("bytes=255990-", 255990, 256000), ("bytes=-5", 255995, 256000),
        ("bytes=70000-200000", 70000, 200001), ("bytes=255999-999999999", 255999, 256000), ("bytes=-999999999", 0, 256000),
    ],
)  # fmt: skip
def test_a_piece(file: Path, asked: str, first: int, end: int) -> None:
    response = _asked(file, range=asked)
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{end - 1}/256000"
    assert response["Content-Length"] == str(end - first)
    assert _body(response) == BODY[first:end]


@pytest.mark.parametrize(
    "asked", ["bytes=256000-", "bytes=999999999999-999999999999", "bytes=-0", "bytes=0-1,4-5", f"bytes={'0-0,' * 5000}"]
)
def test_a_piece_that_there_is_not_and_several_at_once(file: Path, asked: str) -> None:
    response = _asked(file, range=asked)
    assert (response.status_code, response["Content-Range"], _body(response)) == (416, "bytes */256000", b"")


@pytest.mark.parametrize(
    "asked",
    ["lines=1-2", "bytes=5-2", "bytes=a-b", "bytes=-", "bytes=٣-٤", "bytes=1.5-2", "bytes=" + "9" * 500 + "-", "x"],
)
def test_what_is_not_understood_is_as_if_nothing_had_been_asked(file: Path, asked: str) -> None:
    assert _asked(file, range=asked).status_code == 200


def test_head_has_the_same_headers_and_no_body(file: Path) -> None:
    response = _asked(file, "head", range="bytes=10-19")
    assert (response.status_code, response["Content-Length"], _body(response)) == (206, "10", b"")


def test_a_file_that_has_changed_is_never_mixed_with_the_old_one(file: Path) -> None:
    first = _asked(file)
    tag, changed = first["ETag"], first["Last-Modified"]
    assert _asked(file, range="bytes=0-9", if_range=tag).status_code == 206
    assert _asked(file, range="bytes=0-9", if_range=changed).status_code == 206
    assert _asked(file, if_none_match=tag).status_code == 304
    file.write_bytes(BODY + b"more")
    assert _asked(file, range="bytes=0-9", if_range=tag).status_code == 200
    assert _asked(file, if_none_match=tag).status_code == 200
    assert _asked(file)["ETag"] != tag


def test_a_large_piece_is_cut_and_a_missing_file_is_no_failure(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranges, "MOST", 100)
    assert _body(_asked(file, range="bytes=0-")) == BODY[:100]
    assert _asked(tmp_path / "gone.pmtiles").status_code == 404


def test_a_large_file_is_never_given_whole(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tag = _asked(file)["ETag"]
    monkeypatch.setattr(ranges, "MOST", len(BODY) - 1)
    whole: list[dict[str, str]] = [{}, {"range": "lines=1-2"}, {"range": "bytes=0-9", "if_range": '"old"'}]
    for asked in whole:
        response = _asked(file, **asked)
        assert response.status_code == 403
        assert b"Range" in _body(response)
        assert len(_body(response)) < 200
    head = _asked(file, "head")
    assert (head.status_code, head["Content-Length"], head["Accept-Ranges"]) == (200, str(len(BODY)), "bytes")
    assert _asked(file, if_none_match=tag).status_code == 304
    assert _asked(file, range="bytes=0-9").status_code == 206
