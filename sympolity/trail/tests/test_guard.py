"""Entries are immutable, whoever asks the database and whatever a migration does to the table."""

from __future__ import annotations

from copy import copy

import pytest
from django.core import checks
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction

from sympolity.trail import guard
from sympolity.trail.models import Entry
from sympolity.trail.tests.writing import positions, write

_COLUMNS = "position, at, verb, noun, noun_id, detail_hash, previous, digest"
_ROW = f"SELECT {_COLUMNS} FROM trail_entry WHERE position = 1"


def _refused(sql: str) -> None:
    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def _findings() -> list[str | None]:
    return [
        found.id
        for found in checks.run_checks(tags=[checks.Tags.database], databases=["default"])
        if (found.id or "").startswith("trail.")
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE trail_entry SET verb = 'never' WHERE position = 1",
        "UPDATE trail_entry SET verb = verb",
        "DELETE FROM trail_entry WHERE position = 1",
        "DELETE FROM trail_entry",
        f"INSERT INTO trail_entry ({_COLUMNS}) {_ROW} AND 1 = 1 ON CONFLICT (position) DO UPDATE SET verb = 'never'",
    ],
)
def test_entries_cannot_be_changed_or_deleted(sql: str) -> None:
    write("published")
    before = list(Entry.objects.values())
    _refused(sql)
    assert list(Entry.objects.values()) == before


@pytest.mark.django_db
@pytest.mark.only_on("sqlite")  # ON CONFLICT DO UPDATE above is its twin on PostgreSQL
@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE"])
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_replace_is_refused_even_without_recursive_triggers(verb: str, recursive: str) -> None:
    write("published")
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA recursive_triggers={recursive}")
    try:
        _refused(f"{verb} INTO trail_entry ({_COLUMNS}) {_ROW}")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers=ON")


@pytest.mark.django_db
def test_the_orm_is_refused_too() -> None:
    write("published")
    entry = Entry.objects.get()
    entry.verb = "never"
    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        entry.save()
    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        Entry.objects.filter(position=1).update(verb="never")


@pytest.mark.django_db
def test_nothing_is_missing_after_migrations() -> None:
    assert guard.missing() == []
    assert _findings() == []


@pytest.mark.django_db(transaction=True)
def test_a_missing_trigger_is_reported_and_migrate_brings_it_back() -> None:
    guard.drop()
    assert guard.missing() == sorted(guard.NAMES if connection.vendor == "sqlite" else guard.NAMES[:2])
    assert _findings() == ["trail.E001"]
    call_command("migrate", verbosity=0)
    assert (guard.missing(), _findings()) == ([], [])


@pytest.mark.django_db(transaction=True)
def test_triggers_survive_a_migration_that_alters_the_table() -> None:
    write("published")
    old = Entry._meta.get_field("verb")
    assert isinstance(old, models.CharField)
    wide = copy(old)
    wide.max_length = 60
    try:
        with connection.schema_editor() as editor:
            editor.alter_field(Entry, old, wide, strict=False)
        assert bool(guard.missing()) is (connection.vendor == "sqlite"), "SQLite makes the table anew, without triggers"
        assert _findings() == (["trail.E001"] if guard.missing() else [])
        call_command("migrate", verbosity=0)
        assert (guard.missing(), _findings()) == ([], [])
        _refused("DELETE FROM trail_entry")
        assert positions() == [1]
    finally:
        with connection.schema_editor() as editor:
            editor.alter_field(Entry, wide, old, strict=False)
        guard.make()


@pytest.mark.django_db(transaction=True)
class TestFlush:
    """Transactional tests empty the table; the triggers stand again for the next test."""

    def test_first_leaves_an_entry(self) -> None:
        write("published")
        assert positions() == [1]

    def test_second_finds_an_empty_table_with_triggers(self) -> None:
        assert positions() == []
        assert guard.missing() == []
        write("published")
        _refused("DELETE FROM trail_entry")
