"""What people said without an account, as the desk shows it: reports, and the board of what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import pgettext_lazy

from sympolity.directory.enums import MissingState, ReportKind, ReportOutcome, ReportState
from sympolity.directory.models import MissingService, Report
from sympolity.directory.reports import queries, rules
from sympolity.kit.actor import Actor, Role
from sympolity.kit.flow import Flow
from sympolity.languages import texts
from sympolity.languages.registry import preference
from sympolity.languages.texts import Said

__all__ = ["REFUSALS", "Card", "Line", "cards", "ids", "lines", "missing", "reports", "waiting"]

_WAITS = (ReportState.RECEIVED, ReportState.BEING_CHECKED)
_OPEN = (MissingState.OPEN, MissingState.TAKEN_UP)

REFUSALS: Mapping[str, Any] = {
    "unknown_outcome": pgettext_lazy("desk, report", "Choose an answer first."),
    "answer_too_long": pgettext_lazy("desk, report", "Your words are too long. Please shorten them."),
    "wrong_state": pgettext_lazy("desk, refusal", "Somebody was faster. This is how it stands now."),
    "unknown_report": pgettext_lazy("desk, report", "This report is no longer there for you."),
    "unknown_line": pgettext_lazy("desk, report", "This line is no longer there for you."),
}
STATES: Mapping[str, tuple[str, Any]] = {
    ReportState.RECEIVED: ("call", pgettext_lazy("desk, state of a report", "New")),
    ReportState.BEING_CHECKED: ("later", pgettext_lazy("desk, state of a report", "Being checked")),
    ReportState.ANSWERED: ("open", pgettext_lazy("desk, state of a report", "Answered")),
    ReportState.CLOSED: ("closed", pgettext_lazy("desk, state of a report", "Set aside")),
    MissingState.OPEN: ("call", pgettext_lazy("desk, state of a report", "New")),
    MissingState.TAKEN_UP: ("later", pgettext_lazy("desk, state of a line on the board", "Taken up")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    """One report. ``verbs``: what this reader may say of it now; ``answers``: the choice for the verb "answer"."""

    row: Report
    kind: str
    shape: str
    state: str
    name: Said
    organization: Said
    words: Said
    verbs: list[str]
    answers: list[tuple[str, str]]

    @property
    def open(self) -> bool:
        return bool(self.verbs)

    @property
    def outcome(self) -> str:
        return str(ReportOutcome(self.row.outcome).label) if self.row.outcome else ""


def reports(actor: Actor, *, conduct: bool, ended: bool = False) -> QuerySet[Report]:
    """Those that wait, the oldest first, or those that have ended, the newest first."""
    found = queries.reports_visible_to(actor).filter(conduct=conduct).select_related("service", "organization", "area")
    if ended:
        return found.exclude(state__in=_WAITS).order_by("-answered_at", "id")
    return found.filter(state__in=_WAITS).order_by("created_at", "id")


def cards(actor: Actor, rows: Sequence[Report], lang: str) -> list[Card]:
    """Reports in the reader's language; one query for the names of all."""
    bundles = texts.bundles_of(
        {"service": [row.service for row in rows], "organization": [row.organization for row in rows]}
    )
    return [
        _card(actor, row, bundles["service"][row.service_id].said("name", lang), bundles["organization"][row.organization_id].said("name", lang))
        for row in rows
    ]  # fmt: skip


def _card(actor: Actor, row: Report, name: Said, organization: Said) -> Card:
    shape, state = STATES[row.state]
    flow = rules.CONDUCT_FLOW if row.conduct else rules.REPORT_FLOW
    return Card(
        row, str(ReportKind(row.kind).label), shape, str(state), name, organization, Said(row.words, row.lang),
        _verbs(flow, actor, row.state), [(one.value, str(one.label)) for one in rules.OUTCOMES[row.conduct]],
    )  # fmt: skip


def _verbs(flow: Flow, actor: Actor, state: str) -> list[str]:
    """Whoever sees the row passes the guard, which says the same as the query: only the role is left to ask."""
    return [verb for at, verb, _, roles in flow.rows() if at == state and actor.has(*map(Role, roles))]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the board."""

    row: MissingService
    shape: str
    state: str
    words: Said
    area: Said
    need: Said
    verbs: list[str]


def missing(actor: Actor) -> QuerySet[MissingService]:
    """The board: what waits, the newest first, for people say the same again and again."""
    found = queries.missing_visible_to(actor).filter(state__in=_OPEN)
    return found.select_related("area", "category").prefetch_related("area__names").order_by("-created_at", "id")


def lines(actor: Actor, rows: Sequence[MissingService], lang: str) -> list[Line]:
    """The board in the reader's language."""
    bundles = texts.bundles("category", [row.category for row in rows if row.category])
    return [
        Line(
            row, STATES[row.state][0], str(STATES[row.state][1]), Said(row.words, row.lang), _area(row, lang),
            bundles[row.category_id].said("label", lang) if row.category_id else Said("", lang),
            _verbs(rules.MISSING_FLOW, actor, row.state),
        )
        for row in rows
    ]  # fmt: skip


def _area(row: MissingService, lang: str) -> Said:
    names = {name.language: name.name for name in row.area.names.all()} if row.area else {}
    return next((Said(names[code], code) for code in preference(lang, "el") if code in names), Said("", lang))


def waiting(actor: Actor) -> dict[str, int]:
    """How much waits, for the first page: of what the actor may see."""
    return {
        "facts": reports(actor, conduct=False).count(),
        "conduct": reports(actor, conduct=True).count(),
        "missing": missing(actor).count(),
    }


def ids(said: Sequence[str]) -> list[UUID]:
    """The ids in what a form sent; nonsense is left out."""
    found = []
    for text in said[:100]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
