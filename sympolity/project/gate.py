"""More people than a worker can serve at once: a few wait a moment, the rest are told at once to come again.

Without it every request waits in the server behind all others: answers come when nobody reads them any more,
and the queue is still there when the crowd has gone.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connections

__all__ = ["THREADS", "Gate"]

SERVED = 4  # requests at once in a worker: Python computes one at a time
WAITING = 28  # requests that wait for their turn: some tenths of a second of work
REFUSING = 4  # threads that are left to say no
THREADS = SERVED + WAITING + REFUSING  # of the server
PATIENCE = 2.0  # seconds until a waiting one is sent away
AGAIN = "2"  # seconds after which to ask again (Retry-After)
# One sentence in each language of the interface: a catalogue would cost more than the answer.
_SAYS = (
    "Too many people ask at this moment. Try again in a few seconds. In danger call 112.\n"
    "Ρωτούν πολλοί αυτή τη στιγμή. Δοκιμάστε ξανά σε λίγα δευτερόλεπτα. Σε κίνδυνο καλέστε το 112.\n"
    "يسأل كثيرون في هذه اللحظة. حاول مرة أخرى بعد بضع ثوانٍ. في الخطر اتصل بالرقم 112.\n"
).encode()

Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]


class Gate:
    """A WSGI application before another."""

    def __init__(
        self, application: Application, *, served: int = SERVED, waiting: int = WAITING, patience: float = PATIENCE
    ) -> None:
        self.application, self.patience, self.most = application, patience, waiting
        self._turn = threading.Semaphore(served)
        self._counting = threading.Lock()
        self._waiting = 0

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        if not self._enter():
            return _away(start_response)
        try:
            return self.application(environ, start_response)
        finally:
            if self._waiting:
                # Each thread would keep a connection to PostgreSQL; in a crowd there are many threads.
                connections.close_all()
            # What is left of a streamed file costs no computing.
            self._turn.release()

    def _enter(self) -> bool:
        if self._turn.acquire(blocking=False):
            return True
        with self._counting:
            if self._waiting >= self.most:
                return False
            self._waiting += 1
        try:
            return self._turn.acquire(timeout=self.patience)
        finally:
            with self._counting:
                self._waiting -= 1


def _away(start_response: Start) -> Iterable[bytes]:
    headers = [
        ("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(_SAYS))), ("Retry-After", AGAIN),
        ("Cache-Control", "no-store"), ("Content-Security-Policy", "default-src 'none'"),
        ("X-Content-Type-Options", "nosniff"),
    ]  # fmt: skip
    start_response("503 Service Unavailable", headers)
    return [_SAYS]
