"""Imports that people asked for on a page, carried out beside the other work of the work process."""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta

from django.db import DatabaseError, connections

from sympolity.exchange import carrying
from sympolity.exchange.models import ImportRun
from sympolity.kit import clock

__all__ = ["Imports"]

log = logging.getLogger("sympolity.imports")
_CLEAN_UP = timedelta(hours=1)


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
        try:
            carrying.carry_out(run, holder)
        except DatabaseError as error:
            log.warning("an import waits for the database (%s)", type(error).__name__)
        finally:
            connections.close_all()
