"""The mails of an asking: what they say, and the door through which they leave (``post``)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, npgettext, pgettext

from sympolity.directory.enums import AskingState
from sympolity.directory.truth import links
from sympolity.directory.truth.contacts import Contact
from sympolity.kit import clock
from sympolity.post import actions as post
from sympolity.post import kinds, queries
from sympolity.post.letters import Button, Listing, Row
from sympolity.post.letters import Letter as Words
from sympolity.trail.journal import Journal

__all__ = ["KIND", "Letter", "bounces", "register_all", "send"]

KIND = "asking"
_NAMED = 12  # services that a letter names
_CHUNK = 1000  # addresses in one question
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # of an address that never was one


@dataclass(frozen=True, slots=True)
class Letter:
    """A message about an asking. ``state``: the step it belongs to, since ``at``; ``services``: what is due, by name."""

    asking: UUID
    state: str
    at: datetime
    organization: str
    services: Sequence[str]
    to: Contact

    @property
    def key(self) -> str:
        """The same for the same message, however often it is handed over."""
        return f"asking:{self.asking}:{self.state}:{self.at:%Y%m%d}:{self.to.key}"


def send(t: Journal, letters: Iterable[Letter]) -> int:
    """Hand messages over, in the open action; the number of those that will go out."""
    today = clock.local_today()
    return len(post.send(t, [_outgoing(one, today) for one in letters]))


def _outgoing(one: Letter, today: date) -> post.Outgoing:
    facts = {
        "state": one.state, "organization": one.organization, "token": links.made(one.asking, today),
        "services": list(one.services[:_NAMED]), "more": max(0, len(one.services) - _NAMED),
    }  # fmt: skip
    return post.Outgoing(
        kind=KIND, to=one.to.address, lang=one.to.language, facts=facts, noun="asking", noun_id=one.asking, key=one.key
    )


def bounces(addresses: Collection[str]) -> Mapping[str, datetime]:
    """Those of ``addresses`` by which nobody is reached, and since when we know."""
    found: dict[str, datetime] = {}
    rest = iter(sorted(addresses))
    while part := list(islice(rest, _CHUNK)):
        found |= {one: row.at or _NEVER for one, row in queries.failed_addresses(part).items()}
    return found


# --- words ------------------------------------------------------------------------------------


def _composed(facts: Mapping[str, Any]) -> Words:
    """The letter of a step, in the active language."""
    rows = [Row(str(name)) for name in facts["services"]]
    if facts["more"]:
        rows.append(
            Row(npgettext("mail that asks", "and %(n)d more", "and %(n)d more", facts["more"]) % {"n": facts["more"]})
        )
    subject = pgettext("mail that asks", "Is this still right? {organization}").format(
        organization=facts["organization"]
    )
    return Words(
        subject,
        (
            _why(str(facts["state"])),
            Listing(tuple(rows)),
            Button(pgettext("mail that asks", "Look and confirm"), f"/{get_language()}/confirm/{facts['token']}/"),
            pgettext(
                "mail that asks",
                "It takes two minutes. You need no account and no password. You can pass this mail on to whoever knows.",
            ),
            pgettext(
                "mail that asks",
                "People decide by this page whether to set out. What nobody confirms is marked “call first”, and later it leaves the lists.",
            ),
        ),
    )


def _why(state: str) -> str:
    match state:
        case AskingState.REMINDED:
            return pgettext(
                "mail that asks",
                "A week ago we asked whether these services are still as we show them. Please look once more:",
            )
        case AskingState.SECOND:
            return pgettext(
                "mail that asks",
                "Nobody has answered our first mails, so we ask you too. Are these services still as we show them?",
            )
        case AskingState.CALLING:
            return pgettext(
                "mail that asks",
                "We could not reach your organization for a long time. Are these services still as we show them?",
            )
        case _:
            return pgettext(
                "mail that asks", "Newcomers find these services of yours here. Are they still as we show them?"
            )


def register_all() -> None:
    """Register the kind of mail (called when Django is ready)."""
    kinds.register(kinds.Kind(KIND, _composed, asks=True))
