"""``verify`` tells sound, erased and broken apart."""

from __future__ import annotations

import pytest
from django.db import connection

from sympolity.trail import guard
from sympolity.trail.models import Entry, EntryDetail
from sympolity.trail.tests.writing import OFFICER, SERVICE, write
from sympolity.trail.verify import erase, verify

pytestmark = pytest.mark.django_db


def _tamper(sql: str) -> None:
    """Change rows behind the trail's back, as somebody with the database in hand would."""
    with guard.opened(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_an_empty_trail_is_sound() -> None:
    report = verify()
    assert (report.sound, report.entries, report.head) == (True, 0, "0" * 64)


def test_a_trail_as_written_is_sound() -> None:
    write("drafted", "submitted")
    write("published")
    report = verify()
    assert (report.sound, report.entries, report.broken, report.erased) == (True, 3, [], [])
    assert report.head == Entry.objects.get(position=3).digest


@pytest.mark.parametrize(
    "change",
    [
        "verb = 'declined'",
        "noun = 'need'",
        "noun_id = previous_id",
        "at = (SELECT at FROM trail_entry WHERE position = 1)",
        "actor_id = NULL",
        "organization_id = NULL",
        "detail_hash = previous",
        "previous = detail_hash",
        "digest = detail_hash",
    ],
)
def test_a_changed_column_is_found(change: str) -> None:
    write("drafted")
    write("submitted")
    write("published")
    other = "'00000000000000000000000000000009'"
    _tamper(f"UPDATE trail_entry SET {change.replace('previous_id', other)} WHERE position = 2")
    report = verify()
    assert not report.sound
    assert 2 in report.broken
    assert 1 not in report.broken


def test_an_entry_with_a_digest_made_to_fit_breaks_the_next_one() -> None:
    from sympolity.trail.journal import digest_of

    write("drafted", "submitted", "published")
    forged = Entry.objects.get(position=2)
    forged.verb = "declined"
    forged.digest = digest_of(forged)
    with guard.opened():
        forged.save()
    assert verify().broken == [3]


def test_a_removed_entry_is_found() -> None:
    write("drafted", "submitted", "published")
    _tamper("DELETE FROM trail_entrydetail WHERE entry_id = 2")
    _tamper("DELETE FROM trail_entry WHERE position = 2")
    assert verify().broken == [3]


def test_a_changed_or_lost_detail_is_found() -> None:
    write("drafted", "submitted", "published")
    EntryDetail.objects.filter(entry_id=1).update(body={"after": {"verb": "declined"}})
    EntryDetail.objects.filter(entry_id=2).delete()
    assert verify().broken == [1, 2]


def test_a_missing_trigger_is_no_sound_trail() -> None:
    write("drafted")
    guard.drop()
    try:
        report = verify()
    finally:
        guard.make()
    assert (report.sound, report.broken) == (False, [])
    assert set(report.triggers_missing) == set(guard.NAMES if connection.vendor == "sqlite" else guard.NAMES[:2])


def test_erased_is_not_broken_and_nothing_of_the_detail_stays() -> None:
    write("drafted", "submitted", "published")
    before = list(Entry.objects.values())
    assert erase(actor=OFFICER, positions=[1, 3, 99], reason="asked by the person") == 2
    report = verify()
    assert (report.sound, report.entries, report.erased, report.broken) == (True, 5, [1, 3], [])
    assert list(EntryDetail.objects.filter(entry_id__in=[1, 3]).values_list("salt", "body")) == [("", {}), ("", {})]
    assert list(Entry.objects.filter(position__lte=3).values()) == before


def test_each_erasure_is_an_entry_of_its_own_and_happens_once() -> None:
    write("drafted", "submitted")
    erase(actor=OFFICER, positions=[2], reason="retention")
    assert erase(actor=OFFICER, positions=[2], reason="retention") == 0
    told = Entry.objects.select_related("detail").get(position=3)
    assert (told.verb, told.noun, told.noun_id, told.actor_id) == ("detail_erased", "service", SERVICE, OFFICER.person)
    assert told.detail.body == {"after": {"position": 2}, "public_note": "retention"}
    assert Entry.objects.count() == 3


def test_content_slipped_into_an_erased_detail_is_broken() -> None:
    write("drafted")
    erase(actor=OFFICER, positions=[1], reason="retention")
    EntryDetail.objects.filter(entry_id=1).update(body={"after": {"verb": "declined"}})
    assert verify().broken == [1]
