"""``sympolity bench import``: what a large import costs, and what readers notice of it.

Made-up services of HSDS 3 are imported by the product's own command into a data folder of its own, while
the site serves it there: indexer and workers run beside, as they would. This process only watches, and asks
the find page at a bounded rate.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import quote
from urllib.request import urlopen

from sympolity.ops.bench import hsds_made
from sympolity.ops.bench.measure import percentile
from sympolity.ops.bench.run import BenchFailed, commit, cores
from sympolity.ops.imports import step_back

__all__ = ["Plan", "child", "lines", "run"]

Progress = Callable[[str, int, int], None]
RATE = 10.0  # questions in a second: a reader's pace, not a load test
IDLE = 10.0  # seconds of questions before and after
WAIT = 180.0  # seconds for a start, and until all is findable
_DONE = "bench: "  # before the figures of the importing process on its last line
_COMMAND = "sympolity.ops.management.commands.import_file"  # by name: commands are called, not imported


@dataclass(frozen=True, slots=True)
class Plan:
    """``services``: to be imported; ``seed``: of the made-up ones."""

    services: int = 10_000
    seed: int = 1


@dataclass(slots=True)
class _Reader:
    """Asks the find page in a thread of this process. ``times``: seconds by phase; ``wrong``: answers that were no 200."""

    address: str
    words: list[str]
    times: dict[str, list[float]] = field(default_factory=dict)
    wrong: int = 0
    phase: str = "before"
    over: threading.Event = field(default_factory=threading.Event)

    def ask(self) -> None:
        chance = random.Random(7)  # noqa: S311 figures that can be repeated
        due = time.perf_counter()
        while not self.over.is_set():
            begun, phase = time.perf_counter(), self.phase
            try:
                with urlopen(f"{self.address}/en/find/?q={quote(chance.choice(self.words))}", timeout=30) as answer:  # noqa: S310 our own
                    answer.read()
            except (OSError, HTTPException):
                self.wrong += 1
            self.times.setdefault(phase, []).append(time.perf_counter() - begun)
            due = max(due + 1 / RATE, time.perf_counter() - 1)
            self.over.wait(max(0.0, due - time.perf_counter()))


def run(plan: Plan, progress: Progress) -> dict[str, Any]:
    """Measure one import; plain data. Raises :class:`BenchFailed` when a process ends with an error."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="sympolity-bench-", ignore_cleanup_errors=True) as folder:
        root = Path(folder)
        progress("services", 0, plan.services)
        hsds_made.write(root / "services.ndjson", plan.services, seed=plan.seed)
        with _serving(root / "data", root / "log") as (address, environment):
            reader = _Reader(address, hsds_made.questions(root / "services.ndjson"))
            asking = threading.Thread(target=reader.ask, daemon=True)
            asking.start()
            try:
                found = _measure(plan, root, environment, reader, progress)
            finally:
                reader.over.set()
                asking.join(timeout=60)
        size = (root / "services.ndjson").stat().st_size
    return {
        "commit": commit(), "cores": cores(), "load_before": load, "load_after": os.getloadavg()[0], "seed": plan.seed,
        "services": plan.services, "file_mb": size / 1e6, **found,
    }  # fmt: skip


def _measure(
    plan: Plan, root: Path, environment: Mapping[str, str], reader: _Reader, progress: Progress
) -> dict[str, Any]:
    time.sleep(IDLE)
    reader.phase = "during"
    done = _imported(root / "services.ndjson", environment, plan, progress)
    begun = time.perf_counter()
    progress("findable", 0, 1)
    while _total(reader.address) < done["created"]:
        if time.perf_counter() - begun > WAIT:
            raise BenchFailed(f"of {done['created']} services {_total(reader.address)} can be found after {WAIT:.0f} s")
        time.sleep(0.2)
    findable = time.perf_counter() - begun
    reader.phase = "after"
    time.sleep(IDLE)
    held = sorted(done["held"])
    asked = {phase: sorted(times) for phase, times in reader.times.items()}
    return {
        "seconds": done["seconds"], "cpu_seconds": done["cpu"], "per_second": plan.services / done["seconds"], "created": done["created"],
        "lock_ms": {"p50": percentile(held, 0.5) * 1e3, "p99": percentile(held, 0.99) * 1e3, "most": held[-1] * 1e3},
        "actions": len(held), "peak_mb": done["peak_mb"], "findable_s": findable,
        "find_ms": {
            phase: {"asked": len(times), "p50": percentile(times, 0.5) * 1e3, "p99": percentile(times, 0.99) * 1e3}
            for phase, times in asked.items()
        },
        "no_answer": reader.wrong,
    }  # fmt: skip


# --- the importing process ------------------------------------------------------------------------


