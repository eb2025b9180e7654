"""Every service gets its code when it is recorded, and rows from before get theirs by the migration."""

from __future__ import annotations

import threading
import time
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor

from sympolity.directory import actions, writing
from sympolity.directory.models import Service
from sympolity.directory.tests.conftest import an_id, build
from sympolity.kit import codes
from sympolity.kit.actor import SYSTEM
from sympolity.kit.refusals import Refusal
from sympolity.people.models import Organization
from sympolity.trail.tests.writing import together

MANY = 10_000


@pytest.mark.django_db
def test_a_code_stays_when_the_service_changes() -> None:
    house = build()
    actions.record_services(actor=SYSTEM, drafts=[house.service("beds", house.shelter)])
    before = Service.objects.get().code
    actions.record_services(actor=SYSTEM, drafts=[house.service("beds", house.shelter, phone="210 0000000")])
    assert Service.objects.get().code == before == codes.make(an_id("beds"))


def _asked(captured: Any) -> list[str]:
    return [row["sql"] for row in captured if '"code" IN' in row["sql"]]


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
def test_codes_cost_one_query_for_a_batch(number: int, django_assert_max_num_queries: Any) -> None:
    house = build()
    drafts = [house.service(f"beds {n}", house.shelter) for n in range(number)]
    with django_assert_max_num_queries(200) as captured:
        actions.record_services(actor=SYSTEM, drafts=drafts)
    assert len(_asked(captured)) == 1
    with django_assert_max_num_queries(200) as captured:
        actions.record_services(actor=SYSTEM, drafts=drafts)
    assert _asked(captured) == []


def _same_first(id: UUID, attempt: int = 0, *, good: Any = codes.make) -> str:
    """Everybody's first code is one and the same."""
    return "4821538" if attempt == 0 else str(good(id, attempt))


@pytest.mark.django_db
def test_who_comes_second_gets_the_next_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "make", _same_first)
    house = build()
    actions.record_services(actor=SYSTEM, drafts=[house.service("a", house.shelter), house.service("b", house.shelter)])
    actions.record_services(actor=SYSTEM, drafts=[house.service("c", house.shelter)])
    found = dict(Service.objects.values_list("id", "code"))
    assert found == {
        an_id("a"): "4821538",
        an_id("b"): _same_first(an_id("b"), 1),
        an_id("c"): _same_first(an_id("c"), 1),
    }


@pytest.mark.django_db
def test_when_no_code_is_free_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "make", lambda _, attempt=0: "4821538")
    house = build()
    with pytest.raises(Refusal, match="no_free_code"):
        actions.record_services(
            actor=SYSTEM, drafts=[house.service("a", house.shelter), house.service("b", house.shelter)]
        )
    assert not Service.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_writers_at_once_get_two_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "make", _same_first)
    house = build()
    looked, good = threading.Event(), writing.write

    def slowly(*args: Any) -> None:
        if not looked.is_set():
            looked.set()
            time.sleep(0.5)
        good(*args)

    monkeypatch.setattr(writing, "write", slowly)

    def first() -> None:
        actions.record_services(actor=SYSTEM, drafts=[house.service("a", house.shelter)])

    def second() -> None:
        assert looked.wait(20)
        actions.record_services(actor=SYSTEM, drafts=[house.service("b", house.shelter)])

    together(first, second)
    found = dict(Service.objects.values_list("id", "code"))
    assert set(found) == {an_id("a"), an_id("b")}
    assert len(set(found.values())) == 2
    assert "4821538" in found.values()


@pytest.mark.django_db
def test_the_tables_keep_codes_apart() -> None:
    house = build()
    Service.objects.create(organization_id=house.shelter, name="a", code="4821538")
    with pytest.raises(IntegrityError):
        Service.objects.create(organization_id=house.shelter, name="b", code="4821538")


@pytest.mark.django_db(transaction=True)
def test_services_from_before_get_their_codes() -> None:
    """10,000 rows, in a few seconds; those that have one already keep it."""
    house = build()
    executor = MigrationExecutor(connection)
    executor.migrate([("directory", "0002_clock_and_reach")])
    try:
        old = executor.loader.project_state([("directory", "0002_clock_and_reach")]).apps
        service = old.get_model("directory", "Service")
        assert "code" not in {field.name for field in service._meta.fields}
        shelter = Organization.objects.get(id=house.shelter).id
        service.objects.bulk_create(
            [service(id=uuid4(), organization_id=shelter, name="x") for _ in range(MANY)], batch_size=500
        )
        started = time.monotonic()
        call_command("migrate", "directory", verbosity=0)
        assert time.monotonic() - started < 60
    finally:
        call_command("migrate", verbosity=0)
    found = list(Service.objects.values_list("id", "code"))
    assert len(found) == len({code for _, code in found}) == MANY
    assert all(codes.check(code) == code for _, code in found)
    assert sum(code == codes.make(one) for one, code in found) > 0.98 * MANY
