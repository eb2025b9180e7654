"""Writes through actions until it is ended: ``python -m tests.keeping.writer``.

Each line it prints is the position of an entry that was acknowledged.
"""

from __future__ import annotations

import itertools
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sympolity.project.settings")

import django

django.setup()

from sympolity.directory import actions  # noqa: E402
from sympolity.directory.drafts import ServiceDraft  # noqa: E402
from sympolity.directory.models import Service  # noqa: E402
from sympolity.kit.actor import SYSTEM  # noqa: E402
from sympolity.trail import followers  # noqa: E402


def main() -> None:
    services = list(Service.objects.select_related("organization").prefetch_related("categories", "locations")[:10])
    for turn in itertools.count():
        service = services[turn % len(services)]
        draft = ServiceDraft(
            service.id,
            service.organization_id,
            service.lang,
            {"name": f"Όνομα {turn}"},
            categories=tuple(category.slug for category in service.categories.all()),
            locations=tuple(location.id for location in service.locations.all()),
        )
        actions.record_services(actor=SYSTEM, drafts=[draft])
        sys.stdout.write(f"{followers.head()}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
