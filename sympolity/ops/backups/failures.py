"""The one exception of this folder."""

from __future__ import annotations

__all__ = ["BackupError"]


class BackupError(Exception):
    """A backup could not be made, read or restored; the text is a sentence for the technician."""
