"""The setting for the basemap: what is understood, what is refused, and that no other origin slips in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sympolity.portal import basemap
from sympolity.portal.basemap import BUILT_IN, BadBasemap, Basemap, parse


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "city.pmtiles").write_bytes(basemap.MAGIC + bytes(200))
    (tmp_path / "short.pmtiles").write_bytes(basemap.MAGIC)
    (tmp_path / "other.pmtiles").write_bytes(b"SQLite format 3" + bytes(200))
    (tmp_path / "secret_key").write_text("x" * 200)
    return tmp_path


def test_without_the_setting_nothing_of_another_origin_is_asked(data: Path) -> None:
    assert parse("", data) == parse("  ", data) == BUILT_IN == Basemap("built-in", "", None, ())


@pytest.mark.parametrize(
    ("text", "kind", "origins"),
    [
        ("https://tiles.example/{z}/{x}/{y}.png", "xyz", ("https://tiles.example",)),
        ("https://Tiles.Example:8443/a/{z}/{x}/{y}@2x.webp?key=1", "xyz", ("https://tiles.example:8443",)),
        ("https://tiles.example/greece.pmtiles", "pmtiles", ("https://tiles.example",)),
        ("https://tiles.example/style.json", "style", ("https://tiles.example",)),
        ("https://a.example/style.json https://b.example https://b.example", "style", ("https://a.example", "https://b.example")),
        ("/static/greece.pmtiles", "pmtiles", ()),
    ],
)  # fmt: skip
def test_addresses_and_the_origins_they_open(data: Path, text: str, kind: str, origins: tuple[str, ...]) -> None:
    found = parse(text, data)
    assert (found.kind, found.url, found.file, found.origins) == (kind, text.split(maxsplit=1)[0], None, origins)


@pytest.mark.parametrize("text", ["city.pmtiles", "./city.pmtiles", "{folder}/city.pmtiles"])
def test_a_file_is_served_by_this_server_at_a_fixed_address(data: Path, text: str) -> None:
    found = parse(text.replace("{folder}", str(data)), data)
    assert found == Basemap("pmtiles", "/map/tiles.pmtiles", data / "city.pmtiles", ())


@pytest.mark.parametrize(
    "text",
    [
        "absent.pmtiles", "short.pmtiles", "other.pmtiles", "secret_key", "../secret_key", ".", "/etc/passwd",
        "http://tiles.example/{z}/{x}/{y}.png", "ftp://tiles.example/a.pmtiles", "javascript:alert(1)//a.pmtiles",
        "https://tiles.example/{z}/{x}.png", "https://tiles.example/{z}/{x}/{y}/{s}.png", "https://{z}.example/{x}/{y}.png",
        "https://tiles.example/{z}/{x}/{y}.pbf", "/{z}/{x}/{y}.png", "https://tiles.example/map",
        "https://name:word@tiles.example/a.pmtiles", "https://*/a.pmtiles", "https://*.example/a.pmtiles",
        "https://tiles.example;script-src/a.pmtiles", "https://tiles.example/style.json 'unsafe-inline'",
        "https://tiles.example/style.json *", "https://tiles.example/style.json https://b.example/path",
        "https://tiles.example/style.json data:", "https:///a.pmtiles", "https://[::1/a.pmtiles", "x" * 3000, "a\x00.pmtiles",
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_a_sentence(data: Path, text: str) -> None:
    with pytest.raises(BadBasemap) as refused:
        parse(text, data)
    assert len(str(refused.value)) > 20


def test_the_check_names_the_setting_and_the_map_goes_on_without(settings: Any, data: Path) -> None:
    settings.DATA, settings.MAP_TILES = data, "absent.pmtiles"
    (problem,) = basemap.check()
    assert problem.id == "portal.E001"
    assert "SYMPOLITY_MAP_TILES" in problem.msg
    assert "absent.pmtiles" in problem.msg
    assert basemap.of_settings() == BUILT_IN
    settings.MAP_TILES = "city.pmtiles"
    assert basemap.check() == []
    assert basemap.of_settings().file == data / "city.pmtiles"
