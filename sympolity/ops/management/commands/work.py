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
from sympolity.ops.asking import Asking
from sympolity.ops.backups.nightly import Nightly
from sympolity.ops.deliveries import Deliveries
from sympolity.ops.forgetting import Forgetting
from sympolity.ops.imports import Imports
from sympolity.ops.supervisor import end_with_parent, stopping
from sympolity.people.actions import forget_old_sign_ins
from sympolity.trail import followers

log = logging.getLogger("sympolity.work")


class Command(BaseCommand):
    help = "Run followers, ask organizations what is still right, carry out deliveries, imports that people asked for, and nightly work."
    requires_system_checks = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.asking = Asking()
        self.deliveries = Deliveries()
        self.nightly = Nightly()
        self.imports = Imports()
        self.forgetting = Forgetting()

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
        """One round, if the lease is ours; ``wait`` also for deliveries, imports and a backup that is due."""
        if not followers.hold("work", holder, seconds=30):
            return
        for follower in followers.all_followers():
            while followers.run(follower):
                pass
        expired = Session.objects.filter(expire_date__lt=clock.now())
        if expired.exists():
            expired.delete()
        forget_old_sign_ins()
        self.forgetting.look()
        self.asking.look()
        self.deliveries.look(holder, wait=wait)
        self.imports.look(holder, wait=wait)
        self.nightly.look(wait=wait)
