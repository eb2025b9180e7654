"""Where people are signed in: noted at each sign-in, ended by the person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from sympolity.kit import clock
from sympolity.kit.actor import Actor
from sympolity.people import queries
from sympolity.people.models import SignIn
from sympolity.trail import journal

__all__ = ["KEPT", "end_other_sign_ins", "end_sign_ins", "forget_old_sign_ins", "note_sign_in"]

KEPT = timedelta(days=30)  # quality.md, privacy


def note_sign_in(*, actor: Actor, verb: str, session_key: str = "", network: str = "", device: str = "") -> None:
    """Write that the actor has ``signed_in`` or ``signed_out``; of a sign-in also from where. What is old goes."""
    if actor.person is None:
        return
    with journal.action(actor) as t:
        t.record(verb, "person", actor.person)
        if verb == "signed_in" and session_key:
            SignIn.objects.create(
                person_id=actor.person, session_key=session_key, network=network[:45], device=device[:60]
            )
        elif session_key:
            SignIn.objects.filter(person_id=actor.person, session_key=session_key).delete()
        _old().delete()


def end_sign_ins(*, actor: Actor, ids: Sequence[UUID]) -> int:
    """End one's own: from the next request on they are signed out. How many there were."""
    with journal.action(actor) as t:
        rows = list(queries.sign_ins_visible_to(actor).filter(id__in=ids))
        return _end(t, rows)


def end_other_sign_ins(*, actor: Actor, session_key: str) -> int:
    """End all one's own but the one with this key."""
    with journal.action(actor) as t:
        rows = list(queries.sign_ins_visible_to(actor).exclude(session_key=session_key))
        return _end(t, rows)


def forget_old_sign_ins() -> int:
    """Take away what is older than :data:`KEPT`; how many."""
    return _old().delete()[0] if _old().exists() else 0  # asked every few seconds: mostly there is nothing to write


def _end(t: journal.Journal, rows: Sequence[SignIn]) -> int:
    Session.objects.filter(session_key__in=[row.session_key for row in rows]).delete()
    for row in rows:
        t.record("ended", "sign_in", row.id)
    SignIn.objects.filter(id__in=[row.id for row in rows]).delete()
    return len(rows)


def _old() -> QuerySet[SignIn]:
    return SignIn.objects.filter(at__lt=clock.now() - KEPT)
