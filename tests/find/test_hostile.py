"""Whatever stands in an address, the answer is a page in the reader's language, never an error of ours."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sympolity.search.query import FILTERS
from tests.find.network import Network

WORDS = {
    "long": "νομική βοήθεια " * 667,
    "one long word": "a" * 10_000,
    "control": "a\x00b\x01\x1f\x7f\x85c",
    "bidi": "\u202elegal\u202c \u2066help\u2069",
    "lone quotes": '"',
    "quotes": "'\"«»“„`",
    "boolean": "a AND (b OR",
    "star": "*:*",
    "field": "field:value t:legal d:staff",
    "tilde": "~2",
    "caret": "^",
    "range": "[a TO z] {1 TO *}",
    "regex": "/.*/",
    "slashes": "\\\\ \\",
    "emoji": "🏥👩‍⚕️ 🆘",
    "marks": "e" + "\u0301" * 3000,
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "template": "{{ 7*7 }}{% debug %} %(x)s %s {0}",
    "sql": "'; DROP TABLE directory_service; --",
    "white space": " \t\n\u00a0\u2003 ",
    "zero width": "\u200b\u200d\ufeff",
    "unspaced": "我需要律師" * 50,
    "surrogates": "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "digits": "፩²①٣",
}
LANGS = ("en", "el", "ar")


@pytest.mark.parametrize("name", WORDS)
def test_any_words(network: Network, name: str) -> None:
    reader = network.reader()
    for lang in LANGS:
        page = reader.get(f"/{lang}/find/?q={quote(WORDS[name])}")
        assert page.document.root.get("lang") == lang
        assert "<script>alert" not in page.response.content.decode()
    answer = reader.client.get("/en/find.json", {"q": WORDS[name]})
    assert answer.status_code == 200
    assert answer.json()["total"] >= 0


# filter -> nonsense; each must be named as left out, in words of the reader's language
NONSENSE = {
    "need": ["no-such-need", "../etc", "%00", "x" * 5000],
    "in": ["atlantis", "🏥", "x" * 5000],
    "speaks": ["xx-klingon", "🏥", "q" * 5000],
    "for": ["nobody", "\u202e"],
    "cost": ["a-fortune", "-1"],
    "access": ["by_parachute", "';--"],
    "organization": ["not-an-id", "0" * 5000],
    "near": ["999,999", "nan,nan", "inf,inf", "NaN", "inf", "-91,0", "1,2,3", "atlantis"],
    "within": ["-1", "nan", "inf", "far", "1e999"],
    "open": ["tomorrow", "1"],
    "sort": ["random", "id; --"],
    "page": ["0", "-1", "1000000000000", "abc", "1.5", "፩", "²"],
}


def test_every_filter_is_tried() -> None:
    assert set(NONSENSE) == set(FILTERS) - {"q"}


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_is_left_out_and_said(network: Network, name: str) -> None:
    reader, said = network.reader(), dict[str, set[str]]()
    for at, value in enumerate(NONSENSE[name]):
        data = reader.client.get("/en/find.json", {name: value}).json()
        fine = name == "page" and value == "²"  # a two, written small
        assert (name in data["problems"]) or fine, value
        assert data["total"] > 0
        for lang in LANGS if at == 0 else LANGS[at % 3 :][:1]:
            page = reader.get(f"/{lang}/find/?{name}={quote(value)}")
            words = [str(one) for one in page.response.context["problem_words"]]
            if not fine:
                assert words, value
            assert all(word in page.text for word in words)
            said.setdefault(lang, set()).update(words)
    assert said["en"].isdisjoint(said["el"])
    assert said["en"].isdisjoint(said["ar"])
    assert said["el"].isdisjoint(said["ar"])


def test_bytes_that_are_no_text(network: Network) -> None:
    reader = network.reader()
    for lang in LANGS:
        for tail in (
            "?q=%ff%fe",
            "?q=%ed%a0%80",
            "?need=%c3%28",
            "?near=%ff,%fe",
            "?%ff=%ff",
            "?q=%",
            "?q=%zz",
            "?&&&==;",
        ):
            reader.get(f"/{lang}/find/{tail}")
            assert reader.client.get(f"/{lang}/find.json{tail}").status_code == 200
            reader.get(f"/{lang}/{tail}")


def test_paths_that_lead_nowhere(network: Network) -> None:
    reader = network.reader()
    for path in (
        "/xx/find/",
        "/xx/",
        "/en/service/abc/",
        "/en/find/%ff%fe",
        "/en/service/%00/",
        "/" + "a" * 5000,
        "/en/find/extra/",
        "/EN/find/",
    ):
        reader.get(path, status=404)


def test_a_404_speaks_the_language_of_its_path(network: Network) -> None:
    reader = network.reader()
    titles = {lang: reader.get(f"/{lang}/nothing/", status=404).title for lang in LANGS}
    assert len(set(titles.values())) == 3


def test_too_many_filters_are_a_clear_400(network: Network) -> None:
    page = network.reader().get("/el/find/?" + "&".join(f"need={at}" for at in range(3000)), status=400)
    assert page.document.root.get("lang") == "el"


def test_service_and_home_ignore_what_is_asked_of_them(network: Network) -> None:
    reader, one = network.reader(), network.service("fanari-asylum-case")
    for words in WORDS.values():
        reader.get(f"/ar/?q={quote(words)}&in={quote(words[:200])}")
    for name in ("long", "html", "bidi", "emoji"):
        reader.get(f"/ar/service/{one}/?q={quote(WORDS[name])}")


VALUES = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "now",
            "athens",
            "legal-help",
            "ar",
            "free",
            "walk_in",
            "Athens",
            "37.98,23.73",
            "5",
            "2",
            "name",
            "near",
            "help",
            "",
            "0",
        ]
    ),
    st.floats().map(str),
    st.integers().map(str),
    st.tuples(st.floats(), st.floats()).map(lambda pair: f"{pair[0]},{pair[1]}"),
)
ASKED = st.dictionaries(
    st.sampled_from([*FILTERS, "map", "nothing"]), st.lists(VALUES, min_size=1, max_size=3), max_size=6
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=ASKED, lang=st.sampled_from(LANGS))
def test_any_parameters(network: Network, asked: dict[str, list[str]], lang: str) -> None:
    reader = network.reader()
    data: dict[str, Any] = reader.client.get(f"/{lang}/find.json", asked).json()
    assert set(data) >= {"total", "page", "results", "facets", "corrected"}
    page = reader.read(reader.client.get(f"/{lang}/find/", asked))
    assert page.document.root.get("lang") == lang
