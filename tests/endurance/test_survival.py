"""Kill -9 of everything that writes, again and again: what was acknowledged stands, and nothing stands by halves.

`make test`: 10 kills. `make hostile`: 200. The oracle is what the writers said when an action had returned.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from sympolity.directory.drafts import ServiceDraft
from sympolity.directory.models import Location, Service
from sympolity.directory.queries import listed
from sympolity.directory.shapes import known_of, shape, shape_of
from sympolity.exchange import formats
from sympolity.exchange.importing import run_import
from sympolity.kit import clock
from sympolity.kit.actor import PUBLIC
from sympolity.ops.bench import hsds_made
from sympolity.people.models import Organization
from sympolity.search.indexer import Indexer
from sympolity.sharing.models import Proposal
from sympolity.trail.models import Entry, EntryDetail
from sympolity.trail.verify import verify
from tests.endurance.group import OWNER, SERVICES, draft, prepare
from tests.endurance.test_indexer import _database_url, _names
from tests.running.served import below, patience, runs

ASKED = 5.0  # seconds until a new group has its first acknowledgement
WRITERS = 4
EACH = 10  # kills of one import
PATIENCE = 60.0  # seconds for what is not measured

pytestmark = [pytest.mark.django_db(transaction=True)]


class Groups:
    """Groups of writers over the database of this test, forked from one process that is ready."""

    def __init__(self, folder: Path, *before: str) -> None:
        self.folder = folder
        self.acks = folder / "acks"
        self.acks.mkdir()
        environment = {**os.environ, "SYMPOLITY_DATA": str(folder), "DATABASE_URL": _database_url()}
        environment["DJANGO_SETTINGS_MODULE"] = "sympolity.project.settings"
        self.process = subprocess.Popen(
            [*before, sys.executable, "-m", "tests.endurance.group"],
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._line() == "ready"

    def _line(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def begin(self, name: str, **order: Any) -> int:
        """The number of a new group."""
        assert self.process.stdin
        order |= {"name": name, "acks": str(self.acks), "most": 10_000}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return int(self._line())

    def said(self) -> list[str]:
        """The marks whose writing was acknowledged; a line that the kill cut is none."""
        return [
            line.removesuffix("\n")
            for path in self.acks.iterdir()
            if path.name != "refused"
            for line in path.read_text().splitlines(keepends=True)
            if line.endswith("\n")
        ]

    def refused(self) -> list[str]:
        """Errors of actions that were not acknowledged."""
        path = self.acks / "refused"
        return path.read_text().splitlines() if path.exists() else []

    def wait_for(self, count: int) -> float:
        """Seconds until so many are acknowledged."""
        begun = time.monotonic()
        while len(self.said()) < count:
            assert time.monotonic() - begun < PATIENCE, f"only {len(self.said())} of {count} acknowledged"
            time.sleep(0.01)
        return time.monotonic() - begun

    def kill(self, group: int) -> None:
        """The whole of it, at once."""
        members = below(group)
        os.killpg(group, signal.SIGKILL)
        begun = time.monotonic()
        while any(runs(pid) for pid in [group, *members]):
            assert time.monotonic() - begun < PATIENCE
            time.sleep(0.005)


@pytest.fixture
def groups(tmp_path: Path) -> Iterator[Groups]:
    connection.close()
    prepare()
    connection.close()
    made = Groups(tmp_path)
    yield made
    made.process.kill()
    made.process.communicate()


def _file(folder: Path, number: int, services: int) -> tuple[Path, str]:
    """(file, name of its source) of an import."""
    path = folder / f"import-{number}.ndjson"
    if not path.exists():
        hsds_made.write(path, services, seed=number + 1)
    return path, f"made-{number}"


def _whole(mark: str, service: Service) -> ServiceDraft:
    made: ServiceDraft = draft(service.id, mark)
    return made.checked()


def _no_edit_by_halves() -> None:
    """Each part of a service says what its name says, and its entries say how it came there."""
    with transaction.atomic():  # it locks what it reads
        known = known_of(list(SERVICES))
    assert set(known.services) == set(SERVICES)
    for one, service in known.services.items():
        wanted = _whole(service.name, service)
        assert shape_of(known, wanted) == shape(wanted)
        last = EntryDetail.objects.filter(entry__noun="service", entry__noun_id=one).latest("entry_id")
        assert last.body["after"]["columns"]["name"] == service.name


def _nothing_lost(said: list[str]) -> int:
    """The number of acknowledged marks; each stands in the trail, once."""
    told = Counter(
        body["after"]["columns"]["name"]
        for body in EntryDetail.objects.filter(entry__noun="service", entry__noun_id__in=SERVICES).values_list("body", flat=True)
    )  # fmt: skip
    assert {mark for mark in said if told[mark] != 1} == set()
    return len(said)


def _no_import_by_halves(path: Path, source: str, services: int) -> None:
    """The interrupted import, run again, ends as one that was never interrupted: all there, each once."""
    run_import(formats.get("hsds"), [path], source=source)
    again = run_import(formats.get("hsds"), [path], source=source)
    assert (again.counts["unchanged"], again.counts["created"], again.counts["updated"]) == (services, 0, 0)
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    proposals = {row.source_id: row for row in Proposal.objects.filter(source=source).exclude(state="superseded")}
    assert {row["id"] for row in rows} == set(proposals)
    assert {row.state for row in proposals.values()} == {"accepted"}
    names = dict(Service.objects.in_bulk([row.noun_id for row in proposals.values() if row.noun_id]).items())
    for row in rows:
        service = names[proposals[row["id"]].noun_id]
        [schedule] = service.schedules.all()
        assert (service.name, bool(schedule.opening_hours)) == (row["name"], True)
        assert service.documents.count() == len(row["required_documents"])
        assert (service.locations.count(), service.categories.count() > 0) == (1, True)
        assert Entry.objects.filter(noun="service", noun_id=service.id, verb="recorded").count() == 1


def _every_row_is_told() -> None:
    for model, noun in ((Service, "service"), (Location, "location"), (Organization, "organization")):
        ids = set(Entry.objects.filter(noun=noun).values_list("noun_id", flat=True))
        assert set(model.objects.values_list("id", flat=True)) == ids


def _kill_and_look(groups: Groups, kills: int, services: int) -> tuple[int, float]:
    """(acknowledged, longest time until a new group was answered)."""
    chance = random.Random(kills)
    answered = []
    for kill in range(kills):
        path, source = _file(groups.folder, kill // EACH, services)
        before = len(groups.said())
        group = groups.begin(f"k{kill}", writers=WRITERS, file=str(path), source=source, index=True)
        answered.append(groups.wait_for(before + 1))
        groups.wait_for(before + chance.randint(2, 12))
        groups.kill(group)
    said = _nothing_lost(groups.said())
    _no_edit_by_halves()
    for number in range(-(-kills // EACH)):
        _no_import_by_halves(*_file(groups.folder, number, services), services)
    _every_row_is_told()
    report = verify()
    assert (report.sound, report.entries) == (True, Entry.objects.count())
    return said, max(answered)


def _the_index_follows(groups: Groups) -> None:
    from sympolity.search import store

    indexer = Indexer(groups.folder / "index")
    while indexer.step():
        pass
    found = _names(store.Reader(groups.folder / "index"))
    assert found == {str(one.service.id): one.service.name for one in listed(PUBLIC, clock.local_today())}


def test_ten_kills_of_all_writers_lose_nothing(groups: Groups, capfd: pytest.CaptureFixture[str]) -> None:
    said, slowest = _kill_and_look(groups, EACH, 60)
    _the_index_follows(groups)
    with capfd.disabled():
        print(f"\n10 kills, {connection.vendor}: {said} acknowledged, 0 lost; first answer after ≤ {slowest:.1f} s")
    assert slowest <= patience(ASKED)


@pytest.mark.hostile
def test_two_hundred_kills_of_all_writers_lose_nothing(groups: Groups, capfd: pytest.CaptureFixture[str]) -> None:
    said, slowest = _kill_and_look(groups, 200, 60)
    with capfd.disabled():
        print(f"\n200 kills, {connection.vendor}: {said} acknowledged, 0 lost; first answer after ≤ {slowest:.1f} s")
    assert slowest <= ASKED
    assert OWNER in set(Organization.objects.values_list("id", flat=True))
