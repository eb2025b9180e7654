"""Migrations: whether this program knows those of a backup, and making the tables as they were then."""

from __future__ import annotations

from collections.abc import Collection

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from sympolity.ops.backups.failures import BackupError

__all__ = ["forward", "known", "make"]

Name = tuple[str, str]


def known(recorded: Collection[Name]) -> None:
    """BackupError when a migration of the backup is not one of this program."""
    ours = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    strange = sorted(".".join(name) for name in recorded if name not in ours)
    if strange:
        raise BackupError(
            f"This backup was made by a newer version of Sympolity: {strange[-1]} is not known here. "
            "Install that version, or a newer one, and restore again. Nothing was changed."
        )


def make(recorded: Collection[Name]) -> None:
    """Make the tables of an empty database as they are after exactly the ``recorded`` migrations."""
    executor = MigrationExecutor(connection)
    graph, wanted = executor.loader.graph, set(recorded)
    # Only the last ones of each app: a target that another one has applied already would be taken back.
    targets = [
        name
        for name in sorted(wanted)
        if name in graph.node_map
        and not any(child.key in wanted and child.key[0] == name[0] for child in graph.node_map[name].children)
    ]
    executor.migrate(targets)


def forward() -> None:
    """Bring the tables up to what this program wants; the triggers of the trail stand afterwards."""
    call_command("migrate", verbosity=0, interactive=False)
