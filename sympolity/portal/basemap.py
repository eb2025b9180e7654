"""What lies under the places on the interactive map, as the operator sets it with SYMPOLITY_MAP_TILES.

Without the setting: coast and borders out of the package, and no other origin. One parser decides for the page,
for the content security policy and for the system check, so that they cannot disagree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core import checks

__all__ = ["BUILT_IN", "TILES_PATH", "BadBasemap", "Basemap", "check", "of_settings", "parse"]

TILES_PATH = "/map/tiles.pmtiles"
MAGIC = b"PMTiles\x03"  # PMTiles specification 3, section 3.1
HEADER = 127  # bytes
_ORIGIN = re.compile(r"https://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?", re.ASCII)
_LONGEST = 2000  # characters


class BadBasemap(ValueError):
    """The setting cannot be used; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Basemap:
    """``kind``: built-in, pmtiles, xyz or style. ``url``: what the browser loads; "" when built in.

    ``file``: the file that stands behind :data:`TILES_PATH`. ``origins``: other origins the map may ask.
    """

    kind: str
    url: str = ""
    file: Path | None = None
    origins: tuple[str, ...] = ()


BUILT_IN = Basemap("built-in")


def parse(text: str, data: Path) -> Basemap:
    """The basemap that a setting names; a relative file lies in the folder ``data``. Raises BadBasemap.

    Words after the first are further origins, of which a style takes its tiles, pictures and letters.
    """
    if not text.strip():
        return BUILT_IN
    if len(text) > _LONGEST or not text.isprintable():
        raise BadBasemap("it is longer than an address, or holds signs that no address has")
    first, *more = text.split()
    origins = tuple(dict.fromkeys([*_own_origin(first), *(_origin(word) for word in more)]))
    if "{" in first:
        return _xyz(first, origins)
    if "://" not in first and not first.startswith("/static/"):
        return Basemap("pmtiles", TILES_PATH, _file(first, data), origins)
    path = _parts(first).path
    if path.endswith(".pmtiles"):
        return Basemap("pmtiles", first, None, origins)
    if path.endswith((".json", "/style")):
        return Basemap("style", first, None, origins)
    raise BadBasemap(
        "use a file *.pmtiles, an address that ends in .pmtiles, a template with {z}/{x}/{y}, or a style that ends in .json"
    )


def _xyz(template: str, origins: tuple[str, ...]) -> Basemap:
    if any(template.count(name) != 1 for name in ("{z}", "{x}", "{y}")) or template.count("{") != 3:
        raise BadBasemap("a template of tiles names {z}, {x} and {y} once each and nothing else in braces")
    if not origins:
        raise BadBasemap("a template of tiles begins with https://")
    if _parts(template).path.endswith((".pbf", ".mvt")):
        raise BadBasemap("a template is for pictures (png, jpg, webp); for vector tiles use pmtiles or a style")
    return Basemap("xyz", template, None, origins)


def _own_origin(address: str) -> list[str]:
    """The origin of an address of another host; of a file or path none."""
    if "://" not in address:
        return []
    parts = _parts(address)
    if "@" in parts.netloc:
        raise BadBasemap("an address with a name and password would be told to every visitor")
    if "{" in parts.netloc:
        raise BadBasemap("the host of a template must be written out")
    return [_origin(f"{parts.scheme}://{parts.netloc}".lower())]


def _parts(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError as error:
        raise BadBasemap(f"{address!r} is no address ({error})") from error


def _origin(word: str) -> str:
    """An origin that can stand in a policy: https, a host, perhaps a port. Nothing else gets there."""
    if not _ORIGIN.fullmatch(word):
        raise BadBasemap(f"{word!r} is no origin like https://tiles.example")
    return word


def _file(name: str, data: Path) -> Path:
    path = (data / name).resolve()
    if path.suffix != ".pmtiles":
        raise BadBasemap(f"{path} must end in .pmtiles")
    try:
        with path.open("rb") as handle:
            head = handle.read(HEADER)
    except OSError as error:
        raise BadBasemap(f"{path} cannot be read ({error.strerror})") from error
    if len(head) < HEADER or not head.startswith(MAGIC):
        raise BadBasemap(f"{path} is no PMTiles file of version 3")
    return path


@lru_cache(maxsize=8)
def _known(text: str, data: Path) -> Basemap:
    try:
        return parse(text, data)
    except BadBasemap:
        return BUILT_IN


def of_settings() -> Basemap:
    """The basemap in use; the built-in one where the setting cannot be used (the check says so)."""
    return _known(settings.MAP_TILES, settings.DATA)


def check(*_asked: Any, **_options: Any) -> list[checks.CheckMessage]:
    """System check portal.E001: SYMPOLITY_MAP_TILES can be used."""
    try:
        parse(settings.MAP_TILES, settings.DATA)
    except BadBasemap as problem:
        hint = "Until it is mended the map shows coast and borders only. See docs/operating/map.md."
        return [checks.Error(f"SYMPOLITY_MAP_TILES: {problem}", hint=hint, id="portal.E001")]
    return []
