"""``make hostile``: the indexing process killed again and again while services change."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from sympolity.directory import actions, rules
from sympolity.directory.drafts import ServiceDraft
from sympolity.directory.models import Service
from sympolity.directory.queries import listed
from sympolity.kit import clock
from sympolity.kit.actor import PUBLIC, SYSTEM
from sympolity.ops import demo
from sympolity.search import engine, store
from sympolity.search.query import FindQuery

KILLS = 25
PATIENCE = 60.0

pytestmark = [pytest.mark.hostile, pytest.mark.django_db(transaction=True)]


def _database_url() -> str:
    about = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{about['NAME']}"
    return f"postgresql://{about['USER']}:{about['PASSWORD']}@{about['HOST']}:{about['PORT']}/{about['NAME']}"


def _indexer(data: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "SYMPOLITY_DATA": str(data), "DATABASE_URL": _database_url()}
    return subprocess.Popen([sys.executable, "-m", "sympolity", "index"], env=environment, start_new_session=True)


def _rename(service: Service, name: str) -> None:
    """One acknowledged change."""
    slugs = tuple(service.categories.order_by("slug").values_list("slug", flat=True))
    places = tuple(service.locations.values_list("id", flat=True))
    draft = ServiceDraft(
        service.id, service.organization_id, service.lang, {"name": name}, categories=slugs, locations=places
    )
    actions.record_services(actor=SYSTEM, drafts=[draft])


def _names(reader: store.Reader) -> dict[str, str]:
    found = engine.answer(reader, FindQuery(), keys=rules.keys(PUBLIC), lang="el", facets=False, limit=500)
    return {hit.card["id"]: hit.card["texts"][hit.card["lang"]]["name"] for hit in found.hits}


def _by_tables() -> dict[str, str]:
    return {str(one.service.id): one.service.name for one in listed(PUBLIC, clock.local_today())}


def test_nothing_acknowledged_is_lost_to_find_in_25_kills(tmp_path: Path) -> None:
    demo.load()
    chance = random.Random(25)
    services = list(Service.objects.filter(id__in=list(_by_tables())))
    root = tmp_path / "index"
    for kill in range(KILLS):
        process = _indexer(tmp_path)
        for turn in range(chance.randrange(1, 6)):
            _rename(chance.choice(services), f"Όνομα {kill} {turn}")
            time.sleep(chance.random() * 0.4)
        process.kill()
        process.wait()
    process = _indexer(tmp_path)
    try:
        reader = store.Reader(root)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                if _names(reader) == _by_tables():
                    return
            except store.IndexAway:
                pass
            time.sleep(0.2)
        assert _names(reader) == _by_tables()
    finally:
        process.kill()
        process.wait()
