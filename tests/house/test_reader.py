"""The strict reader itself: a fault it lets pass would pass everywhere."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from sympolity.project.middleware import headers
from tests.document import faults, read
from tests.reader import Reader

GOOD = """<!doctype html>
<html lang="ar" dir="rtl"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Help — Sympolity</title><link rel="stylesheet" href="/static/look.css">
<script type="module" src="/static/find.js"></script>
<script type="application/ld+json">{"@context": "https://schema.org"}</script></head>
<body><header><a href="#main">Skip</a></header>
<main id="main"><h1>Help</h1><h2>Legal</h2><p>Text <bdi lang="en" dir="ltr">one</bdi><br>two.</p>
<form action="/ar/find/"><label for="q">Search</label><input id="q" name="q"><button type="submit">Go</button></form>
<ul><li><a href="https://www.example.org/" rel="noreferrer">Out</a></li></ul>
<img src="/static/mark.svg" alt="" width="24" height="24"></main></body></html>"""


def _answer(html: str) -> HttpResponse:
    request = RequestFactory().get("/ar/")
    response = headers(lambda _: HttpResponse(html))(request)
    assert isinstance(response, HttpResponse)
    response.request = {"PATH_INFO": "/ar/"}  # type: ignore[attr-defined]
    return response


def test_a_good_page_passes() -> None:
    page = Reader().read(_answer(GOOD))
    assert (page.title, page.h1, page.links) == ("Help — Sympolity", "Help", ["#main", "https://www.example.org/"])
    assert page.text == "Skip Help Legal Text one two. Search Go Out"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<!doctype html>", ""),
        ('lang="ar" dir="rtl"', 'lang="ar" dir="ltr"'),
        ('lang="ar" dir="rtl"', 'dir="rtl"'),
        ('lang="en" dir="ltr"', 'lang="fa" dir="ltr"'),
        ("Help — Sympolity", " "),
        ("<h1>Help</h1>", ""),
        ("<h1>Help</h1>", "<h1>Help</h1><h1>Again</h1>"),
        ("<h2>Legal</h2>", "<h3>Legal</h3>"),
        ("<h2>Legal</h2>", '<h2 id="q">Legal</h2>'),
        ("<h2>Legal</h2>", "<h2>Legal</h3>"),
        ("two.</p>", "two."),
        ("two.</p>", "two.<div>x</div></p>"),
        ("<br>", "</br>"),
        ("<br>", "<bdi/>"),
        ('<p>Text', '<p style="color:red">Text'),
        ('<p>Text', '<p onclick="go()">Text'),
        ('<p>Text', '<p class="a" class="b">Text'),
        ("<head>", "<head><style>p{}</style>"),
        ("<head>", "<head><script>1</script>"),
        ('src="/static/find.js"', 'src="https://cdn.example.org/find.js"'),
        ('src="/static/find.js"', 'src="//cdn.example.org/find.js"'),
        ('href="/static/look.css"', 'href="https://fonts.example.org/a.css"'),
        ('src="/static/mark.svg"', 'src="https://tiles.example.org/1.png"'),
        ('action="/ar/find/"', 'action="https://example.org/"'),
        ('href="https://www.example.org/"', 'href="javascript:alert(1)"'),
        ('{"@context": "https://schema.org"}', "{"),
        (' alt=""', ""),
        (' width="24" height="24"', ""),
        ('<label for="q">Search</label>', ""),
        ('for="q"', 'for="p"'),
        ('href="#main"', 'href="#top"'),
        (">Out</a>", "></a>"),
        (">Out</a>", "><button type='button'>x</button></a>"),
        ('<button type="submit">', "<button>"),
        ("<ul><li>", "<ul><p>x</p><li>"),
        ('<meta name="viewport" content="width=device-width">', ""),
    ],
)  # fmt: skip
def test_each_fault_is_found(old: str, new: str) -> None:
    assert GOOD.count(old) >= 1
    with pytest.raises(AssertionError, match="/ar/"):
        Reader().read(_answer(GOOD.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Content-Security-Policy", "default-src 'none'; style-src 'self' 'unsafe-inline'"),
        ("Content-Security-Policy", "default-src *"),
        ("Content-Security-Policy", None),
        ("Referrer-Policy", "origin"),
        ("X-Content-Type-Options", None),
        ("Set-Cookie", "a=b"),
        ("Content-Type", "text/plain"),
    ],
)
def test_each_wrong_header_is_found(name: str, value: str | None) -> None:
    response = _answer(GOOD)
    if name == "Set-Cookie":
        response.set_cookie("a", "b")
    elif value is None:
        del response.headers[name]
    else:
        response.headers[name] = value
    with pytest.raises(AssertionError):
        Reader().read(response)


@given(st.text(alphabet="<>/=\"' !-abp[]&;\n", max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    assert faults(read(text))
