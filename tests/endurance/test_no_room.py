"""The disk is full, or does not write, or the database goes away: refused in plain words, nothing by halves, reads go on."""

from __future__ import annotations

import contextlib
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener
from uuid import uuid5

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction

from sympolity.directory import actions, writing
from sympolity.directory.models import Service
from sympolity.directory.shapes import known_of, shape, shape_of
from sympolity.kit.actor import SYSTEM
from sympolity.ops.demo.loader import demo_id
from sympolity.trail.models import Entry
from sympolity.trail.verify import verify
from tests.endurance.group import SERVICES, SPACE, draft, prepare
from tests.endurance.killing import Groups
from tests.endurance.test_survival import WRITERS, _no_edit_by_halves, _nothing_lost
from tests.running.served import Served, serving

ROOM = 64  # pages of the database, or KB of a file, that are left

pytestmark = [pytest.mark.django_db(transaction=True)]


@contextlib.contextmanager
def _no_more_pages() -> Iterator[None]:
    """SQLite itself says "database or disk is full"."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        [pages] = cursor.fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages + ROOM}")
    yield
    connection.close()  # the limit is that of the connection


@contextlib.contextmanager
def _no_longer_files() -> Iterator[None]:
    """The system refuses to write on: what a failing disk looks like to a program."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM * 1024, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def _batch(number: int) -> list[Any]:
    return [draft(uuid5(SPACE, f"more {number} {place}"), f"more {number}") for place in range(20)]


def _fill() -> int:
    """Batches until one is refused; how many were acknowledged."""
    for number in range(200):
        try:
            actions.record_services(actor=SYSTEM, drafts=_batch(number))
        except OperationalError:
            return number
    pytest.fail("it never became full")


def _stands(batches: int) -> None:
    """What was acknowledged, and nothing else, whole."""
    wanted = {one.id: one for number in range(batches) for one in _batch(number)}
    with transaction.atomic():  # it locks what it reads
        known = known_of(list(wanted))
    assert (
        set(known.services) == set(wanted) == set(Service.objects.exclude(id__in=SERVICES).values_list("id", flat=True))
    )
    assert all(shape_of(known, one.checked()) == shape(one) for one in wanted.values())
    told = Entry.objects.filter(noun="service", verb="recorded").exclude(noun_id__in=SERVICES)
    assert set(told.values_list("noun_id", flat=True)) == set(wanted)


@pytest.mark.only_on("sqlite")  # its twin on PostgreSQL, whose disk is its own matter: the connection that breaks
@pytest.mark.parametrize("how", ["no more pages", "no longer files"])
def test_a_write_without_room_is_refused_whole_and_reads_go_on(how: str) -> None:
    prepare()
    with {"no more pages": _no_more_pages, "no longer files": _no_longer_files}[how]():
        done = _fill()
        _stands(done)
        with pytest.raises(OperationalError):
            actions.record_services(actor=SYSTEM, drafts=_batch(done))
        _stands(done)
    actions.record_services(actor=SYSTEM, drafts=_batch(done))
    _stands(done + 1)
    assert verify().sound


@pytest.mark.only_on("postgresql")  # its twin on SQLite: the write without room
def test_a_write_whose_connection_breaks_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    prepare()
    good = writing.write

    def broken(*args: Any) -> None:
        good(*args)
        with connection.cursor() as cursor, contextlib.suppress(DatabaseError):
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with monkeypatch.context() as patch:
        patch.setattr(writing, "write", broken)
        with pytest.raises(DatabaseError):
            actions.record_services(actor=SYSTEM, drafts=_batch(0))
    connection.close()
    _stands(0)
    actions.record_services(actor=SYSTEM, drafts=_batch(0))
    _stands(1)
    assert verify().sound


@pytest.fixture
def faulty(tmp_path: Path) -> Iterator[Groups]:
    """Writers for whom one write or sync of a file in fifty fails (libfiu, Debian package fiu-utils)."""
    fiu = shutil.which("fiu-run")
    if fiu is None:
        pytest.skip("libfiu is not here: apt-get install fiu-utils")
    prepare()
    connection.close()
    faults = [
        part
        for name in ("rw/pwrite", "rw/pwrite64", "sync/fsync", "sync/fdatasync")
        for part in ("-c", f"enable_random name=posix/io/{name},probability=0.02")
    ]
    made = Groups(tmp_path, fiu, "-x", *faults)
    yield made
    made.end()


@pytest.mark.hostile
@pytest.mark.only_on("sqlite")  # PostgreSQL's files are written by its server, out of our hands
def test_writes_that_fail_now_and_then_lose_nothing(faulty: Groups, capfd: pytest.CaptureFixture[str]) -> None:
    group = faulty.begin("faults", writers=WRITERS)
    faulty.wait_for(400)
    faulty.kill(group)
    said = _nothing_lost(faulty.said())
    _no_edit_by_halves()
    assert verify().sound
    with capfd.disabled():
        refused = len(faulty.refused())
        print(f"\nlibfiu, one of fifty writes fails: {said} acknowledged, 0 lost, {refused} actions refused")
    assert refused > 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own (tmpfs): only root may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    made = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=160m", "tmpfs", str(folder)], check=False, capture_output=True
    )
    if not made or made.returncode:
        pytest.skip("a small disk can be mounted by root only")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _fill_up(folder: Path) -> Path:
    ballast = folder / "ballast"
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as out:
        while True:
            out.write(b"\0" * 65_536)
    with contextlib.suppress(OSError), ballast.open("ab", buffering=0) as out:
        while True:
            out.write(b"\0")
    return ballast


class _Browser:
    """Somebody who asks Find, a page, and for a code to sign in: the last one writes."""

    def __init__(self, served: Served) -> None:
        self.served, self.root = served, f"http://127.0.0.1:{served.port}"
        self.opener = build_opener(HTTPCookieProcessor())
        with self.opener.open(f"{self.root}/en/account/", timeout=20) as page:
            found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())
        self.token = found.group(1) if found else ""

    def statuses(self) -> tuple[int, int, int]:
        """Of Find, the page and the write."""
        fields = {"email": "eleni@fanari.example", "csrfmiddlewaretoken": self.token}
        write = Request(f"{self.root}/en/account/", data=urlencode(fields).encode(), headers={"Origin": self.root})
        try:
            with self.opener.open(write, timeout=20) as answer:
                wrote = int(answer.status)
        except HTTPError as error:
            with error:
                wrote = error.code
        page = f"/en/service/{demo_id('service', 'athens-first-steps')}/"
        return self.served.ask()[0], self.served.ask(page)[0], wrote


def _verified(served: Served) -> bool:
    words = [sys.executable, "-m", "sympolity", "verify"]
    return subprocess.run(words, env=served.environment, check=False, capture_output=True).returncode == 0


@pytest.mark.hostile
@pytest.mark.only_on("sqlite")  # PostgreSQL's disk is its own matter
def test_a_served_site_on_a_full_disk(small_disk: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with serving(small_disk) as served:
        browser = _Browser(served)
        assert browser.statuses() == (200, 200, 200)
        ballast = _fill_up(small_disk)
        full = browser.statuses()
        ballast.unlink()
        served.until(lambda: browser.statuses() == (200, 200, 200), 60)
        # The indexer could not write either: it makes the index anew as soon as there is room.
        served.until(lambda: _verified(served), 120)
    with capfd.disabled():
        print(f"\nfull disk: find {full[0]}, page {full[1]}, write {full[2]}; with room again all answer, verify sound")
    assert full == (200, 200, 503)
