"""Messages, recipients and the local mailbox as they stand in the database."""

from __future__ import annotations

import operator
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import reduce

from django.db.models import Q, QuerySet

from sympolity.kit.actor import Actor, Role
from sympolity.post.cleaning import RESERVED, address
from sympolity.post.models import KeptMail, Message, Recipient
from sympolity.post.rules import Reach

__all__ = ["Failure", "failed_addresses", "kept", "messages_visible_to", "recipients_visible_to", "reserved"]


def messages_visible_to(actor: Actor) -> QuerySet[Message]:
    """Administrators and the system alone; a recipient has the mail itself."""
    return Message.objects.all() if actor.has(Role.ADMINISTRATOR, Role.SYSTEM) else Message.objects.none()


def recipients_visible_to(actor: Actor) -> QuerySet[Recipient]:
    """Administrators and the system alone."""
    return Recipient.objects.all() if actor.has(Role.ADMINISTRATOR, Role.SYSTEM) else Recipient.objects.none()


@dataclass(frozen=True, slots=True)
class Failure:
    """Why nobody is reached by an address. ``at`` None: it is no address at all."""

    at: datetime | None
    words: str = ""


def failed_addresses(addresses: Collection[str]) -> dict[str, Failure]:
    """Those of ``addresses``, as they were given, by which nobody is reached: refused by their mail server, or unusable."""
    clean = {given: address(given) for given in addresses}
    refused = Recipient.objects.filter(address__in=set(clean.values()) - {""}, refused_at__isnull=False)
    known = {row.address: Failure(row.refused_at, row.refused) for row in refused}
    found: dict[str, Failure] = {}
    for given, one in clean.items():
        if not one:
            found[given] = Failure(None)
        elif one in known:
            found[given] = known[one]
    return found


def reserved(field: str) -> Q:
    """A condition: the address in ``field`` can be nobody's."""
    return reduce(operator.or_, (Q(**{f"{field}__iendswith": ending}) for ending in RESERVED))


def kept(reach: Reach) -> QuerySet[KeptMail]:
    """Mails of the local mailbox that somebody with this reach reads, the newest first."""
    rows = KeptMail.objects.order_by("-at", "id")
    match reach:
        case Reach.EVERYTHING:
            return rows
        case Reach.EXAMPLES:
            return rows.filter(reserved("address"))
        case _:
            return rows.none()
