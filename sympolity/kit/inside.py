"""Which of many areas holds a point: exact for rings with holes and islands, quick for thousands of points.

An area is opened (its rings decoded) when a point first lies in its box. Its rings are cut into
runs of edges with a box each: a run that lies wholly to one side of the point needs no look at
its edges.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

from sympolity.kit.rings import METRE, STEP, Box, decoded, points_of, squared_distance

__all__ = ["MOST_OPEN", "Atlas", "Sheet"]

Key = TypeVar("Key")
MOST_OPEN = 400_000  # points: 56 MB; Greece in steps of 40 m has 190,000
_RUN = 24  # edges that are looked at together
_CELL = 25_000  # steps: a quarter of a degree
_Run = tuple[int, int, int, int, list[tuple[int, int]]]  # south, west, north, east, points


@dataclass(frozen=True, slots=True)
class Sheet(Generic[Key]):
    """An area with its rings as text; ``box`` in degrees."""

    key: Key
    name: str  # says which comes first where areas overlap or are equally near
    box: Box
    rings: str


class Atlas(Generic[Key]):
    """Areas to be asked for points. Safe to share by threads.

    An opened area costs about 140 bytes a point; with more than :data:`MOST_OPEN` points all are closed again.
    """

    def __init__(self, sheets: Iterable[Sheet[Key]]) -> None:
        # Where areas overlap the smaller one answers; of equal ones the first by name.
        self._sheets = sorted(sheets, key=lambda sheet: (_extent(sheet.box), sheet.name))
        self._open: dict[int, list[_Run]] = {}
        self._points = 0
        self._cells: dict[tuple[int, int], list[int]] = defaultdict(list)
        for at, sheet in enumerate(self._sheets):
            for cell in _cells(sheet.box.wider(0.01, 0.02)):
                self._cells[cell].append(at)

    def find(self, lat: float, lon: float, *, shore: float = 0.0) -> Key | None:
        """The area that holds the point, or else the nearest within ``shore`` metres (at most 1,000)."""
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):  # also false for what is not a number
            return None
        y, x = round(lat / STEP), round(lon / STEP)
        near = self._cells.get((y // _CELL, x // _CELL), ())
        for at in near:
            sheet = self._sheets[at]
            if sheet.box.holds(lat, lon) and _holds(self._runs(at), y, x):
                return sheet.key
        return self._nearest(near, y, x, min(shore, 1000.0) * METRE) if shore else None

    def _runs(self, at: int) -> list[_Run]:
        runs = self._open.get(at)
        if runs is None:
            runs = [run for ring in decoded(self._sheets[at].rings) for run in _cut(points_of(ring))]
            self._points += sum(len(run[4]) for run in runs)
            if self._points > MOST_OPEN:
                self._open, self._points = {}, sum(len(run[4]) for run in runs)
            self._open[at] = runs
        return runs

    def _nearest(self, near: Sequence[int], y: int, x: int, limit: float) -> Key | None:
        narrow = math.cos(math.radians(y * STEP))
        wide = limit / max(narrow, 0.01)
        best: tuple[float, str, int] | None = None
        for at in near:
            sheet = self._sheets[at]
            if not sheet.box.wider(limit * STEP, wide * STEP).holds(y * STEP, x * STEP):
                continue
            far = min(
                (_distance(run, y, x, narrow) for run in self._runs(at) if _close(run, y, x, limit, wide)),
                default=math.inf,
            )
            if far <= limit * limit and (best is None or (far, sheet.name) < best[:2]):
                best = far, sheet.name, at
        return self._sheets[best[2]].key if best else None


def _extent(box: Box) -> float:
    return (box.north - box.south) * (box.east - box.west)


def _cells(box: Box) -> Iterator[tuple[int, int]]:
    rows = range(math.floor(box.south / STEP) // _CELL, math.ceil(box.north / STEP) // _CELL + 1)
    columns = range(math.floor(box.west / STEP) // _CELL, math.ceil(box.east / STEP) // _CELL + 1)
    return ((row, column) for row in rows for column in columns)


def _cut(points: list[tuple[int, int]]) -> Iterator[_Run]:
    """A closed ring as runs; the last point of one is the first of the next."""
    closed = [*points, points[0]]
    for start in range(0, len(points), _RUN):
        run = closed[start : start + _RUN + 1]
        lats, lons = [point[0] for point in run], [point[1] for point in run]
        yield min(lats), min(lons), max(lats), max(lons), run


def _holds(runs: Sequence[_Run], y: int, x: int) -> bool:
    """Whether a line from the point to the east crosses the rings an odd number of times."""
    odd = False
    for south, west, north, east, points in runs:
        if north <= y or south > y or east <= x:  # an edge is crossed when it has one end above y, one at y or below
            continue
        if west > x:  # all of it lies to the east: only its two ends count
            odd ^= (points[0][0] > y) != (points[-1][0] > y)
            continue
        odd ^= _odd(points, y, x)
    return odd


def _odd(points: Sequence[tuple[int, int]], y: int, x: int) -> bool:
    odd = False
    lat, lon = points[0]
    above = lat > y
    for point in points[1:]:
        is_above = point[0] > y
        if is_above != above:
            # Whole numbers: the answer is exact, and the same for both areas along a border.
            side = (point[1] - lon) * (y - lat) - (x - lon) * (point[0] - lat)
            odd ^= (side > 0) == is_above and side != 0
            above = is_above
        lat, lon = point
    return odd


def _close(run: _Run, y: int, x: int, tall: float, wide: float) -> bool:
    return run[0] - tall <= y <= run[2] + tall and run[1] - wide <= x <= run[3] + wide


def _distance(run: _Run, y: int, x: int, narrow: float) -> float:
    """Squared distance of the point from the nearest edge of a run, in steps of latitude."""
    points = [(lat, lon * narrow) for lat, lon in run[4]]
    return min(squared_distance(y, x * narrow, a, b) for a, b in pairwise(points))
