"""What comes back: by the signed link, without an account, or on the phone, written down by a curator who vouches.

Both confirm, end, or leave words for a person to write into the record; neither changes a phone, an address, who may
act for the organization, or anything of another one. What is said twice is done once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sympolity.directory import confirming, models, queries, rules
from sympolity.directory.asking_models import Asking, Reply
from sympolity.directory.drafts import ConfirmationDraft
from sympolity.directory.enums import ConfirmedHow, Said, ServiceStatus
from sympolity.directory.queries import Dossier, area_line
from sympolity.directory.truth import corrections, steps
from sympolity.directory.truth.corrections import Correction
from sympolity.kit import clock
from sympolity.kit.actor import Actor, Role
from sympolity.kit.refusals import Refusal
from sympolity.sharing import actions as proposals
from sympolity.trail.journal import Journal, action

__all__ = ["MOST_REPLIES", "Word", "answer_by_link", "answer_by_phone", "decide"]

MOST_REPLIES = 20  # of one asking about one service: who holds a link fills no disk
TRIES = 3  # when others end services by the same link in the same moment
_DECIDE = (Role.CURATOR, Role.ADMINISTRATOR, Role.SYSTEM)
_TWICE = timedelta(days=1)  # within it the same answer is the same answer
_CHANGES = frozenset({Said.HOURS_CHANGED, Said.CHANGED})  # they say what it is now


@dataclass(frozen=True, slots=True)
class Word:
    """What is said of one service. ``words``: what has changed; ``lang``: of the page they were written on."""

    said: Said
    words: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True)
class _Voice:
    """Who speaks: the actor of the trail, in whose name the confirmation stands, how it was said."""

    actor: Actor
    organization: UUID | None
    how: ConfirmedHow
    asking: UUID


def answer_by_link(
    *, asking: Asking, link: steps.LinkFacts, dossiers: Sequence[Dossier], words: Mapping[UUID, Word]
) -> dict[UUID, Said]:
    """What the holder of a link says of services of its organization. What was taken down, by service.

    ``dossiers``: the services that the link speaks of; a reply to any other is refused. Raises :class:`Refusal`:
    link_revoked, link_expired, unknown_service, words_missing, too_many.
    """
    Refusal.unless(steps.may_answer(link, clock.local_today()))
    if asking.organization_id != link.organization or any(
        one.service.organization_id != link.organization for one in dossiers
    ):
        raise Refusal("unknown_service")
    actor = Actor(acting_for=link.organization)  # no role: the trail knows for whom, and nothing else is allowed by it
    return _take(_Voice(actor, link.organization, ConfirmedHow.LINK, asking.id), dossiers, words)


def answer_by_phone(
    *, actor: Actor, asking: Asking, dossiers: Sequence[Dossier], words: Mapping[UUID, Word]
) -> dict[UUID, Said]:
    """What a curator was told on the phone; they vouch for it. What was taken down, by service.

    Raises :class:`Refusal`: not_curator, not_your_area, unknown_service, words_missing, too_many.
    """
    for one in dossiers:
        areas = frozenset(area for place in one.places for area in area_line(place.location))
        Refusal.unless(steps.may_call(actor, areas), where=str(one.service.id))
        if one.service.organization_id != asking.organization_id:
            raise Refusal("unknown_service", where=str(one.service.id))
    return _take(_Voice(actor, actor.acting_for, ConfirmedHow.PHONE, asking.id), dossiers, words)


def decide(*, actor: Actor, verb: str, ids: Sequence[UUID]) -> int:
    """What a person did with corrections: "accept", it is written down; "decline", it was not so. The number decided.

    An ending that waited takes effect when it is accepted. Those that somebody else has decided meanwhile, or that are
    not the actor's, are left alone. Killed in between, it can be said again; at worst a mark stands until midnight.
    """
    rows = {row.id: row for row in queries.corrections().filter(id__in=ids)}
    inside = queries.in_areas_of(actor).filter(id__in=[row.noun_id for row in rows.values()])
    own = set(inside.values_list("id", flat=True)) if actor.has(*_DECIDE) else set()
    mine = [row for row in rows.values() if row.noun_id in own]
    closed = [row.noun_id for row in mine if verb == "accept" and row.raw.get("said") == Said.CLOSED]
    with action(actor) as t:
        services = models.Service.objects.filter(id__in=closed).order_by("id").select_for_update()
        _end(t, ConfirmedHow.LINK, list(services), clock.now())
    proposals.turn(actor=actor, verb=verb, ids=[row.id for row in mine])
    with action(actor) as t:  # after it: who makes pages and index reads what waits now
        for row in mine:
            if row.noun_id:
                t.record("settled", "service", row.noun_id, after={"verb": verb})
    return len(mine)


def _take(voice: _Voice, dossiers: Sequence[Dossier], words: Mapping[UUID, Word]) -> dict[UUID, Said]:
    known = {one.service.id: one for one in dossiers}
    for service, word in words.items():
        if service not in known:
            raise Refusal("unknown_service", where=str(service))
        if word.said in _CHANGES and not corrections.cleaned(word.words):
            raise Refusal("words_missing", where=str(service))
    for _ in range(TRIES):
        fresh = _fresh(voice.asking, words)
        ended = _ended(voice.asking)
        held = _held(voice, known, fresh, ended)
        if _write(voice, known, fresh, held, ended):
            return {service: word.said for service, word in words.items()}
    raise Refusal("too_many")


def _ended(asking: UUID) -> int:
    return Reply.objects.filter(asking=asking, said=Said.CLOSED, held=False, how=ConfirmedHow.LINK).count()


def _held(
    voice: _Voice, known: Mapping[UUID, Dossier], words: Mapping[UUID, Word], ended: int
) -> dict[UUID, UUID | None]:
    """Endings that a person looks at first, and changes that a person writes down; with the proposal of each."""
    said: list[Correction] = []
    for service, word in words.items():
        if word.said == Said.CLOSED and voice.how == ConfirmedHow.LINK:
            if steps.may_end(word.said, emergency=known[service].emergency, ended=ended):
                ended += 1
                continue
        elif word.said not in _CHANGES:
            continue
        said.append(Correction(service, word.said, word.words, word.lang))
    return dict(corrections.receive(said)) if said else {}


def _fresh(asking: UUID, words: Mapping[UUID, Word]) -> dict[UUID, Word]:
    """Those that say something new: the same answer sent twice, or by two colleagues, is one."""
    last: dict[UUID, Reply] = {}
    count: Counter[UUID] = Counter()
    for row in Reply.objects.filter(asking=asking, service__in=words).order_by("at", "id"):
        last[row.service_id] = row
        count[row.service_id] += 1
    written = corrections.words_of([row.proposal for row in last.values() if row.proposal])
    out: dict[UUID, Word] = {}
    for service, word in words.items():
        before = last.get(service)
        if before is not None and _same(before, word, written.get(before.proposal, "") if before.proposal else ""):
            continue
        if count[service] >= MOST_REPLIES:
            raise Refusal("too_many", where=str(service))
        out[service] = word
    return out


def _same(before: Reply, word: Word, written: str) -> bool:
    if before.said != word.said or word.said == Said.NO_ANSWER or before.at < clock.now() - _TWICE:
        return False
    return word.said not in _CHANGES or written == corrections.cleaned(word.words)


def _write(
    voice: _Voice,
    known: Mapping[UUID, Dossier],
    words: Mapping[UUID, Word],
    held: Mapping[UUID, UUID | None],
    ended: int,
) -> bool:
    """Everything in one transaction; False when somebody else has ended services by this link in the same moment."""
    now = clock.now()
    with action(voice.actor) as t:
        Asking.objects.select_for_update().get(id=voice.asking)
        if _ended(voice.asking) != ended:
            return False
        rows = {row.id: row for row in models.Service.objects.filter(id__in=words).order_by("id").select_for_update()}
        confirmed = [known[one] for one in rows if words[one].said == Said.STILL_TRUE]
        confirming.write(t, {one.service.id: _drafts(one, voice, now) for one in confirmed})
        _end(
            t, voice.how, [row for one, row in rows.items() if words[one].said == Said.CLOSED and one not in held], now
        )
        for service in held:
            t.record("disputed", "service", service, after={"said": str(words[service].said)})
        Reply.objects.bulk_create([
            Reply(
                asking_id=voice.asking, service_id=one, said=words[one].said, how=voice.how, proposal=held.get(one),
                held=one in held and words[one].said == Said.CLOSED, by_person=voice.actor.person, at=now,
            )
            for one in rows
        ])  # fmt: skip
    return True


def _drafts(dossier: Dossier, voice: _Voice, now: datetime) -> list[ConfirmationDraft]:
    service = dossier.service
    has_capacity = bool(service.capacity and service.capacity_until and service.capacity_until >= clock.local_today())
    groups = steps.groups_of(has_hours=dossier.has_hours, has_capacity=has_capacity)
    return [ConfirmationDraft(group, now, voice.how, voice.organization) for group in groups]


def _end(t: Journal, how: ConfirmedHow, services: Sequence[models.Service], now: datetime) -> None:
    changed = [row for row in services if row.status in rules.LISTED_STATUS]
    for row in changed:
        t.record(
            "ended",
            "service",
            row.id,
            before={"status": row.status},
            after={"status": "defunct", "how": str(how)},
        )
    ended = models.Service.objects.filter(id__in=[row.id for row in changed])
    ended.update(status=ServiceStatus.DEFUNCT, updated_at=now)
