"""Files from outside become proposals, and accepted proposals become records. Again: nothing changes.

The files are read twice, one record at a time: first to see that they are whole (a cut or foreign
file writes nothing) and where their points lie, then in batches of at most 100 (``running``).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sympolity.directory.actions import end_services
from sympolity.exchange import guarding
from sympolity.exchange.candidates import batches
from sympolity.exchange.formats.shape import Format, Page, Unreadable
from sympolity.exchange.placing import placing
from sympolity.exchange.result import FIRST, OUTCOMES, Refused, Result
from sympolity.exchange.running import Run, Witness
from sympolity.exchange.runs import TABLES
from sympolity.exchange.surveying import Survey, survey
from sympolity.kit.actor import SYSTEM
from sympolity.sharing import actions as sharing
from sympolity.sharing import queries as proposals
from sympolity.sharing.enums import ProposalState
from sympolity.sharing.models import Proposal

__all__ = ["FIRST", "OUTCOMES", "VANISHING", "Refused", "Result", "Survey", "run_import", "survey"]

VANISHING = 0.20  # share of a source that may end in one run without being asked for
_GONE = "no longer in the list of its source"

Progress = Callable[[int, int], None]


def run_import(
    form: Format,
    paths: Sequence[Path],
    *,
    source: str = "",
    dry_run: bool = False,
    allow_endings: bool = False,
    progress: Progress | None = None,
    limit: int | None = FIRST,
    witness: Witness | None = None,
) -> Result:
    """Bring in files of a format as ``source`` ("": named like the format). ``progress(done, all)`` after each batch.

    ``limit``: lines kept of each list of the result (None: all). ``witness`` is told of each record that is applied,
    waits or is refused. Raises :class:`Unreadable` when the files as a whole
    cannot be used, or when more than a fifth of what the source had would end and that was not allowed; then nothing
    was written.
    """
    begun = time.monotonic()
    fewest, most = form.paths
    if not fewest <= len(paths) <= most:
        wanted = str(fewest) if fewest == most else f"{fewest} to {most}"
        raise Unreadable(f"{form.name} takes {wanted} file{'' if most == 1 else 's'}; here are {len(paths)}.")
    if not source and form.name in TABLES:
        raise Unreadable(
            f"A {form.name} file does not tell whose list it is. Name its source (--source): the same name for the same "
            "list next time, another name for the list of somebody else."
        )
    placing()  # before anything is read: are areas and needs here?
    seen = survey(form, paths)
    run = Run(form, source or form.name, seen, dry_run=dry_run, limit=limit)
    run.witness = witness
    run.ending = _ending(run, allowed=allow_endings)
    run.many = guarding.contacts_that_change(form, paths, run.source, seen.box)
    done = 0
    for batch in batches(form, form.read(paths, Page()), run.pace):
        run.take(batch)
        done += len(batch)
        if progress:
            progress(done, seen.records)
    _end_all(run)
    run.result.seconds = time.monotonic() - begun
    return run.result


def _ending(run: Run, *, allowed: bool) -> list[str]:
    """The items that stood or waited and are absent from whole files; found before anything is written."""
    if run.result.not_whole:
        return []
    standing = proposals.standing_ids(run.source)
    gone = standing - run.seen.ids
    if gone and len(gone) > VANISHING * len(standing) and not allowed:
        raise Unreadable(
            f"{len(gone)} of {len(standing)} services of {run.source!r} are no longer in the file: too many to end "
            "without a person. If that is right, run again with --allow-endings. Nothing was written."
        )
    return sorted(gone | (proposals.waiting_ids(run.source) - run.seen.ids))


def _end_all(run: Run) -> None:
    """Services that the source has no more leave the lists; what waited of them waits no more."""
    for start in range(0, len(run.ending), sharing.BATCH):
        rows = proposals.present(source=run.source, source_ids=run.ending[start : start + sharing.BATCH])
        standing = [row for row in rows if row.state == ProposalState.ACCEPTED]
        run.result.counts["ended"] += len(standing)
        if not run.dry_run:
            _end(rows, standing)


def _end(rows: Sequence[Proposal], standing: Sequence[Proposal]) -> None:
    services = [row.noun_id for row in standing if row.noun_id]
    end_services(actor=SYSTEM, services=services, reason=_GONE)
    sharing.turn(actor=SYSTEM, verb="retract", ids=[row.id for row in rows])
