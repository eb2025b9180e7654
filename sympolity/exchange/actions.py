"""Verbs of mappings: how a partner's table is read is kept under a name."""

from __future__ import annotations

from collections.abc import Mapping as Named
from collections.abc import Sequence

from sympolity.exchange import models, rules
from sympolity.exchange.tables.mapping import Mapping, check, dumped
from sympolity.kit import clock
from sympolity.kit.actor import Actor
from sympolity.kit.bidi import clean_line
from sympolity.kit.refusals import Refusal
from sympolity.trail.journal import action

__all__ = ["remove_mappings", "save_mappings"]

_LONGEST = 80  # characters of a name


def save_mappings(*, actor: Actor, mappings: Named[str, Mapping]) -> list[models.Mapping]:
    """Keep mappings under their names; one of the same name is replaced. The rows, in the order given.

    Raises :class:`Refusal`: ``wrong_role``, ``name_missing``, ``bad_mapping`` (with the first fault as ``value``).
    """
    Refusal.unless(rules.may_keep_mappings(actor))
    wanted: dict[str, Mapping] = {}
    for said, mapping in mappings.items():
        name = clean_line(said, _LONGEST)
        if not name:
            raise Refusal("name_missing", where="name")
        faults = check(mapping)
        if faults:
            raise Refusal("bad_mapping", where=name, facts={"value": str(faults[0])})
        wanted[name] = mapping
    rows: list[models.Mapping] = []
    with action(actor) as t:
        known = {row.name: row for row in models.Mapping.objects.select_for_update().filter(name__in=wanted)}
        for name, mapping in wanted.items():
            row, body = known.get(name), dumped(mapping)
            if row is None:
                row = models.Mapping(name=name, body=body, updated_by=actor.person)
                row.save(force_insert=True)
                t.record("recorded", "mapping", row.id, after={"name": name, "columns": len(mapping.columns)})
            elif row.body != body:
                row.body, row.updated_at, row.updated_by = body, clock.now(), actor.person
                row.save()
                t.record("changed", "mapping", row.id, after={"name": name, "columns": len(mapping.columns)})
            rows.append(row)
    return rows


def remove_mappings(*, actor: Actor, names: Sequence[str]) -> int:
    """Forget mappings; how many there were. Proposals made with them stay as they are."""
    Refusal.unless(rules.may_keep_mappings(actor))
    with action(actor) as t:
        rows = list(models.Mapping.objects.select_for_update().filter(name__in=names))
        for row in rows:
            t.record("removed", "mapping", row.id, before={"name": row.name})
            row.delete()
    return len(rows)
