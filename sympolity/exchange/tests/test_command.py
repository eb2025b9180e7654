"""``sympolity import`` says what happened, to a person, to a program, and by its exit code."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from sympolity.directory.models import Service
from sympolity.exchange.tests.features import a_feature, in_arabic
from sympolity.exchange.tests.features import written as listed
from sympolity.exchange.tests.pages import a_page, a_record, written
from sympolity.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _facts(db: None) -> None:
    from sympolity.directory import needs
    from sympolity.places import actions as places

    places.load_areas()
    needs.record_needs(actor=SYSTEM, needs=needs.load())


def run(*words: Any) -> tuple[int, str, str]:
    """(exit code, what was printed, what the error says)."""
    out = StringIO()
    try:
        call_command("import_file", *map(str, words), stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue(), str(error)
    return 0, out.getvalue(), ""


def test_done(tmp_path: Path) -> None:
    code, out, _ = run("signpost", written(tmp_path, a_page(a_record(1), a_record(2))))
    assert code == 0
    assert "created          2" in out
    assert "UNKNOWN" not in out
    assert Service.objects.count() == 2


def test_some_refused_and_an_unknown_key_are_said(tmp_path: Path) -> None:
    page = a_page(a_record(1), a_record(2, name="", name_es=""), a_record(3, fax="1\x1b[31m"), licence="CC")
    code, out, error = run("signpost", written(tmp_path, page))
    assert (code, error) == (1, "1 of 3 records were refused (see above); the others are in.")
    assert "record 2 (line 1), id 2: name: it is empty" in out
    assert "!! UNKNOWN KEYS" in out
    assert "\n  licence\n  fax" in out
    assert "\x1b" not in out


def test_the_report_for_a_program(tmp_path: Path) -> None:
    code, out, _ = run("signpost", written(tmp_path, a_page(a_record(1))), "--json", "--dry-run")
    data = json.loads(out)
    assert (code, data["results"]["created"], data["dry_run"], data["unknown_keys"]) == (0, 1, True, [])
    assert [row["share"] for row in data["keys"] if row["key"] == "name_en"] == [1.0]
    assert not Service.objects.exists()


def test_a_broken_file_writes_nothing(tmp_path: Path) -> None:
    whole = json.dumps(a_page(a_record(1), a_record(2)))
    code, out, error = run("signpost", written(tmp_path, whole[:-80]))
    assert (code, out) == (1, "")
    assert "it was cut" in error
    assert not Service.objects.exists()


def test_every_record_has_an_outcome_and_what_waits_is_told(tmp_path: Path) -> None:
    page = a_page(a_record(1), a_record(1), a_record(1) | {"id": 9}, a_record(2, name="", name_es=""))
    code, out, _ = run("signpost", written(tmp_path, page))
    assert code == 1
    assert "together         4 of 4 records" in out
    assert "Waiting for a person (1 of them new) (1):\n  record 3 (line 1), id 9: likely the same as id 1" in out
    assert "Repeated, the same (1):\n  record 2 (line 1)" in out


def test_two_files_in_two_languages(tmp_path: Path) -> None:
    files = [listed(tmp_path, [in_arabic(1), in_arabic(2)], "x.json"), listed(tmp_path, [a_feature(1)], "y.json")]
    code, out, _ = run("services_advisor", *files, "--json")
    data = json.loads(out)
    assert (code, data["results"]["created"], data["already_over"], data["records"]) == (0, 2, 2, 2)
    assert Service.objects.get(origin="Services Advisor", lang="en").name == "Education opportunities: Tutoring"
    code, _, error = run("signpost", *files)
    assert (code, error) == (1, "signpost takes 1 file; here are 2.")


def test_what_is_not_understood(tmp_path: Path) -> None:
    code, _, error = run("signpost", written(tmp_path, a_page()), "--source", "Two Words")
    assert (code, error.split(":")[0]) == (2, "--source")
