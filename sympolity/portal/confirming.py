"""The page behind a signed link: an organization looks at its services and says what is still right."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import pgettext, pgettext_lazy

from sympolity.design.anonymous import Limit, Trouble
from sympolity.directory.enums import Said
from sympolity.directory.truth.answers import Word
from sympolity.directory.truth.asked import Row
from sympolity.directory.truth.corrections import LONGEST, cleaned
from sympolity.kit import clock
from sympolity.kit.actor import PUBLIC
from sympolity.portal import face, words
from sympolity.portal.site import Site

__all__ = ["ALL", "CHOICES", "TROUBLES", "Typed", "limits", "read", "shown"]

ALL = "all"  # name of the button "everything is right"
_HOURLY = 60  # times that one link is answered, by all who hold it
_NEEDS_WORDS = (Said.HOURS_CHANGED, Said.CHANGED)
CHOICES: Mapping[str, Any] = {
    Said.STILL_TRUE: pgettext_lazy("answer of an organization", "All of this is still right"),
    Said.HOURS_CHANGED: pgettext_lazy("answer of an organization", "The hours have changed"),
    Said.CHANGED: pgettext_lazy("answer of an organization", "Something else has changed"),
    Said.CLOSED: pgettext_lazy("answer of an organization", "This service no longer exists"),
}
TROUBLES: Mapping[Trouble, Any] = {
    Trouble.FOREIGN: pgettext_lazy("confirmation page", "This came from another site. Nothing was changed."),
    Trouble.FORGED: pgettext_lazy("confirmation page", "The page was too old, or not complete. Your answers are still here: please send them again."),
    Trouble.STALE: pgettext_lazy("confirmation page", "The page was open for too long. Your answers are still here: please send them again."),
    Trouble.TRAPPED: pgettext_lazy("confirmation page", "This looked like a machine. Your answers are still here: please send them again."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Typed:
    """What was chosen and written in one row of the form. ``missing``: words that should be there."""

    said: str
    words: str

    @property
    def missing(self) -> bool:
        return self.said in _NEEDS_WORDS and not cleaned(self.words)


def limits(asking: UUID) -> Sequence[Limit]:
    """How often one link may be answered."""
    return (Limit(f"confirm:{asking}", _HOURLY, 3600),)


def read(sent: QueryDict, services: Iterable[UUID], open_now: Collection[UUID]) -> dict[UUID, Typed]:
    """What the form says of ``services``; other names in it are nobody's. "Everything is right" fills what is left open."""
    found: dict[UUID, Typed] = {}
    for one in services:
        said, typed = sent.get(f"said-{one}", ""), sent.get(f"words-{one}", "")[: LONGEST * 2]
        if said in CHOICES:
            found[one] = Typed(said, typed)
        elif cleaned(typed):  # written without a choice: it says what has changed
            found[one] = Typed(Said.CHANGED, typed)
        elif ALL in sent and one in open_now:
            found[one] = Typed(Said.STILL_TRUE, "")
    return found


def said(typed: Mapping[UUID, Typed], lang: str) -> dict[UUID, Word]:
    """The answers that can be taken down."""
    return {one: Word(Said(row.said), row.words, lang) for one, row in typed.items() if not row.missing}


def shown(
    rows: Sequence[Row], typed: Mapping[UUID, Typed], *, lang: str, here: Site | None, now: datetime
) -> dict[str, Any]:
    """The rows of the page, and how many of them are done."""
    cards = [_card(row, typed.get(row.dossier.service.id), lang=lang, here=here, now=now) for row in rows]
    left = [card for card in cards if card["due"]]
    return {
        "cards": cards, "left": len(left), "done": len(cards) - len(left), "several": len(left) > 1,
        "errors": [{"id": f"words-{card['id']}", "text": card["error"]} for card in cards if card["error"]],
        "longest": LONGEST,
    }  # fmt: skip


def _card(row: Row, typed: Typed | None, *, lang: str, here: Site | None, now: datetime) -> dict[str, Any]:
    """One service as everybody sees it: what the link shows, anybody who gets hold of it sees too."""
    dossier = row.dossier
    page = face.context(dossier, actor=PUBLIC, lang=lang, here=here, now=now)
    missing = typed is not None and typed.missing
    return {
        "id": str(dossier.service.id), "name": page["name"], "service": dossier.service, "week": _week(page["week"]),
        "exceptions": page["exceptions"], "places": page["places"], "facts": page["facts"], "documents": page["documents"],
        "due": row.due, "reply": _reply(row, now), "over": dossier.service.status not in {"active", "temporarily_closed"},
        "said": typed.said if typed else "", "words": typed.words if typed else "",
        "error": pgettext("confirmation page", "Please write what it is now") if missing else "",
        "choices": list(CHOICES.items()),
    }  # fmt: skip


def _week(rows: Sequence[face.Row]) -> list[tuple[str, list[str]]]:
    """Days and hours, without what is particular about this week."""
    return [(row.name, row.times) for row in rows]


def _reply(row: Row, now: datetime) -> dict[str, Any] | None:
    """What was said of the service, in words. A reply that is older than what is due now is not shown."""
    reply = row.reply
    if reply is None or (row.due and reply.said == Said.STILL_TRUE) or reply.said == Said.NO_ANSWER:
        return None
    at = f"{words.day_words(reply.at.astimezone(clock.ATHENS).date(), now.astimezone(clock.ATHENS).date())}, {words.clock_time(reply.at)}"
    return {"at": at, "said": reply.said, "held": reply.held, "words": row.words}
