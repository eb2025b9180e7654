"""``verify`` sees what differs: ids of the lists, documents, followers that lag, triggers."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from sympolity.directory import actions
from sympolity.directory.models import Service
from sympolity.directory.tests.conftest import House, build
from sympolity.kit.actor import SYSTEM
from sympolity.ops.backups import comparing
from sympolity.ops.backups.comparing import compare
from sympolity.search.indexer import Indexer
from sympolity.trail import guard

SERVICES = 12


@pytest.fixture
def house(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """A small network with its index in a folder of the test."""
    monkeypatch.setattr(settings, "INDEX_ROOT", tmp_path / "index")
    house = build()
    actions.record_services(actor=SYSTEM, drafts=[house.service(f"place {n}", house.shelter) for n in range(SERVICES)])
    Indexer(tmp_path / "index").rebuild()
    return house


def _verify() -> str:
    said = StringIO()
    call_command("verify", stdout=said)
    return said.getvalue()


def _faults() -> str:
    return "\n".join(compare(settings.INDEX_ROOT).faults)


def _first() -> UUID:
    return Service.objects.order_by("id").values_list("id", flat=True)[0]


def test_a_sound_one_is_told_with_its_numbers(house: House) -> None:
    told = _verify()
    assert f"{SERVICES} services in the lists of staff, {SERVICES} in those of everybody" in told
    assert "0 entries behind" in told
    assert told.endswith("sound\n")


def test_equal_numbers_of_other_services_are_a_fault(house: House) -> None:
    actions.record_services(actor=SYSTEM, drafts=[house.service("later", house.shelter)])
    Service.objects.filter(id=_first()).update(status="inactive")  # as many as before, behind the back of the index
    told = _faults()
    assert "has 1 services in the list of public" in told
    assert "lacks 1 services in the list of public" in told


def test_a_document_that_says_something_else_is_a_fault(house: House) -> None:
    Service.objects.filter(id=_first()).update(name="Changed in the table")
    assert "1 documents of the find index differ" in _faults()
    Indexer(settings.INDEX_ROOT).rebuild()
    assert _faults() == ""


def test_a_document_without_its_row_is_a_fault(house: House) -> None:
    Service.objects.filter(id=_first()).delete()
    assert str(compare(settings.INDEX_ROOT).faults).count("sympolity index --rebuild") >= 2


def test_an_index_that_lags_is_waited_for_and_then_told(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    actions.record_services(actor=SYSTEM, drafts=[house.service("later", house.shelter)])
    found = comparing.settled(settings.INDEX_ROOT, patience=0)
    assert found.behind == 1
    assert any("1 entries behind" in fault for fault in found.faults)
    indexer, looks = Indexer(settings.INDEX_ROOT), iter((False, True, True))

    def catch_up(_: float) -> None:
        if next(looks):
            while indexer.step():
                pass

    monkeypatch.setattr("sympolity.ops.backups.comparing.time.sleep", catch_up)
    assert comparing.settled(settings.INDEX_ROOT).faults == []


def test_a_missing_index_and_a_missing_trigger_are_faults(house: House) -> None:
    (settings.INDEX_ROOT / "current").unlink()
    with connection.cursor() as cursor:
        where = "" if connection.vendor == "sqlite" else " ON trail_entry"
        cursor.execute(f"DROP TRIGGER trail_entry_no_update{where}")
    with pytest.raises(CommandError) as said:
        _verify()
    assert "trigger trail_entry_no_update is missing" in str(said.value)
    assert "the find index is missing or damaged" in str(said.value)
    guard.make()


def test_a_changed_entry_is_a_fault(house: House) -> None:
    guard.drop()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE trail_entry SET verb = 'other' WHERE position = 2")
    guard.make()
    with pytest.raises(CommandError, match="entry 2 is broken"):
        _verify()


def test_a_backup_file_is_checked_alone(small: Path) -> None:
    said = StringIO()
    call_command("verify", "--backup", str(small), stdout=said)
    assert connection.vendor in said.getvalue()
    assert said.getvalue().endswith("sound\n")
