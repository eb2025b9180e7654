"""The benchmark is honest: the same network for a seed, distinct questions, the product's own path, no database."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO
from itertools import islice
from pathlib import Path

import pytest
import tantivy
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from sympolity.ops.bench import Plan, answers, building, lines, rivals, run
from sympolity.ops.bench.measure import percentile
from sympolity.ops.bench.network import Network
from sympolity.ops.bench.questions import CLASSES, NARROW, questions
from sympolity.ops.bench.words import SCRIPTS
from sympolity.search import analyzer, columns, engine
from sympolity.search.query import FindQuery, parse
from sympolity.search.store import Reader

TODAY = date(2026, 11, 22)
SERVICES = 300


def _quiet(what: str, done: int, whole: int) -> None: ...


@pytest.fixture(scope="module")
def network() -> Network:
    return Network(SERVICES, seed=7, today=TODAY)


@pytest.fixture(scope="module")
def root(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bench") / "index"
    building.build(network, folder, _quiet)
    return folder


def test_a_seed_gives_the_same_network(network: Network) -> None:
    again, other = Network(SERVICES, seed=7, today=TODAY), Network(SERVICES, seed=8, today=TODAY)
    assert list(network.documents()) == list(again.documents())
    assert [row.id for row in islice(other.documents(), 200, 220)] != [
        row.id for row in islice(again.documents(), 200, 220)
    ]


def test_it_speaks_five_languages(network: Network) -> None:
    first = [words[0][0] for words in network.lexicon.words.values()]
    assert [lang for lang, letter in zip(SCRIPTS, first, strict=True) if letter in SCRIPTS[lang][0]] == [
        "en", "el", "ar", "fr", "fa",
    ]  # fmt: skip


def test_tokens_made_once_are_those_of_the_analyzer(network: Network) -> None:
    for document, tokens in islice(network.many(), 20):
        made = [token for body, weight in document.texts for token in analyzer.tokens(body) * weight]
        assert sorted(tokens.split()) == sorted(made)


def test_a_thousand_distinct_questions() -> None:
    asked = questions(Network(10_000, seed=1, today=TODAY), per_class=100)
    addresses = {json.dumps([question.lang, question.pairs]) for rows in asked.values() for question in rows}
    assert set(asked) == set(CLASSES)
    assert len(addresses) == sum(map(len, asked.values())) >= 1000


def test_questions_are_ones_that_a_visitor_can_ask(network: Network) -> None:
    for rows in questions(network, per_class=20).values():
        for question in rows:
            given: dict[str, list[str]] = {}
            for name, value in question.pairs:
                given.setdefault(name, []).append(value)
            read = parse(given)
            assert read.problems == ()
            assert (read.chosen, read.near, read.within, read.open_now) == (
                question.query.chosen, question.query.near, question.query.within, question.query.open_now,
            )  # fmt: skip


def test_every_service_is_in_the_index(root: Path, network: Network) -> None:
    listed = [row for row in network.documents() if row.kind == "service" and not _is_gone(row.gone_from)]
    found = engine.answer(Reader(root), FindQuery(), keys=answers.KEYS, lang="en")
    assert found.total == len(listed)


def _is_gone(day: int | None) -> bool:
    from sympolity.kit import clock

    return day is not None and day <= (clock.local_today() - date(1970, 1, 1)).days


def test_every_class_finds_something(root: Path, network: Network) -> None:
    reader, day = Reader(root), answers.Day()
    figures = answers.ask_all(reader, questions(network, per_class=15), day, budget=0.0, progress=_quiet)
    assert {kind: row["matches"]["p95"] > 0 for kind, row in figures.items()} == dict.fromkeys(CLASSES, True)
    assert figures["misspelt"]["corrected"] > 0
    assert all(row["warm"]["asked"] >= 5 for row in figures.values())


def test_a_run_tells_its_figures_and_asks_no_database() -> None:
    figures = run(Plan(size=600, questions=50, seconds=0.0, index_only=True), _quiet)
    assert json.loads(json.dumps(figures)) == figures
    text = "\n".join(lines([figures, figures]))
    assert [kind for kind in CLASSES if kind not in text] == []
    assert "NOT MET" in text or ": met" in text


def test_fts5_finds_what_the_index_finds(network: Network, root: Path, tmp_path: Path) -> None:
    rival = rivals.SQLite(tmp_path)
    rival.fill([rivals.row_of(at, document, tokens) for at, (document, tokens) in enumerate(network.many())])
    rival.finish()
    snapshot = Reader(root).snapshot()
    for question in questions(network, per_class=8)[NARROW]:
        token = question.bare[1]
        held = snapshot.search(tantivy.Query.term_query(columns.SCHEMA, "t", token), 1)[0]
        assert rival.ask(rivals.Wanted(token, [])) == held
    rival.close()


@pytest.mark.parametrize("size", ["99", "2000000", "many", "-5"])
def test_sizes_out_of_reason_are_refused(size: str) -> None:
    with pytest.raises(CommandError):
        call_command("bench", f"--services={size}", stdout=StringIO())


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=200), st.floats(0.001, 1))
def test_a_percentile_is_a_value_that_was_measured(values: list[float], share: float) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9
