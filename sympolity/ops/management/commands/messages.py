"""``sympolity messages``."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from sympolity.ops import catalogues


class Command(BaseCommand):
    help = "Compile the catalogues of the interface."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{catalogues.compile_all(force=True)} catalogues compiled")
