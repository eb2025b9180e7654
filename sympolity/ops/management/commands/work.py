"""``sympolity work``: what runs beside the site. A lease keeps a second one idle."""

from __future__ import annotations

import logging
import os
import socket
import time
from typing import Any

from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, close_old_connections

from sympolity.kit import clock
from sympolity.ops.backups.nightly import Nightly
from sympolity.ops.imports import Imports
from sympolity.ops.supervisor import end_with_parent, stopping
from sympolity.trail import followers

log = logging.getLogger("sympolity.work")


class Command(BaseCommand):
    help = "Run followers, imports that people asked for, and nightly work."
    requires_system_checks = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.nightly = Nightly()
        self.imports = Imports()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            self.step("once", wait=True)
            return
        end_with_parent()
        stop = stopping()
        holder = f"{socket.gethostname()}:{os.getpid()}"
        while not stop():
            try:
                self.step(holder)
            except Error as error:
                log.warning("the work process waits for the database (%s)", type(error).__name__)
                close_old_connections()
            for _ in range(4):
                if stop():
                    break
                time.sleep(0.5)

    def step(self, holder: str, *, wait: bool = False) -> None:
        """One round, if the lease is ours; ``wait`` also for imports and for a backup that is due."""
        if not followers.hold("work", holder, seconds=30):
            return
        for follower in followers.all_followers():
            while followers.run(follower):
                pass
        expired = Session.objects.filter(expire_date__lt=clock.now())
        if expired.exists():
            expired.delete()
        self.imports.look(holder, wait=wait)
        self.nightly.look(wait=wait)
