"""``make hostile``: many writers at once, and a follower beside them."""

from __future__ import annotations

import threading

import pytest

from sympolity.trail import followers
from sympolity.trail.models import Cursor, Entry
from sympolity.trail.tests.writing import positions, together, write
from sympolity.trail.verify import verify

WRITERS, ACTIONS = 8, 250

pytestmark = [pytest.mark.hostile, pytest.mark.django_db(transaction=True)]


def test_no_follower_misses_or_repeats_an_entry_of_many_writers() -> None:
    seen: list[int] = []
    over = threading.Event()
    start = threading.Barrier(WRITERS, timeout=60)
    left = threading.Semaphore(0)

    def writer() -> None:
        start.wait()
        for _ in range(ACTIONS):
            write("changed", "confirmed")
        left.release()

    def end() -> None:
        for _ in range(WRITERS):
            left.acquire()
        over.set()

    def follow() -> None:
        watcher = followers.Follower("endurance", lambda entries: seen.extend(entry.position for entry in entries))
        while not over.is_set() or followers.run(watcher):
            followers.run(watcher)

    together(*[writer] * WRITERS, end, follow)
    total = WRITERS * ACTIONS * 2
    assert positions() == list(range(1, total + 1))
    assert seen == list(range(1, total + 1))
    assert Cursor.objects.get(name="endurance").position == Entry.objects.count()
    assert verify().sound
