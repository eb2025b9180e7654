"""Verbs of notices: warnings and news for an area. A notice is over when its date has passed; no verb ends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sympolity.directory import models, queries, rules
from sympolity.directory.drafts import Texts
from sympolity.directory.enums import Severity
from sympolity.directory.shapes import BATCH, Outcome, Stored, known_texts, said, told, told_of, words_of
from sympolity.directory.writing import write_texts
from sympolity.kit import clock
from sympolity.kit.actor import Actor
from sympolity.kit.bidi import clean_line, clean_text
from sympolity.kit.refusals import Refusal
from sympolity.languages import registry
from sympolity.languages.texts import HUMAN, Provenance
from sympolity.places.models import Area
from sympolity.trail.journal import Journal, action

__all__ = ["NoticeDraft", "record_notices", "turn_notices"]

LONGEST = {"title": 140, "body": 1_000, "source": 200}  # characters
AHEAD = timedelta(days=366)  # a notice that nobody looks at again must not stand for ever


@dataclass(slots=True, kw_only=True)
class NoticeDraft:
    """A notice as it should be. ``title`` and ``body`` are in ``lang``, ``texts`` holds the other languages.

    ``source``: who says so. In force from ``starts_at`` until before ``until``, both aware.
    """

    id: UUID
    area: UUID
    severity: str
    title: str
    starts_at: datetime
    until: datetime
    lang: str = "el"
    body: str = ""
    source: str = ""
    texts: Texts = field(default_factory=dict)
    provenance: Provenance = HUMAN  # of the texts

    def checked(self) -> NoticeDraft:
        """The draft with clean values; :class:`Refusal` names the first thing that is wrong."""
        self.provenance.check()
        if registry.canonical(self.lang) != self.lang:
            raise Refusal("unknown_language", where="lang")
        if self.severity not in Severity.values:
            raise Refusal("unknown_severity", where="severity")
        self.title, self.body = _fit("title", self.title), _fit("body", self.body)
        self.source = _fit("source", self.source)
        if not self.title:
            raise Refusal("title_missing", where="title")
        self.texts = {name: _words(name, words) for name, words in self.texts.items()}
        self._check_days()
        return self

    def _check_days(self) -> None:
        for name in ("starts_at", "until"):
            if getattr(self, name).tzinfo is None:
                raise Refusal("no_time_zone", where=name)
        if self.until <= self.starts_at:
            raise Refusal("until_before_start", where="until")
        if self.until > clock.now() + AHEAD:
            raise Refusal("until_too_far", where="until", facts={"days": str(AHEAD.days)})

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of the model."""
        return {
            "area_id": self.area, "severity": str(self.severity), "lang": self.lang, "title": self.title,
            "body": self.body, "source": self.source, "starts_at": self.starts_at.astimezone(UTC),
            "until": self.until.astimezone(UTC),
        }  # fmt: skip


def _fit(name: str, words: str) -> str:
    """Clean words of a field; too long is refused, not cut: half a warning may say the opposite."""
    if len(words) > 4 * LONGEST[name]:
        raise Refusal(f"{name}_too_long", where=name)
    cleaned = clean_text(words) if name == "body" else clean_line(words)
    if len(cleaned) > LONGEST[name]:
        raise Refusal(f"{name}_too_long", where=name, facts={"most": str(LONGEST[name])})
    return cleaned


def _words(name: str, words: Mapping[str, str]) -> dict[str, str]:
    if name not in {"title", "body"}:
        raise Refusal("unknown_text", where=name[:40])
    found: dict[str, str] = {}
    for code, body in words.items():
        lang = registry.canonical(code[:40])
        if lang is None:
            raise Refusal("unknown_language", where=f"{name}.{code[:40]}")
        found[lang] = _fit(name, body)
    return found


