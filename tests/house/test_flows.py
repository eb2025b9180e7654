"""Every turn of every flow, for every role, is the one that people have reviewed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from sympolity.directory import rules as directory
from sympolity.directory.enums import AskingState, MissingState, NoticeState, ReportState
from sympolity.directory.reports import rules as reports
from sympolity.directory.truth import steps as asking
from sympolity.exchange import rules as exchange
from sympolity.exchange.enums import RunState
from sympolity.kit.actor import PUBLIC, Actor, Grant, Role
from sympolity.kit.flow import Flow
from sympolity.network import rules as network
from sympolity.network.enums import AccessionState, AgreementState
from sympolity.people import rules as people
from sympolity.people.enums import OrganizationState, StatementState
from sympolity.post import rules as post
from sympolity.post.enums import MessageState
from sympolity.sharing import rules as sharing
from sympolity.sharing.enums import ProposalState
from sympolity.trail import rules as trail
from sympolity.trail.enums import DeliveryState

GOLDEN = Path(__file__).parent / "golden" / "flows.txt"
_THEIRS = people.OrganizationFacts(UUID(int=2), "any")  # whom everybody here acts for
# flow, its states, and facts that no guard minds: somebody else's thing, in reach; one's own where
# those it belongs to have a say
FLOWS: dict[str, tuple[Flow, Iterable[str], Any]] = {
    "accession": (
        network.ACCESSION_FLOW, AccessionState.values, network.AccessionFacts(UUID(int=2), AgreementState.OPEN),
    ),
    "asking": (asking.FLOW, AskingState.values, None),
    "agreement": (network.AGREEMENT_FLOW, AgreementState.values, network.AgreementFacts(2)),
    "conduct_report": (reports.CONDUCT_FLOW, ReportState.values, reports.ConductFacts(UUID(int=9))),
    "delivery": (trail.FLOW, DeliveryState.values, None),
    "import_run": (exchange.FLOW, RunState.values, None),
    "message": (post.FLOW, MessageState.values, None),
    "missing_service": (reports.MISSING_FLOW, MissingState.values, reports.MissingFacts(frozenset({UUID(int=9)}))),
    "notice": (directory.NOTICE_FLOW, NoticeState.values, directory.NoticeFacts(frozenset({UUID(int=9)}))),
    "organization": (people.FLOW, OrganizationState.values, people.OrganizationFacts(UUID(int=9), "any")),
    "proposal": (sharing.FLOW, ProposalState.values, None),
    "report": (reports.REPORT_FLOW, ReportState.values, reports.FactFacts(_THEIRS.id)),
    "statement": (
        people.STATEMENT_FLOW, StatementState.values, people.StatementFacts(_THEIRS, "any", date(2026, 1, 1)),
    ),
}  # fmt: skip
# Verbs whose guard asks for other facts: the first of two persons vouches, one's own organization answers.
_ELSE: dict[tuple[str, str], Any] = {
    ("organization", "vouch"): people.OrganizationFacts(UUID(int=9), "any", second=True),
    ("organization", "answer"): _THEIRS,
}
Row = tuple[str, str, str, str]  # state, verb, next, role


def _reviewed(noun: str) -> set[Row]:
    lines = [line.split() for line in GOLDEN.read_text().splitlines() if line and not line.startswith("#")]
    return {
        (state, verb, following, role)
        for one, state, verb, following, roles in lines
        if one == noun
        for role in roles.split(",")
    }


def _holder(role: Role) -> Actor:
    return Actor(
        person=UUID(int=1), acting_for=UUID(int=2), grants=frozenset({Grant(role, everywhere=True)}), approved=True
    )


def test_the_golden_file_speaks_of_every_flow_and_no_other() -> None:
    lines = [line for line in GOLDEN.read_text().splitlines() if line and not line.startswith("#")]
    assert {line.split()[0] for line in lines} == set(FLOWS) == {flow.noun for flow, _, _ in FLOWS.values()}
    assert len({tuple(line.split()[:3]) for line in lines}) == len(lines)


@pytest.mark.parametrize("noun", FLOWS)
def test_every_turn_for_every_role(noun: str) -> None:
    flow, states, facts = FLOWS[noun]
    reviewed = _reviewed(noun)
    verbs = {verb for _, verb, _, _ in flow.rows()} | {row[1] for row in reviewed}
    found = {
        (str(state), verb, str(flow.next(state, verb)), role.value)
        for state, verb, role in product(states, sorted(verbs), Role)
        if flow.may(_holder(role), state, verb, _ELSE.get((noun, verb), facts))
    }
    assert found == reviewed
    assert not [(state, verb) for state, verb in product(states, verbs) if flow.may(PUBLIC, state, verb, facts)]


@pytest.mark.parametrize("noun", FLOWS)
def test_no_turn_leads_from_or_to_a_state_that_is_none(noun: str) -> None:
    flow, states, _ = FLOWS[noun]
    assert {one for state, _, following, _ in flow.rows() for one in (state, following)} <= set(states)
