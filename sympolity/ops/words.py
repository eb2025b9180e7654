"""What checks say, in plain words: for /readyz in English, for the operator's page in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import npgettext_lazy, pgettext_lazy

from sympolity.ops.health import Check, State

__all__ = ["CHECKS", "SENTENCES", "Sentence", "sentence"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """``says``: what is so; ``do``: what to do about it."""

    says: Any
    do: Any = ""


CHECKS: Mapping[str, Any] = {
    "database": pgettext_lazy("operator page, name of a check", "Database"),
    "index": pgettext_lazy("operator page, name of a check", "Search"),
    "disk": pgettext_lazy("operator page, name of a check", "Disk"),
    "log": pgettext_lazy("operator page, name of a check", "Log of changes"),
    "backup": pgettext_lazy("operator page, name of a check", "Backup"),
}

_WELL: Mapping[str, Any] = {
    "database": pgettext_lazy("operator page", "It answers."),
    "index": pgettext_lazy("operator page", "It answers and follows all changes."),
    "disk": pgettext_lazy("operator page", "It can be written and has room."),
    "log": pgettext_lazy("operator page", "It is protected against changes."),
    "backup": pgettext_lazy("operator page", "The last one is recent."),
}

SENTENCES: Mapping[str, Sentence] = {
    "database_away": Sentence(
        pgettext_lazy("operator page", "The database does not answer."),
        pgettext_lazy("operator page", "Start the database server. With SQLite, look whether the disk is there and not full. The search goes on meanwhile."),
    ),
    "unknown_without_database": Sentence(
        pgettext_lazy("operator page", "This cannot be looked at while the database does not answer."),
        pgettext_lazy("operator page", "Mend the database first."),
    ),
    "index_away": Sentence(
        pgettext_lazy("operator page", "There is no search index that can be read."),
        pgettext_lazy("operator page", "It is built again by itself within a minute. If not: stop the site, run sympolity index --rebuild, start it."),
    ),
    "index_late": Sentence(
        npgettext_lazy("operator page", "The search has not seen {n} change yet.", "The search has not seen {n} changes yet.", "n"),
        pgettext_lazy("operator page", "Wait a few minutes: after a large import this is usual."),
    ),
    "index_stands_still": Sentence(
        npgettext_lazy("operator page", "The search has stood still for more than ten minutes: it lacks {n} change.", "The search has stood still for more than ten minutes: it lacks {n} changes.", "n"),
        pgettext_lazy("operator page", "Restart the site. If it stays so, read its log for lines about the find index."),
    ),
    "not_writable": Sentence(
        pgettext_lazy("operator page", "The data folder cannot be written."),
        pgettext_lazy("operator page", "Look whether the disk is full or read-only, and whether the folder belongs to the user of the site."),
    ),
    "disk_full": Sentence(
        npgettext_lazy("operator page", "The disk is nearly full: {n} megabyte is free.", "The disk is nearly full: {n} megabytes are free.", "n"),
        pgettext_lazy("operator page", "Make room: move old backups to another machine. A full disk stops all writing."),
    ),
    "triggers_missing": Sentence(
        pgettext_lazy("operator page", "The log of changes is not protected: somebody could alter it unnoticed."),
        pgettext_lazy("operator page", "Run sympolity migrate, then sympolity verify."),
    ),
    "backup_failed": Sentence(
        pgettext_lazy("operator page", "The last try to make a backup failed."),
        pgettext_lazy("operator page", "Run sympolity backup and read what it says."),
    ),
    "no_backup": Sentence(
        pgettext_lazy("operator page", "There is no backup yet."),
        pgettext_lazy("operator page", "Run sympolity backup, and look whether nightly backups are on."),
    ),
    "backup_old": Sentence(
        npgettext_lazy("operator page", "The last backup is {n} hour old.", "The last backup is {n} hours old.", "n"),
        pgettext_lazy("operator page", "Run sympolity backup and read what it says."),
    ),
}  # fmt: skip


def sentence(check: Check) -> Sentence:
    """What a check says, and what to do, in the language that is active now."""
    if check.state == State.OK:
        return Sentence(str(_WELL[check.name]))
    found = SENTENCES[check.reason]
    # Lazy plurals take their number by %; only ``format`` of Django's plural class does too.
    return Sentence(found.says.format(n=check.number), str(found.do))
