"""``sympolity verify``: trail, triggers, and the index against the tables."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from sympolity.directory import queries, rules
from sympolity.kit import clock
from sympolity.kit.actor import SYSTEM
from sympolity.search import engine, store
from sympolity.search.query import FindQuery
from sympolity.trail.verify import verify


class Command(BaseCommand):
    help = "Check the chain of the trail, its triggers, and the find index against the tables."

    def handle(self, *args: Any, **options: Any) -> None:
        report = verify()
        self.stdout.write(f"trail: {report.entries} entries, {len(report.erased)} erased, head {report.head[:16]}")
        faults = [f"entry {position} is broken" for position in report.broken[:20]]
        faults += [f"trigger {name} is missing" for name in report.triggers_missing]
        faults += self._index()
        if faults:
            raise CommandError("\n".join(faults), returncode=1)
        self.stdout.write("sound")

    def _index(self) -> list[str]:
        reader = store.Reader(settings.INDEX_ROOT)
        try:
            found = engine.answer(reader, FindQuery(), keys=rules.keys(SYSTEM), lang="en", facets=False)
        except store.IndexAway:
            return ["the find index is missing or damaged: sympolity index --rebuild"]
        listed = len(queries.listed(SYSTEM, clock.local_today()))
        self.stdout.write(f"index: {found.total} services in the lists, {listed} by the tables")
        return [] if found.total == listed else ["the find index differs from the tables: sympolity index --rebuild"]
