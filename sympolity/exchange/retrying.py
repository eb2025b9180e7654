"""Records that could not be used, tried again as they came: after a mapping was mended, or areas were brought in.

How a source is read is told by the last import of it on a page; else by its name, or by what else came from it.
What still cannot be used stays as it is, with its reason.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sympolity.exchange import formats
from sympolity.exchange.enums import RunState
from sympolity.exchange.formats.shape import Format, Options, Page, Record, Wrong
from sympolity.exchange.formats.table import Table
from sympolity.exchange.models import ImportRun
from sympolity.exchange.placing import placing
from sympolity.exchange.points import Point
from sympolity.exchange.reasons import was_read
from sympolity.exchange.running import Run
from sympolity.exchange.runs import TABLES
from sympolity.exchange.surveying import Survey, item_of
from sympolity.kit.actor import Actor
from sympolity.kit.refusals import Refusal
from sympolity.sharing import actions as sharing
from sympolity.sharing import queries as proposals
from sympolity.sharing import rules
from sympolity.sharing.enums import ProposalState
from sympolity.sharing.models import Proposal

__all__ = ["retry"]

_TOLD = (RunState.DONE, RunState.RUNNING, RunState.PREVIEW)  # runs in which a person has seen that it is read so
_NEIGHBOURS = 2000  # standing records whose points tell where the others should lie


def retry(*, actor: Actor, ids: Sequence[UUID], most: int | None = None) -> dict[UUID, str]:
    """Try proposals again that are invalid. By id what became of each, one of ``result.OUTCOMES``.

    ``most``: how many may be written; all are looked at, and those beyond are not in the answer.

    Raises :class:`Refusal`: ``unknown_proposal`` when one is not there, not invalid, or not the actor's to turn;
    ``unknown_reading`` (fact ``source``) when nothing tells any more how a source was read. Then nothing is written.
    """
    wanted = list(dict.fromkeys(ids))
    rows = list(proposals.visible_to(actor).filter(id__in=wanted, noun="service").order_by("received_at", "id"))
    by_source: dict[str, list[Proposal]] = defaultdict(list)
    for row in rows:
        Refusal.unless(rules.FLOW.may(actor, row.state, "retry"), where=str(row.id))
        by_source[row.source].append(row)
    if len(rows) < len(wanted):
        raise Refusal("unknown_proposal")
    readers = {source: _form_of(source) for source in by_source}
    placing()
    found, written = dict[UUID, str](), 0
    for source, some in sorted(by_source.items()):
        again = _Again(actor, readers[source], source)
        good = [row for row in some if again.maps(row)]
        found |= {row.id: "refused" for row in some if row not in good}
        good = good if most is None else good[: max(0, most - written)]
        for start in range(0, len(good), sharing.BATCH):
            found |= again.write(good[start : start + sharing.BATCH])
        written += len(good)
    return found


def _form_of(source: str) -> Format:
    """How the files of a source are read."""
    runs = ImportRun.objects.filter(source=source, state__in=_TOLD).exclude(format__in=TABLES, mapping={})
    last = runs.order_by("-changed_at").first()
    if last is not None:
        said = json.dumps(last.mapping) if last.format in TABLES else ""
        form = formats.get(last.format, Options(mapping=said))
        if isinstance(form, Table):
            form.recall()
        return form
    name = source if source in formats.MODULES and source not in TABLES else _by_label(source)
    if not name:
        raise Refusal("unknown_reading", where=source, facts={"source": source})
    return formats.get(name)


def _by_label(source: str) -> str:
    labels = Proposal.objects.filter(source=source, mapped__has_key="origin").values_list("mapped__origin", flat=True)
    label = labels.first()
    return next((name for name in formats.MODULES if name not in TABLES and formats.get(name).origin == label), "")


class _Again:
    """Records of one source on their second way."""

    def __init__(self, actor: Actor, form: Format, source: str) -> None:
        self.actor, self.form, self.source = actor, form, source
        self.seen = Survey(page=Page())
        for point in _neighbours(source):
            self.seen.coordinates.extend(point)

    def maps(self, row: Proposal) -> bool:
        """Whether a record can be read now."""
        if not was_read(row.reason):
            return False
        try:
            self.form.map_record(row.raw, self.seen.box)
        except Wrong:
            return False
        return True

    def write(self, rows: Sequence[Proposal]) -> dict[UUID, str]:
        """Take records as a run takes them."""
        run = Run(self.form, self.source, self.seen, dry_run=False, limit=None)
        told: dict[str, str] = {}
        run.witness = lambda one: told.__setitem__(one.key, one.outcome)
        records = []
        for number, row in enumerate(rows, 1):
            record = Record(number, number, row.raw, where=row.place)
            item = item_of(self.form, record)
            if item.key != row.source_id:  # the second record of its id: it stays that
                run.taken[item.key] = ""
            records.append((record, item))
        # It waits as received from here on. Stopped in between, the next import of the source takes it up.
        sharing.turn(actor=self.actor, verb="retry", ids=[row.id for row in rows])
        run.take(records)
        return {row.id: told.get(row.source_id, "refused") for row in rows}


def _neighbours(source: str) -> list[Point]:
    """Points of what stands of a source."""
    rows = Proposal.objects.filter(source=source, state=ProposalState.ACCEPTED).order_by("id")
    places = rows.values_list("mapped__locations", flat=True)[:_NEIGHBOURS]
    return [(one["lat"], one["lon"]) for some in places for one in some or () if one.get("lat") is not None]
