"""Waiting for an answer no longer than we want to, also when the other side never says a word."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from django.db import connections

__all__ = ["TooSlow", "within"]

T = TypeVar("T")


class TooSlow(Exception):
    """No answer in time, or an earlier question is still waiting for its own."""


_waiting: threading.Thread | None = None
_lock = threading.Lock()


def within(seconds: float, ask: Callable[[], T]) -> T:
    """The answer of ``ask``, which may use the database. Raises TooSlow after ``seconds``, or what ``ask`` raises.

    A thread of its own, because a driver that waits for a dead network can be told nothing. While
    one hangs no other is begun, so that many questions never make many threads.
    """
    global _waiting
    answer: Future[T] = Future()

    def work() -> None:
        try:
            answer.set_result(ask())
        except Exception as error:  # noqa: BLE001 - handed to whoever asked
            answer.set_exception(error)
        finally:
            connections.close_all()

    with _lock:
        if _waiting is not None and _waiting.is_alive():
            _waiting.join(seconds)
            if _waiting.is_alive():
                raise TooSlow
        _waiting = threading.Thread(target=work, name="patience", daemon=True)
        _waiting.start()
    try:
        return answer.result(seconds)
    except TimeoutError as error:
        raise TooSlow from error
