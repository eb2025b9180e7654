"""Writing the trail: an action collects its entries and they are appended at the end of its
transaction.

    with trail.action(actor) as t:
        ... write rows ...
        t.record("published", "service", service.id, after={...})

The position lock is taken last: 209 against 67 commits/s with four writers. Nesting is
refused: an action calls functions, not actions.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from sympolity.kit import clock
from sympolity.kit.actor import Actor
from sympolity.trail.models import Entry, EntryDetail

__all__ = ["GENESIS", "Journal", "action", "detail_hash", "digest_of", "held", "plain"]

GENESIS = "0" * 64
_LOCK = 0x53594D50  # "SYMP": one lock for all positions
_open: ContextVar[Journal | None] = ContextVar("trail_journal", default=None)
_held: ContextVar[list[float] | None] = ContextVar("trail_held", default=None)


@dataclass(frozen=True, slots=True)
class _Line:
    verb: str
    noun: str
    noun_id: UUID
    body: dict[str, Any]


@dataclass(slots=True)
class Journal:
    """Collects what an action did."""

    actor: Actor
    lines: list[_Line] = field(default_factory=list)

    def record(
        self,
        verb: str,
        noun: str,
        noun_id: UUID,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        public_note: str = "",
        private_note: str = "",
    ) -> None:
        """Note one fact; written when the action ends."""
        parts = {"before": before, "after": after, "public_note": public_note, "private_note": private_note}
        body = {key: plain(part) for key, part in parts.items() if part}
        self.lines.append(_Line(verb, noun, noun_id, body))

    def append(self, at: datetime) -> None:
        """Write the entries; last in the transaction. Only :func:`action` calls this."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        last = Entry.objects.order_by("-position").values_list("position", "digest").first()
        position, previous = last or (0, GENESIS)
        entries: list[Entry] = []
        details: list[EntryDetail] = []
        for line in self.lines:
            position += 1
            salt = secrets.token_hex(16)
            entry = Entry(
                position=position, at=at, actor_id=self.actor.person, organization_id=self.actor.acting_for,
                verb=line.verb, noun=line.noun, noun_id=line.noun_id,
                detail_hash=detail_hash(salt, line.body), previous=previous,
            )  # fmt: skip
            entry.digest = previous = digest_of(entry)
            entries.append(entry)
            details.append(EntryDetail(entry_id=position, salt=salt, body=line.body))
        Entry.objects.bulk_create(entries)
        EntryDetail.objects.bulk_create(details)


@contextmanager
def action(actor: Actor) -> Iterator[Journal]:
    """One transaction with its entries; an exception inside leaves nothing behind."""
    if _open.get() is not None:
        msg = "an action inside an action: call its functions instead"
        raise RuntimeError(msg)
    journal = Journal(actor)
    token = _open.set(journal)
    begun = 0.0
    try:
        with transaction.atomic():
            begun = time.perf_counter()  # SQLite holds the lock from here, not while it waited for it
            yield journal
            if journal.lines:
                journal.append(clock.now())
    finally:
        _open.reset(token)
        times = _held.get()
        if times is not None and begun:
            times.append(time.perf_counter() - begun)


@contextmanager
def held() -> Iterator[list[float]]:
    """For measuring: the seconds for which each action inside held its transaction. Who measures outside is told too."""
    times: list[float] = []
    outer = _held.get()
    token = _held.set(times)
    try:
        yield times
    finally:
        _held.reset(token)
        if outer is not None:
            outer += times


_ENCODER = DjangoJSONEncoder()
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def plain(value: Any) -> Any:
    """``value`` as JSON that both databases give back unchanged, so that its hash can be computed again.

    PostgreSQL keeps numbers as decimals (1e16 comes back as an integer, -0.0 as 0.0) and refuses
    NUL, lone surrogates, NaN and infinities. What is no JSON at all is kept as its text.
    """
    kind = type(value)  # most of what comes, first: a batch of raw records has a hundred thousand parts
    if kind is str:
        return value if value.isascii() and "\0" not in value else _UNSTORABLE.sub("\ufffd", value)
    if kind is dict:
        return {plain(str(key)): plain(part) for key, part in value.items()}
    if kind is list:
        return [plain(part) for part in value]
    match value:
        case None | bool() | int():
            return value
        case float():
            return int(value) if value.is_integer() else value if math.isfinite(value) else str(value)
        case str():
            return _UNSTORABLE.sub("\ufffd", value)
        case Mapping():
            return {plain(str(key)): plain(part) for key, part in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(part) for part in value]
    try:
        return plain(_ENCODER.default(value))
    except TypeError:
        return plain(str(value))


def _canonical(body: Mapping[str, Any]) -> str:
    return json.dumps(body, cls=DjangoJSONEncoder, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def detail_hash(salt: str, body: Mapping[str, Any]) -> str:
    """SHA-256 of the salt and the canonical JSON of a detail (hex)."""
    return hashlib.sha256(f"{salt}\n{_canonical(body)}".encode()).hexdigest()


def digest_of(entry: Entry) -> str:
    """SHA-256 over all other columns of an entry, the previous digest among them (hex)."""
    at = entry.at.timestamp()
    parts = (
        entry.position, f"{at:.6f}", entry.actor_id or "", entry.organization_id or "", entry.verb, entry.noun,
        entry.noun_id, entry.detail_hash, entry.previous,
    )  # fmt: skip
    return hashlib.sha256("\n".join(str(part) for part in parts).encode()).hexdigest()
