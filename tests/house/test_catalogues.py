"""The catalogues of the interface are whole: what pages and code say is said in every language.

The sentences are found twice: by Python's own reading of code and templates, on every machine,
and by the extraction developers run, where gettext is installed.
"""

from __future__ import annotations

import ast
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import polib  # type: ignore[import-untyped]
import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import translation
from django.utils.translation.template import templatize

from sympolity.kit.actor import SYSTEM
from sympolity.kit.bidi import clean_text
from sympolity.languages import registry
from sympolity.ops import catalogues
from sympolity.people.actions import PersonItem, enrol_persons
from sympolity.portal.sheet_words import PARTIAL
from tests.document import read

PACKAGE = Path(__file__).resolve().parents[2] / "sympolity"
# English is the language of the source.
LANGUAGES = [row.code for row in registry.INTERFACE if row.code != registry.FALLBACK]
# Languages that have the words of printed sheets only: contexts that begin with this.
PART = "sheet"
FORMS = {
    "el": 2,
    "ar": 6,
    "fr": 2,
    "fa": 2,
    "ur": 2,
}  # CLDR 47: Greek one, other; Arabic zero, one, two, few, many, other
# Plural forms that stand for a single number: there the number may be a word ("مكانان", two places).
ONE_NUMBER = {"el": {0}, "ar": {0, 1, 2}}
# Names and what has no other form. Everything else in Latin letters is a forgotten English word.
NAMES = {
    "LGBTQI", "Sympolity", "SQLite", "WhatsApp", "SIM", "Natural Earth", "cookies", "email", "Email", "name@organization.gr",
    "JavaScript", "WCAG", "EN", "EU", "AA", "axe", "https", "QR", "p-codes", "find index", "A", "cookie", "A4", "A6", "MB", "GB", "JSON", "CSV",
    "Escape", "Ctrl", "UTF", "xlsx", "OpenStreetMap",
}  # fmt: skip
# What is typed at the console stands as it is typed.
_COMMANDS = re.compile(r"sympolity( [a-z]+)?( --[a-z]+)?")
SAME_AT_MOST = 0.03
SAME_WORDS = {"fr": {"Code", "Parents", ", "}}  # of one spelling in both languages

Key = tuple[str, str, str]  # context, sentence, plural
_CALLS = {"gettext": "m", "pgettext": "cm", "ngettext": "mp", "npgettext": "cmp"}
_LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_IN_TEMPLATE = re.compile(rf"\b(n?p?gettext)\(({_LITERAL}(?:,\s*{_LITERAL})*)")


def _key(call: str, texts: list[str]) -> Key:
    said = dict(zip(_CALLS[call], texts, strict=False))
    return said.get("c", ""), said["m"], said.get("p", "")


def _in_code(source: str) -> Iterator[Key]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", "")).removesuffix("_lazy")
            if name in _CALLS and node.args:
                texts = [ast.literal_eval(one) for one in node.args[: len(_CALLS[name])]]
                yield _key(name, texts)


def _in_template(source: str) -> Iterator[Key]:
    for call, literals in _IN_TEMPLATE.findall(templatize(source)):
        yield _key(call, [ast.literal_eval(one) for one in re.findall(_LITERAL, literals)])


