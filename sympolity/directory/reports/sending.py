"""What comes in without an account: reports, and what is missing. Whoever sends is nobody to us."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from uuid import UUID, uuid4

from django.db.models import Manager

from sympolity.directory import marks
from sympolity.directory.enums import CONDUCT, FACTS, ReportOutcome, ReportState
from sympolity.directory.models import Category, MissingService, Report, Service, ServiceAtLocation
from sympolity.directory.queries import AREA_LINE, line_of, visible_to
from sympolity.directory.reports import rules
from sympolity.directory.reports.queries import readers_of
from sympolity.directory.reports.telling import tell_of
from sympolity.kit import clock, codes
from sympolity.kit.actor import PUBLIC
from sympolity.kit.bidi import clean_line, clean_text
from sympolity.kit.refusals import Refusal
from sympolity.languages import registry
from sympolity.places.models import Area
from sympolity.trail.journal import Journal, action

M = TypeVar("M", Area, Category)

__all__ = ["MissingItem", "ReportItem", "reader_of", "send_missing", "send_reports"]


@dataclass(frozen=True, slots=True)
class ReportItem:
    """What somebody says of a service. ``id``: of the form that it came in. ``sender``: tells networks apart for a
    day ("key.tag"), or "" where it cannot be told."""

    id: UUID
    service: UUID
    kind: str
    words: str = ""
    lang: str = "en"
    sender: str = ""


@dataclass(frozen=True, slots=True)
class MissingItem:
    """What is missing, and where: slugs of an area and of a need, or ""."""

    id: UUID
    words: str
    lang: str = "en"
    area: str = ""
    need: str = ""


def send_reports(*, items: Sequence[ReportItem]) -> list[Report]:
    """Write reports down; one whose id is there already stays as it was first sent.

    Raises :class:`Refusal`: ``unknown_kind``, ``unknown_language``, ``words_too_long``, ``unknown_service`` (also one
    that not everybody sees), ``nobody_independent`` (conduct that nobody here may read but the accused).
    """
    for item in items:
        _check(item)
    with action(PUBLIC) as t:
        return [_sent(t, item) for item in items]


def reader_of(service: Service) -> str:
    """Who would read of conduct in a service: ``safeguarding``, ``administrator``, or "" for nobody."""
    return str(readers_of(service.organization_id, line_of(_area_of(service.id))) or "")


def _check(item: ReportItem) -> None:
    if item.kind not in {*FACTS, *CONDUCT}:
        raise Refusal("unknown_kind", where="kind")
    if registry.canonical(item.lang) != item.lang:
        raise Refusal("unknown_language", where="lang")
    if len(item.words) > 4 * rules.WORDS_MOST or len(clean_text(item.words)) > rules.WORDS_MOST:
        raise Refusal("words_too_long", where="words", facts={"most": str(rules.WORDS_MOST)})


def _sent(t: Journal, item: ReportItem) -> Report:
    """Facts and conduct go the same way, so that the time of an answer does not tell them apart."""
    service = (
        visible_to(PUBLIC)
        .filter(id=item.service)
        .select_related("organization")
        .select_for_update(of=("self",))
        .first()
    )
    known = Report.objects.filter(id=item.id).first()
    if known is not None:
        return known
    if service is None:
        raise Refusal("unknown_service")
    area, conduct = _area_of(service.id), item.kind in CONDUCT
    reader = readers_of(service.organization_id, line_of(area))
    if conduct and reader is None:
        raise Refusal("nobody_independent")
    row = Report(
        id=item.id, service=service, organization_id=service.organization_id, area=area, kind=item.kind, conduct=conduct,
        words=clean_text(item.words), lang=item.lang, code=_fresh_code(), sender=item.sender, created_at=clock.now(),
    )  # fmt: skip
    row.save(force_insert=True)
    t.record("received", "report", row.id)  # neither of what nor of whom: the log is read by others
    doubted = _doubted(row)
    if doubted and not conduct and _has_room(service.id):
        _mark(t, doubted)
    tell_of(t, row)
    return row


def _area_of(service: UUID) -> Area | None:
    """The area of the first of its places."""
    links = ServiceAtLocation.objects.filter(service=service).select_related(f"location__{AREA_LINE}")
    link = links.order_by("id").first()
    return link.location.area if link else None


def _fresh_code() -> str:
    """Nine digits that nothing else tells: who knows the id of a report does not know its code."""
    while True:
        code = codes.make(uuid4(), codes.ATTEMPTS - 1)
        if not Report.objects.filter(code=code).exists():
            return code


def _doubted(row: Report) -> list[Report]:
    """The open reports of the service if two networks stand behind them, else none.

    Only reports of one day and host can be told apart: their senders carry the name of one key. What cannot be told
    apart counts as one.
    """
    key = row.sender.partition(".")[0]
    waiting = list(
        Report.objects.filter(
            service_id=row.service_id, conduct=row.conduct, state__in=(ReportState.RECEIVED, ReportState.BEING_CHECKED)
        )
    )
    senders = {one.sender for one in waiting if key and one.sender.startswith(f"{key}.")}
    if len(senders) < 2 or _answered_lately(row):
        return []
    return [one for one in waiting if one.sender in senders and one.state == ReportState.RECEIVED]


def _answered_lately(row: Report) -> bool:
    since = clock.now() - timedelta(days=rules.QUIET_DAYS)
    right = Report.objects.filter(service_id=row.service_id, conduct=row.conduct, outcome=ReportOutcome.STILL_RIGHT)
    return right.filter(answered_at__gte=since).exists()


def _has_room(service: UUID) -> bool:
    """In each of its cities; locked, so that two at once do not both take the last place."""
    facts = Report.objects.filter(service_id=service, conduct=False)
    if facts.filter(state=ReportState.BEING_CHECKED).exists():
        return True
    cities = marks.cities_of(service)
    locked = Area.objects.filter(id__in=cities) if cities else Area.objects.filter(parent=None)
    list(locked.order_by("id").select_for_update())
    counts = [marks.counts_in(city) for city in cities] or [marks.counts_in(None)]
    return all(rules.may_be_marked(listed=listed, marked=marked) for listed, marked in counts)


def _mark(t: Journal, rows: Sequence[Report]) -> None:
    Report.objects.filter(id__in=[row.id for row in rows]).update(state=ReportState.BEING_CHECKED)
    for row in rows:
        row.state = ReportState.BEING_CHECKED
        t.record("being_checked", "report", row.id)


def send_missing(*, items: Sequence[MissingItem]) -> list[MissingService]:
    """Write lines on the board; one whose id is there already stays.

    Raises :class:`Refusal`: ``words_missing``, ``words_too_long``, ``unknown_language``, ``unknown_area``,
    ``unknown_need``.
    """
    with action(PUBLIC) as t:
        return [_missing(t, item) for item in items]


def _missing(t: Journal, item: MissingItem) -> MissingService:
    known = MissingService.objects.filter(id=item.id).first()
    if known is not None:
        return known
    words = clean_line(item.words[: 4 * rules.MISSING_MOST + 1])
    if not words:
        raise Refusal("words_missing", where="words")
    if len(words) > rules.MISSING_MOST:
        raise Refusal("words_too_long", where="words", facts={"most": str(rules.MISSING_MOST)})
    if registry.canonical(item.lang) != item.lang:
        raise Refusal("unknown_language", where="lang")
    area, need = _named(Area.objects, item.area, "unknown_area"), _named(Category.objects, item.need, "unknown_need")
    row = MissingService(id=item.id, area=area, category=need, lang=item.lang, words=words, created_at=clock.now())
    row.save(force_insert=True)
    t.record("received", "missing_service", row.id)
    return row


def _named(rows: Manager[M], slug: str, reason: str) -> M | None:
    """What a slug names; None for no slug."""
    if not slug:
        return None
    found = rows.filter(slug=clean_line(slug, 80)).first()  # no NUL: PostgreSQL would refuse it
    if found is None:
        raise Refusal(reason)
    return found
