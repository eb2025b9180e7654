"""Who may do what in the room."""

from __future__ import annotations

import re

from sympolity.exchange.enums import RunState as State
from sympolity.kit.actor import Actor, Role
from sympolity.kit.flow import Flow, Turn
from sympolity.kit.refusals import Allowed, Answer, Refused

__all__ = ["AT_WORK", "FLOW", "IMPORTERS", "KEEPERS", "is_source", "may_import", "may_keep_mappings"]

# Who brings in tables of partners.
KEEPERS = frozenset({Role.CURATOR, Role.ADMINISTRATOR, Role.SYSTEM})
# An import writes for a whole source, wherever its services are.
IMPORTERS = frozenset({Role.ADMINISTRATOR, Role.SYSTEM})
_MACHINE = frozenset({Role.SYSTEM})
_SOURCE = re.compile(r"[a-z0-9][a-z0-9.:_-]{0,79}")
AT_WORK = (State.PREVIEWING, State.RUNNING)  # the work process has something to do

# map: where the columns go · again: look at the files once more · ask: a person has to say where the columns go ·
# show: the preview is there.
FLOW = Flow(
    "import_run",
    [
        Turn("map", frozenset({State.COLUMNS, State.PREVIEW}), State.PREVIEWING, IMPORTERS),
        Turn("apply", frozenset({State.PREVIEW}), State.RUNNING, IMPORTERS),
        Turn("again", frozenset({State.FAILED}), State.PREVIEWING, IMPORTERS),
        Turn(
            "drop", frozenset({State.PREVIEWING, State.COLUMNS, State.PREVIEW, State.FAILED}), State.DROPPED, IMPORTERS
        ),
        Turn("ask", frozenset({State.PREVIEWING}), State.COLUMNS, _MACHINE),
        Turn("show", frozenset({State.PREVIEWING}), State.PREVIEW, _MACHINE),
        Turn("finish", frozenset({State.RUNNING}), State.DONE, _MACHINE),
        Turn("fail", frozenset({*AT_WORK}), State.FAILED, _MACHINE),
    ],
)


def is_source(name: str) -> bool:
    """Whether a source may be called so: small letters, digits and ``. : _ -``, at most 80."""
    return bool(_SOURCE.fullmatch(name))


def may_import(actor: Actor) -> Answer:
    """Bring in files on the page, and see what others brought in."""
    return Allowed() if actor.has(*IMPORTERS) else Refused("wrong_role")


def may_keep_mappings(actor: Actor) -> Answer:
    """Save mappings of tables, and use those of others."""
    return Allowed() if actor.has(*KEEPERS) else Refused("wrong_role")
