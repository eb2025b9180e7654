"""Every icon somebody names is there, and is Lucide's own drawing."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from sympolity.design import icons

PACKAGE = Path(__file__).resolve().parent.parent.parent
VENDOR = PACKAGE / "design/vendor/lucide"
NEEDS = PACKAGE / "directory/data/needs.toml"
_TAG = re.compile(r"""\{%\s*icon\s+["']([^"']+)["']""")
_DEFAULT = re.compile(r"""\{%\s*icon\s+\w+\|default:["']([^"']+)["']""")
_PARAMETER = re.compile(r"""\bicon=["']([^"']+)["']""")


def _named_in_templates() -> dict[str, str]:
    found = {}
    for page in PACKAGE.glob("*/templates/**/*.html"):
        text = page.read_text(encoding="utf-8")
        for pattern in (_TAG, _DEFAULT, _PARAMETER):
            found.update(dict.fromkeys(pattern.findall(text), page.name))
    return found


def test_every_icon_named_in_a_template_is_vendored() -> None:
    named = _named_in_templates()
    assert named
    assert {name: page for name, page in named.items() if name not in icons.names()} == {}


def test_every_icon_of_a_need_is_vendored() -> None:
    if not NEEDS.exists():
        pytest.skip("NO NEEDS FILE: the icons of needs were not checked")
    rows = tomllib.loads(NEEDS.read_text(encoding="utf-8"))["need"]
    assert {row["icon"] for row in rows} - icons.names() == set()


@pytest.mark.parametrize("name", sorted(icons.names()))
def test_the_files_are_drawings_under_their_licence(name: str) -> None:
    text = (VENDOR / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    assert "@license lucide-static v1.62.0 - ISC" in text
    root = ET.fromstring(text)
    tags = {element.tag.rpartition("}")[2] for element in root}
    assert tags <= {"path", "circle", "rect", "line", "polyline", "polygon", "ellipse"}
    ET.fromstring(f"<g>{icons.inner(name)}</g>")


def test_licence_and_source_stand_beside_the_icons() -> None:
    assert "ISC License" in (VENDOR / "LICENSE").read_text(encoding="utf-8")
    assert "1.62.0" in (VENDOR / "SOURCE.md").read_text(encoding="utf-8")


def test_the_sheet_holds_exactly_the_icons_used() -> None:
    drawn = icons.sheet({"phone", "check", "no such icon"})
    assert re.findall(r'<symbol id="([^"]+)"', drawn) == ["i-check", "i-phone"]
    assert icons.sheet(set()) == ""
