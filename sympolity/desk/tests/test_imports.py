"""A file from the upload to the report: nothing is written before somebody has seen what would be."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from sympolity.desk.tests.people import HEAD, ROWS, Desk
from sympolity.directory.models import Service
from sympolity.exchange import uploads
from sympolity.exchange.models import ImportRun, Mapping
from sympolity.sharing.models import Proposal
from sympolity.trail.models import Entry

TABLE = HEAD + "".join(ROWS)


def test_a_table_from_the_upload_to_its_services(desk: Desk) -> None:
    run = desk.bring(TABLE, source="nea-chora", names=("Υπηρεσίες 2026.csv",))
    assert (run.state, run.names) == ("previewing", ["Υπηρεσίες 2026.csv"])
    assert "Is being read" in desk.page(f"imports/{run.id}/").text
    desk.work()
    run.refresh_from_db()
    assert run.state == "columns"
    assert "Where do the columns go?" in desk.page(f"imports/{run.id}/columns/").h1
    desk.map(run, **{"save-as": "Nea Chora"})
    desk.work()
    assert Service.objects.count() == Proposal.objects.count() == 0
    page = desk.page(f"imports/{run.id}/")
    assert "What would happen" in page.text
    assert "مطبخ الحي" in page.text
    assert desk.say(run, "apply") == 302
    assert "Is being written" in desk.page(f"imports/{run.id}/").text
    desk.work()
    run.refresh_from_db()
    assert (run.state, run.report["results"]["created"], run.report["results"]["waiting"]) == ("done", 2, 1)
    assert set(Service.objects.values_list("name", flat=True)) == {"Συσσίτιο", "مطبخ الحي"}
    assert "What was done" in desk.page(f"imports/{run.id}/").text
    assert uploads.root().is_dir()
    assert list(uploads.root().iterdir()) == []  # the file is gone when it is in
    assert list(Mapping.objects.values_list("name", flat=True)) == ["Nea Chora"]
    verbs = list(Entry.objects.filter(noun="import_run").order_by("position").values_list("verb", flat=True))
    assert verbs == ["received", "columns", "previewing", "preview", "running", "done"]


def test_a_table_without_the_name_of_its_source_is_not_taken(desk: Desk) -> None:
    said = {"id": uuid4(), "format": "csv", "source": " ", "files": [SimpleUploadedFile("list.csv", TABLE.encode())]}
    response = desk.admin.post("/en/desk/imports/new/", said)
    assert response.status_code == 422
    assert 'href="#source"' in response.content.decode()
    assert "Name the source." in response.content.decode()
    assert ImportRun.objects.count() == 0


def test_the_same_again_changes_nothing_and_one_changed_row_is_one(desk: Desk) -> None:
    run = desk.previewed(TABLE)
    desk.say(run, "apply")
    desk.work()
    again = desk.previewed(TABLE)
    assert again.report["results"] == {**dict.fromkeys(again.report["results"], 0), "unchanged": 2, "waiting": 1}
    desk.say(again, "drop")
    changed = desk.previewed(TABLE.replace("Οδός 2", "Οδός 22"))
    assert changed.report["results"]["updated"] == 1
    (row,) = [row for row in changed.report["examples"] if row["outcome"] == "updated"]
    assert row["fields"] == [["locations.1.texts.address.el", "Οδός 2", "Οδός 22", "el"]]
    assert "Οδός 22" in desk.page(f"imports/{changed.id}/").text


def test_a_form_that_is_sent_twice_makes_one_import(desk: Desk) -> None:
    made = uuid4()
    assert desk.bring(TABLE, id=made).id == desk.bring(TABLE, id=made).id
    assert ImportRun.objects.count() == 1
    assert len(list(uploads.root().iterdir())) == 1


def test_a_button_that_is_pressed_twice_acts_once(desk: Desk) -> None:
    run = desk.previewed(TABLE)
    assert [desk.say(run, "apply"), desk.say(run, "apply"), desk.say(run, "drop")] == [302, 302, 302]
    run.refresh_from_db()
    assert run.state == "running"
    desk.work()
    assert desk.say(run, "apply") == 302
    desk.work()
    assert Service.objects.count() == 2


def test_another_import_of_the_source_waits_until_the_first_has_ended(desk: Desk) -> None:
    first, second = desk.previewed(TABLE), desk.previewed(TABLE)
    desk.say(first, "apply")
    assert desk.say(second, "apply") == 409
    second.refresh_from_db()
    assert second.state == "preview"
    desk.work()
    assert desk.say(second, "apply") == 302
    desk.work()
    second.refresh_from_db()
    assert second.report["results"]["unchanged"] == 2


def test_many_endings_want_a_word(desk: Desk) -> None:
    run = desk.bring(TABLE)
    desk.work()
    run.refresh_from_db()
    desk.map(run, whole="1")
    desk.work()
    desk.say(run, "apply")
    desk.work()
    shorter = desk.bring(HEAD + ROWS[0])
    desk.work()
    shorter.refresh_from_db()
    desk.map(shorter, whole="1")
    desk.work()
    assert "shall end" in desk.page(f"imports/{shorter.id}/").text
    assert desk.say(shorter, "apply") == 409
    assert desk.say(shorter, "apply", endings="1") == 302
    desk.work()
    shorter.refresh_from_db()
    assert (shorter.state, shorter.report["ended"]) == ("done", 1)


def test_what_is_thrown_away_is_gone(desk: Desk) -> None:
    run = desk.previewed(TABLE)
    assert desk.say(run, "drop") == 302
    run.refresh_from_db()
    assert (run.state, run.report, run.peek) == ("dropped", {}, {})
    assert list(uploads.root().iterdir()) == []
    assert "Thrown away" in desk.page(f"imports/{run.id}/").text


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"to-1": ""}, "to-0"),
        ({"to-2": ""}, "all-organization"),
        ({"to-6": ""}, "to-5"),
        ({"to-0": "name"}, "to-1"),
    ],
)
def test_a_mapping_that_cannot_stay_says_where(desk: Desk, said: dict[str, str], where: str) -> None:
    run = desk.bring(TABLE)
    desk.work()
    run.refresh_from_db()
    form = {"verb": "map"} | {f"to-{at}": one.get("to", "") for at, one in enumerate(run.peek["guess"]["columns"])}
    response = desk.admin.post(f"/en/desk/imports/{run.id}/columns/", form | said)
    assert response.status_code == 422
    assert f'href="#{where}"' in response.content.decode()
    run.refresh_from_db()
    assert run.state == "columns"


def test_a_saved_mapping_is_offered_and_used(desk: Desk) -> None:
    first = desk.bring(TABLE)
    desk.work()
    first.refresh_from_db()
    desk.map(first, **{"save-as": "Λίστα", "to-7": ""})
    other = desk.bring(TABLE)
    desk.work()
    assert "Λίστα" in desk.page(f"imports/{other.id}/columns/").text
    page = desk.admin.get(f"/en/desk/imports/{other.id}/columns/", {"saved": "Λίστα"})
    assert page.context["questions"][7].to == ""
    assert desk.admin.get(f"/en/desk/imports/{other.id}/columns/", {"saved": "no such"}).status_code == 200
