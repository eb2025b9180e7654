"""Words of deliveries."""

from __future__ import annotations

from django.db.models import TextChoices

__all__ = ["DeliveryState"]


class DeliveryState(TextChoices):
    WAITING = "waiting"  # for its hour
    SENDING = "sending"  # somebody holds it; written before the world outside hears of it
    DONE = "done"
    PARKED = "parked"  # given up or refused: a person decides
    SETTLED = "settled"  # a person decided that it need not go out
