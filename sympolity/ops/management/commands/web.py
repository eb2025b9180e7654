"""``sympolity web``: the production server."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from sympolity.ops import counting, logs
from sympolity.ops.supervisor import end_with_parent, port_becomes_free

WORKER = "sympolity.project.worker"  # by name: this room stands below that one


class Command(BaseCommand):
    help = "Run the web workers."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        end_with_parent()
        host, port = settings.HOST, settings.PORT
        if not port_becomes_free(host, port):
            msg = f"Port {port} on {host} is taken by another program. Choose another: make serve PORT=8001"
            raise CommandError(msg)
        counting.begin(settings.METRICS_ROOT)
        import_module(WORKER)
        Server(
            f"{WORKER}:begin",
            factory=True,
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=settings.WORKERS,
            blocking_threads=138,  # most of them only wait for slow lines: see project.gate
            backlog=512,
            respawn_failed_workers=True,
            respawn_interval=0.2,  # seconds; its own 3.5 would be most of the time until both answer again
            log_level=LogLevels.warning,
            log_access=False,
            log_dictconfig=logs.granian(settings.LOG_FORMATTER),
            websockets=False,
        ).serve()
