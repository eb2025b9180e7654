"""The vendored icons: which there are and what is drawn inside each."""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from pathlib import Path

__all__ = ["FALLBACK", "inner", "known", "names", "sheet"]

FALLBACK = "circle-help"
_FOLDER = Path(__file__).resolve().parent / "vendor" / "lucide" / "icons"
_BODY = re.compile(r"<svg\b[^>]*>(.*)</svg>", re.DOTALL)
_SPACE = re.compile(r"\s*\n\s*")

log = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def _drawings() -> dict[str, str]:
    return {file.stem: _body(file.read_text(encoding="utf-8")) for file in sorted(_FOLDER.glob("*.svg"))}


def _body(svg: str) -> str:
    found = _BODY.search(svg)
    return _SPACE.sub("", found.group(1)).replace(" />", "/>") if found else ""


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    """The names of all icons there are."""
    return frozenset(_drawings())


def known(name: str) -> str:
    """``name`` when there is such an icon, else the fallback; the first miss of a name is logged."""
    if name in names():
        return name
    _miss(name[:60])
    return FALLBACK


@lru_cache(maxsize=256)  # bounded: names may come from outside
def _miss(name: str) -> None:
    log.warning("no icon named %r, %s is shown", name, FALLBACK)


def inner(name: str) -> str:
    """The markup inside the ``<svg>`` of icon ``name``; KeyError when it is not vendored."""
    return _drawings()[name]


def sheet(used: set[str]) -> str:
    """One hidden drawing with a symbol for each of the ``used`` icons, "" when none is used.

    Ids begin with ``i-``: a page may well have its own "map" or "search".
    """
    symbols = "".join(
        f'<symbol id="i-{name}" viewBox="0 0 24 24">{inner(name)}</symbol>' for name in sorted(used & names())
    )
    return f'<svg class="vh" aria-hidden="true" focusable="false">{symbols}</svg>' if symbols else ""
