"""Imports that people asked for on a page, carried out beside the other work of the work process."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path

from django.db import DatabaseError, connections

from sympolity.exchange import carrying
from sympolity.exchange.models import ImportRun
from sympolity.kit import clock

__all__ = ["Imports", "step_back"]

log = logging.getLogger("sympolity.imports")
_CLEAN_UP = timedelta(hours=1)
_NICE = 5  # not more: who holds the lock of writing and gets no turn holds up all writers


def step_back(by: int = _NICE) -> None:
    """Leave the processor to readers first: the calling thread (Linux), or the process where threads have no rank.

    Where the kernel shares by sessions first (``man 7 sched``, autogroup), a process that leads one says it of that, too.
    """
    with contextlib.suppress(OSError):
        if sys.platform != "linux":
            os.nice(by)
            return
        own = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, own, min(19, os.getpriority(os.PRIO_PROCESS, own) + by))
        if os.getsid(0) == os.getpid():
            Path("/proc/self/autogroup").write_text(str(by), encoding="ascii")


class Imports:
    """Looks for a run that waits, and carries out one at a time in a thread of its own."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._run: ImportRun | None = None
        self._cleaned: datetime | None = None

    def look(self, holder: str, *, wait: bool = False) -> None:
        """Begin the next run, or renew the lease of the one that is under way; ``wait``: until none is left."""
        if self._thread is not None and self._thread.is_alive():
            if self._run is not None:
                carrying.beat(self._run.id, holder)
            return
        now = clock.now()
        if self._cleaned is None or not self._cleaned <= now < self._cleaned + _CLEAN_UP:
            self._cleaned = now
            carrying.clean_up()
        run = carrying.claim(holder)
        while run is not None:
            self._run = run
            if not wait:
                # It ends with the process; the run is taken up again when its lease is over.
                self._thread = threading.Thread(target=self._work, args=(run, holder), name="import", daemon=True)
                self._thread.start()
                return
            carrying.carry_out(run, holder)
            run = carrying.claim(holder)

    def _work(self, run: ImportRun, holder: str) -> None:
        step_back()
        try:
            carrying.carry_out(run, holder)
        except DatabaseError as error:
            log.warning("an import waits for the database (%s)", type(error).__name__)
        finally:
            connections.close_all()
