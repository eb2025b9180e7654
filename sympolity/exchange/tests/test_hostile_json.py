"""Hostile JSON costs little, whatever it is made of: refused or limited with its reason, soon and in little memory."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sympolity.exchange import formats
from sympolity.exchange.formats.shape import Page
from sympolity.exchange.reading import Unreadable
from sympolity.exchange.surveying import item_of
from sympolity.exchange.tests.hostile_json import LISTS, OBJECTS, PAGES

SECONDS = 2.0 * 3  # of processor time: what is asked for, and room for a slow machine
MEMORY = 60_000_000  # bytes above what the process had: 150 MB together
# The reader is the same for every format; these are tried on the others, too.
_SOME = ("a record of empty lists, 6 MB", "a record of keys, 4 MB", "a text of faces, 4 MB", "lists, 6 MB")

CASES = [
    *(("signpost", name) for name in PAGES),
    *(("hsds", name) for name in OBJECTS),
    *((form, f"list: {name}") for form in ("hsds", "services_advisor") for name in _SOME),
]
FILES = PAGES | LISTS | OBJECTS


def _memory(key: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(key):
            return int(line.split()[1]) * 1024
    raise AssertionError(key)


def _written(path: Path, pieces: Callable[[], Iterator[str]]) -> Path:
    with path.open("w", encoding="utf-8", errors="surrogatepass") as out:
        out.writelines(pieces())
    return path


@pytest.mark.parametrize(("name", "case"), CASES)
def test_it_is_refused_or_limited_at_small_cost(name: str, case: str, tmp_path: Path) -> None:
    """As the run reads it first: every record with its hash, nothing written."""
    pieces, what = FILES[case]
    path = _written(tmp_path / "page.json", pieces)
    form, first, reason = formats.get(name), "", ""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # the peak of memory begins anew
    before, begun = _memory("VmRSS"), time.process_time()
    try:
        for record in form.read([path], Page()):
            item_of(form, record)
            first = first or f"record: {record.fault}"
    except Unreadable as error:
        reason = str(error)
    assert time.process_time() - begun < SECONDS
    assert _memory("VmHWM") - before < MEMORY
    expected, _, fault = what.rpartition("record: ")
    assert what in reason if not what.startswith("record: ") else fault in first, (reason, first, expected)
