"""More people than a worker can serve at once: a few wait a moment, the rest are told at once to come again.

Without it every request waits in the server behind all others: answers come when nobody reads them any more,
and the queue is still there when the crowd has gone. And a few slow lines would hold all threads: what is sent
is read in places of its own (:mod:`bodies`), and what is read slowly has its own places too.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any
from weakref import WeakSet

from django.db import connections

from sympolity.project.bodies import READING, UPLOADS, Bodies, Unread

__all__ = ["THREADS", "Gate"]

SERVED = 4  # requests at once in a worker: Python computes one at a time
WAITING = 96  # requests that wait for their turn, at most
SOON = 0.5  # seconds: no more wait than will have their turn by then
LEAST = 28  # may wait however long turns take: one that waits for the database says little of the next
SLOWEST = SERVED * SOON / LEAST  # seconds that one turn counts at most
ASKED = 4  # machines that ask whether we live: they have no turn, and no one waits before them
STREAMS = 12  # long answers that are still being read
REFUSING = 4  # threads that are left to say no
THREADS = SERVED + WAITING + READING + UPLOADS + ASKED + STREAMS + REFUSING  # of the server
KEEPING = 32  # threads that keep a connection to the database
PATIENCE = 2.0  # seconds until a waiting one is sent away
AGAIN = "2"  # seconds after which to ask again (Retry-After)
HELD = 262_144  # bytes of an answer that go to the server whole; it then needs no thread to send them
_ASKS = frozenset({"/healthz", "/readyz"})
# One sentence in each language of the interface: a catalogue would cost more than the answer.
_BUSY = (
    "Too many people ask at this moment. Try again in a few seconds. In danger call 112.\n"
    "Ρωτούν πολλοί αυτή τη στιγμή. Δοκιμάστε ξανά σε λίγα δευτερόλεπτα. Σε κίνδυνο καλέστε το 112.\n"
    "يسأل كثيرون في هذه اللحظة. حاول مرة أخرى بعد بضع ثوانٍ. في الخطر اتصل بالرقم 112.\n"
).encode()
_SLOW = (
    "What you sent did not arrive in time. Try again. In danger call 112.\n"
    "Αυτό που στείλατε δεν έφτασε εγκαίρως. Δοκιμάστε ξανά. Σε κίνδυνο καλέστε το 112.\n"
    "ما أرسلته لم يصل في الوقت المناسب. حاول مرة أخرى. في الخطر اتصل بالرقم 112.\n"
).encode()
_LARGE = (
    "You sent more than this page takes. In danger call 112.\n"
    "Στείλατε περισσότερα από όσα δέχεται αυτή η σελίδα. Σε κίνδυνο καλέστε το 112.\n"
    "أرسلت أكثر مما تقبله هذه الصفحة. في الخطر اتصل بالرقم 112.\n"
).encode()
_SAYS = {
    408: ("408 Request Timeout", _SLOW),
    413: ("413 Content Too Large", _LARGE),
    503: ("503 Service Unavailable", _BUSY),
}

Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]


class Gate:
    """A WSGI application before another."""

    def __init__(
        self,
        application: Application,
        *,
        served: int = SERVED,
        waiting: int = WAITING,
        patience: float = PATIENCE,
        streams: int = STREAMS,
        bodies: Bodies | None = None,
    ) -> None:
        self.application, self.patience, self.most = application, patience, waiting
        self.bodies = bodies or Bodies()
        self._turn, self._streams = threading.Semaphore(served), threading.Semaphore(streams)
        self._asked = threading.Semaphore(ASKED)
        self._counting = threading.Lock()
        self._waiting, self._turn_takes = 0, 0.0
        self.served = served
        self._own, self._keeping = threading.local(), WeakSet[_Mark]()

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        if _asks(environ) and self._asked.acquire(blocking=False):
            try:
                return self._answer(environ, start_response)
            finally:
                connections.close_all()
                self._asked.release()
        try:
            with self.bodies.taken(environ) as is_upload:
                # An upload has a place of its own for as long as it lasts: minutes, on a slow line.
                turned = self._uploaded if is_upload else self._turned
                return turned(environ, start_response)
        except Unread as error:
            return _refused(start_response, error.status)

    def _uploaded(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        try:
            return self._answer(environ, start_response)
        finally:
            connections.close_all()

    def _turned(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        if not self._enter():
            return _refused(start_response, 503)
        begun = time.monotonic()
        try:
            return self._answer(environ, start_response)
        finally:
            if self._waiting or not self._keeps():
                connections.close_all()
            # A mean of the last turns; that two threads may lose one does no harm.
            self._turn_takes += (min(time.monotonic() - begun, SLOWEST) - self._turn_takes) / 16
            # What is left of a streamed file costs no computing.
            self._turn.release()

    def _keeps(self) -> bool:
        """Whether this thread may keep its connection to PostgreSQL, which has places for a hundred of all workers."""
        if not hasattr(self._own, "mark"):
            with self._counting:
                if len(self._keeping) >= KEEPING:
                    return False
                self._own.mark = _Mark()
                self._keeping.add(self._own.mark)
        return True

    def _enter(self) -> bool:
        if self._turn.acquire(blocking=False):
            return True
        with self._counting:
            if not self._may_wait():
                return False
            self._waiting += 1
        try:
            return self._turn.acquire(timeout=self.patience)
        finally:
            with self._counting:
                self._waiting -= 1

    def _may_wait(self) -> bool:
        return self._waiting < self.most and self._waiting * self._turn_takes < self.served * SOON

    def _answer(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """The answer: whole, or, when it is long and there is a place, piece by piece as it is read."""
        said: list[Any] = []
        answer = self.application(environ, lambda *about: said.extend(about))
        parts: list[bytes] = []
        size, rest = 0, iter(answer)
        try:
            for part in rest:
                if size > HELD:
                    if not self._streams.acquire(blocking=False):
                        _close(answer)
                        return _refused(start_response, 503)
                    start_response(*said)
                    return _Streamed(chain(parts, (part,), rest), answer, self._streams)
                parts.append(part)
                size += len(part)
        except BaseException:
            _close(answer)
            raise
        _close(answer)
        start_response(*said)
        return [b"".join(parts)]


class _Mark:
    """Of a thread that keeps a connection; it is gone when the thread ends."""


class _Streamed:
    """A long answer and its place, which is free again when the server closes it.

    Not a generator: one that nobody has begun does nothing when it is closed.
    """

    def __init__(self, parts: Iterator[bytes], answer: Iterable[bytes], place: threading.Semaphore) -> None:
        self._parts, self._answer, self._place = parts, answer, place
        self._lock, self._open = threading.Lock(), True

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._parts)

    def close(self) -> None:
        """Once: the server may close twice."""
        with self._lock:
            if not self._open:
                return
            self._open = False
        try:
            _close(self._answer)
            connections.close_all()
        finally:
            self._place.release()


def _asks(environ: Environ) -> bool:
    return environ.get("PATH_INFO") in _ASKS and environ.get("REQUEST_METHOD") in {"GET", "HEAD"}


def _close(answer: Iterable[bytes]) -> None:
    if hasattr(answer, "close"):
        answer.close()


def _refused(start_response: Start, status: int) -> Iterable[bytes]:
    line, text = _SAYS[status]
    headers = [
        ("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(text))),
        ("Cache-Control", "no-store"), ("Content-Security-Policy", "default-src 'none'"),
        ("X-Content-Type-Options", "nosniff"),
    ]  # fmt: skip
    if status == 503:
        headers.append(("Retry-After", AGAIN))
    start_response(line, headers)
    return [text]
