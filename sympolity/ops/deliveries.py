"""Deliveries and digests, carried out beside the other work of the work process: a mail server may be slow."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import DatabaseError, connections

from sympolity.kit import clock
from sympolity.post.digests import gather
from sympolity.post.keeping import clean_up
from sympolity.trail import couriers

__all__ = ["Deliveries"]

log = logging.getLogger("sympolity.deliveries")
_CLEAN_UP = timedelta(hours=6)


class Deliveries:
    """Lets a courier of each channel go its round, in a thread of its own, one round at a time."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._couriers: Sequence[couriers.Courier] = ()
        self._cleaned: datetime | None = None

    def look(self, holder: str, *, wait: bool = False) -> None:
        """Begin a round unless one is under way; ``wait``: until it is over."""
        if self._thread is not None and self._thread.is_alive():
            return
        if not self._couriers:
            self._couriers = [couriers.Courier(channel, holder) for channel in couriers.all_channels()]
        if wait:
            self.round()
            return
        # It ends with the process; what it held goes out when the lease is over.
        self._thread = threading.Thread(target=self._work, name="deliveries", daemon=True)
        self._thread.start()

    def round(self) -> None:
        """Gather digests that are due, and carry out what is due."""
        gather()
        for courier in self._couriers:
            courier.round()
        now = clock.now()
        if self._cleaned is None or not self._cleaned <= now < self._cleaned + _CLEAN_UP:
            self._cleaned = now
            clean_up()

    def _work(self) -> None:
        try:
            self.round()
        except DatabaseError as error:
            log.warning("deliveries wait for the database (%s)", type(error).__name__)
        except Exception:
            log.exception("a round of deliveries failed")
        finally:
            connections.close_all()
