"""How many typing mistakes lie between two words."""

from __future__ import annotations

__all__ = ["distance"]


def distance(one: str, other: str, most: int) -> int:
    """Letters to insert, drop, change or swap with a neighbour (optimal string alignment).

    More than ``most`` is told as ``most + 1``: the search for it stops there.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, x in enumerate(one, 1):
        row = [i]
        for j, y in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == other[j - 2] and one[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return min(last[-1], most + 1)