def _sources(*suffixes: str) -> list[Path]:
    return [
        path for suffix in suffixes for path in sorted(PACKAGE.rglob(f"*{suffix}"))
        if not {"tests", "vendor"} & set(path.relative_to(PACKAGE).parts)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def said() -> set[Key]:
    """Every sentence of code and templates."""
    found = {key for path in _sources(".py") for key in _in_code(path.read_text(encoding="utf-8"))}
    return found | {key for path in _sources(".html", ".txt") for key in _in_template(path.read_text(encoding="utf-8"))}


@pytest.fixture(params=[*LANGUAGES, *PARTIAL])
def catalogue(request: pytest.FixtureRequest) -> Any:
    return _read(PACKAGE / "locale" / request.param)


def _read(folder: Path) -> Any:
    return polib.pofile(str(folder / "LC_MESSAGES" / "django.po"), check_for_duplicates=True)


def _keys(rows: Any) -> set[Key]:
    return {(row.msgctxt or "", row.msgid, row.msgid_plural or "") for row in rows}


def _texts(row: Any) -> list[str]:
    return list(row.msgstr_plural.values()) if row.msgid_plural else [row.msgstr]


def _wanted(catalogue: Any, said: set[Key]) -> set[Key]:
    """What a catalogue has to hold: everything, or its part."""
    if catalogue.metadata["Language"] in LANGUAGES:
        return said
    return {key for key in said if key[0].startswith(PART)}


def test_every_sentence_is_translated_and_no_other_is_kept(catalogue: Any, said: set[Key]) -> None:
    assert len(said) > 300, "the reading of the sources finds too little"
    wanted = _wanted(catalogue, said)
    assert len(wanted) > 50
    assert _keys(catalogue) - wanted == set(), "nobody says this any more: run sympolity extract"
    translated = [row for row in catalogue if row.translated() and all(text for text in _texts(row))]
    assert wanted - _keys(translated) == set(), "not translated: run sympolity extract, then translate"


def test_every_catalogue_is_whole_or_says_which_part_it_is() -> None:
    found = {folder.name: _read(folder).metadata.get("X-Part") for folder in (PACKAGE / "locale").iterdir()}
    assert found == dict.fromkeys(LANGUAGES) | dict.fromkeys(PARTIAL, PART)
    assert {code for code in PARTIAL if registry.get(code).interface} == set()


def test_the_extraction_finds_the_same(said: set[Key], tmp_path: Path, settings: Any) -> None:
    if not shutil.which("xgettext"):
        pytest.skip("THE EXTRACTION IS NOT TESTED: no xgettext. On Debian: apt-get install gettext")
    copy = tmp_path / PACKAGE.name
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("tests", "vendor", "static", "*.mo", "__pycache__"))
    settings.LOCALE_PATHS = [copy / "locale"]
    call_command("extract", check=True)
    for code in [*LANGUAGES, *PARTIAL]:
        extracted = _read(copy / "locale" / code)
        assert _keys(extracted) == _wanted(extracted, said)
        assert str(extracted.metadata) == str(_read(PACKAGE / "locale" / code).metadata)


def test_the_header_tells_the_plurals_and_who_has_read_it(catalogue: Any) -> None:
    code = catalogue.metadata["Language"]
    assert f"nplurals={FORMS[code]};" in catalogue.metadata["Plural-Forms"]
    assert (catalogue.metadata["X-Reviewed-By"] != "nobody yet") == registry.get(code).reviewed
    assert {len(row.msgstr_plural) for row in catalogue if row.msgid_plural} == (
        {FORMS[code]} if code in LANGUAGES else set()
    )


def _places(text: str) -> Counter[str]:
    return Counter(re.findall(r"%\(\w+\)[a-z]|%[a-z%]|\{\w*\}", text))


def test_what_is_filled_in_is_the_same_in_every_language(catalogue: Any) -> None:
    code = catalogue.metadata["Language"]
    for row in catalogue:
        wanted = _places(row.msgid_plural or row.msgid)
        for form, text in enumerate(_texts(row)):
            found = _places(text)
            worded = bool(row.msgid_plural) and form in ONE_NUMBER[code]
            assert found == wanted or (worded and found < wanted), (row.msgctxt, text)


def test_spaces_and_line_ends_are_those_of_the_source(catalogue: Any) -> None:
    for row in catalogue:
        for text in _texts(row):
            assert (text[:1].isspace(), text[-1:].isspace(), text.count("\n")) == (
                row.msgid[:1].isspace(), row.msgid[-1:].isspace(), row.msgid.count("\n"),
            ), row.msgid  # fmt: skip
            assert "  " not in text, row.msgid


