"""Invitations: a role offered by mail, for seven days, once."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sympolity.kit import clock
from sympolity.kit.actor import Actor, Role
from sympolity.kit.refusals import Allowed, Answer, Refusal, Refused
from sympolity.people import letters, queries, rules
from sympolity.people.actions import checking
from sympolity.people.actions.founding import enter
from sympolity.people.actions.organizations import locked
from sympolity.people.enums import InvitationState
from sympolity.people.models import Invitation, Person
from sympolity.trail import journal

__all__ = ["LASTS", "MOST_OPEN", "accept_invitation", "digest_of", "invite", "withdraw_invitations"]

LASTS = timedelta(days=7)  # domain.md, Invitation
MOST_OPEN = 20  # of one organization at a time: nobody sends mails without end through us


def digest_of(word: str) -> str:
    """What is kept of the word in a link."""
    return hashlib.sha256(word.encode("utf-8", "replace")).hexdigest()


def invite(*, actor: Actor, organization: UUID, emails: Sequence[str], role: Role | str, language: str) -> list[UUID]:
    """Offer ``role`` to these addresses by mail; the ids of the invitations. An open one to the same address is replaced."""
    if str(role) not in {one.value for one in Role}:
        raise Refusal("unknown_role")
    addresses = [checking.address(email, "email", needed=True) for email in emails]
    language = checking.language(language, "language")
    made: list[UUID] = []
    with journal.action(actor) as t:
        one = locked([organization]).get(organization)
        if one is None:
            raise Refusal("unknown_organization")
        Refusal.unless(rules.may_invite(actor, Role(role), queries.facts(one)))
        running = Invitation.objects.filter(
            organization=one, status=InvitationState.OPEN, expires_at__gt=clock.now()
        )  # fmt: skip
        if running.exclude(email__in=addresses).count() + len(addresses) > MOST_OPEN:
            raise Refusal("too_many_invitations")
        running.filter(email__in=addresses).update(status=InvitationState.WITHDRAWN)
        for address in addresses:
            word = secrets.token_urlsafe(32)
            row = Invitation.objects.create(
                organization=one, email=address, role=Role(role).value, language=language, digest=digest_of(word),
                invited_by_id=actor.person, invited_for=actor.acting_for, expires_at=clock.now() + LASTS,
            )  # fmt: skip
            t.record("invited", "invitation", row.id, after={"organization_id": organization, "role": row.role})
            facts = {"organization": one.name, "path": f"/{language}/account/invitation/{word}/"}
            letters.send(t, kind="invitation", to=address, language=language, facts=facts)
            made.append(row.id)
    return made


def withdraw_invitations(*, actor: Actor, ids: Sequence[UUID]) -> int:
    """Take invitations back; their links open nothing any more. How many were open."""
    with journal.action(actor) as t:
        rows = queries.invitations_visible_to(actor).filter(id__in=ids, status=InvitationState.OPEN)
        found = list(rows.select_related(f"organization__{queries.AROUND}").select_for_update(of=("self",)))
        for row in found:
            Refusal.unless(rules.may_invite(actor, Role(row.role), queries.facts(row.organization)), where=str(row.id))
            row.status = InvitationState.WITHDRAWN
            t.record("withdrawn", "invitation", row.id)
        Invitation.objects.bulk_update(found, ["status"])
    return len(found)


def accept_invitation(*, actor: Actor, id: UUID, inviter: Actor) -> None:
    """Take the role that was offered. ``inviter``: who offered it, as they are now: what they may no longer give
    is no longer there to be taken. Refusal: ``gone``; ``another_address``.
    """
    with journal.action(actor) as t:
        row = Invitation.objects.select_related(f"organization__{queries.AROUND}").select_for_update(
            of=("self",)
        ).filter(id=id).first()  # fmt: skip
        person = Person.objects.filter(id=checking.person_of(actor)).first()
        if row is None or person is None:
            raise Refusal("gone")
        Refusal.unless(_stands(row, inviter))
        if person.email.lower() != row.email:
            raise Refusal("another_address")
        row.status, row.accepted_by, row.accepted_at = InvitationState.ACCEPTED, person, clock.now()
        row.save(update_fields=["status", "accepted_by", "accepted_at"])
        t.record("accepted", "invitation", row.id)
        enter(t, person.id, row.organization, Role(row.role))


def _stands(row: Invitation, inviter: Actor) -> Answer:
    if row.status != InvitationState.OPEN or row.expires_at <= clock.now():
        return Refused("gone")
    answer = rules.may_invite(inviter, Role(row.role), queries.facts(row.organization))
    return Allowed() if answer else Refused("gone")
