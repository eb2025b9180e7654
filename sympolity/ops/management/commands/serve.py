"""``sympolity serve``: from an empty folder to a site that answers."""

from __future__ import annotations

import os
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from sympolity.ops import catalogues, demo, statics
from sympolity.ops.supervisor import AlreadyRunning, Supervisor, only_one, port_becomes_free, stopping
from sympolity.people.models import Organization
from sympolity.search.indexer import Indexer
from sympolity.search.store import current, files_sound


class Command(BaseCommand):
    help = "Prepare the data folder and start web workers, indexer and work process."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--prepare-only", action="store_true", help="prepare the data folder and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.monotonic()
        if options["prepare_only"]:
            self.prepare()
            return
        if not port_becomes_free(settings.HOST, settings.PORT):
            msg = f"Port {settings.PORT} on {settings.HOST} is taken by another program. Choose another: make serve PORT=8001"
            raise CommandError(msg)
        try:
            with only_one(settings.DATA / "serve.lock"):
                self.prepare()
                self.run_all(begun)
        except AlreadyRunning as error:
            msg = f"Sympolity already runs with the data folder {settings.DATA}. Stop it first, or choose another SYMPOLITY_DATA."
            raise CommandError(msg) from error

    def run_all(self, begun: float) -> None:
        """Web workers, indexer and work process, until we are asked to stop."""
        self.announce(time.monotonic() - begun)
        Supervisor(["web", "index", "work"], {"SYMPOLITY_DATA": str(settings.DATA)}).run(stopping())

    def prepare(self) -> None:
        """Catalogues, database, facts and demo, static files, index: only what is missing or older."""
        settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
        catalogues.compile_all()
        self._say("database")
        call_command("migrate", verbosity=0, interactive=False)
        self._load()
        self._say("static files")
        statics.collect()
        name = current(settings.INDEX_ROOT)
        if not name or not files_sound(settings.INDEX_ROOT / name, read=False):
            self._say("find index")
            Indexer(settings.INDEX_ROOT).rebuild()
        self._say("")

    def _load(self) -> None:
        """Facts whenever their files changed; the demo once, where no real organizations stand but its own.

        The marks are written last: a start that was killed is done again.
        """
        facts = settings.DATA / "facts.loaded"
        mark = demo.facts_mark()
        if not facts.exists() or facts.read_text(encoding="ascii") != mark:
            self._say("facts")
            demo.load_facts()
            facts.write_text(mark, encoding="ascii")
        loaded = settings.DATA / "demo.loaded"
        if settings.DEMO and not loaded.exists() and not demo.others_exist():
            self._say("demo network")
            demo.load()
            loaded.touch()

    def _say(self, step: str) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\033[K{f'preparing: {step} …' if step else ''}")
            sys.stderr.flush()

    def announce(self, seconds: float) -> None:
        """The address, and who may sign in to the demo."""
        lines = [f"Sympolity {settings.SITE_URL}  (ready in {seconds:.1f} s, data in {os.path.relpath(settings.DATA)})"]
        if Organization.objects.filter(example=True).exists():
            lines.append("Demo accounts (the code to sign in is printed here when you ask for it):")
            lines += [f"  {row['email']:<36} {row['name']}" for row in demo.personas()]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()
