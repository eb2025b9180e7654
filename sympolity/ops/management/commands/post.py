"""``sympolity post``: what waits to go out, what was given up, and letting it go out after all."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sympolity.kit.actor import SYSTEM
from sympolity.kit.refusals import Refusal
from sympolity.post.actions import send_trial
from sympolity.post.cleaning import address
from sympolity.trail import deliveries
from sympolity.trail.enums import DeliveryState
from sympolity.trail.models import Delivery

_WHY = {"unknown_delivery": "one of them is not there", "wrong_state": "one of them is not parked"}


class Command(BaseCommand):
    help = "List deliveries that were given up or refused; let them go out again, or rest."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--replay", nargs="+", metavar="ID", help="let these go out again now; all: every one that is parked"
        )
        parser.add_argument(
            "--settle", nargs="+", metavar="ID", help="these need not go out; all: every one that is parked"
        )
        parser.add_argument(
            "--try", dest="trial", metavar="ADDRESS", help="send a mail that only tells that mail arrives"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["trial"]:
            self.trial(options["trial"])
        elif options["replay"]:
            self.stdout.write(f"{self.turn(deliveries.replay, options['replay'])} go out again")
        elif options["settle"]:
            self.stdout.write(f"{self.turn(deliveries.settle, options['settle'])} rest")
        else:
            self.listing()

    def trial(self, to: str) -> None:
        """Queue a mail; the work process sends it."""
        if not address(to):
            msg = f"{to} is no e-mail address"
            raise CommandError(msg)
        send_trial(actor=SYSTEM, to=[to], lang="en")
        self.stdout.write("queued: the work process sends it within seconds; sympolity post tells whether it waits")

    def turn(self, act: Any, named: list[str]) -> int:
        """Replay or settle; the number turned."""
        parked = Delivery.objects.filter(state=DeliveryState.PARKED)
        try:
            ids = list(parked.values_list("id", flat=True)) if named == ["all"] else [UUID(one) for one in named]
            return int(act(actor=SYSTEM, ids=ids))
        except ValueError as error:
            msg = "Nothing was changed: an id looks like 1b4e28ba-2fa1-11d2-883f-0016d3cca427; or say all"
            raise CommandError(msg) from error
        except Refusal as error:
            msg = f"Nothing was changed: {_WHY.get(error.reason, error.reason)}."
            raise CommandError(msg) from error

    def listing(self) -> None:
        """What stands there of an address, the mail server said."""
        found = deliveries.standing()
        since = f", the oldest since {found.since:%Y-%m-%d %H:%M} UTC" if found.since else ""
        self.stdout.write(f"{found.waiting} wait{since}; {found.parked} parked")
        for row in Delivery.objects.filter(state=DeliveryState.PARKED).order_by("created_at", "id")[:200]:
            self.stdout.write(
                f"{row.id}  {row.created_at:%Y-%m-%d %H:%M}  {row.channel}  {row.fault}  {row.tries} tries  {row.reason}"
            )