def record_notices(*, actor: Actor, drafts: Sequence[NoticeDraft]) -> dict[UUID, Outcome]:
    """Write notices down as drafts, or change those that are known; what is already so is not touched.

    Translations that a draft does not mention stay. Raises :class:`Refusal` with ``where`` =
    index and field; then nothing of its batch is written.
    """
    for index, draft in enumerate(drafts):
        try:
            draft.checked()
        except Refusal as refusal:
            raise Refusal(refusal.reason, where=f"{index}.{refusal.where}", facts=refusal.facts) from refusal
    outcomes: dict[UUID, Outcome] = {}
    for start in range(0, len(drafts), BATCH):
        batch = drafts[start : start + BATCH]
        with action(actor) as t:
            known = _locked([draft.id for draft in batch])
            stored = known_texts({"notice": known})
            lines = _lines(batch)
            for index, draft in enumerate(batch, start):
                if draft.area not in lines:
                    raise Refusal("unknown_area", where=f"{index}.area")
                row = known.get(draft.id)
                before, after = _standing(row, draft, stored.get(draft.id, {})), _wanted(draft)
                # First the rule: whoever may not write learns nothing of what stands there.
                _refuse(actor, row, lines[draft.area], changed=before != after, where=str(index))
                if before == after:
                    outcomes[draft.id] = Outcome.UNCHANGED
                    continue
                _write(t, row, draft, before, after)
                outcomes[draft.id] = Outcome.CHANGED if row else Outcome.CREATED
    return outcomes


def turn_notices(*, actor: Actor, verb: str, notices: Sequence[UUID]) -> int:
    """``publish`` or ``withdraw`` notices; the number that changed. Those already there are left as they are."""
    target = next((to for _, turn, to, _ in rules.NOTICE_FLOW.rows() if turn == verb), None)
    if target is None:
        raise Refusal("unknown_verb", where=verb[:40])
    with action(actor) as t:
        known = _locked(notices)
        for one in dict.fromkeys(notices):
            row = known.get(one)
            if row is None:
                raise Refusal("unknown_notice", where=str(one))
            if row.state == target:
                continue
            before = row.state
            Refusal.unless(rules.NOTICE_FLOW.may(actor, before, verb, queries.notice_facts(row)), where=str(one))
            row.state = target
            row.save(update_fields=["state"])
            t.record(str(target), "notice", one, before={"state": before}, after={"state": str(target)})
    return len(t.lines)


def _locked(ids: Sequence[UUID]) -> dict[UUID, models.Notice]:
    found = models.Notice.objects.filter(id__in=ids).order_by("id").select_related(queries.AREA_LINE)
    return {row.id: row for row in found.select_for_update(of=("self",))}


def _lines(batch: Sequence[NoticeDraft]) -> dict[UUID, frozenset[UUID]]:
    """Each area that is spoken of, with all that it lies in."""
    wanted = {draft.area for draft in batch}
    found = Area.objects.filter(id__in=wanted).select_related("parent__parent__parent")
    return {area.id: queries.line_of(area) for area in found}


def _refuse(actor: Actor, row: models.Notice | None, areas: frozenset[UUID], *, changed: bool, where: str) -> None:
    """The actor must reach the area it had and the one it gets."""
    Refusal.unless(rules.may_record_notice(actor, rules.NoticeFacts(areas), changed=changed), where=where)
    if row is not None:
        Refusal.unless(rules.may_record_notice(actor, queries.notice_facts(row), changed=changed), where=where)


def _write(
    t: Journal, row: models.Notice | None, draft: NoticeDraft, before: dict[str, Any], after: dict[str, Any]
) -> None:
    notice = row or models.Notice(id=draft.id)
    for name, value in draft.columns.items():
        setattr(notice, name, value)
    notice.save(force_insert=row is None)
    write_texts("notice", [(draft.provenance, notice.id, draft.texts)], {notice.id: notice})
    changed = sorted(name for name in after if before.get(name) != after[name])
    t.record(
        "changed" if row else "recorded", "notice", notice.id,
        before={name: before[name] for name in changed if name in before},
        after={name: after[name] for name in changed},
    )  # fmt: skip


def _plain(columns: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
        for name, value in columns.items()
    }


def _wanted(draft: NoticeDraft) -> dict[str, Any]:
    return _plain(draft.columns) | {"texts": said(draft.texts, draft.lang), **told(draft.provenance)}


def _standing(row: models.Notice | None, draft: NoticeDraft, stored: Stored) -> dict[str, Any]:
    """What stands in the tables, in the languages that the draft speaks of; nothing for a new one."""
    if row is None:
        return {}
    columns = {name: getattr(row, name) for name in draft.columns}
    words = words_of({key: facts for key, facts in stored.items() if key[1] != draft.lang}, draft.texts)
    return _plain(columns) | {"texts": words, **told_of(draft.provenance, [(stored, draft.texts)])}
