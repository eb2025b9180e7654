"""The call list as the page shows it: whom to call, what to ask, what was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from babel.dates import format_date
from django.http import QueryDict
from django.utils.translation import get_language, pgettext, pgettext_lazy

from sympolity.desk.words import moment
from sympolity.directory.enums import Said
from sympolity.directory.queries import Dossier
from sympolity.directory.truth.answers import Word
from sympolity.directory.truth.calls import Call
from sympolity.directory.truth.corrections import LONGEST, cleaned
from sympolity.kit import clock
from sympolity.kit.hours import Hours
from sympolity.languages.texts import Said as Words
from sympolity.sharing.models import Proposal

__all__ = ["CHOICES", "NOBODY", "RISKS", "card", "missing", "read", "said_of"]

NOBODY = "nobody"  # name of the button "nobody answered"
_NEEDS_WORDS = (Said.HOURS_CHANGED, Said.CHANGED)
CHOICES: Mapping[str, Any] = {
    Said.STILL_TRUE: pgettext_lazy("call list, what was said", "All of this is right"),
    Said.HOURS_CHANGED: pgettext_lazy("call list, what was said", "The hours have changed"),
    Said.CHANGED: pgettext_lazy("call list, what was said", "Something else has changed"),
    Said.CLOSED: pgettext_lazy("call list, what was said", "It no longer exists"),
}
_DAY = 24 * 60  # minutes
RISKS: Mapping[int, Any] = {
    4: pgettext_lazy("call list, why this comes first", "People in danger may go there for nothing"),
    3: pgettext_lazy("call list, why this comes first", "The organization says that something has changed"),
    2: pgettext_lazy("call list, why this comes first", "People in danger may need it, or it leaves the lists soon"),
    1: pgettext_lazy("call list, why this comes first", "The page says “call first”"),
    0: pgettext_lazy("call list, why this comes first", "Due for confirmation"),
}


def read(sent: QueryDict, services: Sequence[UUID]) -> dict[UUID, Word]:
    """What a form says of the services of one call."""
    lang = get_language() or "en"
    if NOBODY in sent:
        return {one: Word(Said.NO_ANSWER) for one in services}
    found: dict[UUID, Word] = {}
    for one in services:
        said, words = sent.get(f"said-{one}", ""), sent.get(f"words-{one}", "")[: LONGEST * 2]
        if said in CHOICES or cleaned(words):
            found[one] = Word(Said(said) if said in CHOICES else Said.CHANGED, words, lang)
    return found


def missing(words: Mapping[UUID, Word]) -> set[UUID]:
    """Services of which it was said that they have changed, and not how."""
    return {one for one, word in words.items() if word.said in _NEEDS_WORDS and not cleaned(word.words)}


def card(call: Call, typed: Mapping[UUID, Word]) -> dict[str, Any]:
    """One organization of the list."""
    organization, wrong = call.asking.organization, missing(typed)
    phones = [
        organization.phone,
        *(one.service.phone for one in call.dossiers),
        *(one.service.direct_line for one in call.dossiers),
    ]
    return {
        "asking": str(call.asking.id), "organization": organization, "risk": call.risk, "why": RISKS[call.risk],
        "phones": [(phone, "".join(char for char in phone if char.isdigit() or char == "+")) for phone in dict.fromkeys(phones) if phone],
        "tries": call.tries, "tried_at": moment(call.tried_at) if call.tried_at else "",
        "rows": [_row(one, typed.get(one.service.id), wrong) for one in call.dossiers],
    }  # fmt: skip


def _row(one: Dossier, typed: Word | None, wrong: set[UUID]) -> dict[str, Any]:
    lang = get_language() or "en"
    return {
        "id": str(one.service.id), "name": one.texts.said("name", lang), "questions": _questions(one, lang), "choices": CHOICES.items(),
        "said": str(typed.said) if typed else "", "words": typed.words if typed else "",
        "error": pgettext("call list", "Please write what it is now") if one.service.id in wrong else "",
    }  # fmt: skip


def _questions(one: Dossier, lang: str) -> list[tuple[str, list[Words | str]]]:
    """What to ask, with what stands on the page now."""
    service, nothing = one.service, pgettext("call list, a fact", "not known")
    known = [place.hours for place in one.places if place.hours.known] or [one.hours]
    places: list[Words | str] = [
        place.texts.said("address", lang) for place in one.places if place.shows_address and place.location.address
    ]
    return [
        (pgettext("call list, a question", "Is this phone number right?"), [service.phone or nothing]),
        (pgettext("call list, a question", "Is this the address?"), places or [nothing]),
        (pgettext("call list, a question", "Are these the hours?"), [*_week(known[0])] if known[0].known else [nothing]),
        (pgettext("call list, a question", "Who can come, and with which papers?"), [one.texts.said("eligibility", lang) or nothing]),
        (pgettext("call list, a question", "Does it go on in the next months?"), [service.ends_on.isoformat() if service.ends_on else nothing]),
    ]  # fmt: skip


def _week(hours: Hours) -> list[str]:
    """A week to read out: days with the same hours together, each day that is closed named too."""
    monday = (today := clock.local_today()) - timedelta(days=today.weekday())
    locale = get_language() or "en"
    out: list[tuple[str, list[str]]] = []
    for day in hours.week(monday):
        times = pgettext("list", ", ").join(f"{_time(start)}–{_time(end)}" for start, end in day.spans)
        said, name = times or pgettext("hours", "closed"), str(format_date(day.date, "EEE", locale=locale))
        if out and out[-1][0] == said:
            out[-1][1].append(name)
        else:
            out.append((said, [name]))
    return [f"{names[0]}–{names[-1]}: {said}" if len(names) > 1 else f"{names[0]}: {said}" for said, names in out]


def _time(minutes: int) -> str:
    return "24:00" if minutes == _DAY else f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def said_of(rows: Sequence[tuple[Proposal, Dossier]]) -> list[dict[str, Any]]:
    """Corrections that wait, with the service each is about."""
    lang = get_language() or "en"
    return [
        {
            "id": str(row.id), "service": str(one.service.id), "name": one.texts.said("name", lang),
            "label": CHOICES.get(row.raw.get("said", ""), CHOICES[Said.CHANGED]),
            "organization": one.organization.said("name", lang), "words": row.raw.get("words", ""),
            "at": moment(row.received_at), "closed": row.raw.get("said") == Said.CLOSED,
        }
        for row, one in rows
    ]  # fmt: skip
