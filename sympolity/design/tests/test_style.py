"""The style sheet keeps its promises: small, no layers, no other origin, both directions, readable."""

from __future__ import annotations

import re
from pathlib import Path

import brotli
import pytest

ROOM = Path(__file__).resolve().parent.parent
CSS = (ROOM / "static/design/look.css").read_text(encoding="utf-8")
RULES = re.sub(r"/\*.*?\*/", "", CSS, flags=re.DOTALL)

# Measured as the server sends it. Source: the budgets of public pages.
BUDGET = 12_288

# Texts on the surfaces they really stand on, 4.5:1; edges of controls and pins, 3:1 (WCAG 2.2, 1.4.3 and 1.4.11).
TEXTS = [
    *((ink, surface) for ink in ("ink", "ink-2") for surface in ("lime", "paper", "wall", "shade", "blue-wash")),
    *(("blue", surface) for surface in ("lime", "paper", "wall", "blue-wash", "shade")),
    ("blue-deep", "blue-wash"), ("blue-deep", "wall-2"), ("on-blue", "blue"), ("on-blue", "blue-deep"), ("ink", "wall-2"),
    ("open", "open-wash"), ("call", "call-wash"), ("shut", "shut-wash"), ("stop", "stop-wash"),
    *((state, surface) for state in ("open", "call", "shut", "stop") for surface in ("lime", "paper", "wall")),
    *(("ink", f"{state}-wash") for state in ("open", "call", "shut", "stop")), ("wall", "ink"), ("on-dusk", "dusk"),
]  # fmt: skip
EDGES = [("edge", "lime"), ("edge", "paper"), ("edge", "wall"), ("blue", "wall-2"), ("paper", "blue"), ("mark", "wall"), ("dusk-mark", "dusk")]  # fmt: skip


def _block(selector: str, text: str) -> str:
    start = text.index(selector) + len(selector)
    return text[start : text.index("}", start)]


def _tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,8})", block))


LIGHT = _tokens(_block(":root {", RULES))
DARK = LIGHT | _tokens(_block(":root {", RULES[RULES.index("prefers-color-scheme: dark") :]))


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_sheet_fits_its_budget() -> None:
    size = len(brotli.compress(CSS.encode(), quality=5))
    assert size <= BUDGET, f"{size} bytes"


def test_contrast_formula_knows_black_on_white() -> None:
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_can_be_read_and_every_edge_seen(scheme: dict[str, str]) -> None:
    weak = {
        (a, b): round(_contrast(scheme[a], scheme[b]), 2) for a, b in TEXTS if _contrast(scheme[a], scheme[b]) < 4.5
    }
    faint = {(a, b): round(_contrast(scheme[a], scheme[b]), 2) for a, b in EDGES if _contrast(scheme[a], scheme[b]) < 3}
    assert (weak, faint) == ({}, {})


def test_dark_names_the_same_colours_as_light() -> None:
    dark = set(_tokens(_block(":root {", RULES[RULES.index("prefers-color-scheme: dark") :])))
    assert dark <= set(LIGHT)


def test_no_layers_and_nothing_from_elsewhere() -> None:
    assert "@layer" not in RULES
    assert "@import" not in RULES
    assert [
        url for url in re.findall(r"url\(\s*[\"']?([^\"')]{0,30})", RULES) if not url.startswith("data:image/svg+xml")
    ] == []


def test_only_logical_properties() -> None:
    """Old browsers, which know no shorthand of logical insets, get physical ones in one block of their own."""
    start = RULES.index("@supports not (inset: 0)")
    text = RULES[:start] + RULES[RULES.index("@media print") :]
    physical = re.compile(
        r"(?<![\w-])((?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)[\w-]*)"
        r"|left|right|top|bottom|float|width|height|(?:min|max)-(?:width|height)"
        r"|border-(?:top|bottom)-(?:left|right)-radius)\s*:"
    )
    declarations = re.sub(r"@media[^{]*\{", "{", text)  # conditions speak of width
    assert physical.findall(declarations) == []
    assert re.findall(r"text-align:\s*(?:left|right)", text) == []


def test_every_role_that_is_used_is_defined() -> None:
    used = set(re.findall(r"var\(--([\w-]+)", RULES))
    defined = set(re.findall(r"--([\w-]+)\s*:", RULES))
    assert used - defined == set()


def test_braces_are_balanced() -> None:
    assert RULES.count("{") == RULES.count("}")


def test_the_mark_needs_no_style_of_its_own() -> None:
    svg = (ROOM / "static/design/mark.svg").read_text(encoding="utf-8")
    assert "<style" not in svg
    assert svg.count('fill="#') == 2
