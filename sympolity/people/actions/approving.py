"""What becomes of an organization that asks to take part: approved by one or two persons, asked back, declined."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import chain
from typing import NamedTuple
from uuid import UUID

from sympolity.kit import clock
from sympolity.kit.actor import Actor
from sympolity.kit.bidi import clean_text
from sympolity.kit.refusals import Refusal, Refused
from sympolity.people import letters, queries, rules
from sympolity.people.actions import checking
from sympolity.people.actions.organizations import locked
from sympolity.people.enums import OrganizationState
from sympolity.people.models import Affiliation, Application, Organization
from sympolity.trail import journal

__all__ = ["approve_organizations", "ask_organizations", "decline_organizations"]


def approve_organizations(*, actor: Actor, ids: Sequence[UUID], note: str = "") -> int:
    """Approve, or lift a suspension; the number that changed. Nobody approves their own.

    Where two persons are needed the first one vouches and nothing changes yet; a second, different one approves.
    """
    changed: list[Organization] = []
    with journal.action(actor) as t:
        for organization, application, facts in _held(ids):
            Refusal.unless(rules.may_turn(actor, facts), where=str(organization.id))
            if organization.status == OrganizationState.APPROVED:
                continue
            answer = rules.FLOW.may(actor, organization.status, "approve", facts)
            if isinstance(answer, Refused) and answer.reason == "first_of_two":
                _vouch(t, organization, application, note)
                continue
            Refusal.unless(answer, where=str(organization.id))
            _move(t, organization, "approved", OrganizationState.APPROVED, note)
            _tell(t, application, "approved")
            changed.append(organization)
        _write(changed)
    return len(changed)


def ask_organizations(*, actor: Actor, ids: Sequence[UUID], question: str) -> int:
    """Ask whoever applied before deciding; how many were asked."""
    text = checking.text(question, "question", "question")
    if not text:
        raise Refusal("question_missing")
    with journal.action(actor) as t:
        held = _held(ids)
        for organization, application, facts in held:
            Refusal.unless(rules.FLOW.may(actor, organization.status, "ask", facts), where=str(organization.id))
            one = application or Application(organization=organization)
            one.question, one.asked_at, one.answer, one.answered_at = text, clock.now(), "", None
            one.save()
            t.record("asked", "application", one.id, after={"question": text})
            _tell(t, application, "asked", question=text)
    return len(held)


def decline_organizations(*, actor: Actor, ids: Sequence[UUID], reason: str) -> int:
    """Close what was never approved, with a reason that whoever applied reads; the number that changed."""
    text = checking.text(reason, "reason", "reason")
    if not text:
        raise Refusal("reason_missing")
    changed: list[Organization] = []
    with journal.action(actor) as t:
        for organization, application, facts in _held(ids):
            Refusal.unless(rules.FLOW.may(actor, organization.status, "decline", facts), where=str(organization.id))
            one = application or Application(organization=organization)
            one.reason = text
            one.save()
            _move(t, organization, "declined", OrganizationState.CLOSED, text)
            _tell(t, application, "declined", reason=text)
            changed.append(organization)
        _write(changed)
    return len(changed)


class _Held(NamedTuple):
    organization: Organization
    application: Application | None
    facts: rules.OrganizationFacts


def _held(ids: Sequence[UUID]) -> list[_Held]:
    """The organizations, locked, with what they said when they applied. Refusal where one is unknown."""
    known = locked(ids)
    for one in ids:
        if one not in known:
            raise Refusal("unknown_organization", where=str(one))
    rows = Application.objects.select_for_update(of=("self",)).filter(organization_id__in=known).order_by("id")
    said = {row.organization_id: row for row in rows.select_related("applicant")}
    insiders = _insiders(known, said.values())
    return [
        _Held(known[one], said.get(one), replace(queries.facts(known[one], said.get(one)), insiders=insiders[one]))
        for one in dict.fromkeys(ids)
    ]


def _insiders(ids: Collection[UUID], applications: Iterable[Application]) -> dict[UUID, frozenset[UUID]]:
    """Whoever ever belonged to each organization, or asked for it."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    rows = Affiliation.objects.filter(organization_id__in=ids).values_list("organization_id", "person_id")
    asked = ((row.organization_id, row.applicant_id) for row in applications if row.applicant_id)
    for organization, person in chain(rows, asked):
        found[organization].add(person)
    return {one: frozenset(found[one]) for one in ids}


def _vouch(t: journal.Journal, organization: Organization, application: Application | None, note: str) -> None:
    one = application or Application(organization=organization)
    one.vouched_by_id, one.vouched_at = t.actor.person, clock.now()
    one.save()
    t.record("vouched", "application", one.id, private_note=clean_text(note[:2000]))


def _move(t: journal.Journal, organization: Organization, done: str, status: OrganizationState, note: str) -> None:
    before = organization.status
    organization.status, organization.updated_at = status, clock.now()
    t.record(done, "organization", organization.id, before={"status": before}, after={"status": str(status)}, private_note=clean_text(note[:2000]))  # fmt: skip


def _write(changed: Sequence[Organization]) -> None:
    Organization.objects.bulk_update(changed, ["status", "updated_at"], batch_size=100)


def _tell(t: journal.Journal, application: Application | None, kind: str, **facts: str) -> None:
    """Let whoever applied know."""
    if application is not None and application.applicant is not None:
        person = application.applicant
        facts["organization"] = application.organization.name
        letters.send(t, kind=kind, to=person.email, language=person.language, facts=facts)
