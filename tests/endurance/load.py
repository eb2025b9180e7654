"""People who ask (:mod:`people`), and what else the machine did meanwhile."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sympolity.ops.bench.measure import percentile
from tests.running.served import Served, below

__all__ = ["Asked", "Others", "ask", "pooled"]

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Asked:
    """``answers``: status and seconds; ``again``: how many of the 503 said when to come again.

    ``foreign``: the share of the machine's processors that others than server and people had.
    """

    answers: list[tuple[int, float]]
    again: int
    foreign: float

    def statuses(self) -> Counter[int]:
        return Counter(status for status, _ in self.answers)

    def of(self, status: int, share: float) -> float:
        """A percentile, in milliseconds."""
        return 1000 * percentile([seconds for one, seconds in self.answers if one == status], share)


def ask(served: Served, paths: Sequence[str], seconds: float, *, rate: float = 0.0, people: int = 0) -> Asked:
    """So many people in a closed loop, or so many questions a second whatever becomes of them."""
    order = {"port": served.port, "paths": [quote(path, safe="/?=&") for path in paths], "seconds": seconds}
    order |= {"rate": rate} if rate else {"people": people}
    others = Others(served.process.pid)
    words = [sys.executable, "-m", "tests.endurance.people"]
    said = subprocess.run(words, input=json.dumps(order), stdout=subprocess.PIPE, check=True, text=True).stdout
    foreign = others.share()
    found = json.loads(said)
    return Asked([(status, took) for status, _, took in found["answers"]], found["again"], foreign)


def pooled(many: Iterable[Asked]) -> Asked:
    """All of them as one; foreign: the most."""
    rounds = list(many)
    answers = [one for asked in rounds for one in asked.answers]
    return Asked(answers, sum(one.again for one in rounds), max((one.foreign for one in rounds), default=0.0))


class Others:
    """What has been taken of the processors since now, but not by these processes, theirs, and those that we awaited."""

    def __init__(self, *ours: int) -> None:
        self.ours, self.begun = ours, time.monotonic()
        self.busy, self.own = _busy(), self._own()

    def share(self) -> float:
        """Of all processors of the machine, 0 to 1."""
        taken = _busy() - self.busy - (self._own() - self.own)
        return min(1.0, max(0.0, taken / ((time.monotonic() - self.begun) * (os.cpu_count() or 1))))

    def _own(self) -> float:
        gone = resource.getrusage(resource.RUSAGE_CHILDREN)
        return gone.ru_utime + gone.ru_stime + sum(_cpu(pid) for one in self.ours for pid in [one, *below(one)])


def _busy() -> float:
    """Seconds that the processors of this machine have worked, or were kept from us by its host."""
    with Path("/proc/stat").open(encoding="ascii") as file:
        user, nice, system, _idle, _wait, irq, soft, stolen = map(int, file.readline().split()[1:9])
    return (user + nice + system + irq + soft + stolen) / TICK


def _cpu(pid: int) -> float:
    try:
        facts = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(facts[11]) + int(facts[12])) / TICK
