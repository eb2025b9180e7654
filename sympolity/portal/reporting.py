"""Between the pages for reports and the verbs of the directory: limits, choices, and words for what went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import pgettext, pgettext_lazy

from sympolity.design.anonymous import Limit, Network, Trouble
from sympolity.directory import enums
from sympolity.directory.models import Report
from sympolity.directory.reports import rules

__all__ = [
    "TROUBLES",
    "Choice",
    "choices",
    "limits_of_codes",
    "limits_of_missing",
    "limits_of_report",
    "refused",
    "told",
]

HOUR, QUARTER = 3600, 900  # seconds

TROUBLES: Mapping[Trouble, Any] = {
    Trouble.FOREIGN: pgettext_lazy(
        "anonymous form", "This did not come from our page, so it was not taken. Use the form below."
    ),
    Trouble.FORGED: pgettext_lazy("anonymous form", "We could not take this as it came. Please send it once more."),
    Trouble.STALE: pgettext_lazy("anonymous form", "This page was open for too long. Please send it once more."),
    Trouble.TRAPPED: pgettext_lazy(
        "anonymous form", "A field that nobody sees was filled in. Please send it once more."
    ),
}
_REFUSALS: Mapping[str, tuple[str, Any]] = {
    "unknown_kind": ("", pgettext_lazy("report", "Choose what is wrong.")),
    "words_too_long": ("words", pgettext_lazy("report", "Your words are too long. Please shorten them.")),
    "words_missing": ("words", pgettext_lazy("missing service", "Write what is missing.")),
    "unknown_area": ("in", pgettext_lazy("missing service", "Choose a city from the list.")),
    "unknown_need": ("", pgettext_lazy("missing service", "Choose a need from the list.")),
    "nobody_independent": ("", pgettext_lazy("report", "Nobody here is independent of this organization.")),
}


def refused(reason: str) -> dict[str, Any]:
    """What the page says of a refusal, and at which field."""
    where, words = _REFUSALS.get(reason, ("", TROUBLES[Trouble.FORGED]))
    return {"id": where, "text": words}


# Shared networks have many honest people: a camp, a library, a whole telephone company.
def limits_of_report(service: UUID, network: Network, *, conduct: bool) -> list[Limit]:
    """For facts also a limit for all together, so that nobody is buried; conduct has none that others could use up."""
    kind = "conduct" if conduct else "fact"
    found = [
        Limit(f"{kind}", 30, HOUR, network),
        Limit(f"{kind}:{service}", 8, network=network),
    ]
    return found if conduct else [*found, Limit(f"fact:{service}", 100)]


def limits_of_missing(network: Network) -> list[Limit]:
    """For each network, and for all together: a curator reads every line."""
    return [Limit("missing", 10, HOUR, network), Limit("missing", 500)]


def limits_of_codes(network: Network) -> list[Limit]:
    """So that nobody guesses codes: there are ninety million of them."""
    return [Limit("code", 20, QUARTER, network)]


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: what is wrong."""

    value: str
    label: str
    icon: str


_ICONS: Mapping[str, str] = {
    enums.ReportKind.CLOSED: "lock",
    enums.ReportKind.WRONG_PHONE: "phone",
    enums.ReportKind.MOVED: "map-pin",
    enums.ReportKind.WRONG_HOURS: "clock",
    enums.ReportKind.MONEY: "coins",
    enums.ReportKind.HARASSED: "shield-alert",
    enums.ReportKind.REFUSED: "ban",
    enums.ReportKind.UNSAFE: "triangle-alert",
}


def choices(*, conduct: bool) -> list[Choice]:
    """The buttons of one of the two forms."""
    kinds = enums.CONDUCT if conduct else enums.FACTS
    return [Choice(kind.value, str(kind.label), _ICONS[kind]) for kind in kinds]


def told(report: Report) -> dict[str, Any]:
    """What became of a report, for whoever has its code: never of whom it spoke, nor what it said."""
    said = {
        enums.ReportState.RECEIVED: pgettext("report, what came of it", "It has arrived. Nobody has answered yet."),
        enums.ReportState.BEING_CHECKED: pgettext("report, what came of it", "It is being checked."),
        enums.ReportState.CLOSED: pgettext("report, what came of it", "It was read and set aside."),
    }
    outcome = str(enums.ReportOutcome(report.outcome).label) if report.outcome else ""
    return {
        "words": outcome or said[enums.ReportState(report.state)],
        "shape": "open" if report.outcome else "later",
        "answer": report.answer,
        "answer_lang": report.answer_lang,
        "sent_on": report.created_at,
    }


WORDS_MOST, MISSING_MOST = rules.WORDS_MOST, rules.MISSING_MOST
