"""The pages about the site itself: what they say is counted from what is there."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import polib  # type: ignore[import-untyped]
import pytest
from django.conf import settings

from sympolity.languages import registry, reviews
from sympolity.languages.models import Text
from sympolity.places import facts as area_facts
from sympolity.portal import sources
from tests.find.network import Network

Counted = Callable[..., AbstractContextManager[Any]]
LANGUAGES = [row.code for row in registry.INTERFACE]
VENDOR = Path(settings.BASE) / "design" / "vendor"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("path", "queries"),
    [("needs/", 0), ("about/", 0), ("privacy/", 0), ("accessibility/", 0), ("sources/", 1), ("languages/", 0),
     ("languages/el/", 1), ("languages/fa/", 1), ("languages/en/", 1)],
)  # fmt: skip
def test_every_page_reads_well_and_asks_little(
    network: Network, lang: str, path: str, queries: int, django_assert_num_queries: Counted
) -> None:
    reader = network.reader()
    with django_assert_num_queries(queries):
        page = reader.get(f"/{lang}/{path}")
    assert page.h1
    assert len(page.response.content) < 60_000


def test_needs_count_what_find_lists(network: Network) -> None:
    counts = Counter(
        need
        for slug in ("legal", "food", "other")
        for need in [slug]
        for _ in range(len(network.ids(need=slug)))
    )  # fmt: skip
    page = network.reader().get("/en/needs/").text
    for slug in ("legal", "food"):
        label = {"legal": "I need a lawyer", "food": "I need something to eat"}[slug]
        assert f"{label} {counts[slug]} place" in " ".join(page.split())


@pytest.mark.parametrize("code", ["xx", "el-GR", "en-", "a" * 60, "EL"])
def test_an_unknown_language_has_no_page(network: Network, code: str) -> None:
    network.reader().get(f"/en/languages/{code}/", status=404)


def test_the_operator_is_named_where_they_answer(network: Network, settings: Any) -> None:
    settings.OPERATOR, settings.CONTACT = "Office <b>of</b> X", "office@city.example"
    for path in ("about/", "privacy/", "accessibility/", "languages/el/"):
        page = network.reader().get(f"/en/{path}")
        if path != "languages/el/":
            assert "Office <b>of</b> X" in page.text
            assert "mailto:office@city.example" in page.links
    settings.OPERATOR, settings.CONTACT = "", ""
    assert "has not written their name" in network.reader().get("/en/about/").text


def test_the_page_of_languages_counts_catalogue_and_texts(network: Network) -> None:
    for code in ("el", "ar"):
        kept = polib.pofile(str(settings.LOCALE_PATHS[0] / code / "LC_MESSAGES" / "django.po"))
        state = reviews.interface(code)
        assert (state.strings, state.reviewer, state.reviewed) == (len(kept.translated_entries()), "", False)
    counted = Counter(Text.objects.filter(language="ar").values_list("state", flat=True))
    said = reviews.texts("ar")
    assert (said.machine, said.human, said.reviewed) == (counted["machine"], counted["human"], counted["reviewed"])
    # A machine drafted the demo, and nobody has read it.
    assert (said.machine > 0, said.human, said.reviewed) == (True, 0, 0)
    page = network.reader().get("/en/languages/ar/").text
    assert "nobody yet" in page
    assert str(said.human) in page


def test_a_reviewer_is_named(network: Network, tmp_path: Path, settings: Any) -> None:
    from sympolity.ops import catalogues

    folder = tmp_path / "el" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"X-Reviewed-By: A Reader\\n"\n\nmsgid "a"\nmsgstr "β"\n',
        encoding="utf-8",
    )
    settings.LOCALE_PATHS = [tmp_path]
    assert catalogues.compile_all() == 1
    assert reviews.interface("el") == reviews.Interface(1, "A Reader", reviewed=False)


def test_every_vendored_part_and_named_source_stands_on_the_page(network: Network) -> None:
    named = {name for row in sources.ROWS for name in row.names}
    assert {folder.name for folder in VENDOR.iterdir() if folder.is_dir()} <= named
    written = " ".join(tomllib.loads(area_facts.FILE.read_text(encoding="utf-8"))["sources"].values())
    for publisher in ("ELSTAT", "YPES", "Eurostat", "OCHA"):
        assert publisher in written
        assert publisher in named
    page = network.reader().get("/en/sources/").text
    assert all(row.title in page for row in sources.ROWS)
