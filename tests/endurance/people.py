"""People who ask pages of a server, as a program of its own, so that its time is little beside that of the server.

    python -m tests.endurance.people < order

``order`` (JSON): ``port``, ``paths``, ``seconds``, and one of ``people``: so many ask, each again as soon as the
answer is there, and ``rate``: so many questions a second come by chance, whether those before are answered or not.
Each question has a line of its own: the server's workers share lines, not questions, and a few lines that stay would
fall to them unevenly. The time of a question begins when it was due. Prints JSON: ``answers``, each with its status
(0: none within 30 s), when it was due and how long it took, in seconds; ``again``: how many of the 503 said when to
come again.
"""

from __future__ import annotations

import json
import random
import selectors
import socket
import struct
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

__all__: list[str] = []

LONGEST = 30.0  # seconds for an answer
MOST = 900  # lines at once; a process may open 1,024 files
_END = b"\r\n\r\n"
_NO_REST = struct.pack("ii", 1, 0)  # a line that is closed leaves nothing behind that holds its port for a minute


@dataclass(slots=True)
class _Question:
    due: float
    line: socket.socket
    came: bytearray = field(default_factory=bytearray)


def _status(came: bytearray) -> int | None:
    """Of an answer that is whole."""
    head, end, body = bytes(came).partition(_END)
    if not end:
        return None
    said = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    return int(head[9:12]) if len(body) >= int(said[b"content-length"]) else None


class _Crowd:
    """All of them, in one thread."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.port, self.rate = order["port"], order.get("rate", 0.0)
        self.texts: Iterator[bytes] = cycle(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAccept-Encoding: br\r\n\r\n".encode()
            for path in order["paths"]
        )
        self.chance = random.Random(order["seconds"])
        self.answers: list[tuple[int, float, float]] = []
        self.again = 0
        self.selector = selectors.DefaultSelector()
        self.begun = self.next = time.perf_counter()
        self.until = self.begun + order["seconds"]
        self.free = MOST if self.rate else order["people"]

    def run(self) -> None:
        while time.perf_counter() < self.until or self.selector.get_map():
            if time.perf_counter() > self.until + LONGEST:
                break
            self._ask_what_is_due()
            waits = self.rate and self.free and self.next < self.until
            seconds = self.next - time.perf_counter() if waits else 0.1
            for key, _ in self.selector.select(max(0.0, seconds)):
                self._hear(key.data)
        for key in list(self.selector.get_map().values()):
            self._done(key.data, 0)

    def _ask_what_is_due(self) -> None:
        while self.free and (due := self._due()) < self.until and due <= time.perf_counter():
            self.next += self.chance.expovariate(self.rate) if self.rate else 0.0
            self._ask(due)

    def _due(self) -> float:
        """When the next question is: in a closed loop as soon as somebody is free."""
        return self.next if self.rate else time.perf_counter()

    def _ask(self, due: float) -> None:
        self.free -= 1
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_REST)
        question = _Question(due, line)
        try:
            line.connect(("127.0.0.1", self.port))
            line.sendall(next(self.texts))
        except OSError:
            line.close()
            self._note(question, 0)
        else:
            line.setblocking(False)
            self.selector.register(line, selectors.EVENT_READ, question)

    def _hear(self, question: _Question) -> None:
        try:
            part = question.line.recv(262_144)
        except OSError:
            part = b""
        question.came += part
        status = _status(question.came) if part else 0
        if status is not None:
            self._done(question, status)

    def _done(self, question: _Question, status: int) -> None:
        self.selector.unregister(question.line)
        question.line.close()
        self.again += status == 503 and b"\r\nretry-after:" in bytes(question.came).lower()
        self._note(question, status)

    def _note(self, question: _Question, status: int) -> None:
        self.free += 1
        self.answers.append((status, question.due - self.begun, time.perf_counter() - question.due))


def _main() -> None:
    crowd = _Crowd(json.load(sys.stdin))
    crowd.run()
    json.dump({"answers": crowd.answers, "again": crowd.again}, sys.stdout)


if __name__ == "__main__":
    _main()
