"""Writers and an importer in one process group, made quickly again and again for tests that kill them.

Run as a program: it loads Django once, and for each order on its input (JSON, one a line) forks a group and
says its number. Whoever kills the group kills all of it. A writer says what was acknowledged, and nothing
else, in a file of its own: a line is written when the action has returned.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

__all__ = ["SERVICES", "SPACE", "draft", "prepare"]

SPACE = UUID("5b0d8e7e-5f7c-4c2b-9a43-9d1f6b6f3a10")
OWNER = uuid5(SPACE, "owner")
SERVICES = tuple(uuid5(SPACE, f"service {number}") for number in range(8))


def draft(service: UUID, mark: str) -> Any:
    """A service of which every part says the same mark: a mixture of two writes would show."""
    from sympolity.directory.drafts import DocumentDraft, ExceptionDraft, ServiceDraft

    return ServiceDraft(
        id=service,
        organization=OWNER,
        lang="en",
        columns={"name": mark, "description": f"About {mark}"},
        texts={"name": {"el": f"el {mark}", "ar": f"ar {mark}"}, "description": {"el": f"el {mark}"}},
        categories=("papers",),
        opening_hours=f"Mo-Fr {8 + sum(mark.encode()) % 3:02d}:00-17:00",
        exceptions=(ExceptionDraft(uuid5(service, "day"), date(2030, 1, 1), date(2030, 1, 2), "off", mark),),
        documents=(DocumentDraft(uuid5(service, "paper"), mark, texts={"name": {"el": f"el {mark}"}}),),
    )


def prepare() -> None:
    """Facts, an organization and its services, for writers to change."""
    from sympolity.directory import actions
    from sympolity.kit.actor import SYSTEM
    from sympolity.ops.demo import load_facts
    from sympolity.people.actions import OrganizationItem, register_organizations

    load_facts()
    item = OrganizationItem(id=OWNER, kind="ngo", status="approved", name="Owner", lang="en")
    register_organizations(actor=SYSTEM, items=[item])
    actions.record_services(actor=SYSTEM, drafts=[draft(service, "first") for service in SERVICES])


# --- what the members of a group do ------------------------------------------------------------------


def _write(order: dict[str, Any], number: int) -> None:
    from django.db import DatabaseError

    from sympolity.directory import actions
    from sympolity.kit.actor import SYSTEM

    chance = random.Random(f"{order['name']} {number}")
    said = os.open(Path(order["acks"], f"{number}"), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    refused = os.open(Path(order["acks"], "refused"), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for turn in range(order["most"]):
        some = sorted(chance.sample(SERVICES, chance.randint(1, 3)))
        marks = {service: f"{order['name']} {number} {turn} {place}" for place, service in enumerate(some)}
        try:
            actions.record_services(actor=SYSTEM, drafts=[draft(service, mark) for service, mark in marks.items()])
        except DatabaseError as error:  # refused: not acknowledged
            os.write(refused, f"{type(error).__name__}\n".encode())
            continue
        os.write(said, "".join(f"{mark}\n" for mark in marks.values()).encode())


def _import(order: dict[str, Any]) -> None:
    from sympolity.exchange import formats
    from sympolity.exchange.importing import run_import

    run_import(formats.get("hsds"), [Path(order["file"])], source=order["source"])


def _fork(work: Callable[[], None]) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        work()
        code = 0
    finally:
        sys.stderr.flush()
        os._exit(code)


def _lead(order: dict[str, Any]) -> None:
    """Of a session of its own: start the members and wait for them."""
    os.setsid()
    os.nice(10)  # they stand for people at machines of their own, and for an import, which is as nice
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    members = [_fork(lambda number=number: _write(order, number)) for number in range(order["writers"])]  # type: ignore[misc]
    if order.get("file"):
        members.append(_fork(lambda: _import(order)))
    for pid in members:
        os.waitpid(pid, 0)


def _main() -> None:
    import django

    django.setup()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        print(_fork(lambda order=order: _lead(order)), flush=True)  # type: ignore[misc]


if __name__ == "__main__":
    _main()
