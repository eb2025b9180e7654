"""Long lists in pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import HttpRequest

__all__ = ["Part", "part_of"]

T = TypeVar("T", bound=Model)
_DEEPEST = 10_000


@dataclass(slots=True)
class Part(Generic[T]):
    """One page of a list, with the addresses of its neighbours ("" where there is none)."""

    rows: list[T]
    previous: str
    next: str
    first: int


def part_of(request: HttpRequest, rows: QuerySet[T], size: int, **kept: Any) -> Part[T]:
    """The page that the address asks for. ``kept``: what else stands in the addresses of the neighbours."""
    said = request.GET.get("page", "")
    number = int(said) if said.isascii() and said.isdigit() and 1 <= len(said) <= 5 else 1
    number = min(max(number, 1), _DEEPEST)
    start = (number - 1) * size
    found = list(rows[start : start + size + 1])

    def address(to: int) -> str:
        return "?" + urlencode({**{name: value for name, value in kept.items() if value}, "page": to})

    return Part(
        found[:size], address(number - 1) if number > 1 else "", address(number + 1) if len(found) > size else "", start
    )
