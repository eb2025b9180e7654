"""Words of runs."""

from __future__ import annotations

from django.db.models import TextChoices

__all__ = ["RunFault", "RunState"]


class RunState(TextChoices):
    PREVIEWING = "previewing"  # the work process looks at the files; nothing is written
    COLUMNS = "columns"  # a person says where the columns of a table go
    PREVIEW = "preview"  # a person has seen, or will see, what would happen
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    DROPPED = "dropped"


class RunFault(TextChoices):
    """Why a run failed. Further words, of the format, stand in ``reason``."""

    UNREADABLE = "unreadable"
    RIGHT = "right"  # who asked for it may not any more
    GONE = "gone"  # the files are no longer there
    BUSY = "busy"  # another import of the same source was faster
    FULL = "full"  # no room on the disk
    BROKEN = "broken"  # the work process ended again and again while it worked on it
    UNEXPECTED = "unexpected"
