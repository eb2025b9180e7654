"""One run: build, ask, look at pages; several sizes each in a process of its own."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sympolity.kit import clock
from sympolity.ops.bench import answers, building, pages
from sympolity.ops.bench.measure import Samples
from sympolity.ops.bench.network import Network
from sympolity.ops.bench.questions import PER_CLASS, Question, questions
from sympolity.search import engine
from sympolity.search.store import Reader

__all__ = ["BenchFailed", "Plan", "run", "run_sizes"]

Progress = Callable[[str, int, int], None]


class BenchFailed(Exception):
    """A run of its own process ended without figures; the message is what it said."""


@dataclass(frozen=True, slots=True)
class Plan:
    """``seconds``: of CPU, after which the warm round of questions ends: other work on the machine cuts no samples."""

    size: int = 10_000
    seed: int = 1
    per_class: int = PER_CLASS
    seconds: float = 15.0


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
        root, day = Path(folder, "index"), answers.Day()
        built = building.build(network, root, progress)
        peak, before = _peak_mb(), building.resident_mb()
        reader = Reader(root)
        classes = answers.ask_all(reader, asked, day, budget=plan.seconds, progress=progress)
        after = building.resident_mb()
        first = _first(root, next(iter(asked.values()))[0])
        progress("pages", 0, 1)
        seen = pages.look(root, asked, day)
    return {
        "commit": commit(), "cores": cores(), "load_before": load, "load_after": _load(), "seed": plan.seed,
        "services": plan.size, "build": built.as_dict(), "questions": sum(map(len, asked.values())), "classes": classes,
        "new_state": first, "pages": seen,
        "memory_mb": {
            "peak": _peak_mb(), "peak_of_build": peak,
            "reader": after - before if after is not None and before is not None else None,
        },
        "seconds": time.perf_counter() - begun,
    }  # fmt: skip


def run_sizes(sizes: Sequence[int], plan: Plan, progress: Progress) -> list[dict[str, Any]]:
    """Each size in its own process, one after the other: memory and caches are its own."""
    found = []
    for number, size in enumerate(sizes):
        progress(f"size {size:,}", number, len(sizes))
        words = [
            sys.executable, "-m", "sympolity", "bench", "--json", "--size", str(size), "--seed", str(plan.seed),
            "--per-class", str(plan.per_class), "--seconds", str(max(plan.seconds, size / 1000)),
        ]  # fmt: skip
        done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603 our own words
        if done.returncode:
            raise BenchFailed(f"the run with {size} services ended with code {done.returncode}")
        found.append(json.loads(done.stdout))
    return found
