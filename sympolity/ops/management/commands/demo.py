"""``sympolity demo``."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from sympolity.ops import demo


class Command(BaseCommand):
    help = "Load the demo network through the ordinary actions. Again: nothing changes."

    def handle(self, *args: Any, **options: Any) -> None:
        done = demo.load()
        self.stdout.write(
            f"{done.organizations} organizations and {done.persons} persons; "
            f"new or changed: {done.locations} places, {done.services} services"
        )
