"""Kill -9 of the whole server group, again and again: what was acknowledged stands, and nothing stands by halves.

The group: ``sympolity serve`` with web workers, index and work process, and beside it four writers and an import, each
in a process of its own over the same database. The writers call the actions that pages call: they keep the list of what
was acknowledged, and it must be complete at any moment, so they are killed with the rest. Every other kill takes only
the main process and leaves it to the others to end. Most come while the server is still starting, the others when it
has answered.

`make test`: 10 kills. `make hostile`: 200.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction

from sympolity.directory.drafts import ServiceDraft
from sympolity.directory.models import Location, Service
from sympolity.directory.shapes import known_of, shape, shape_of
from sympolity.exchange import formats
from sympolity.exchange.importing import run_import
from sympolity.ops.bench import hsds_made
from sympolity.people.models import Organization
from sympolity.sharing.models import Proposal
from sympolity.trail.models import Entry, EntryDetail
from tests.endurance.group import OWNER, SERVICES, draft, prepare
from tests.endurance.killing import Answered, Groups, Site

STAGES = (0, 0, 3, 5)  # processes below the main one: none yet; web, index and work; two workers too
WRITERS = 4
EACH = 10  # kills of one import

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def groups(tmp_path: Path) -> Iterator[Groups]:
    connection.close()
    prepare()
    connection.close()
    made = Groups(tmp_path)
    yield made
    made.end()


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


@pytest.fixture
def site(groups: Groups) -> Iterator[Site]:
    made = Site(groups.folder, groups)
    try:
        made.until_it_answers()
        yield made
    finally:
        made.end()


def _kill(site: Site, kill: int, services: int, *, chance: random.Random, waits: bool) -> list[Answered]:
    """Start writers and an import beside the server, kill everything, start the server again."""
    path, source = _file(site.folder, kill // EACH, services)
    answered = [site.until_it_answers()] if waits else []  # nobody writes before
    before = len(site.groups.said())
    group = site.groups.begin(f"k{kill}", writers=WRITERS, file=str(path), source=source)
    if not waits:
        site.until_it_has(chance.choice(STAGES))
    site.groups.wait_for(before + chance.randint(2, 12))
    site.kill(group, alone=kill % 2 == 1)
    site.start()
    return answered


def _kill_and_look(site: Site, kills: int, services: int, *, waits: int) -> tuple[int, list[Answered]]:
    """(acknowledged, the answers that were waited for: after one of ``waits`` kills, and the last)."""
    chance, answered = random.Random(kills), list[Answered]()
    for kill in range(kills):
        answered += _kill(site, kill, services, chance=chance, waits=kill % waits == waits - 1)
    answered.append(site.until_it_answers())
    said = _nothing_lost(site.groups.said())
    _no_edit_by_halves()
    for number in range(-(-kills // EACH)):
        _no_import_by_halves(*_file(site.folder, number, services), services)
    _every_row_is_told()
    assert site.verified() == "sound"
    assert site.left() == set()
    return said, answered


def _tell(capfd: pytest.CaptureFixture[str], kills: int, said: int, answered: list[Answered]) -> None:
    slowest = max(answered)
    with capfd.disabled():
        print(
            f"\n{kills} kills of the group, {connection.vendor}: {said} acknowledged, 0 lost; {len(answered)} times waited for "
            f"an answer, ≤ {slowest.seconds:.1f} s (others had {100 * slowest.foreign:.0f} % of the machine)"
        )


def test_ten_kills_of_the_server_group_lose_nothing(site: Site, capfd: pytest.CaptureFixture[str]) -> None:
    said, answered = _kill_and_look(site, EACH, 60, waits=5)
    _tell(capfd, EACH, said, answered)
    assert [one for one in answered if not one.in_time] == []


@pytest.mark.hostile
def test_two_hundred_kills_of_the_server_group_lose_nothing(site: Site, capfd: pytest.CaptureFixture[str]) -> None:
    said, answered = _kill_and_look(site, 200, 60, waits=4)
    _tell(capfd, 200, said, answered)
    assert [one for one in answered if not one.in_time] == []
    assert OWNER in set(Organization.objects.values_list("id", flat=True))
