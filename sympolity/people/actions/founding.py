"""People who come by themselves: proving an address, founding an organization, asking to join one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.contrib.auth.hashers import make_password

from sympolity.kit import clock
from sympolity.kit.actor import Actor, Role
from sympolity.kit.refusals import Refusal
from sympolity.people import domains, letters, queries, rules
from sympolity.people.actions import checking
from sympolity.people.actions.organizations import OrganizationItem, checked
from sympolity.people.enums import OrganizationState, RequestState
from sympolity.people.models import Affiliation, Application, JoinRequest, Organization, Person
from sympolity.places.models import Area
from sympolity.trail import journal

__all__ = ["FoundingItem", "admit", "answer_curator", "ask_to_join", "decide_requests", "enter", "found_organizations"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundingItem:
    """An organization that wants to take part; ``words``: to whoever decides about it."""

    organization: OrganizationItem
    offers_housing: bool = False
    offers_work: bool = False
    words: str = ""


def admit(*, email: str, name: str, language: str) -> Person:
    """The person who has just proved this address; made if nobody has it yet."""
    values = {
        "email": checking.address(email, "email", needed=True),
        "name": checking.line(name, 120, "name", "name"),
        "language": checking.language(language, "language"),
    }
    made = Person(password=make_password(None), **values)
    with journal.action(Actor(person=made.id)) as t:
        known = Person.objects.select_for_update().filter(email=made.email).first()
        if known is None:
            made.save(force_insert=True)
            t.record("enrolled", "person", made.id, after=values)
        return known or made


def found_organizations(*, actor: Actor, items: Sequence[FoundingItem]) -> list[UUID]:
    """Make organizations that wait for approval, with the actor as their first editor; their ids."""
    # What an application may not say for itself: it waits, is listed, and is no example.
    said = [replace(item.organization, id=None, status=OrganizationState.PENDING, anonymous=False, example=False) for item in items]  # fmt: skip
    rows = [checked(one, str(place)) for place, one in enumerate(said)]
    words = [checking.text(item.words, "words", str(place)) for place, item in enumerate(items)]
    wanted = {row.values["area_id"] for row in rows}
    if None in wanted or Area.objects.filter(id__in=wanted).count() < len(wanted):
        raise Refusal("unknown_area")
    person = checking.person_of(actor)
    with journal.action(actor) as t:
        waiting = Application.objects.filter(
            applicant_id=person, organization__status=OrganizationState.PENDING
        ).count()
        Refusal.unless(rules.may_found(actor, waiting + len(rows) - 1))
        for row, item, text in zip(rows, items, words, strict=True):
            organization = Organization.objects.create(id=row.id, status=OrganizationState.PENDING, **row.values)
            told = {name: value for name, value in row.values.items() if value not in {"", None, False}}
            t.record("registered", "organization", row.id, after=told | {"status": row.status})
            application = Application.objects.create(
                organization=organization, applicant_id=person, words=text,
                offers_housing=bool(item.offers_housing), offers_work=bool(item.offers_work),
            )  # fmt: skip
            t.record("applied", "application", application.id, after={"organization_id": row.id, "words": text})
            enter(t, person, organization, Role.EDITOR)
    return [row.id for row in rows]


def answer_curator(*, actor: Actor, organization: UUID, answer: str) -> None:
    """Answer what a curator asked before approving."""
    text = checking.text(answer, "answer", "answer")
    if not text:
        raise Refusal("answer_missing")
    with journal.action(actor) as t:
        one = Application.objects.select_related("organization").select_for_update(of=("self",)).filter(
            organization_id=organization
        ).first()  # fmt: skip
        if one is None or not one.question:
            raise Refusal("nothing_asked")
        Refusal.unless(rules.FLOW.may(actor, one.organization.status, "answer", queries.facts(one.organization)))
        one.answer, one.answered_at = text, clock.now()
        one.save(update_fields=["answer", "answered_at"])
        t.record("answered", "application", one.id, after={"answer": text})


def ask_to_join(*, actor: Actor, organization: UUID, words: str = "") -> str:
    """Ask to act for a known organization as an editor: ``accepted`` at once, or ``open`` until somebody decides.

    At once only where nobody acts for it yet, and the proved address is of the domain of its recorded page or mail.
    """
    text = checking.text(words, "words", "words")
    with journal.action(actor) as t:
        person = Person.objects.filter(id=checking.person_of(actor)).first()
        waiting = JoinRequest.objects.filter(person=person, status=RequestState.OPEN)
        already = waiting.filter(organization_id=organization).exists()
        Refusal.unless(rules.may_found(actor, 0 if already else waiting.count()))
        # Locked: of two people of one domain who come at the same moment, one is the first.
        known = queries.joinable().select_for_update(of=("self",)).filter(id=organization).first()
        if known is None or person is None:
            raise Refusal("unknown_organization")
        if already or queries.in_force().filter(
            person=person, organization=known, role=Role.EDITOR
        ).exists():  # fmt: skip
            return str(RequestState.OPEN if already else RequestState.ACCEPTED)
        own = domains.proves(person.email, known.email, known.url) and not queries.kept_by_owners([known.id])
        state = RequestState.ACCEPTED if own else RequestState.OPEN
        row = JoinRequest.objects.create(
            organization=known, person=person, words=text, status=state, decided_at=clock.now() if own else None
        )
        t.record("asked", "join_request", row.id, after={"organization_id": known.id, "words": text})
        if own:
            t.record("claimed", "organization", known.id)
            enter(t, person.id, known, Role.EDITOR)
        else:
            _tell_editors(t, known)
    return str(state)


def decide_requests(*, actor: Actor, ids: Sequence[UUID], accept: bool) -> list[JoinRequest]:
    """Let people in as editors, or not; those that were decided now."""
    with journal.action(actor) as t:
        rows = JoinRequest.objects.select_for_update(of=("self",)).filter(id__in=ids, status=RequestState.OPEN)
        found = list(rows.select_related("person", f"organization__{queries.AROUND}").order_by("id"))
        owned = queries.kept_by_owners({row.organization_id for row in found})
        for row in found:
            facts = queries.facts(row.organization)
            mine = row.organization_id in owned
            if row.person_id == actor.person:
                raise Refusal("own_request", where=str(row.id))
            Refusal.unless(rules.may_decide_request(actor, facts, owned=mine), where=str(row.id))
            row.status = RequestState.ACCEPTED if accept else RequestState.DECLINED
            row.decided_at = clock.now()
            t.record(str(row.status), "join_request", row.id)
            kind = "let_in" if accept else "not_let_in"
            facts_of_letter = {"organization": row.organization.name}
            letters.send(t, kind=kind, to=row.person.email, language=row.person.language, facts=facts_of_letter)
            if accept:
                enter(t, row.person_id, row.organization, Role.EDITOR)
        JoinRequest.objects.bulk_update(found, ["status", "decided_at"])
    return found


def _tell_editors(t: journal.Journal, organization: Organization) -> None:
    rows = queries.in_force().filter(organization=organization, role=Role.EDITOR).select_related("person")
    for row in rows.order_by("id"):
        letters.send(
            t, kind="wants_to_join", to=row.person.email, language=row.person.language,
            facts={"organization": organization.name},
        )  # fmt: skip


def enter(t: journal.Journal, person: UUID, organization: Organization, role: Role) -> None:
    """An affiliation from today on, without end and without areas; one that had ended begins again."""
    today = clock.local_today()
    row = Affiliation.objects.filter(person_id=person, organization=organization, role=role.value).first()
    before = {"since": row.since, "until": row.until} if row else None
    row = row or Affiliation(id=uuid.uuid4(), person_id=person, organization=organization, role=role.value)
    if before and (row.until is None or row.until >= today):
        return
    row.since, row.until = today, None
    row.save()
    told = {"person_id": person, "organization_id": organization.id, "role": role.value, "since": today}
    t.record("changed" if before else "enrolled", "affiliation", row.id, before=before, after=told)
