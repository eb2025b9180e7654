"""What the tests of this room write."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable

from django.db import connections

from sympolity.kit.actor import Actor
from sympolity.trail import journal
from sympolity.trail.models import Entry

OFFICER = Actor(person=uuid.UUID(int=1), acting_for=uuid.UUID(int=2))
SERVICE = uuid.UUID(int=3)


def write(*verbs: str, actor: Actor = OFFICER) -> None:
    """One action with an entry for each verb."""
    with journal.action(actor) as t:
        for verb in verbs:
            t.record(verb, "service", SERVICE, after={"verb": verb})


def positions() -> list[int]:
    """Positions as they stand, in the order of the table."""
    return list(Entry.objects.order_by("position").values_list("position", flat=True))


def together(*jobs: Callable[[], None]) -> None:
    """Run each job in a thread of its own with its own connection; the first error is raised here."""
    errors: list[BaseException] = []

    def run(job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as error:  # noqa: BLE001 - told to the test below
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(job,), daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    if errors:
        raise errors[0]
    assert not any(thread.is_alive() for thread in threads), "a thread hangs"
