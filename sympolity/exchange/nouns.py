"""The nouns of the room with the privacy class of every field."""

from __future__ import annotations

from sympolity.exchange import models, queries
from sympolity.kit.nouns import Noun, Privacy, register

__all__ = ["register_all"]

_MAPPING = {
    "id": Privacy.STAFF,
    "name": Privacy.STAFF,
    "body": Privacy.STAFF,  # headings and constants of a partner's table, no rows of it
    "created_at": Privacy.STAFF,
    "updated_at": Privacy.STAFF,
    "updated_by": Privacy.STAFF,
}
_RUN = {
    "id": Privacy.STAFF,
    "format": Privacy.STAFF,
    "source": Privacy.STAFF,
    "names": Privacy.STAFF,
    "files": Privacy.INTERNAL,
    "mapping": Privacy.STAFF,
    "sheet": Privacy.STAFF,
    "peek": Privacy.PERSONAL,  # first rows of a table as they came: they may name a person
    "report": Privacy.PERSONAL,  # first rows, not yet looked at
    "state": Privacy.STAFF,
    "fault": Privacy.STAFF,
    "reason": Privacy.STAFF,
    "allow_endings": Privacy.STAFF,
    "done": Privacy.STAFF,
    "total": Privacy.STAFF,
    "asked_by": Privacy.PERSONAL,
    "asked_for": Privacy.STAFF,
    "created_at": Privacy.STAFF,
    "changed_at": Privacy.STAFF,
    "holder": Privacy.INTERNAL,
    "lease_until": Privacy.INTERNAL,
    "tries": Privacy.INTERNAL,
}


def register_all() -> None:
    """Register mapping and run."""
    register(Noun("mapping", models.Mapping, _MAPPING, visible_to=queries.mappings_visible_to))
    register(Noun("import_run", models.ImportRun, _RUN, visible_to=queries.runs_visible_to))
