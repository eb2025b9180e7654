"""What can wait is gathered and sent once a day: one mail for each recipient and language."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import npgettext, pgettext

from sympolity.kit import clock
from sympolity.kit.actor import SYSTEM
from sympolity.post import letters
from sympolity.post.actions import post
from sympolity.post.enums import MessageState
from sympolity.post.kinds import DIGEST_TOPIC, Kind, kind
from sympolity.post.letters import Button, Letter, Listing, Row
from sympolity.post.models import Message, Unwanted
from sympolity.trail.journal import Journal, action, plain

__all__ = ["DIGEST", "gather", "last_hour"]

HOUR = time(7)  # where the services are: before people begin to work
_BATCH = 100  # messages under one write lock, and things in one mail


def last_hour(now: datetime) -> datetime:
    """The last 07:00."""
    local = now.astimezone(clock.ATHENS)
    today = datetime.combine(local.date(), HOUR, clock.ATHENS)
    return today if today <= local else datetime.combine(local.date() - timedelta(days=1), HOUR, clock.ATHENS)


def gather() -> int:
    """Make the digests that are due; their number. One query when there is none. Again at once: nothing is made.

    What was written before the last 07:00 is due, so that a machine that was off makes up for it.
    """
    waiting = Message.objects.filter(state=MessageState.GATHERING, created_at__lt=last_hour(clock.now()))
    made = 0
    while ids := list(
        waiting.order_by("recipient_id", "lang", "created_at", "id").values_list("id", flat=True)[:_BATCH]
    ):
        with action(SYSTEM) as t:
            made += _gather(t, ids)
    return made


def _gather(t: Journal, ids: Sequence[UUID]) -> int:
    rows = list(Message.objects.select_for_update().filter(id__in=ids, state=MessageState.GATHERING))
    wanted = _drop_unwanted(t, rows)
    made = 0
    for mine in _by_recipient(wanted):
        digest = _digest(mine)
        post(t, [digest])
        Message.objects.filter(id__in=[row.id for row in mine]).update(state=MessageState.GATHERED, digest=digest)
        for row in mine:
            t.record("gathered", "message", row.id)
        made += 1
    return made


def _drop_unwanted(t: Journal, rows: Sequence[Message]) -> list[Message]:
    """Those that the recipient still wants."""
    people = {row.recipient_id for row in rows}
    ended = set(Unwanted.objects.filter(recipient__in=people).values_list("recipient_id", "topic"))
    gone = [row for row in rows if {(row.recipient_id, kind(row.kind).topic), (row.recipient_id, DIGEST_TOPIC)} & ended]
    Message.objects.filter(id__in=[row.id for row in gone]).update(state=MessageState.UNWANTED)
    for row in gone:
        t.record("dropped", "message", row.id)
    return [row for row in rows if row not in gone]


def _by_recipient(rows: Sequence[Message]) -> Iterator[list[Message]]:
    def whose(row: Message) -> tuple[UUID, str]:
        return row.recipient_id, row.lang

    ordered = sorted(rows, key=lambda row: (*whose(row), row.created_at, row.id))
    for _, group in groupby(ordered, whose):
        yield list(group)


def _digest(rows: Sequence[Message]) -> Message:
    first = rows[0]
    with translation.override(first.lang):
        letter = letters.dumped(_compose({"things": [_thing(row) for row in rows]}))
    one = uuid.uuid4()
    return Message(
        id=one, recipient_id=first.recipient_id, kind=DIGEST.name, key=f"once:{one}", lang=first.lang,
        subject=letter["subject"], letter=plain(letter), state=MessageState.POSTED, created_at=clock.now(),
    )  # fmt: skip


def _thing(row: Message) -> Row:
    """A letter as one line of a digest: its subject, its first words, its first button."""
    parts = letters.loaded(row.letter).parts
    words = next((part for part in parts if isinstance(part, str)), "")
    path = next((part.path for part in parts if isinstance(part, Button)), "")
    return Row(row.subject, words, path)


def _compose(facts: Mapping[str, Any]) -> Letter:
    things: Sequence[Row] = facts["things"]
    number = len(things)
    subject = npgettext("subject of a digest", "{n} thing happened", "{n} things happened", number).format(n=number)
    return Letter(
        subject,
        (pgettext("digest", "This happened in what you follow. You need not do anything."), Listing(tuple(things))),
    )


DIGEST = Kind("digest", _compose, topic=DIGEST_TOPIC)
