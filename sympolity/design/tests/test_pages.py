"""The frame and the component page hold together: ids, links inside the page, icons, no inline style."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import override_settings

from sympolity.design import sheet

from .test_tags import HOSTILE, tags

PLAIN_STATIC = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
TEXT = "here"


def page(template: str, **context: Any) -> str:
    frame = {
        "lang": "ar",
        "dir": "rtl",
        "home_url": "/ar/",
        "find_url": "/ar/find/",
        "exit_url": "https://neutral.example/",
        "nav": [{"label": TEXT, "url": "/ar/find/", "current": True}],
        "foot": [{"label": TEXT, "url": "/ar/about/"}],
        "languages": [
            {"code": "ar", "name": "العربية", "dir": "rtl", "url": "/ar/", "current": True},
            {"code": "en", "name": "English", "dir": "ltr", "url": "/en/", "current": False},
        ],
        "page_icons": set(),
        "example": True,
    }
    with override_settings(STORAGES=PLAIN_STATIC):
        return render_to_string(template, frame | context)


@pytest.fixture(params=["components", "error"])
def html(request: pytest.FixtureRequest) -> str:
    if request.param == "components":
        return page("design/components.html", **sheet.context())
    return page("design/error.html", title="No page", say="Search again", status=404)


def test_ids_are_unique_and_every_inner_reference_arrives(html: str) -> None:
    elements = tags(html)
    ids = Counter(attributes["id"] for _, attributes in elements if "id" in attributes)
    assert [name for name, count in ids.items() if count > 1] == []
    wanted = {(a["href"] or "")[1:] for _, a in elements if (a.get("href") or "").startswith("#")}
    for name in ("for", "aria-labelledby", "aria-describedby"):
        wanted |= {word for _, a in elements for word in (a.get(name) or "").split()}
    assert wanted - set(ids) == set()


def test_nothing_inline_and_nothing_from_elsewhere(html: str) -> None:
    for tag, attributes in tags(html):
        assert "style" not in attributes, tag
        assert not any(name.startswith("on") for name in attributes), tag
        if tag in {"script", "link", "img"}:
            assert (attributes.get("src") or attributes.get("href") or "").startswith("/static/design/")


def test_language_direction_and_the_way_out(html: str) -> None:
    elements = tags(html)
    assert ("html", {"lang": "ar", "dir": "rtl"}) in elements
    (leave,) = [attributes for tag, attributes in elements if tag == "a" and "exit" in (attributes.get("class") or "")]
    assert leave["rel"] == "noreferrer"
    assert leave["href"] == "https://neutral.example/"


def test_one_heading_of_the_first_order_and_no_placeholder(html: str) -> None:
    elements = tags(html)
    assert [tag for tag, _ in elements].count("h1") == 1
    assert not any("placeholder" in attributes for _, attributes in elements)


def test_every_control_has_a_label(html: str) -> None:
    elements = tags(html)
    labelled = {attributes.get("for") for tag, attributes in elements if tag == "label"}
    wrapped = {a.get("id") for t, a in elements if t == "input" and a.get("type") in {"checkbox", "radio"}}
    controls = {a.get("id") for t, a in elements if t in {"input", "select", "textarea"} and a.get("type") != "hidden"}
    assert controls - labelled - wrapped == set()


def test_the_error_page_stands_without_any_context() -> None:
    with override_settings(STORAGES=PLAIN_STATIC):
        html = render_to_string("design/error.html", {})
    assert 'href="tel:112"' in html
    assert '<html lang="en" dir="ltr">' in html


def test_the_last_crumb_has_no_arrow() -> None:
    items = [{"label": "Athens", "url": "/a"}, {"label": "Legal help", "url": "/b"}, {"label": "This"}]
    html = render_to_string("design/parts/crumbs.html", {"items": items})
    assert html.count("#i-chevron-right") == 2
    assert html.rindex("#i-chevron-right") < html.index("This")


def test_every_section_shows_three_languages() -> None:
    html = page("design/components.html", **sheet.context())
    assert len(re.findall(r'<div lang="(?:en|el|ar)" dir="(?:ltr|rtl)" class="stack">', html)) == 3 * len(
        sheet.SECTIONS
    )


@pytest.mark.parametrize(
    ("part", "context"),
    [
        ("search_box", {"action": HOSTILE, "value": HOSTILE, "label": HOSTILE, "hidden": [{"name": HOSTILE, "value": HOSTILE}]}),
        ("chips", {"label": HOSTILE, "items": [{"label": HOSTILE, "url": HOSTILE, "count": HOSTILE, "lang": HOSTILE, "dir": HOSTILE}]}),
        ("note", {"tone": HOSTILE, "icon": HOSTILE, "title": HOSTILE, "text": HOSTILE, "url": HOSTILE, "link": HOSTILE, "id": HOSTILE}),
        ("pages", {"items": [{"label": HOSTILE, "url": HOSTILE}], "next": HOSTILE, "previous": HOSTILE}),
        ("crumbs", {"items": [{"label": HOSTILE, "url": HOSTILE}, {"label": HOSTILE}]}),
        ("field", {"id": HOSTILE, "name": HOSTILE, "label": HOSTILE, "hint": HOSTILE, "error": HOSTILE, "value": HOSTILE, "kind": HOSTILE}),
        ("field", {"id": HOSTILE, "name": HOSTILE, "label": HOSTILE, "kind": "textarea", "value": HOSTILE, "lang_of": HOSTILE}),
        ("error_summary", {"errors": [{"id": HOSTILE, "text": HOSTILE}], "id": HOSTILE}),
        ("tongues", {"languages": [{"code": HOSTILE, "name": HOSTILE, "dir": HOSTILE, "url": HOSTILE}]}),
        ("empty", {"icon": HOSTILE, "title": HOSTILE, "text": HOSTILE, "url": HOSTILE, "link": HOSTILE}),
        ("fold", {"icon": HOSTILE, "summary": HOSTILE, "badge": HOSTILE, "text": HOSTILE}),
        ("facts", {"items": [{"icon": HOSTILE, "text": HOSTILE}, {"icon": "x", "text": HOSTILE, "ltr": True}]}),
        ("kv", {"items": [{"icon": HOSTILE, "name": HOSTILE, "value": HOSTILE}]}),
        ("state", {"state": HOSTILE, "word": HOSTILE, "more": HOSTILE}),
        ("seal", {"icon": HOSTILE, "text": HOSTILE}),
    ],
)  # fmt: skip
def test_no_part_lets_hostile_words_become_markup(part: str, context: dict[str, Any]) -> None:
    elements = tags(render_to_string(f"design/parts/{part}.html", context))
    assert {tag for tag, _ in elements} & {"script", "img"} == set()
    assert [name for _, attributes in elements for name in attributes if name.startswith("on")] == []
