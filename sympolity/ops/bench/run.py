"""One run: build, ask, look at pages; several sizes each in a process of its own."""

from __future__ import annotations

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sympolity.kit import clock
from sympolity.ops.bench import answers, building, rivals, web
from sympolity.ops.bench.measure import Samples, percentile
from sympolity.ops.bench.network import Network
from sympolity.ops.bench.questions import BROAD, CLASSES, NARROW, Question, questions
from sympolity.ops.bench.rivals import PostgreSQL, Rival, SQLite
from sympolity.search import engine
from sympolity.search.store import Reader

__all__ = ["BenchFailed", "Plan", "run", "run_sizes"]

Progress = Callable[[str, int, int], None]
COMPARED, RIVAL_SECONDS = 40, 4.0  # questions to another database, and how long they may take
PAGES_EACH = 12  # pages of each class
MOST_PAGES = 100_000  # services; beyond only the index is measured


class BenchFailed(Exception):
    """A run of its own process ended without figures; the message is what it said."""


@dataclass(frozen=True, slots=True)
class Plan:
    """``seconds``: of CPU, after which the warm round of questions ends: other work on the machine cuts no samples.

    ``index_only``: no pages, no other databases. ``postgres``: address of a server to compare with, or "".
    """

    size: int = 10_000
    seed: int = 1
    questions: int = 1000
    seconds: float = 8.0
    index_only: bool = False
    postgres: str = ""

    @property
    def per_class(self) -> int:
        return max(5, -(-self.questions // len(CLASSES)))


def commit() -> str:
    """The commit of this checkout, with "+" when files differ from it; "" outside of one."""
    git = shutil.which("git")
    if git is None:
        return ""
    here = Path(__file__).parent
    words = [git, "-C", str(here), "describe", "--always", "--dirty=+", "--exclude=*"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 our own words
    return done.stdout.strip() if done.returncode == 0 else ""


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _load() -> float:
    return os.getloadavg()[0]


def _peak_mb() -> float:
    """Most memory that this process ever had, in MB; Linux counts in KiB, macOS in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def _first(root: Path, question: Question) -> dict[str, float]:
    """What opening the index costs, and the first answer of a new state of it (also after each commit)."""
    reader, opening, first = Reader(root), Samples(), Samples()
    with opening.take():
        reader.snapshot()
    answers.ask_all(reader, {question.kind: [question]}, answers.Day(), budget=0.0, progress=lambda *_: None)
    fresh = Reader(root)
    fresh.snapshot()
    with first.take():
        engine.answer(fresh, question.query, keys=answers.KEYS, lang=question.lang)
    return {"open_ms": opening.wall[0], "first_cpu_ms": first.cpu[0]}


def run(plan: Plan, progress: Progress) -> dict[str, Any]:
    """Measure one size; plain data, times in milliseconds where the name says nothing else."""
    begun, load = time.perf_counter(), _load()
    network = Network(plan.size, seed=plan.seed, today=clock.local_today())
    asked = questions(network, per_class=plan.per_class)
    with tempfile.TemporaryDirectory(prefix="sympolity-bench-", ignore_cleanup_errors=True) as folder:
        root, day = Path(folder, "data", "index"), answers.Day()
        others, absent = _rivals(plan, Path(folder))
        try:
            built = building.build(network, root, progress, others)
            peak, before = _peak_mb(), building.resident_mb()
            reader = Reader(root)
            classes = answers.ask_all(reader, asked, day, budget=plan.seconds, progress=progress)
            after = building.resident_mb()
            first = _first(root, next(iter(asked.values()))[0])
            compared = _compared(reader, others, asked, day, progress)
        finally:
            for other in others:
                other.close()
        seen = None if plan.index_only else _pages(root, reader, asked, day, progress)
    return {
        "commit": commit(), "cores": cores(), "load_before": load, "load_after": _load(), "seed": plan.seed,
        "services": plan.size, "build": built.as_dict(), "questions": sum(map(len, asked.values())), "classes": classes,
        "new_state": first, "pages": seen, "rivals": compared, "absent": absent,
        "memory_mb": {
            "peak": _peak_mb(), "peak_of_build": peak,
            "reader": after - before if after is not None and before is not None else None,
        },
        "seconds": time.perf_counter() - begun,
    }  # fmt: skip


def _rivals(plan: Plan, folder: Path) -> tuple[list[Rival], dict[str, str]]:
    """The other databases, and why one is absent."""
    if plan.index_only:
        return [], {}
    found: list[Rival] = []
    absent: dict[str, str] = {}
    try:
        found.append(SQLite(folder))
    except sqlite3.OperationalError as error:
        absent[SQLite.name] = str(error)
    if not plan.postgres:
        absent[PostgreSQL.name] = "no address: --postgres postgresql://…"
        return found, absent
    try:
        found.append(PostgreSQL(plan.postgres))
    except OSError as error:
        absent[PostgreSQL.name] = str(error)
    return found, absent


def _compared(
    reader: Reader, others: Sequence[Rival], asked: dict[str, list[Question]], day: answers.Day, progress: Progress
) -> dict[str, Any]:
    """The same broad and narrow questions to the find index and to each of the others, warm, in wall time."""
    found: dict[str, Any] = {}
    for other in others:
        progress(other.name, 0, 1)
        other.finish()
        for kind in (BROAD, NARROW):
            some = asked[kind][:COMPARED]
            ours = answers.ask_all(reader, {kind: some}, day, budget=RIVAL_SECONDS, progress=lambda *_: None)[kind]
            theirs = rivals.ask(other, some, RIVAL_SECONDS)
            found.setdefault(other.name, {})[kind] = {
                "ours": ours["warm"], "theirs": {name: value for name, value in theirs.items() if name != "matches"},
                "matches": [percentile(theirs["matches"], 0.5), ours["matches"]["p50"]],
                "times_faster": theirs["wall_p50"] / max(ours["warm"]["wall_p50"], 1e-6),
            }  # fmt: skip
    return found


def _pages(
    root: Path, reader: Reader, asked: dict[str, list[Question]], day: answers.Day, progress: Progress
) -> dict[str, Any]:
    """The pages of some questions of every class, over HTTP; the engine's own share asked in this process."""
    progress("pages", 0, 1)
    some = [question for rank in range(PAGES_EACH) for rows in asked.values() for question in rows[rank : rank + 1]]
    some = list({(question.lang, *question.pairs): question for question in some}.values())
    spent = []
    for question in some:
        query = replace(question, counts=None)
        before = time.process_time()
        answers.ask(reader, query, day.next())
        spent.append((time.process_time() - before) * 1000)
    return web.look(root.parent, some, (sum(spent) / len(spent), 0.0))


def run_sizes(sizes: Sequence[int], plan: Plan, progress: Progress) -> list[dict[str, Any]]:
    """Each size in its own process, one after the other: memory and caches are its own."""
    found = []
    for number, size in enumerate(sizes):
        progress(f"size {size:,}", number, len(sizes))
        words = [
            sys.executable, "-m", "sympolity", "bench", "--json", "--services", str(size), "--seed", str(plan.seed),
            "--questions", str(plan.questions), "--seconds", str(max(plan.seconds, min(60.0, size / 2000))),
            *(["--index-only"] if plan.index_only or size > MOST_PAGES else []),
            *(["--postgres", plan.postgres] if plan.postgres else []),
        ]  # fmt: skip
        done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603 our own words
        if done.returncode:
            raise BenchFailed(f"the run with {size} services ended with code {done.returncode}")
        found.append(json.loads(done.stdout))
    return found