def child(path: str) -> None:
    """In a process of its own: the import command, and what it held and used, on the last line."""
    from django.core.management import call_command, load_command_class

    from sympolity.exchange import importing
    from sympolity.trail import journal

    command = load_command_class("sympolity.ops", "import_file")
    peaks: list[tuple[int, float]] = []
    good = importing.run_import

    def watched(*args: Any, **options: Any) -> Any:
        def told(done: int, total: int) -> None:
            peaks.append((done, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))
            print(f"{done} {total}", flush=True)

        return good(*args, **options | {"progress": told})

    step_back()  # as the console command does
    begun, cpu = time.perf_counter(), time.process_time()
    # The command itself shows its progress on a terminal only.
    with mock.patch.object(sys.modules[type(command).__module__], "run_import", watched), journal.held() as held:
        call_command(command, "hsds", path)
    figures = {"seconds": time.perf_counter() - begun, "cpu": time.process_time() - cpu, "held": held, "peaks": peaks}
    print(f"{_DONE}{json.dumps(figures)}", flush=True)


def _imported(path: Path, environment: Mapping[str, str], plan: Plan, progress: Progress) -> dict[str, Any]:
    code = "import sys, django; django.setup(); from sympolity.ops.bench import importing; importing.child(sys.argv[1])"
    words = [sys.executable, "-P", "-c", code, str(path)]
    last = ""
    created = 0
    with subprocess.Popen(  # noqa: S603 our own words
        words, env={**environment, "DJANGO_SETTINGS_MODULE": "sympolity.project.settings"}, stdout=subprocess.PIPE, text=True
    ) as process:  # fmt: skip
        for line in process.stdout or ():
            last = line
            parts = line.split()
            if len(parts) == 2 and parts[0].isdigit() and parts[1].isdigit():
                progress("import", int(parts[0]), plan.services)
            elif len(parts) == 2 and parts[0] == "created":
                created = int(parts[1])
    if process.returncode or not last.startswith(_DONE):
        raise BenchFailed(f"the import ended with code {process.returncode}: {last.strip()[:200]}")
    figures: dict[str, Any] = json.loads(last.removeprefix(_DONE))
    peaks = figures.pop("peaks")
    at = {share: next(mb for done, mb in peaks if done >= share / 100 * plan.services) for share in (10, 50, 100)}
    return figures | {"created": created, "peak_mb": at}


# --- the site beside it ------------------------------------------------------------------------------


@contextlib.contextmanager
def _serving(data: Path, log: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The site over an empty network of its own; its address and the environment of its processes."""
    data.mkdir()
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = int(one.getsockname()[1])
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SYMPOLITY", "DATABASE"))}
    environment |= {"SYMPOLITY_DATA": str(data), "PORT": str(port), "SYMPOLITY_DEMO": "0"}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "sympolity", "serve"], env=environment, stdout=out, stderr=out
        )
    address = f"http://127.0.0.1:{port}"
    try:
        begun = time.perf_counter()
        while _total(address) < 0:
            if process.poll() is not None or time.perf_counter() - begun > WAIT:
                raise BenchFailed(f"the site did not start: {log.read_text(errors='replace')[-300:]}")
            time.sleep(0.2)
        yield address, environment
    finally:
        process.terminate()
        process.wait(timeout=60)


def _total(address: str) -> int:
    """How many services Find knows; -1 when it does not answer."""
    try:
        with urlopen(f"{address}/en/find.json", timeout=30) as answer:  # noqa: S310 our own
            return int(json.load(answer)["total"])
    except (OSError, HTTPException, ValueError, KeyError):
        return -1


# --- in words ------------------------------------------------------------------------------------------


def lines(found: Mapping[str, Any]) -> list[str]:
    """The figures for a person."""
    peak, lock, asked = found["peak_mb"], found["lock_ms"], found["find_ms"]
    times = asked["during"]["p99"] / asked["after"]["p99"]
    return [
        f"commit {found['commit'] or '?'} · {found['cores']} cores · load {found['load_before']:.1f} before, "
        f"{found['load_after']:.1f} after · seed {found['seed']}",
        f"import of {found['services']:,} services of HSDS 3 ({found['file_mb']:.0f} MB, five languages), {found['created']:,} created: "
        f"{found['seconds']:.1f} s ({found['cpu_seconds']:.1f} s of CPU), {found['per_second']:.0f} a second (goal for 10,000: 120 s)",
        f"write lock of an action ({found['actions']} actions, at most 100 records each): p50 {lock['p50']:.0f} ms, "
        f"p99 {lock['p99']:.0f} ms, most {lock['most']:.0f} ms (goal 250 ms)",
        "most memory so far at 10 %, 50 %, 100 %: " + ", ".join(f"{mb:.0f} MB" for mb in peak.values()),
        f"all can be found {found['findable_s']:.1f} s after the end",
        "Find over HTTP at a bounded rate: "
        + " · ".join(
            f"{phase} {one['asked']} asked, p50 {one['p50']:.0f} ms, p99 {one['p99']:.0f} ms"
            for phase, one in asked.items()
        )
        + f" · {found['no_answer']} without an answer",
        f"p99 during the import is {times:.1f} × that after it (goal 3)",
    ]
