"""Rules of messages: how they go on, and who reads the mailbox of this machine."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sympolity.kit.actor import Actor, Role
from sympolity.kit.flow import Flow, Turn
from sympolity.kit.refusals import Allowed, Answer, Refused
from sympolity.post.enums import MailboxMode
from sympolity.post.enums import MessageState as State

__all__ = ["FLOW", "MailboxFacts", "Reach", "mailbox_reach", "may_try"]

_MACHINE = frozenset({Role.SYSTEM})

# gather: into the digest of the day · drop: unsubscribed while it waited for it.
FLOW = Flow(
    "message",
    [
        Turn("gather", frozenset({State.GATHERING}), State.GATHERED, _MACHINE),
        Turn("drop", frozenset({State.GATHERING}), State.UNWANTED, _MACHINE),
    ],
)


def may_try(actor: Actor) -> Answer:
    """Administrators find out whether mail arrives."""
    return Allowed() if actor.has(Role.ADMINISTRATOR, Role.SYSTEM) else Refused("not_administrator")


class Reach(StrEnum):
    """What of the mailbox somebody reads."""

    NOTHING = "nothing"
    EXAMPLES = "examples"  # mails to addresses that can be nobody's
    EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class MailboxFacts:
    """``sends``: there is a mail server. ``demo``: the settings ask for the demonstration. ``here``: asked on this
    machine, with nothing between. ``real``: somebody with an address of their own works here. ``reader_real``: the
    reader is one of them.
    """

    mode: MailboxMode
    sends: bool
    demo: bool
    here: bool
    real: bool
    reader_real: bool


def mailbox_reach(actor: Actor, facts: MailboxFacts) -> Reach:
    """What somebody reads. Mails hold sign-in codes and links that need no sign-in: whoever reads one can use it.

    An administrator reads everything, unless they are a persona of the demo: anybody may be that where the mailbox is
    open. Everybody reads mails of the demo, while it is nothing else: on one's own machine, or where the operator
    opened it. Nobody reads anything where mails really go out.
    """
    if facts.sends:
        return Reach.NOTHING
    if actor.has(Role.ADMINISTRATOR) and facts.reader_real:
        return Reach.EVERYTHING
    opened = facts.mode == MailboxMode.OPEN or (facts.mode == MailboxMode.LOCAL and facts.here and not facts.real)
    return Reach.EXAMPLES if facts.demo and opened else Reach.NOTHING
