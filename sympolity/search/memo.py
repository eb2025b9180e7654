"""What is remembered, and how much of it: the least lately asked goes first."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

__all__ = ["Kept"]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """A dictionary of at most ``most`` values, for several threads. A value is made outside the lock, at times twice."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._held: dict[K, V] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._held)

    def get(self, key: K) -> V | None:
        """The value, which becomes the last to go; None when it is not held."""
        with self._lock:
            value = self._held.pop(key, None)
            if value is not None:
                self._held[key] = value
            return value

    def put(self, key: K, value: V) -> V:
        """Hold a value (None is none)."""
        with self._lock:
            self._held.pop(key, None)
            self._held[key] = value
            while len(self._held) > self.most:
                del self._held[next(iter(self._held))]
        return value

    def clear(self) -> None:
        """Hold nothing."""
        with self._lock:
            self._held.clear()

    def of(self, key: K, make: Callable[[], V]) -> V:
        """The value held, or the one that ``make`` gives."""
        value = self.get(key)
        return self.put(key, make()) if value is None else value
