"""What a signed link opens: its asking, and the services of that organization that are asked about. Reading only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import QuerySet

from sympolity.directory import due, models, rules
from sympolity.directory.asking_models import Asking, Reply
from sympolity.directory.queries import Dossier, dossiers
from sympolity.directory.truth import links, steps
from sympolity.directory.truth.corrections import words_of
from sympolity.directory.truth.steps import LinkFacts
from sympolity.kit.actor import Actor

__all__ = ["Opened", "Row", "opened", "services_of"]


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that is ours. Whether it may still be used is ``steps.may_answer``'s to say."""

    asking: Asking
    facts: LinkFacts


@dataclass(frozen=True, slots=True)
class Row:
    """A service that is asked about. ``reply``: what was said of it last in this asking; ``words``: in their words.

    ``due``: something of it is due now or within two weeks, and nobody has said what it is.
    """

    dossier: Dossier
    due: bool
    reply: Reply | None
    words: str


def opened(token: str) -> Opened | None:
    """The asking of a token; None when there is none. One query."""
    key = links.read(token)
    row = Asking.objects.filter(id=key.asking).select_related("organization").first() if key else None
    if key is None or row is None:
        return None
    return Opened(row, LinkFacts(row.organization_id, row.organization.status, row.state, key.until))


def services_of(found: Opened, today: date) -> list[Row]:
    """The services that the link speaks of: what is due or soon will be, and what was answered through it, by name."""
    replies: dict[UUID, Reply] = {row.service_id: row for row in found.asking.replies.order_by("at", "id")}
    own = models.Service.objects.filter(organization=found.facts.organization)
    asked = _asked(own, today)
    shown = own.filter(id__in={*asked, *replies}).order_by("name", "id")
    words = words_of([one.proposal for one in replies.values() if one.proposal])
    return [_row(one, asked, replies, words) for one in dossiers(shown, Actor(acting_for=found.facts.organization))]


def _asked(own: QuerySet[models.Service], today: date) -> set[UUID]:
    """Due within two weeks; the periods are looked at as they will be then."""
    soon = today + timedelta(days=steps.SOON)
    stale = due.kept_true(today).filter(due.late(steps.ASKED_FOR, soon), id__in=own.values("id"))
    return set(stale.values_list("id", flat=True))


def _row(one: Dossier, asked: set[UUID], replies: Mapping[UUID, Reply], words: Mapping[UUID, str]) -> Row:
    reply = replies.get(one.service.id)
    said = words.get(reply.proposal, "") if reply and reply.proposal else ""
    open_now = one.service.id in asked and one.service.status in rules.LISTED_STATUS and one.disputed_on is None
    return Row(one, open_now, reply, said)
