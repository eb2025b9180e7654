"""Statements of organizations: writing them down, publishing, withdrawing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sympolity.kit import clock
from sympolity.kit.actor import Actor
from sympolity.kit.refusals import Refusal
from sympolity.languages.texts import HUMAN, Provenance
from sympolity.people import queries, rules
from sympolity.people.actions import checking, wording
from sympolity.people.actions.wording import Texts
from sympolity.people.models import Organization, Statement
from sympolity.trail import journal

__all__ = ["StatementItem", "publish_statements", "record_statements", "withdraw_statements"]

BATCH = 100
TEXT_FIELDS = ("body", "said_by")
LONGEST = 1_000  # characters of a quotation


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementItem:
    """What an organization said. ``said_by``: in what role, never a name. Both are in ``lang``.

    ``consent_on``: the day on which it agreed that the words are shown; None = it has not.
    """

    organization: UUID
    body: str
    lang: str = "el"
    id: UUID | None = None
    said_by: str = ""
    consent_on: date | None = None
    position: int = 0
    example: bool = False
    texts: Texts = field(default_factory=dict)
    provenance: Provenance = HUMAN  # of the texts


@dataclass(frozen=True, slots=True)
class _Row:
    """A checked item."""

    id: UUID
    values: dict[str, Any]
    texts: dict[str, dict[str, str]]
    provenance: Provenance


def record_statements(*, actor: Actor, items: Sequence[StatementItem]) -> list[UUID]:
    """Write statements down as drafts, or change those that are known; the ids of what is new or changed.

    A second identical call writes nothing. Raises Refusal; then nothing was written at all.
    """
    rows = [_checked(item, str(place)) for place, item in enumerate(items)]
    checking.once(row.id for row in rows)
    with journal.action(actor) as t:
        known = _locked([row.id for row in rows])
        owners = _owners(rows)
        before: dict[UUID, dict[str, Any]] = {}
        new: dict[UUID, Statement] = {}
        for row in rows:
            owner, old = owners[row.values["organization_id"]], known.get(row.id)
            if old is None:
                _refuse(actor, rules.StatementFacts(queries.facts(owner)), frozenset(), row)
                new[row.id] = Statement(id=row.id, **row.values)
                continue
            was = {name: getattr(old, name) for name in row.values if getattr(old, name) != row.values[name]}
            _refuse(actor, queries.statement_facts(old), frozenset(was), row)
            if "organization_id" in was:
                _refuse(actor, rules.StatementFacts(queries.facts(owner)), frozenset(), row)
            if was:
                before[row.id] = was
                for name in was:
                    setattr(old, name, row.values[name])
                old.updated_at = clock.now()
        Statement.objects.bulk_create(new.values(), batch_size=BATCH)
        changed = [known[one] for one in before]
        if changed:
            Statement.objects.bulk_update(changed, [*rows[0].values, "updated_at"], batch_size=BATCH)
        said = wording.write_new(
            "statement", {row.id: row.texts for row in rows}, {**known, **new},
            {row.id: row.provenance for row in rows},
        )  # fmt: skip
        moved = [row for row in rows if row.id in new or row.id in before or row.id in said]
        for row in moved:
            words = {"texts": said[row.id]} if row.id in said else {}
            if row.id in new:
                t.record("recorded", "statement", row.id, after=row.values | words)
            else:
                was = before.get(row.id, {})
                now = {name: row.values[name] for name in was}
                t.record("changed", "statement", row.id, before=was, after=now | words)
    return [row.id for row in moved]


def publish_statements(*, actor: Actor, ids: Sequence[UUID]) -> int:
    """Show statements, with consent only; the number that changed."""
    return _turn(actor, ids, "publish")


def withdraw_statements(*, actor: Actor, ids: Sequence[UUID]) -> int:
    """Take statements back for good; the number that changed."""
    return _turn(actor, ids, "withdraw")


def _turn(actor: Actor, ids: Sequence[UUID], verb: str) -> int:
    target = next(to for _, said, to, _ in rules.STATEMENT_FLOW.rows() if said == verb)
    turned: list[Statement] = []
    with journal.action(actor) as t:
        known = _locked(ids)
        for one in dict.fromkeys(ids):
            statement = known.get(one)
            if statement is None:
                raise Refusal("unknown_statement", where=str(one))
            before = statement.status
            if before == target:
                continue
            answer = rules.STATEMENT_FLOW.may(actor, before, verb, queries.statement_facts(statement))
            Refusal.unless(answer, where=str(one))
            statement.status, statement.updated_at = target, clock.now()
            t.record(str(target), "statement", one, before={"status": before}, after={"status": str(target)})
            turned.append(statement)
        Statement.objects.bulk_update(turned, ["status", "updated_at"], batch_size=BATCH)
    return len(turned)


def _refuse(actor: Actor, facts: rules.StatementFacts, fields: frozenset[str], row: _Row) -> None:
    answer = rules.may_record_statement(actor, facts, fields, row.values["consent_on"])
    Refusal.unless(answer, where=str(row.id))


def _checked(item: StatementItem, where: str) -> _Row:
    lang = checking.language(item.lang, where)
    body = checking.text(item.body, "body", where)
    if not body:
        raise Refusal("body_missing", where=where)
    if len(body) > LONGEST:
        raise Refusal("body_too_long", where=where)
    if item.consent_on and item.consent_on > clock.local_today():
        raise Refusal("consent_in_the_future", where=where)
    values = {
        "organization_id": item.organization,
        "lang": lang,
        "body": body,
        "said_by": checking.line(item.said_by, 120, "said_by", where),
        "consent_on": item.consent_on,
        "position": item.position,
        "example": bool(item.example),
    }
    item.provenance.check(where)
    texts = wording.checked(item.texts, TEXT_FIELDS, lang, where)
    return _Row(item.id or uuid.uuid4(), values, texts, item.provenance)


def _owners(rows: Sequence[_Row]) -> dict[UUID, Organization]:
    wanted = {row.values["organization_id"] for row in rows}
    found = Organization.objects.select_related(queries.AROUND).in_bulk(sorted(wanted))
    for place, row in enumerate(rows):
        if row.values["organization_id"] not in found:
            raise Refusal("unknown_organization", where=str(place))
    return found


def _locked(ids: Sequence[UUID]) -> dict[UUID, Statement]:
    found = Statement.objects.filter(id__in=ids).order_by("id").select_related(f"organization__{queries.AROUND}")
    return {one.id: one for one in found.select_for_update(of=("self",))}
