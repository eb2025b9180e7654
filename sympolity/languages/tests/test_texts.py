"""Texts: the best words for a reader, and whether they are still true to the source."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from sympolity.kit import nouns
from sympolity.languages import texts
from sympolity.languages.models import Text, TextState
from sympolity.languages.texts import Said

pytestmark = pytest.mark.django_db


@dataclass
class Leaflet:
    """A noun of these tests: a Greek leaflet with two text fields."""

    name: str = "Νομική βοήθεια"
    note: str = ""
    lang: str = "el"
    id: uuid.UUID = field(default_factory=uuid.uuid4)


@pytest.fixture(autouse=True)
def _leaflets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaflets are known while a test runs, and forgotten after it."""
    monkeypatch.setitem(nouns._nouns, "leaflet", nouns.Noun("leaflet", Leaflet, {}, text_fields=("name", "note")))


def _write(thing: Leaflet, state: str = TextState.HUMAN, **bodies: str) -> int:
    return texts.write(noun="leaflet", texts={thing.id: {"name": bodies}}, sources={thing.id: thing}, state=state)


def _said(thing: Leaflet, reader: str, field: str = "name") -> Said:
    return texts.bundles("leaflet", [thing])[thing.id].said(field, reader)


def test_a_reader_gets_their_own_language() -> None:
    thing = Leaflet()
    assert _write(thing, en="Legal help", ar="مساعدة قانونية") == 2
    assert _said(thing, "ar") == Said("مساعدة قانونية", "ar")
    assert _said(thing, "ar").dir == "rtl"
    assert _said(thing, "el") == Said("Νομική βοήθεια", "el")


def test_without_it_english_then_the_source_then_whatever_there_is() -> None:
    thing = Leaflet()
    assert _said(thing, "ur") == Said("Νομική βοήθεια", "el")
    _write(thing, en="Legal help")
    assert _said(thing, "ur") == Said("Legal help", "en")
    empty = Leaflet(name="")
    _write(empty, so="Caawimaad")
    assert _said(empty, "ur") == Said("Caawimaad", "so", outdated=False)
    assert not _said(Leaflet(name=""), "ur")


def test_a_text_is_outdated_once_the_source_says_something_else_and_current_when_it_says_it_again() -> None:
    thing = Leaflet()
    _write(thing, en="Legal help")
    thing.name = "Νομική βοήθεια και διερμηνεία"
    assert _said(thing, "en") == Said("Legal help", "en", outdated=True)
    _write(thing, en="Legal help and interpreting")
    assert _said(thing, "en") == Said("Legal help and interpreting", "en")


def test_outdated_is_told_for_each_field() -> None:
    thing = Leaflet(note="Μέχρι τις 5")
    body = {"name": {"en": "Legal help"}, "note": {"en": "Until 5"}}
    texts.write(noun="leaflet", texts={thing.id: body}, sources={thing.id: thing})
    thing.note = "Μέχρι τις 6"
    assert (_said(thing, "en").outdated, _said(thing, "en", "note").outdated) == (False, True)


def test_a_machines_words_are_marked_until_a_person_writes_them() -> None:
    thing = Leaflet()
    _write(thing, TextState.MACHINE, en="Legal aid")
    assert _said(thing, "en").machine
    _write(thing, TextState.REVIEWED, en="Legal help")
    assert _said(thing, "en") == Said("Legal help", "en")
    assert Text.objects.count() == 1


def test_an_empty_body_removes_the_text() -> None:
    thing = Leaflet()
    _write(thing, en="Legal help")
    assert _write(thing, en="  \u200f ") == 0
    assert Text.objects.count() == 0


def test_the_source_language_and_unknown_languages_are_not_stored() -> None:
    thing = Leaflet()
    assert _write(thing, el="Άλλο", xx="?", ku="Alîkariya qanûnî") == 1
    assert list(Text.objects.values_list("language", "body")) == [("kmr", "Alîkariya qanûnî")]


def test_controls_that_turn_a_line_around_are_not_stored() -> None:
    thing = Leaflet()
    _write(thing, en="Legal\u202ehelp\u0000")
    assert Text.objects.get().body == "Legalhelp"


def test_a_field_that_is_no_text_is_refused() -> None:
    thing = Leaflet()
    with pytest.raises(KeyError, match="phone"):
        texts.write(noun="leaflet", texts={thing.id: {"phone": {"en": "1"}}}, sources={thing.id: thing})


def test_all_tells_the_source_first() -> None:
    thing = Leaflet()
    _write(thing, en="Legal help", ar="مساعدة")
    bundle = texts.bundles("leaflet", [thing])[thing.id]
    assert list(bundle.all("name")) == ["el", "ar", "en"]
    assert bundle.languages() == {"el", "ar", "en"}
    assert bundle.all("note") == {}


@pytest.mark.parametrize("count", [1, 3])
def test_one_query_whatever_the_number_of_things(count: int, django_assert_num_queries: Any) -> None:
    things = [Leaflet() for _ in range(count)]
    for thing in things:
        _write(thing, en="Legal help")
    with django_assert_num_queries(1):
        found = texts.bundles("leaflet", things)
    assert {bundle.said("name", "en").body for bundle in found.values()} == {"Legal help"}
    assert len(found) == count


def test_nothing_is_asked_for_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert texts.bundles("leaflet", []) == {}


def test_the_database_refuses_a_second_text_and_an_unknown_state() -> None:
    thing = Leaflet()
    _write(thing, en="Legal help")
    row = Text.objects.get()
    for change in ({"state": row.state}, {"state": "guessed", "language": "fr"}):
        again = Text(
            noun=row.noun,
            noun_id=row.noun_id,
            field=row.field,
            body="x",
            source_hash="",
            **{"language": "en", **change},
        )
        with pytest.raises(IntegrityError), transaction.atomic():
            again.save()
