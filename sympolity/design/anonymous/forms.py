"""One anonymous form: what is put into its page, and what came back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID, uuid4

from django.http import HttpRequest

from sympolity.design.anonymous import tokens
from sympolity.design.anonymous.origins import Origin, origin_of
from sympolity.design.anonymous.senders import Network, network_of

__all__ = ["TOKEN", "TRAP", "Sent", "Trouble", "blank", "received"]

TOKEN = "form"  # noqa: S105 - the name of a field
TRAP = "website"  # shown to nobody; machines fill it


class Trouble(StrEnum):
    """Why a form is not taken. Only FOREIGN is somebody else's fault; of the others a person is told to send again."""

    FOREIGN = "foreign"  # sent from a page of another site
    FORGED = "forged"  # no token of ours, or that of another form
    STALE = "stale"  # open for too long
    TRAPPED = "trapped"  # filled by a machine


@dataclass(frozen=True, slots=True)
class Sent:
    """What is known of a form that came in.

    ``id``: of what it makes; sent twice, it is the same. ``proven``: the browser says that the form stood on our page;
    if not, somebody else's page may have sent it through this visitor, who then counts for nobody.
    """

    id: UUID
    trouble: Trouble | None
    network: Network
    proven: bool


def blank(purpose: str) -> dict[str, str]:
    """What ``design/parts/anonymous.html`` puts into a form. Its page must not be kept by anybody."""
    return {"token": tokens.issue(purpose), "token_name": TOKEN, "trap": TRAP}


def received(request: HttpRequest, purpose: str) -> Sent:
    """Look at a form before anything of it is used."""
    origin, token = origin_of(request), tokens.read(request.POST.get(TOKEN, ""), purpose)
    trouble = None
    if origin is Origin.FOREIGN:
        trouble = Trouble.FOREIGN
    elif token is None:
        trouble = Trouble.FORGED
    elif token.stale:
        trouble = Trouble.STALE
    elif request.POST.get(TRAP):
        trouble = Trouble.TRAPPED
    return Sent(token.id if token else uuid4(), trouble, network_of(request), origin is Origin.OURS)
