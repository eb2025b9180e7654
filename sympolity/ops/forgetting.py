"""What is thrown away with the day: keys that tell senders apart, and what reports still hold of them."""

from __future__ import annotations

from datetime import date

from sympolity.design import anonymous
from sympolity.directory.reports.forgetting import forget
from sympolity.kit import clock

__all__ = ["Forgetting"]


class Forgetting:
    """Looks once a day, and once when the work process begins."""

    def __init__(self) -> None:
        self._day: date | None = None

    def look(self) -> None:
        """Forget what is over, if this day has not been looked at."""
        day = clock.local_today()
        if day != self._day:
            anonymous.forget()
            forget()
            self._day = day
