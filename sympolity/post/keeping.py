"""How long messages are kept, and that they go when their time is over."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, OuterRef

from sympolity.kit import clock
from sympolity.post.enums import MessageState
from sympolity.post.models import KeptMail, Message, Recipient, Unwanted
from sympolity.trail.enums import DeliveryState
from sympolity.trail.models import Delivery

__all__ = ["clean_up"]

MESSAGES = timedelta(days=180)  # whoever asks "did you write to us?" asks within half a year
KEPT = timedelta(days=30)  # in the local mailbox
AT_ONCE = timedelta(days=1)  # in the local mailbox: sign-in codes, which count for minutes
BATCH = 200


def clean_up() -> int:
    """Remove what is over; the number of messages and mails that went. What is parked or on its way stays.

    The trail keeps that there was a message, not what it said.
    """
    now = clock.now()
    mails = KeptMail.objects.filter(at__lt=now - KEPT) | KeptMail.objects.filter(at_once=True, at__lt=now - AT_ONCE)
    gone = mails.delete()[0] if mails.exists() else 0
    running = Delivery.objects.filter(noun="message", noun_id=OuterRef("id")).exclude(
        state__in=[DeliveryState.DONE, DeliveryState.SETTLED]
    )
    over = Message.objects.filter(created_at__lt=now - MESSAGES).exclude(state=MessageState.GATHERING)
    while ids := list(over.exclude(Exists(running)).values_list("id", flat=True)[:BATCH]):
        Delivery.objects.filter(noun="message", noun_id__in=ids).delete()
        Message.objects.filter(digest__in=ids).delete()
        gone += Message.objects.filter(id__in=ids).delete()[0]
    _forget_strangers()
    return gone


def _forget_strangers() -> None:
    """Recipients to whom nothing was written for so long, unless they asked not to be written to."""
    written = Message.objects.filter(recipient=OuterRef("id"))
    ended = Unwanted.objects.filter(recipient=OuterRef("id"))
    old = Recipient.objects.filter(created_at__lt=clock.now() - MESSAGES)
    strangers = old.exclude(Exists(written)).exclude(Exists(ended))
    if strangers.exists():
        strangers.delete()
