"""Asking organizations whether their services are still right, as a part of the work process."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sympolity.directory.truth import asking
from sympolity.kit import clock

__all__ = ["Asking"]

log = logging.getLogger("sympolity.asking")
_EVERY = timedelta(minutes=10)  # a mail that came back is noticed within this time


class Asking:
    """Takes a round now and then, and at once when the clock was moved."""

    def __init__(self) -> None:
        self._last: datetime | None = None

    def look(self) -> None:
        """Take a round, if it is time for one."""
        now = clock.now()
        if self._last is not None and self._last <= now < self._last + _EVERY:
            return
        self._last = now
        done = asking.run()
        if done.begun or done.moved:
            log.info("%d organizations asked, %d more steps, %d letters", done.begun, done.moved, done.letters)
