"""What is typed and what is written meet in a token."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sympolity.search import analyzer
from sympolity.search.stopwords import STOPWORDS


def _finds(typed: str, written: str) -> bool:
    """Every word of the subject of ``typed`` has a token in ``written``."""
    index = set(analyzer.tokens(written))
    return all(index & {token for token, _ in word.alternatives} for word in analyzer.parse(typed).subject)


FAMILIES = [
    "παιδί παιδιά παιδιών παιδιού",
    "δικηγόρος δικηγόρου δικηγόροι δικηγόρων",
    "γιατρός γιατρού γιατροί",
    "μάθημα μαθήματα μαθημάτων μαθήματος",
    "αίτηση αιτήσεις αίτησης",
    "πρόσφυγας πρόσφυγες προσφύγων",
    "γονέας γονείς γονέων",
    "άδεια άδειας άδειες",
    "ασθενής ασθενείς ασθενών ασθενούς",
    "مدرسة المدرسة مدرسه والمدرسة للمدرسة بالمدرسة مدرستي",
    "لاجئ اللاجئين لاجئون لاجئة",
    "مستشفى المستشفى مستشفيات",
    "خدمة خدمات الخدمات",
    "وثيقة الوثيقة",
    "کتاب کتابها کتاب‌ها کتاب‌های",
    "پزشک پزشکان پزشک‌ها",
    "خانه خانه‌ها خانه‌های",
    "doctor doctors",
    "lawyer lawyers lawyer's",
    "school schools",
    "formation formations",
    "médecin médecins l'médecin medecin",
    "документ документы документов документами",
    "школа школи школу школах",
    "лікар лікаря лікарі лікарів",
]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.split()[0])
def test_the_forms_of_a_word_find_each_other(family: str) -> None:
    forms = family.split()
    assert [(a, b) for a in forms for b in forms if not _finds(a, b)] == []


@pytest.mark.parametrize(
    "typed",
    [
        "nomiki voitheia",
        "nomikh bohtheia",
        "nomiki voithia",
        "dikhgoros",
        "dikigorou",
        "giatros",
        "yiatros",
        "xoros",
        "choros",
    ],
)
def test_greeklish_finds_greek(typed: str) -> None:
    assert _finds(typed, "Νομική βοήθεια από δικηγόρο· γιατρός, χώρος")


@pytest.mark.parametrize(("typed", "written"), [("money", "μόνο"), ("rent", "ροή"), ("παιδί", "πάντα"), ("طفل", "طلب")])
def test_different_words_stay_apart(typed: str, written: str) -> None:
    assert not _finds(typed, written)


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("Where can my child learn Greek?", ["child", "learn", "greek"]),
        ("Πού μπορώ να βρω δικηγόρο;", ["δικηγορο"]),
        ("أين أجد مدرسة", ["مدرسه"]),
        ("Où puis-je trouver un médecin ?", ["medecin"]),
        ("وکیل کجاست", ["وكيل"]),
        ("où est", ["ou", "est"]),
        ("thelo dikhgoro", ["dikhgoro"]),
    ],
)
def test_function_words_are_marked(question: str, subject: list[str]) -> None:
    assert [word.text for word in analyzer.parse(question).subject] == subject


@pytest.mark.parametrize("word", ["where", "can", "my", "που", "θελω", "اين", "كيف", "je", "ou", "كجا"])
def test_stop_words_of_the_languages(word: str) -> None:
    assert word in STOPWORDS


def test_a_thing_in_one_language_is_no_function_word_of_another() -> None:
    assert STOPWORDS.isdisjoint({"car", "son", "sur", "help", "work", "home"})


@pytest.mark.parametrize(
    ("typed", "prefixes"), [("law scho", ["scho"]), ("law sc", []), ("school ", []), ("school?", [])]
)
def test_only_the_last_word_may_be_unfinished(typed: str, prefixes: list[str]) -> None:
    assert [word.text for word in analyzer.parse(typed).words if word.prefix] == prefixes


def test_tokens_are_words_followed_by_their_forms() -> None:
    assert analyzer.tokens("Δωρεάν μαθήματα") == ["δωρεαν", "~δωρ", "^dore", "μαθηματα", "~μαθημ", "^maqimat"]


@pytest.mark.parametrize(
    ("written", "typed"), [("Α.Φ.Μ.", "ΑΦΜ"), ("l'aide d'urgence", "aide urgence"), ("医院在哪里", "医院")]
)
def test_acronyms_elisions_and_unspaced_scripts(written: str, typed: str) -> None:
    assert _finds(typed, written)


def test_a_query_is_clamped() -> None:
    query = analyzer.parse("a1 " * 10_000)
    assert (len(query.words), query.folded) == (24, " ".join(["a1"] * 24))
    assert analyzer.parse("x" * 10_000).words[0].text == "x" * 48
    assert analyzer.parse("").words == ()


@settings(max_examples=100)
@given(st.text(st.characters(), max_size=120))
def test_any_text_gives_tokens_that_stay_whole(text: str) -> None:
    assert all(token.split() == [token] and token.encode() for token in analyzer.tokens(text))
    for word in analyzer.parse(text).words:
        assert word.alternatives[0] == (word.text, 1.0)
        assert {token for token, weight in word.alternatives[1:] if weight >= 1} == set()


@pytest.mark.parametrize("hostile", ["a." * 100_000, "l'" * 100_000, "\u0301" * 100_000, "h" * 100_000, "α" * 100_000])
def test_hostile_text_costs_linear_time(hostile: str) -> None:
    start = time.perf_counter()
    analyzer.tokens(hostile)
    analyzer.parse(hostile)
    assert time.perf_counter() - start < 2
