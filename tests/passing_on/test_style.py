"""The style of sheets and the scripts that are optional: small, and of our own."""

from __future__ import annotations

import re
from pathlib import Path

import brotli

import sympolity.design

FOLDER = Path(sympolity.design.__file__).parent / "static" / "design"
CSS = re.sub(r"/\*.*?\*/", "", (FOLDER / "sheet.css").read_text(encoding="utf-8"), flags=re.DOTALL)


def test_scripts_are_small() -> None:
    sizes = {path.name: len(path.read_bytes()) for path in FOLDER.glob("*.js")}
    assert sizes["share.js"] <= 2_000
    assert sizes["keep.js"] + sizes["exit.js"] <= 25_000


def test_no_script_sends_anything() -> None:
    """The map alone asks for something, its points and files, after its button was pressed; and names whom it is owed to."""
    for path in FOLDER.glob("*.js"):
        text = path.read_text().replace('"https://www.openstreetmap.org/copyright"', "")
        asks = r"|fetch|XMLHttpRequest" if not path.name.startswith("map") else ""
        assert not re.search(rf"sendBeacon|WebSocket|EventSource|\.cookie|innerHTML|https?:{asks}", text), path


def test_the_sheet_is_logical_and_light() -> None:
    assert len(brotli.compress(CSS.encode(), quality=5)) < 2_500
    assert CSS.count("{") == CSS.count("}")
    assert not re.search(
        r"(?<![\w-])(?:(?:margin|padding|border)-(?:left|right|top|bottom)|left|right|top|bottom|float|width|height)\s*:",
        CSS,
    )
    assert not re.search(r"url\(|@import|@layer|text-align:\s*(?:left|right)", CSS)


def test_both_papers_are_named_pages_of_their_size() -> None:
    """CSS has a word for A4 and none for A6."""
    assert re.findall(r"@page (\S+) \{ size: ([^;]+);", CSS) == [("a4-sheet", "A4"), ("a6-sheet", "105mm 148mm")]
