"""The tags escape what comes from outside and mark what is in another language."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

import pytest
from django import forms
from django.template import Context, Template
from hypothesis import given, settings
from hypothesis import strategies as st

from sympolity.design import icons


@dataclass(frozen=True)
class Said:
    body: str
    lang: str = "en"
    dir: str = "ltr"
    outdated: bool = False
    machine: bool = False


HOSTILE = "</p><script>alert(1)</script>\"'&<img src=x onerror=alert(1)>"


def render(source: str, **context: object) -> str:
    return Template(source).render(Context({"lang": "en", "page_icons": set(), **context}))


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def tags(html: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = _Tags()
    parser.feed(html)
    return parser.seen


def test_an_icon_is_drawn_once_however_often_it_is_used() -> None:
    html = render('{% icon "phone" %}{% icon "phone" cls="i-dir" %}{% icon_sheet %}')
    assert html.count('<use href="#i-phone"/>') == 2
    assert html.count("<symbol") == 1
    assert 'class="i i-dir"' in html


def test_icons_are_remembered_without_the_page_and_through_includes_with_only() -> None:
    source = '{% include "design/parts/seal.html" with text="x" only %}{% icon "phone" %}{% icon_sheet %}'
    for context in ({"lang": "en"}, {"lang": "en", "page_icons": set()}):
        html = Template(source).render(Context(context))
        assert {n for n in ("badge-check", "phone") if f'id="i-{n}"' in html} == {"badge-check", "phone"}


def test_the_page_set_of_the_context_is_filled() -> None:
    used: set[str] = set()
    Template('{% icon "map" %}').render(Context({"page_icons": used}))
    assert used == {"map"}


def test_an_unknown_icon_falls_back_and_is_logged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    logged: list[object] = []
    monkeypatch.setattr(icons.log, "warning", lambda *words: logged.append(words))
    icons._miss.cache_clear()
    name = 'x" onload="alert(1)'
    html = render("{% icon name %}{% icon name %}{% icon_sheet %}", name=name)
    assert html.count(f'href="#i-{icons.FALLBACK}"') == 2
    assert "onload" not in html
    assert len(logged) == 1


def test_words_in_the_page_language_stand_bare() -> None:
    assert render("{% said text %}", text=Said("Free help")) == "Free help"
    assert render("{% said text %}", text="plain & simple") == "plain &amp; simple"
    assert render("{% said text %}", text=None) == render("{% said missing %}") == ""


def test_words_in_another_language_carry_it() -> None:
    html = render("{% said text %}", text=Said("مساعدة", "ar", "rtl"))
    assert html == '<span lang="ar" dir="rtl">مساعدة</span>'


def test_what_a_machine_wrote_or_time_passed_says_so_outside_the_foreign_span() -> None:
    html = render("{% said text %}", text=Said("Aide", "fr", "ltr", outdated=True, machine=True))
    assert html.startswith('<span lang="fr" dir="ltr">Aide</span> <small class="tag">')
    assert html.count('class="tag"') == 2
    assert render("{% said text tags=False %}", text=Said("Aide", machine=True)) == "Aide"


def test_a_page_says_once_that_a_machine_wrote_and_only_if_it_did() -> None:
    source = "{% said one %}{% said two tags=False %}{% paragraphs one %}{% machine_note %}"
    machine, human = Said("Aide", machine=True), Said("Help")
    html = render(source, one=machine, two=human, page_marks=set())
    assert ('class="tag"' in html, html.count("translated by a machine")) == (False, 1)
    assert "translated by a machine" in render(source, one=human, two=machine, page_marks=set())
    assert "translated by a machine" not in render(source, one=human, two=human, page_marks=set())
    assert 'class="tag"' in render("{% said one %}", one=Said("Aide", outdated=True, machine=True), page_marks=set())


def test_a_direction_we_do_not_know_becomes_auto() -> None:
    assert 'dir="auto"' in render("{% said text %}", text=Said("x", "xx", 'ltr" onclick="'))


def test_paragraphs_follow_the_blank_lines() -> None:
    html = render("{% paragraphs text %}", text=Said("one\ntwo\n\n \nthree", "el", machine=True))
    assert [tag for tag, _ in tags(html)] == ["p", "br", "p", "small"]
    assert html.count('lang="el"') == 2
    assert render("{% paragraphs text %}", text=Said(" \n\n ")) == ""


@pytest.mark.parametrize(
    "source", ["{% said text %}", "{% paragraphs text %}", "{% ltr text %}", "{% ltr text.body %}"]
)
def test_hostile_text_opens_no_tag(source: str) -> None:
    for text in (HOSTILE, Said(HOSTILE), Said(HOSTILE, 'el"><script>', HOSTILE, machine=True)):
        assert {tag for tag, _ in tags(render(source, text=text))} <= {"span", "p", "bdi", "small"}


@given(st.text(max_size=80))
@settings(max_examples=60, deadline=None)
def test_any_text_comes_back_whole(text: str) -> None:
    parser = _Tags()
    parser.feed(render("{% said text %}", text=text))
    parser.close()
    assert parser.seen == []
    assert "".join(parser.words) == text


@pytest.mark.parametrize("state", ["open", "later", "closed", "call", "stop", "waiting", HOSTILE, None, 7])
def test_a_state_has_a_shape_that_is_hidden_from_screen_readers(state: object) -> None:
    (first, *rest) = tags(render("{% state_shape state %}", state=state))
    assert first[0] == "svg"
    assert first[1]["aria-hidden"] == "true"
    assert {tag for tag, _ in rest} <= {"circle", "path"}


def test_the_shapes_differ() -> None:
    states = ("open", "later", "closed", "call", "stop", "waiting")
    assert len({render("{% state_shape state %}", state=state) for state in states}) == len(states)


def test_a_number_is_not_localized_and_stands_left_to_right() -> None:
    assert render("{% ltr value %}", value="+30 210 000 0000") == '<bdi dir="ltr">+30 210 000 0000</bdi>'
    assert render("{% ltr value %}", value=0) == '<bdi dir="ltr">0</bdi>'
    assert render("{% ltr value %}", value=None) == '<bdi dir="ltr"></bdi>'


def test_a_form_field_takes_the_look_and_points_to_its_error() -> None:
    class Form(forms.Form):
        name = forms.CharField(label="Your name", help_text="As people call you")

    html = render('{% include "design/parts/field.html" with field=form.name %}', form=Form({"name": ""}))
    (control,) = [attributes for tag, attributes in tags(html) if tag == "input"]
    ids = {attributes.get("id") for _, attributes in tags(html)}
    assert control["class"] == "in"
    assert control["aria-invalid"] == "true"
    assert set((control["aria-describedby"] or "").split()) <= ids
