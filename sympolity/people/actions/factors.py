"""Second factors: setting one up, proving it, new recovery codes, taking one away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.fernet import InvalidToken

from sympolity.kit import clock
from sympolity.kit.actor import Actor, Role
from sympolity.kit.bidi import clean_text
from sympolity.kit.refusals import Refusal
from sympolity.people import factors, letters
from sympolity.people.actions import checking
from sympolity.people.models import Person
from sympolity.trail import journal

__all__ = ["add_passkey", "equip_examples", "forget_factors", "new_recovery_codes", "prove", "remove_factor", "set_up_app"]  # fmt: skip

EXAMPLE = ".example"  # RFC 2606: nobody can receive a mail there
MOST_PASSKEYS = 10


def set_up_app(*, actor: Actor, secret: str, code: str) -> list[str]:
    """Keep the secret of an app that shows ``code`` now; the recovery codes, if there were none yet.

    Refusal: ``wrong_code``; ``there_already``.
    """
    with journal.action(actor) as t:
        person = _locked(actor)
        if Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists():
            raise Refusal("there_already")
        step = factors.proving_step(secret, code)
        if step is None:
            raise Refusal("wrong_code")
        data = {"secret": factors.sealed(secret), "last": step}
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data=data)
        t.record("factor_added", "person", person.id, after={"factor": "app"})
        _tell(t, person, "added")
        return _codes_if_none(person)


def add_passkey(*, actor: Actor, name: str, credential: dict[str, Any]) -> list[str]:
    """Keep a passkey whose registration was checked; the recovery codes, if there were none yet."""
    with journal.action(actor) as t:
        person = _locked(actor)
        if Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN).count() >= MOST_PASSKEYS:
            raise Refusal("too_many")
        WebAuthn.add(person, checking.line(name, 60, "name", "passkey", needed=True), credential)
        t.record("factor_added", "person", person.id, after={"factor": "passkey"})
        _tell(t, person, "added")
        return _codes_if_none(person)


def prove(*, person: UUID, code: str) -> Authenticator | None:
    """What ``code`` proves: an app, or one of the recovery codes, each of which counts once; None: nothing.

    Whoever calls this counts wrong ones.
    """
    with journal.action(Actor(person=person)) as t:
        rows = Authenticator.objects.select_for_update().filter(user_id=person).exclude(
            type=Authenticator.Type.WEBAUTHN
        )  # fmt: skip
        for row in rows.order_by("type"):
            if row.type == Authenticator.Type.TOTP:
                step = factors.step_of(row, code)
                if step is not None:
                    row.data["last"], row.last_used_at = step, clock.now()
                    row.save(update_fields=["data", "last_used_at"])
                    return row
            elif _is_recovery(row, code):
                t.record("recovery_code_used", "person", person)
                return row
    return None


def new_recovery_codes(*, actor: Actor) -> list[str]:
    """New ones; those of before count no more."""
    with journal.action(actor) as t:
        person = _locked(actor)
        Authenticator.objects.filter(user=person, type=Authenticator.Type.RECOVERY_CODES).delete()
        t.record("recovery_codes_made", "person", person.id)
        _tell(t, person, "codes")
        return _codes_if_none(person)


def remove_factor(*, actor: Actor, id: int) -> None:
    """Take one's own app or passkey away; recovery codes go with the last one."""
    with journal.action(actor) as t:
        person = _locked(actor)
        gone, _ = _factors(person).filter(id=id).delete()
        if not gone:
            raise Refusal("unknown_factor")
        if not _factors(person).exists():
            Authenticator.objects.filter(user=person).delete()
        t.record("factor_removed", "person", person.id)
        _tell(t, person, "removed")


def forget_factors(*, actor: Actor, persons: Sequence[UUID], note: str = "") -> int:
    """Take all factors of people away who have lost them, after their identity was made sure of. How many they were.

    An administrator, never one's own: whoever has taken over a session must not get rid of the factor with it.
    """
    if not actor.has(Role.ADMINISTRATOR, Role.SYSTEM):
        raise Refusal("not_administrator")
    if actor.person in persons:
        raise Refusal("own_factor")
    with journal.action(actor) as t:
        found = list(Person.objects.filter(id__in=persons, authenticator__isnull=False).distinct().order_by("id"))
        Authenticator.objects.filter(user__in=found).delete()
        for person in found:
            t.record("factors_forgotten", "person", person.id, private_note=clean_text(note[:2000]))
            _tell(t, person, "forgotten")
    return len(found)


def equip_examples(*, actor: Actor, persons: Sequence[UUID]) -> int:
    """Give people of the demo an app of their own whose codes stand in their mails; how many had none.

    Only with the system's hand, and only for addresses that nobody can have.
    """
    if not actor.has(Role.SYSTEM):
        raise Refusal("not_administrator")
    with journal.action(actor) as t:
        found = list(Person.objects.filter(id__in=persons).exclude(authenticator__isnull=False).order_by("id"))
        for person in found:
            if not person.email.endswith(EXAMPLE):
                raise Refusal("not_an_example", where=str(person.id))
            data = {"secret": factors.sealed(factors.new_secret()), "example": True}
            Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data=data)
            t.record("factor_added", "person", person.id, after={"factor": "example"})
    return len(found)


def _locked(actor: Actor) -> Person:
    person = Person.objects.select_for_update().filter(id=checking.person_of(actor)).first()
    if person is None:
        raise Refusal("not_signed_in")
    return person


def _tell(t: journal.Journal, person: Person, what: str) -> None:
    """Whoever did not do it learns of it."""
    letters.send(t, kind=f"factor_{what}", to=person.email, language=person.language, facts={})


def _factors(person: Person) -> Any:
    return Authenticator.objects.filter(user=person).exclude(type=Authenticator.Type.RECOVERY_CODES)


def _codes_if_none(person: Person) -> list[str]:
    """Recovery codes that are new; none where there are some."""
    if Authenticator.objects.filter(user=person, type=Authenticator.Type.RECOVERY_CODES).exists():
        return []
    return list(RecoveryCodes.activate(person).generate_codes())


def _is_recovery(row: Authenticator, code: str) -> bool:
    try:
        return bool(RecoveryCodes(row).validate_code(code))
    except InvalidToken:  # sealed under a SECRET_KEY that is gone
        return False
