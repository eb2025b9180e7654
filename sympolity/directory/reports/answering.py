"""Verbs of whoever reads reports and the board: look, answer, set aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sympolity.directory.enums import ReportState
from sympolity.directory.models import MissingService, Report
from sympolity.directory.queries import AREA_LINE
from sympolity.directory.reports import queries, rules
from sympolity.kit import clock
from sympolity.kit.actor import Actor
from sympolity.kit.bidi import clean_text
from sympolity.kit.flow import Flow
from sympolity.kit.refusals import Refusal
from sympolity.languages import registry
from sympolity.trail.journal import Journal, action

__all__ = ["Verdict", "turn_missing", "turn_reports"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of a report. ``outcome`` and ``answer`` go with the verb "answer"; whoever sent it reads them."""

    id: UUID
    verb: str
    outcome: str = ""
    answer: str = ""
    lang: str = "en"


def turn_reports(*, actor: Actor, verdicts: Sequence[Verdict]) -> list[Report]:
    """Say ``check``, ``answer`` or ``set_aside`` of reports; those that are so already are left as they are.

    Raises :class:`Refusal`: ``unknown_report`` (absent, or not the actor's to see), ``wrong_state``, ``wrong_role``,
    ``unknown_outcome``, ``answer_too_long``, ``unknown_language``, ``unknown_verb``.
    """
    with action(actor) as t:
        seen = queries.reports_visible_to(actor).filter(id__in=[verdict.id for verdict in verdicts])
        rows = {
            row.id: row
            for row in seen.select_related("service", AREA_LINE).order_by("id").select_for_update(of=("self",))
        }
        return [_turned(t, actor, rows.get(verdict.id), verdict) for verdict in verdicts]


def _turned(t: Journal, actor: Actor, row: Report | None, verdict: Verdict) -> Report:
    if row is None:
        raise Refusal("unknown_report", where=str(verdict.id))
    if row.conduct:
        target = _next(rules.CONDUCT_FLOW, verdict.verb, row.state)
        answer = rules.CONDUCT_FLOW.may(actor, row.state, verdict.verb, queries.conduct_facts(row, actor))
    else:
        target = _next(rules.REPORT_FLOW, verdict.verb, row.state)
        answer = rules.REPORT_FLOW.may(actor, row.state, verdict.verb, queries.fact_facts(row))
    if row.state == target:
        return row
    Refusal.unless(answer, where=str(row.id))
    row.state = target
    if target == ReportState.ANSWERED:
        _answer(row, verdict)
    row.answered_at = clock.now() if target in {ReportState.ANSWERED, ReportState.CLOSED} else None
    row.save()
    t.record(str(target), "report", row.id)
    return row


def _next(flow: Flow, verb: str, state: str) -> str:
    """Where a verb leads; from a state that knows it not, where it leads at all."""
    targets = {to for _, turn, to, _ in flow.rows() if turn == verb}
    if not targets:
        raise Refusal("unknown_verb", where=verb[:40])
    return flow.next(state, verb) or targets.pop()


def _answer(row: Report, verdict: Verdict) -> None:
    if verdict.outcome not in rules.OUTCOMES[row.conduct]:
        raise Refusal("unknown_outcome", where="outcome")
    if registry.canonical(verdict.lang) != verdict.lang:
        raise Refusal("unknown_language", where="lang")
    words = clean_text(verdict.answer[: 4 * rules.ANSWER_MOST + 1])
    if len(words) > rules.ANSWER_MOST:
        raise Refusal("answer_too_long", where="answer", facts={"most": str(rules.ANSWER_MOST)})
    row.outcome, row.answer, row.answer_lang = verdict.outcome, words, verdict.lang if words else ""


def turn_missing(*, actor: Actor, verb: str, lines: Sequence[UUID]) -> int:
    """Say ``take_up``, ``answer`` or ``drop`` of lines on the board; the number that changed.

    Raises :class:`Refusal`: ``unknown_line``, ``wrong_state``, ``wrong_role``, ``unknown_verb``.
    """
    with action(actor) as t:
        seen = queries.missing_visible_to(actor).filter(id__in=lines).select_related(AREA_LINE)
        rows: dict[UUID, MissingService] = {row.id: row for row in seen.order_by("id").select_for_update(of=("self",))}
        for one in dict.fromkeys(lines):
            row = rows.get(one)
            if row is None:
                raise Refusal("unknown_line", where=str(one))
            target = _next(rules.MISSING_FLOW, verb, row.state)
            if row.state == target:
                continue
            Refusal.unless(rules.MISSING_FLOW.may(actor, row.state, verb, queries.missing_facts(row)), where=str(one))
            row.state = target
            row.save(update_fields=["state"])
            t.record(str(target), "missing_service", one)
        return len(t.lines)
