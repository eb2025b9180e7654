"""Is the trail what it was? Recomputes every hash and looks at the triggers."""

from __future__ import annotations

from dataclasses import dataclass, field

from sympolity.kit import clock
from sympolity.kit.actor import Actor
from sympolity.trail import guard
from sympolity.trail.journal import GENESIS, action, detail_hash, digest_of
from sympolity.trail.models import Entry, EntryDetail

__all__ = ["Report", "erase", "verify"]


@dataclass(slots=True)
class Report:
    """Positions by finding; ``erased`` is no fault."""

    entries: int = 0
    erased: list[int] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)
    triggers_missing: list[str] = field(default_factory=list)
    head: str = GENESIS

    @property
    def sound(self) -> bool:
        return not self.broken and not self.triggers_missing


def verify() -> Report:
    """Walk the whole chain, in order, with constant memory."""
    report = Report(triggers_missing=guard.missing())
    expected = 1
    for entry in Entry.objects.order_by("position").select_related("detail").iterator(chunk_size=1000):
        report.entries += 1
        sound = entry.position == expected and entry.previous == report.head and entry.digest == digest_of(entry)
        expected, report.head = entry.position + 1, entry.digest
        finding = _detail(entry)
        if not sound or finding == "broken":
            report.broken.append(entry.position)
        elif finding == "erased":
            report.erased.append(entry.position)
    return report


def _detail(entry: Entry) -> str:
    detail: EntryDetail | None = getattr(entry, "detail", None)
    if detail is None:
        return "broken"
    if detail.erased_at is not None:
        return "erased" if not detail.salt and not detail.body else "broken"
    return "sound" if detail_hash(detail.salt, detail.body) == entry.detail_hash else "broken"


def erase(*, actor: Actor, positions: list[int], reason: str) -> int:
    """Forget the details of entries (retention, retraction, a person's request).

    The entries stay; each erasure is an entry of its own. The number erased.
    """
    with action(actor) as t:
        details = EntryDetail.objects.filter(entry_id__in=positions, erased_at__isnull=True).select_related("entry")
        found = list(details.order_by("entry_id"))
        for detail in found:
            entry = detail.entry
            t.record("detail_erased", entry.noun, entry.noun_id, after={"position": entry.position}, public_note=reason)
        EntryDetail.objects.filter(entry_id__in=[d.entry_id for d in found]).update(
            salt="", body={}, erased_at=clock.now()
        )
    return len(found)
