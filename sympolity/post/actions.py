"""Verbs of messages. ``send`` is the one door for rooms above, inside their own action."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import pgettext

from sympolity.kit import clock
from sympolity.kit.actor import PUBLIC, SYSTEM, Actor
from sympolity.kit.refusals import Refusal
from sympolity.languages import registry
from sympolity.post import kinds, letters, rules
from sympolity.post.cleaning import LONGEST, address
from sympolity.post.enums import MessageState
from sympolity.post.kinds import DIGEST_TOPIC
from sympolity.post.models import KeptMail, Message, Recipient, Unwanted
from sympolity.trail import deliveries
from sympolity.trail.journal import Journal, action, plain

__all__ = [
    "Outgoing",
    "forget",
    "note_reached",
    "note_refused",
    "post",
    "send",
    "send_trial",
    "subscribe",
    "unsubscribe",
]

BATCH = 100
_INTERFACE = frozenset(row.code for row in registry.INTERFACE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message to ``to``, in ``lang``. ``facts``: what its kind composes from. ``noun``, ``noun_id``: what it is about.

    ``key``: a second one with the same key is not made ("service-due:…:2026-11"); without one it is always made.
    """

    kind: str
    to: str
    lang: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    noun: str = ""
    noun_id: UUID | None = None
    key: str = ""


def send(t: Journal, items: Sequence[Outgoing]) -> list[UUID]:
    """Write messages in the transaction of the action that causes them; the ids of those that were made.

    Not made: what the recipient has unsubscribed, what has a known key, and what has no usable address (see
    ``queries.failed_addresses``). Raises :class:`kinds.UnknownKind`, and ValueError for a link that leads elsewhere.
    """
    known = _recipients(t, {found for item in items if (found := address(item.to))})
    wanted = _wanted(items, known)
    rows: list[Message] = []
    for item in wanted:
        kind = kinds.kind(item.kind)
        state = MessageState.GATHERING if kind.digest else MessageState.POSTED
        rows.append(_row(item, kind, known[address(item.to)], state))
    post(t, rows)
    return [row.id for row in rows]


def post(t: Journal, rows: Sequence[Message]) -> None:
    """Save new messages with their entries; those that are posted get their delivery."""
    Message.objects.bulk_create(rows, batch_size=BATCH)
    for row in rows:
        t.record("written", "message", row.id, after={"kind": row.kind, "lang": row.lang})
    posted = [row.id for row in rows if row.state == MessageState.POSTED]
    orders = [deliveries.Order(channel="mail", key=f"message:{one}", noun="message", noun_id=one) for one in posted]
    deliveries.queue(t, orders)


def _recipients(t: Journal, addresses: Collection[str]) -> dict[str, Recipient]:
    """The recipients with these addresses; new ones are made."""
    known = {row.address: row for row in Recipient.objects.filter(address__in=addresses)}
    now = clock.now()
    missing = [Recipient(address=one, created_at=now) for one in sorted(set(addresses) - known.keys())]
    if missing:
        Recipient.objects.bulk_create(missing, batch_size=BATCH, ignore_conflicts=True)
        found = Recipient.objects.filter(address__in=[row.address for row in missing])
        known |= {row.address: row for row in found}
        for row in missing:
            t.record("added", "recipient", known[row.address].id)
    return known


def _wanted(items: Iterable[Outgoing], known: Mapping[str, Recipient]) -> list[Outgoing]:
    """Items that can and may be sent, each key once."""
    usable = [item for item in items if address(item.to)]
    keys = [item.key for item in usable if item.key]
    taken = set(Message.objects.filter(key__in=keys).values_list("key", flat=True)) if keys else set()
    rows = Unwanted.objects.filter(recipient__in=list(known.values())).values_list("recipient_id", "topic")
    ended, found = set(rows), list[Outgoing]()
    for item in usable:
        kind, recipient = kinds.kind(item.kind), known[address(item.to)].id
        topics = ({kind.topic} if kind.topic else set()) | ({DIGEST_TOPIC} if kind.digest else set())
        if item.key in taken or any((recipient, topic) in ended for topic in topics):
            continue
        found.append(item)
        if item.key:
            taken.add(item.key)
    return found


def _row(item: Outgoing, kind: kinds.Kind, recipient: Recipient, state: MessageState) -> Message:
    lang = item.lang if item.lang in _INTERFACE else registry.FALLBACK
    with translation.override(lang):
        letter = letters.dumped(kind.compose(item.facts))
        subject = letter["subject"]
        if kind.asks:
            subject = pgettext("subject of a mail that asks for something", "[Action needed] {subject}").format(
                subject=subject
            )
    one = uuid.uuid4()
    return Message(
        id=one, recipient=recipient, kind=kind.name, key=item.key or f"once:{one}", lang=lang, subject=subject[:LONGEST],
        letter=plain(letter), noun=item.noun, noun_id=item.noun_id, state=state, created_at=clock.now(),
    )  # fmt: skip


# --- by the recipient ----------------------------------------------------------------------------


def unsubscribe(*, recipient: UUID, topic: str) -> bool:
    """End mails of a topic for a recipient, as the holder of the link asks; whether there is such a recipient."""
    with action(PUBLIC) as t:
        row = Recipient.objects.select_for_update().filter(id=recipient).first()
        if row is None:
            return False
        if Unwanted.objects.get_or_create(recipient=row, topic=topic, defaults={"since": clock.now()})[1]:
            t.record("unsubscribed", "recipient", row.id, after={"topic": topic})
    return True


def subscribe(*, recipient: UUID, topic: str) -> bool:
    """Take an unsubscription back; whether there is such a recipient."""
    with action(PUBLIC) as t:
        row = Recipient.objects.select_for_update().filter(id=recipient).first()
        if row is None:
            return False
        if Unwanted.objects.filter(recipient=row, topic=topic).delete()[0]:
            t.record("subscribed", "recipient", row.id, after={"topic": topic})
    return True


# --- by the mail server --------------------------------------------------------------------------


def note_refused(*, recipient: Recipient, words: str) -> None:
    """Their mail server refused the address for good, in these words: a signal for rooms above."""
    with action(SYSTEM) as t:
        Recipient.objects.filter(id=recipient.id).update(refused_at=clock.now(), refused=words[:300])
        t.record("refused", "recipient", recipient.id)


def note_reached(*, recipient: Recipient) -> None:
    """A mail arrived where one had been refused."""
    with action(SYSTEM) as t:
        Recipient.objects.filter(id=recipient.id).update(refused_at=None, refused="")
        t.record("reached", "recipient", recipient.id)


# --- by the operator -----------------------------------------------------------------------------


def forget(t: Journal, *, addresses: Collection[str]) -> int:
    """Erase recipients with all their messages, as a part of erasing a person. What they unsubscribed goes too."""
    rows = list(Recipient.objects.filter(address__in=[address(one) for one in addresses]))
    for row in rows:
        t.record("erased", "recipient", row.id)
    Recipient.objects.filter(id__in=[row.id for row in rows]).delete()
    KeptMail.objects.filter(address__in=[address(one) for one in addresses]).delete()
    return len(rows)


def send_trial(*, actor: Actor, to: Sequence[str], lang: str) -> list[UUID]:
    """A mail that only tells that mail arrives; the ids of those that were made."""
    Refusal.unless(rules.may_try(actor))
    with action(actor) as t:
        return send(t, [Outgoing(kind=kinds.TRIAL.name, to=one, lang=lang) for one in to])
