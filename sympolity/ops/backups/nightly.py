"""The backup of the night: once after 03:00, made up for when the machine was off."""

from __future__ import annotations

import logging
import threading
from datetime import datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connections

from sympolity.kit import clock
from sympolity.ops.backups import retention, state
from sympolity.ops.backups.failures import BackupError
from sympolity.ops.backups.making import make_and_note
from sympolity.ops.backups.room import in_words

__all__ = ["Nightly", "is_due", "run"]

log = logging.getLogger("sympolity.backup")
HOUR = time(3)
AGAIN = timedelta(hours=1)  # after a failure


def _night(now: datetime) -> datetime:
    """The last 03:00 where the services are."""
    local = now.astimezone(clock.ATHENS)
    today = datetime.combine(local.date(), HOUR, clock.ATHENS)
    return today if today <= local else datetime.combine(local.date() - timedelta(days=1), HOUR, clock.ATHENS)


def is_due(known: state.Last, now: datetime) -> bool:
    """Whether there is none since the last night, and no try failed within the hour.

    An installation without any backup is due at once.
    """
    if known.at is not None and known.at >= _night(now):
        return False
    return not known.error or known.tried is None or not now - AGAIN < known.tried <= now


def run() -> bool:
    """Make one and let go of old ones; whether it could be made. Never raises, so that no other work stops."""
    folder = Path(settings.BACKUPS)
    try:
        made = make_and_note(folder)
        log.info("backup made: %s (%s, %.1f s)", made.path.name, in_words(made.size), made.seconds)
        for path in retention.prune(folder, settings.BACKUP_KEEP):
            log.info("old backup removed: %s", path.name)
    except BackupError as error:
        log.error("no backup was made: %s", error)  # noqa: TRY400 - a sentence for the technician
        return False
    except Exception as error:
        log.exception("no backup was made")
        state.failed(f"{type(error).__name__}: the console tells more")
        return False
    return True


class Nightly:
    """Looks whether a backup is due and makes it beside the other work of this process."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._failed: datetime | None = None  # also when the note of it cannot be written

    def look(self, *, wait: bool = False) -> None:
        """Begin a backup if one is due; ``wait``: until it is made."""
        if settings.BACKUP != "nightly" or (self._thread is not None and self._thread.is_alive()):
            return
        now = clock.now()
        if self._failed is not None and now - AGAIN < self._failed <= now:
            return
        if is_due(state.last(), now):
            # It ends with the process; what it leaves is removed by the next one.
            self._thread = threading.Thread(target=self._work, name="backup", daemon=True)
            self._thread.start()
        if wait and self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        try:
            self._failed = None if run() else clock.now()
        finally:
            connections.close_all()
