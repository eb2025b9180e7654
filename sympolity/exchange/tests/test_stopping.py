"""Stopped between any two of its transactions, a run leaves no half record, and the next one ends as if nothing had been."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sympolity.directory.models import Location, Service, ServiceAtLocation
from sympolity.exchange import formats
from sympolity.exchange.importing import run_import
from sympolity.exchange.tests.pages import a_page, a_record, written
from sympolity.kit.actor import SYSTEM
from sympolity.people.models import Organization
from sympolity.sharing.models import Proposal
from sympolity.trail.journal import Journal

pytestmark = pytest.mark.django_db


class _Killed(BaseException):
    """The process ended here: nothing after it runs, and the transaction it was in is not kept."""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    from sympolity.directory import needs
    from sympolity.places import actions as places

    places.load_areas()
    needs.record_needs(actor=SYSTEM, needs=needs.load())
    return written(
        tmp_path,
        a_page(
            a_record(1),
            a_record(2),
            a_record(3, status="fresh"),
            a_record(4, name="Casa, llamar 2222 3333", name_es="Casa, llamar 2222 3333"),
        ),
    )


def _all() -> list[Any]:
    """Everything that an import writes, but times and ids that are made by chance."""
    return [
        sorted(Service.objects.values_list("name", "status", "organization__name", "categories__slug")),
        sorted(ServiceAtLocation.objects.values_list("service__name", "location__address")),
        sorted(Location.objects.values_list("address", "lat")),
        sorted(Organization.objects.values_list("name", flat=True)),
        sorted(Proposal.objects.exclude(state="superseded").values_list("source_id", "state", "reason")),
    ]


def _run(page: Path, patch: pytest.MonkeyPatch, stop: int = 0) -> int:
    """Import, and end before the transaction ``stop`` is kept (0: never); how many there were."""
    count = 0
    append = Journal.append

    def counted(self: Journal, at: Any) -> None:
        nonlocal count
        count += 1
        if count == stop:
            raise _Killed
        append(self, at)

    with patch.context() as inner:
        inner.setattr(Journal, "append", counted)
        run_import(formats.get("signpost"), [page])
    return count


def test_stopped_anywhere_and_run_again_it_ends_the_same(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.MonkeyPatch.context() as patch:
        stops = _run(page, patch)
    expected = _all()
    assert len(expected[0]) == 2
    for stop in range(1, stops + 1):
        _forget()
        with pytest.raises(_Killed):
            _run(page, monkeypatch, stop)
        services = _all()[:2]
        assert services in ([[], []], expected[:2]), "a record stands whole or not at all"
        if Proposal.objects.filter(state="accepted").exists():
            assert services == expected[:2], "nothing is said to stand that does not"
        _run(page, monkeypatch)
        assert _all() == expected, stop


def _forget() -> None:
    """As it was before the first run. Entries of the trail stay."""
    Proposal.objects.all().delete()
    Service.objects.all().delete()
    Location.objects.all().delete()
    Organization.objects.all().delete()
