"""Keeping everything: backups of a running site, restoring them, the nightly one.

Others read :func:`last` (what is known of the last backup) and nothing else.
"""

from sympolity.ops.backups.failures import BackupError
from sympolity.ops.backups.state import Last, last

__all__ = ["BackupError", "Last", "last"]
