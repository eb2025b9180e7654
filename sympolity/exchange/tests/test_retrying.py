"""What could not be used is tried again as it came, once the reason is mended; and nothing is done by halves."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from sympolity.directory.models import Service
from sympolity.exchange import formats, retrying
from sympolity.exchange.formats import signpost
from sympolity.exchange.importing import run_import
from sympolity.exchange.running import Run
from sympolity.exchange.tests.pages import a_page, a_record, written
from sympolity.kit.actor import PUBLIC, SYSTEM, Actor, Grant, Role
from sympolity.kit.refusals import Refusal
from sympolity.sharing.models import Proposal
from sympolity.trail.models import Entry

pytestmark = pytest.mark.django_db
CURATOR = Actor(person=uuid4(), grants=frozenset({Grant(Role.CURATOR, everywhere=True)}))


@pytest.fixture
def facts() -> None:
    from sympolity.directory import needs
    from sympolity.places import actions as places

    places.load_areas()
    needs.record_needs(actor=SYSTEM, needs=needs.load())


def _brought(folder: Path, *records: Any, source: str = "signpost") -> dict[str, int]:
    result = run_import(formats.get("signpost"), [written(folder, a_page(*records))], source=source)
    return {name: number for name, number in result.counts.items() if number}


def _states() -> list[tuple[str, str]]:
    return sorted(Proposal.objects.exclude(state="superseded").values_list("source_id", "state"))


def _ids(state: str = "invalid") -> list[Any]:
    return list(Proposal.objects.filter(state=state).order_by("source_id").values_list("id", flat=True))


@pytest.fixture
def three(facts: None, tmp_path: Path) -> list[dict[str, Any]]:
    """One good record and two in a state that nobody knows."""
    rows = [a_record(1), a_record(2, status="fresh"), a_record(3, status="fresh")]
    assert _brought(tmp_path, *rows) == {"created": 1, "refused": 2}
    return rows


def _mend(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(signpost._STATUS, "fresh", "active")


def test_a_mended_reason_lets_them_in(three: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert set(retrying.retry(actor=SYSTEM, ids=_ids()).values()) == {"refused"}
    assert _states() == [("1", "accepted"), ("2", "invalid"), ("3", "invalid")]
    _mend(monkeypatch)
    assert set(retrying.retry(actor=SYSTEM, ids=_ids()).values()) == {"created"}
    assert _states() == [("1", "accepted"), ("2", "accepted"), ("3", "accepted")]
    assert Service.objects.count() == 3
    assert _brought(tmp_path, *three) == {"unchanged": 3}


def test_the_same_files_again_do_so_too(three: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _mend(monkeypatch)
    assert _brought(tmp_path, *three) == {"unchanged": 1, "created": 2}


def test_no_more_are_written_than_is_said(three: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _mend(monkeypatch)
    assert list(retrying.retry(actor=SYSTEM, ids=_ids(), most=1).values()) == ["created"]
    assert Service.objects.count() == 2


def test_stopped_in_between_the_next_import_ends_it(
    three: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _mend(monkeypatch)
    with monkeypatch.context() as patch:
        patch.setattr(Run, "take", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            retrying.retry(actor=SYSTEM, ids=_ids())
    assert _states() == [("1", "accepted"), ("2", "received"), ("3", "received")]
    assert _brought(tmp_path, *three) == {"unchanged": 1, "created": 2}
    assert _states() == [("1", "accepted"), ("2", "accepted"), ("3", "accepted")]


def test_a_point_is_compared_with_what_stands(facts: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Alone it would have no neighbours, and a swapped point would pass."""
    swapped = a_record(9, location={"type": "Point", "coordinates": [13.7, -89.2]})
    assert _brought(tmp_path, *(a_record(at) for at in range(1, 8)), swapped) == {"created": 7, "refused": 1}
    assert list(retrying.retry(actor=SYSTEM, ids=_ids()).values()) == ["refused"]


def test_what_was_too_long_to_be_read_is_not_tried(facts: None, tmp_path: Path) -> None:
    _brought(tmp_path, a_record(1, deep=[[0] * 30_000]))
    before = list(Entry.objects.values_list("position"))
    assert list(retrying.retry(actor=SYSTEM, ids=_ids()).values()) == ["refused"]
    assert list(Entry.objects.values_list("position")) == before


def test_who_asked_stands_in_the_trail_and_others_are_refused(three: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _mend(monkeypatch)
    with pytest.raises(Refusal):
        retrying.retry(actor=PUBLIC, ids=_ids())
    retrying.retry(actor=CURATOR, ids=_ids()[:1])
    asked = Entry.objects.filter(noun="proposal", actor_id=CURATOR.person)
    assert list(asked.values_list("verb", flat=True)) == ["received"]


def test_a_second_record_of_an_id_stays_one(facts: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _brought(tmp_path, a_record(1), a_record(1, status="fresh", name="Otro", name_es="Otro"))
    _mend(monkeypatch)
    assert list(retrying.retry(actor=SYSTEM, ids=_ids()).values()) == ["waiting"]  # a person says which is meant
    assert [state for _, state in _states()] == ["accepted", "review"]
    assert set(Service.objects.values_list("name", flat=True)) == {"Comedor 1"}


def test_a_source_that_nobody_can_read_any_more_is_named(facts: None, tmp_path: Path) -> None:
    _brought(tmp_path, a_record(2, status="fresh"), source="somebody")
    with pytest.raises(Refusal, match="unknown_reading"):
        retrying.retry(actor=SYSTEM, ids=_ids())
