"""The fence around a child process holds, and what went wrong is told."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from sympolity.kit.limited import Limited, Spent, run_limited

NAUGHTY = "sympolity.kit.tests.naughty"
MEMORY = 120_000_000


def _all(*args: str, seconds: float = 5) -> list[str]:
    return list(run_limited(NAUGHTY, args, seconds=seconds, memory=MEMORY))


def _why(*args: str, seconds: float = 5) -> tuple[str, str]:
    with pytest.raises(Limited) as caught:
        _all(*args, seconds=seconds)
    return caught.value.kind, caught.value.reason


def test_lines_of_the_file_come_back_and_the_cost_is_told(tmp_path: Path) -> None:
    lines = [f"γραμμή {number}" for number in range(20_000)]
    path = tmp_path / "lines.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    spent = Spent()
    with path.open("rb") as handle:
        got = list(run_limited(NAUGHTY, ["lines"], seconds=5, memory=MEMORY, stdin=handle, spent=spent))
    assert got == lines
    assert 5_000_000 < spent.memory < 60_000_000
    assert 0 < spent.seconds < 2


def test_a_refusal_arrives_as_it_was_said() -> None:
    assert _why("refuse") == ("refused", "the file is a hedgehog")


def test_what_was_read_before_a_refusal_was_given() -> None:
    got: list[str] = []
    with pytest.raises(Limited):
        got.extend(run_limited(NAUGHTY, ["refuse"], seconds=5, memory=MEMORY))
    lines = run_limited(NAUGHTY, ["refuse"], seconds=5, memory=MEMORY)
    assert next(lines) == "one"
    lines.close()  # type: ignore[attr-defined]


def test_a_failure_is_named_without_its_text() -> None:
    assert _why("fail") == ("failed", "reading the file failed (ValueError)")


def test_memory_is_bounded() -> None:
    assert _why("memory") == ("memory", "reading the file took more than 120 MB of memory")


def test_time_of_the_processor_is_bounded() -> None:
    begun = time.monotonic()
    assert _why("spin", seconds=1)[0] == "time"
    assert time.monotonic() - begun < 6  # and no longer than it is waited for


def test_time_of_waiting_is_bounded() -> None:
    begun = time.monotonic()
    assert _why("sleep", seconds=0.1)[0] == "time"
    assert time.monotonic() - begun < 1.5


def test_a_line_is_bounded() -> None:
    assert _why("long")[1].startswith("a part of the file is longer than")


def test_a_child_that_leaves_is_noticed() -> None:
    assert _why("leave") == ("failed", "reading the file ended before its end (code 7)")


@pytest.mark.parametrize("deed", ["open", "write", "socket", "pipe"])
def test_nothing_more_can_be_opened(deed: str) -> None:
    assert _all(deed) == ["one", "refused: Too many open files"]


def test_a_module_that_is_not_there_is_noticed() -> None:
    with pytest.raises(Limited, match="ended before its end"):
        list(run_limited("sympolity.kit.tests.nowhere", seconds=5, memory=MEMORY))
