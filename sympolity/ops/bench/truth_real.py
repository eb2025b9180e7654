"""The year of ``bench truth`` by the real actions, and a month of asking at full size: in a process and a data folder
of its own, so that nothing of this installation is touched.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.core.management import call_command

from sympolity.directory import actions, models
from sympolity.directory.asking_models import Asking
from sympolity.directory.drafts import ConfirmationDraft, ServiceDraft
from sympolity.directory.enums import Said
from sympolity.directory.needs import load, record_needs
from sympolity.directory.truth import answers, asked, asking, links
from sympolity.directory.truth.steps import ASKED_FOR, OPEN
from sympolity.kit import clock, codes
from sympolity.kit.actor import SYSTEM
from sympolity.ops.bench.run import BenchFailed
from sympolity.ops.bench.truth import FIRST, Owner, Plan, Service, Written, made, year
from sympolity.people import actions as people
from sympolity.people.models import Organization
from sympolity.post.models import Message

__all__ = ["child", "run"]

_MARK = "bench: "  # before the figures on the last line of the child
_NEED, _EMERGENCY = "meals", "night-shelter"
_EACH = 10  # services of an organization at full size
_NOON = clock_time(12)


def run(plan: Plan, *, services: int) -> dict[str, Any]:
    """Both measurements. Raises :class:`BenchFailed` with what the process said."""
    with tempfile.TemporaryDirectory(prefix="sympolity-bench-", ignore_cleanup_errors=True) as folder:
        own = {name: said for name, said in os.environ.items() if name not in {"DATABASE_URL", "SYMPOLITY_CLOCK_FILE"}}
        environment = own | {"SYMPOLITY_DATA": folder, "SYMPOLITY_ASK_DAILY": "100000"}
        words = [
            sys.executable,
            "-P",
            "-m",
            "sympolity",
            "bench",
            "truth",
            "--child",
            json.dumps([asdict(plan), services]),
        ]
        done = subprocess.run(words, capture_output=True, text=True, check=False, env=environment)  # noqa: S603 our own words
    last = done.stdout.strip().rsplit("\n", 1)[-1]
    if done.returncode or not last.startswith(_MARK):
        raise BenchFailed((done.stderr or done.stdout)[-2000:])
    found: dict[str, Any] = json.loads(last.removeprefix(_MARK))
    return found


def child(said: str) -> str:
    """Measure in this process, whose data folder is empty; the figures as the last line."""
    plan, services = json.loads(said)
    call_command("migrate", verbosity=0)
    record_needs(actor=SYSTEM, needs=load())
    return _MARK + json.dumps(_year(Plan(**plan)) | _month(services))


def _id(kind: str, key: int) -> UUID:
    return uuid5(NAMESPACE_URL, f"https://sympolity.org/bench/{kind}/{key}")


def _moment(day: date) -> datetime:
    return datetime.combine(day, _NOON, clock.ATHENS)


def _year(plan: Plan) -> dict[str, Any]:
    begun = time.perf_counter()
    world = _Real(made(plan))
    real = year(plan, world)
    written = year(plan, Written(made(plan)))
    return {"organizations": plan.organizations, "same": real == written, "year_seconds": time.perf_counter() - begun}


class _Real:
    """The world as the product makes it: organizations, services and askings in tables, time by the clock."""

    def __init__(self, owners: Sequence[Owner]) -> None:
        self._made = {owner.key: owner for owner in owners}
        self._keys = {_id("organization", owner.key): owner.key for owner in owners}
        with clock.moved(to=_moment(FIRST)):
            self._write(owners)

    def _write(self, owners: Sequence[Owner]) -> None:
        items = [
            people.OrganizationItem(
                id=_id("organization", one.key), kind="ngo", status="approved", lang="en", name=f"Organization {one.key}",
                email=f"office{one.key}@bench.example",
            )
            for one in owners
        ]  # fmt: skip
        people.register_organizations(actor=SYSTEM, items=items)
        drafts = [self._draft(owner, service) for owner in owners for service in owner.services]
        actions.record_services(actor=SYSTEM, drafts=drafts)

    def _draft(self, owner: Owner, service: Service) -> ServiceDraft:
        said = tuple(ConfirmationDraft(group, _moment(day), "desk") for group, day in service.confirmed.items())
        second = f"second{owner.key}@bench.example"
        return ServiceDraft(
            _id("service", service.key), _id("organization", owner.key), "en", {"name": f"Service {service.key}", "email": second},
            categories=(_EMERGENCY if service.emergency else _NEED,), opening_hours="Mo-Fr 09:00-17:00" if service.has_hours else "",
            confirmations=said,
        )  # fmt: skip

    def round(self, today: date) -> None:
        """The round of the work process on that day."""
        with clock.moved(to=_moment(today)):
            asking.run()

    def asked(self) -> Mapping[int, tuple[str, date]]:
        rows = Asking.objects.filter(state__in=OPEN).values_list("organization_id", "state", "began_at")
        return {self._keys[one]: (state, at.astimezone(clock.ATHENS).date()) for one, state, at in rows}

    def owners(self) -> Sequence[Owner]:
        latest: dict[UUID, dict[str, date]] = {}
        for one, group, at in models.Confirmation.objects.order_by("at").values_list("service_id", "group", "at"):
            latest.setdefault(one, {})[group] = at.astimezone(clock.ATHENS).date()
        for owner in self._made.values():
            for service in owner.services:
                service.confirmed = latest[_id("service", service.key)]
        return list(self._made.values())

    def answer(self, owner: int, today: date, *, how: str) -> None:
        """By the signed link, or on the phone: what the page would do."""
        with clock.moved(to=_moment(today)):
            row = Asking.objects.get(organization=_id("organization", owner), state__in=OPEN)
            found = asked.opened(links.made(row.id, today))
            if found is None:
                raise BenchFailed("a link did not open")
            rows = [one.dossier for one in asked.services_of(found, today) if one.due]
            words = {one.service.id: answers.Word(Said.STILL_TRUE) for one in rows}
            if how == "link":
                answers.answer_by_link(asking=row, link=found.facts, dossiers=rows, words=words)
            else:
                answers.answer_by_phone(actor=SYSTEM, asking=row, dossiers=rows, words=words)


# --- a month at full size ---------------------------------------------------------------------


def _month(services: int) -> dict[str, Any]:
    """Thirty rounds over ``services``, whose confirmations end on all days alike, and nobody answers."""
    start = FIRST + timedelta(days=1000)
    Organization.objects.update(status="closed")
    organizations = _fill(services, start)
    before, begun, cpu_begun = Message.objects.count(), time.perf_counter(), time.process_time()
    for number in range(30):
        with clock.moved(to=_moment(start + timedelta(days=number))):
            asking.run()
    total, cpu = time.perf_counter() - begun, time.process_time() - cpu_begun
    chosen = _chosen(start)
    return {
        "month_services": services, "month_organizations": organizations, "month_seconds": total, "month_cpu_seconds": cpu,
        "select_cpu_seconds": chosen, "letters": Message.objects.count() - before,
    }  # fmt: skip


def _chosen(start: date) -> float:
    """CPU seconds of finding, on each of the thirty days anew, who is to be asked and what of."""
    begun = time.process_time()
    for number in range(30):
        with clock.moved(to=_moment(start + timedelta(days=number))):
            list(asking.open_services(clock.local_today()).values_list("organization", "name"))
    return time.process_time() - begun


def _fill(services: int, start: date) -> int:
    """Rows, not actions: what was before the month is not measured."""
    count = max(1, services // _EACH)
    owners = [
        Organization(
            id=_id("large", key), kind="ngo", status="approved", lang="en", name=f"Large {key}", email=f"large{key}@bench.example"
        )
        for key in range(count)
    ]  # fmt: skip
    Organization.objects.bulk_create(owners, batch_size=500)
    ids = [_id("large-service", key) for key in range(services)]
    models.Service.objects.bulk_create([
        models.Service(id=one, organization=owners[key % count], name=f"Service {key}", code=codes.make(one, 8))
        for key, one in enumerate(ids)
    ], batch_size=500, ignore_conflicts=True)  # fmt: skip
    kept = set(models.Service.objects.filter(organization__in=owners).values_list("id", flat=True))
    models.Schedule.objects.bulk_create(
        [models.Schedule(service_id=one, opening_hours="Mo-Fr 09:00-17:00") for one in ids if one in kept],
        batch_size=500,
    )
    models.Confirmation.objects.bulk_create([
        models.Confirmation(service_id=one, group=group, how="desk", at=_moment(start - timedelta(days=key % count * 60 // count)))
        for key, one in enumerate(ids) if one in kept
        for group in ASKED_FOR
    ], batch_size=500)  # fmt: skip
    return count