def test_hardly_a_sentence_is_left_as_it_was(catalogue: Any) -> None:
    alike = SAME_WORDS.get(catalogue.metadata["Language"], set())
    same = [row.msgid for row in catalogue if row.msgid in _texts(row) and row.msgid not in alike]
    print(f"{catalogue.metadata['Language']}: {len(same)} of {len(catalogue)} are the source: {same}")
    assert len(same) < SAME_AT_MOST * len(catalogue)


def test_the_letters_are_those_of_the_language(catalogue: Any) -> None:
    # Not in Arabic letters: vowel marks, the stretching stroke, their own digits, our comma and question mark.
    arabic = "[\u064b-\u0652\u0640\u0660-\u0669\u06f0-\u06f9,;?]"
    if catalogue.metadata["Language"] == "fr":
        return
    strange = {"ar": arabic, "fa": arabic, "ur": arabic, "el": "[?]"}[catalogue.metadata["Language"]]
    for row in catalogue:
        for text in _texts(row):
            bare = _COMMANDS.sub("", re.sub(r"%\(\w+\)[a-z]|\{\w+\}", "", text))
            assert (_latin(bare, NAMES), re.findall(strange, bare)) == ([], []), text


def test_nothing_invisible_turns_the_text(catalogue: Any) -> None:
    for row in catalogue:
        for text in _texts(row):
            assert clean_text(text).strip() == text.strip(), row.msgid


def test_numbers_of_things_read_right() -> None:
    """The plural rule of the header and the forms belong together."""
    catalogues.compile_all()
    words = {}
    for code in LANGUAGES:
        with translation.override(code):
            for n in (0, 1, 2, 3, 10, 11, 99, 100, 102, 103):
                words[code, n] = translation.npgettext("find", "%(n)d place", "%(n)d places", n) % {"n": n}
    assert [words["el", n] for n in (0, 1, 2)] == ["0 σημεία", "1 σημείο", "2 σημεία"]
    assert [words["ar", n] for n in (1, 2, 3, 10, 11, 99, 100, 102, 103)] == [
        "مكان واحد", "مكانان", "3 أماكن", "10 أماكن", "11 مكانا", "99 مكانا", "100 مكان", "102 مكان", "103 أماكن",
    ]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("code", LANGUAGES)
def test_who_signs_in_reads_one_language(code: str) -> None:
    """Pages, errors and mails of signing in, those of Django and allauth among them."""
    catalogues.compile_all()
    cache.clear()
    enrol_persons(actor=SYSTEM, items=[PersonItem(id=UUID(int=7), email="7@8.example", name="7")])
    client, start = Client(HTTP_HOST="127.0.0.1"), f"/{code}/account/"
    pages = [client.get(start), client.get(f"{start}?ended=late"), client.get(f"{start}?ended=tries")]
    pages += [client.post(start, {"email": typed}) for typed in ("", "ελένη", "e@", "e" * 260 + "@work.example")]
    for address in ("9@8.example", "7@8.example"):  # nobody's, then somebody's
        assert client.post(start, {"email": address})["Location"] == f"{start}code/"
    pages += [client.post(f"{start}code/", {"code": typed}) for typed in ("", "1" * 50)]
    client.post(f"{start}code/", {"code": re.findall(r"\b\d{6}\b", str(mail.outbox[-1].body))[0]})
    pages += [client.get(start), client.get(f"/{code}/nowhere/")]
    assert [page.status_code for page in pages] == [*[200] * 10, 404]
    cache.clear()
    texts = [
        *(read(page.content.decode()).text for page in pages),
        *(f"{one.subject} {one.body}" for one in mail.outbox),
    ]
    names = {row.name for row in registry.INTERFACE} | NAMES | {"9@8.example", "7@8.example"}
    assert [_latin(text, names) for text in texts] == [[]] * (len(pages) + 2)


def _latin(text: str, names: set[str]) -> list[str]:
    known = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.findall("[A-Za-z]+", re.sub(known, "", text))
