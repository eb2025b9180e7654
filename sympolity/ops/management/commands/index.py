"""``sympolity index``: this host's indexing process."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from sympolity.ops.imports import step_back
from sympolity.ops.supervisor import AlreadyRunning, end_with_parent, only_one, stopping
from sympolity.search.indexer import Indexer


class Command(BaseCommand):
    help = "Follow the trail into the find index of this machine."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="build the index anew and stop")
        parser.add_argument("--once", action="store_true", help="follow what is there and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        indexer = Indexer(settings.INDEX_ROOT)
        try:
            with only_one(settings.INDEX_ROOT / "indexer.lock"):
                self.follow(indexer, options)
        except AlreadyRunning as error:
            msg = (
                "Another process keeps this index (sympolity serve or index). It follows by itself; stop it to rebuild."
            )
            raise CommandError(msg) from error

    def follow(self, indexer: Indexer, options: dict[str, Any]) -> None:
        """What the options ask for."""
        if options["rebuild"]:
            count = indexer.rebuild(lambda done: self.stderr.write(f"\r{done} documents", ending=""))
            self.stderr.write("")
            self.stdout.write(f"{count} documents in the find index")
            return
        if options["once"]:
            while indexer.step():
                pass
            return
        end_with_parent()
        step_back(3)  # before imports, behind readers
        indexer.run(stopping())
