"""Asking organizations, step by step: what the work process does, a few statements for any number of services.

Nothing here waits for an answer or for a mail to go out. Run twice, or by two processes, nothing is sent twice: an
organization has one open asking, and a step is taken only from the step it was seen in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import DateTimeField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from sympolity.directory import due, models
from sympolity.directory.asking_models import Asking
from sympolity.directory.enums import AskingState, FieldGroup
from sympolity.directory.truth import letters
from sympolity.directory.truth.contacts import Contact, contacts, reachable
from sympolity.directory.truth.corrections import waiting
from sympolity.directory.truth.steps import ASKED_FOR, FLOW, OPEN, STEPS, next_step
from sympolity.kit import clock
from sympolity.kit.actor import SYSTEM
from sympolity.kit.refusals import Refusal
from sympolity.people.enums import OrganizationState
from sympolity.people.models import Organization
from sympolity.trail.journal import Journal, action

__all__ = ["Done", "open_services", "run"]

BATCH = 100  # askings under one write lock
PAUSE = 14  # days after the end of an asking before the next one: nobody is written to day after day


@dataclass(slots=True)
class Done:
    """What one round did: askings ended, moved on by a step, and begun; messages that go out."""

    ended: int = 0
    moved: int = 0
    begun: int = 0
    letters: int = 0


@dataclass(frozen=True, slots=True)
class _Move:
    """A step of one asking. ``to``: who is written to."""

    asking: Asking
    verb: str
    to: tuple[Contact, ...]


def run(*, daily: int | None = None) -> Done:
    """One round: end what is answered, take the steps that are due, ask who is to be asked today.

    ``daily``: organizations that are asked first on one day (SYMPOLITY_ASK_DAILY); 0 turns asking off.
    """
    most = settings.ASK_DAILY if daily is None else daily
    done = Done()
    if most:
        today = clock.local_today()
        found = _due(today)
        _end(found, done)
        _step(today, found, done)
        _ask(today, found, most, done)
    return done


def open_services(today: date) -> QuerySet[models.Service]:
    """Services of which something is due, and nobody has said yet what it is now."""
    stale = due.late((group for group in FieldGroup if group in ASKED_FOR), today)
    return due.kept_true(today).filter(stale).exclude(waiting(OuterRef("pk")))


def _parts(rows: Sequence[_Move]) -> Iterator[list[_Move]]:
    found = iter(rows)
    while part := list(islice(found, BATCH)):
        yield part


@dataclass(slots=True)
class _Owed:
    """What is due of one organization: names of services, and since when the oldest of them waits."""

    names: list[str]
    since: datetime


def _due(today: date) -> dict[UUID, _Owed]:
    """All organizations of which something is open, from one query: everything else of a round comes out of it."""
    latest = models.Confirmation.objects.filter(service=OuterRef("pk"), group=FieldGroup.CONTACT).order_by("-at")
    since = Coalesce(Subquery(latest.values("at")[:1]), "created_at", output_field=DateTimeField())
    rows = open_services(today).annotate(since=since).order_by("organization_id", "name", "id")
    found: dict[UUID, _Owed] = {}
    for organization, name, at in rows.values_list("organization_id", "name", "since"):
        owed = found.setdefault(organization, _Owed([], at))
        owed.names.append(name)
        owed.since = min(owed.since, at)
    return found


# --- ending -----------------------------------------------------------------------------------


def _end(owed: Mapping[UUID, _Owed], done: Done) -> None:
    """Askings of which nothing is open any more, and those of organizations that are not approved now."""
    over: list[_Move] = []
    for row in Asking.objects.filter(state__in=OPEN).select_related("organization"):
        if row.organization.status != OrganizationState.APPROVED:
            over.append(_Move(row, "withdraw", ()))
        elif row.organization_id not in owed:
            over.append(_Move(row, "finish", ()))
    for part in _parts(over):
        done.ended += _take(part, owed, done)


# --- steps ------------------------------------------------------------------------------------


def _step(today: date, owed: Mapping[UUID, _Owed], done: Done) -> None:
    rows = Asking.objects.filter(state__in=OPEN).select_related("organization").order_by("step_at", "id")
    rows = rows.exclude(
        state=AskingState.CALLING, step_at__gte=_midnight(today - timedelta(days=STEPS[AskingState.CALLING].days - 1))
    )
    found = list(rows)
    known = contacts(row.organization for row in found)
    dead = letters.bounces({one.address for some in known.values() for one in some})
    moves = [move for row in found if (move := _move(row, known[row.organization_id], dead, today))]
    for part in _parts(moves):
        done.moved += _take(part, owed, done)


def _move(row: Asking, known: tuple[Contact, ...], bounced: Mapping[str, datetime], today: date) -> _Move | None:
    """The step that is due for an asking, and who is written to."""
    alive = reachable(known, bounced)
    told = known[1:] if row.state == AskingState.SECOND else known[:1]
    back = bool(told) and all(_came_back(one, bounced, row.step_at) for one in told)
    since = row.step_at.astimezone(clock.ATHENS).date()
    step = next_step(row.state, since, today, reachable=len(alive), bounced=back)
    if step is None:
        return None
    to = {"first": alive[:1], "others": alive if back else alive[1:], "all": alive, "": ()}[step.told]
    return _Move(row, step.verb, to)


def _came_back(one: Contact, bounced: Mapping[str, datetime], since: datetime) -> bool:
    """A mail to this address came back after the last step: those before it were thought of then."""
    at = bounced.get(one.address)
    return at is not None and at >= since


def _take(moves: Sequence[_Move], owed: Mapping[UUID, _Owed], done: Done) -> int:
    """Take steps in one transaction; those that somebody else has taken meanwhile are left alone. The number taken."""
    seen = {move.asking.id: (move.asking.state, move.asking.step_at) for move in moves}
    now = clock.now()
    with action(SYSTEM) as t:
        rows = {row.id: row for row in Asking.objects.filter(id__in=seen).order_by("id").select_for_update()}
        taken = [
            move for move in moves if (row := rows.get(move.asking.id)) and (row.state, row.step_at) == seen[row.id]
        ]
        reached: dict[str, list[UUID]] = defaultdict(list)
        for move in taken:
            Refusal.unless(FLOW.may(SYSTEM, move.asking.state, move.verb), where=str(move.asking.id))
            before, row = move.asking.state, rows[move.asking.id]
            row.state, row.step_at = FLOW.next(before, move.verb) or before, now
            reached[row.state].append(row.id)
            t.record(move.verb, "asking", row.id, before={"state": before}, after=_told(row, len(move.to)))
        for state, ids in reached.items():  # few states: a statement for each, not a case for each row
            ended = None if state in OPEN else now
            Asking.objects.filter(id__in=ids).update(state=state, step_at=now, ended_at=ended)
        done.letters += _write(t, [(rows[move.asking.id], move.asking.organization, move.to) for move in taken], owed)
    return len(taken)


# --- asking first -----------------------------------------------------------------------------


def _ask(today: date, owed: Mapping[UUID, _Owed], most: int, done: Done) -> None:
    begun = Asking.objects.filter(began_at__gte=_midnight(today)).count()
    wanted = _unasked(today, owed)[: max(0, most - begun)]
    for start in range(0, len(wanted), BATCH):
        rows = Organization.objects.in_bulk(wanted[start : start + BATCH])
        known = contacts(rows.values())
        dead = letters.bounces({one.address for some in known.values() for one in some})
        alive = {one: reachable(some, dead) for one, some in known.items()}
        done.begun += _begin(list(rows.values()), alive, owed, done)


def _unasked(today: date, owed: Mapping[UUID, _Owed]) -> list[UUID]:
    """Organizations that are to be asked, the one that waits longest first."""
    late = Q(ended_at__gte=_midnight(today - timedelta(days=PAUSE)))
    busy = set(Asking.objects.filter(Q(state__in=OPEN) | late).values_list("organization", flat=True))
    return sorted((one for one in owed if one not in busy), key=lambda one: (owed[one].since, one))


def _begin(
    organizations: Sequence[Organization],
    known: Mapping[UUID, tuple[Contact, ...]],
    owed: Mapping[UUID, _Owed],
    done: Done,
) -> int:
    """Begin askings. Where nobody can be written to, a person has to call at once."""
    now = clock.now()
    with action(SYSTEM) as t:
        busy = set(
            Asking.objects.filter(organization__in=organizations, state__in=OPEN).values_list("organization", flat=True)
        )
        made: list[tuple[Asking, Organization, tuple[Contact, ...]]] = []
        for one in organizations:
            if one.id not in busy:
                to = known[one.id][:1]
                state = AskingState.ASKED if to else AskingState.CALLING
                row = Asking(id=uuid4(), organization_id=one.id, state=state, began_at=now, step_at=now)
                made.append((row, one, to))
                t.record("asked", "asking", row.id, after=_told(row, len(to)))
        Asking.objects.bulk_create([row for row, _, _ in made])
        done.letters += _write(t, made, owed)
    return len(made)


def _told(row: Asking, count: int) -> dict[str, str | int]:
    return {"organization": str(row.organization_id), "state": str(row.state), "letters": count}


def _write(
    t: Journal, rows: Sequence[tuple[Asking, Organization, tuple[Contact, ...]]], owed: Mapping[UUID, _Owed]
) -> int:
    return letters.send(
        t,
        [
            letters.Letter(row.id, str(row.state), row.step_at, one.name, owed[one.id].names, to)
            for row, one, some in rows
            for to in some
        ],
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.ATHENS)
