"""The map without script: true to the world, light, readable, and silent about hidden places."""

from __future__ import annotations

import gzip
import hashlib
import math
import random
import re
from importlib.resources import files
from pathlib import Path
from time import perf_counter

import pytest
from django.template import Context, Engine
from django.utils import translation
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sympolity.portal import coast, map_layout
from sympolity.portal.coast import HOME, MAX_ZOOM, MIN_ZOOM, Box, clip, land, project, simplify, unproject
from sympolity.portal.map import Area, City, Cluster, Drawing, Frame, Pin, draw, gather

ATHENS = Frame(37.975, 23.72, 12)
PLACES = {
    "Athens": ATHENS,
    "Greece": Frame(38.4, 23.9, 6),
    "Tilos": Frame(36.43, 27.37, 11),
    "Thessaloniki": Frame(40.62, 22.93, 12),
    "Aegean": Frame(38.0, 25.5, 7),
    "widest": Frame(38.4, 23.9, 5),
}
CITIES = (
    City(37.984, 23.728, "Athens", "en"),
    City(37.943, 23.647, "Πειραιάς", "el"),
    City(38.008, 23.675, "إيغاليو", "ar"),
)
SETTINGS = settings(max_examples=60, deadline=None)

lats, lons = st.floats(HOME.low, HOME.high), st.floats(HOME.left, HOME.right)
zooms = st.integers(MIN_ZOOM, MAX_ZOOM)
frames = st.builds(Frame, lats, lons, zooms)
# Points of any outline, also one that crosses itself, around the box that is cut out.
outlines = st.lists(st.tuples(st.integers(-50, 150), st.integers(-50, 150)), min_size=3, max_size=30)


def pins_of(frame: Frame, count: int = 20, seed: int = 1, spread: float = 40) -> list[Pin]:
    rng = random.Random(seed)
    pins = []
    for number in range(1, count + 1):
        x, y = frame.width / 2 + rng.gauss(0, spread), frame.height / 2 + rng.gauss(0, spread)
        state = rng.choice(["", "call", "shut"])
        pins.append(Pin(*frame.point(x, y), number, f"Legal help with papers {number}", f"#s{number}", state))
    return pins


def rendered(drawing: Drawing, **context: object) -> str:
    folder = str(Path(coast.__file__).parent / "templates")
    engine = Engine(
        dirs=[folder],
        libraries={"i18n": "django.templatetags.i18n"},
        builtins=["sympolity.design.templatetags.look", "django.templatetags.static"],
    )
    return engine.get_template("portal/_map.html").render(Context({"map": drawing, "title": "Map", **context}))


def rings_of(path: str) -> list[list[tuple[float, float]]]:
    """Path data as an independent reader sees it: one absolute point, then relative lines."""
    rings = []
    for part in path.split("z")[:-1]:
        numbers = [float(found) for found in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", part)]
        pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        ring = [pairs[0]]
        for dx, dy in pairs[1:]:
            ring.append((ring[-1][0] + dx, ring[-1][1] + dy))
        rings.append(ring)
    return rings


def winding(points: list[tuple[float, float]], x: float, y: float) -> bool:
    """Whether (x, y) lies inside by the even-odd rule."""
    inside = False
    for (ax, ay), (bx, by) in zip(points, points[1:] + points[:1], strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return inside


def on_land(frame: Frame, lat: float, lon: float) -> bool:
    path = land(*frame.corner(), frame.zoom, frame.width, frame.height)
    return sum(winding(ring, *frame.spot(lat, lon)) for ring in rings_of(path)) % 2 == 1


# The world and the frame


@SETTINGS
@given(lats, lons, zooms)
def test_a_point_comes_back_from_the_map(lat: float, lon: float, zoom: int) -> None:
    assert unproject(*project(lat, lon, zoom), zoom) == pytest.approx((lat, lon), abs=1e-9)


@SETTINGS
@given(frames, st.floats(0, 360), st.floats(0, 405))
def test_a_pixel_of_a_frame_comes_back(frame: Frame, x: float, y: float) -> None:
    assert frame.spot(*frame.point(x, y)) == pytest.approx((x, y), abs=1e-4)


def test_web_mercator_is_that_of_all_web_maps() -> None:
    assert project(0, 0, 0) == (128, 128)
    assert project(85.0511287798066, -180, 0) == pytest.approx((0, 0), abs=1e-6)


@SETTINGS
@given(frames)
def test_a_frame_survives_an_address(frame: Frame) -> None:
    assert Frame.parse(frame.text()) == frame


def test_the_text_of_a_frame_is_short() -> None:
    assert Frame(37.98, 23.72, 12).text() == "37.98,23.72,12"
    assert Frame(38, 24, 6).text() == "38,24,6"


@pytest.mark.parametrize(
    "text",
    [
        "", "37.98,23.72", "37.98,23.72,12,1", "37.98,23.72,4", "37.98,23.72,17", "nan,nan,12", "inf,23,6", "1e1,23,6",
        "37.98,23.72,-6", " 37.98,23.72,12", "37.98,23.72,12\n", "٣٧.٩٨,٢٣.٧٢,١٢", "91,23,6", "-37.98,23.72,12", "38,123,6",
        "38,24,6" + "0" * 10_000, "38." + "1" * 10_000 + ",24,6", "\x00", "<script>", "38,24,6' OR 1=1",
    ],
)  # fmt: skip
def test_a_hostile_frame_is_no_frame(text: str) -> None:
    assert Frame.parse(text) is None


@settings(max_examples=100, deadline=None)
@given(st.text() | st.from_regex(r"-?[0-9]{1,3}\.?[0-9]{0,8},-?[0-9]{1,4},[0-9]{1,3}", fullmatch=True))
def test_any_text_is_a_frame_at_home_or_none(text: str) -> None:
    frame = Frame.parse(text)
    assert frame is None or (HOME.holds(frame.lon, frame.lat) and MIN_ZOOM <= frame.zoom <= MAX_ZOOM)


@SETTINGS
@given(frames, st.floats(-1e6, 1e6), st.integers(-30, 30))
def test_no_move_leaves_home(frame: Frame, far: float, steps: int) -> None:
    for moved in (frame.zoomed(steps), frame.panned(far, -far), frame.panned(far, 1e5)):
        assert HOME.holds(moved.lon, moved.lat)
        assert MIN_ZOOM <= moved.zoom <= MAX_ZOOM


def test_moves_that_lead_nowhere_are_not_offered() -> None:
    assert set(ATHENS.moves()) == {"closer", "wider", "north", "south", "west", "east"}
    assert set(Frame(HOME.high, HOME.left, MAX_ZOOM).moves()) == {"wider", "south", "east"}
    assert ATHENS.moves()["east"].lon > ATHENS.lon
    assert ATHENS.moves()["north"].lat > ATHENS.lat


@SETTINGS
@given(st.lists(st.tuples(lats, lons), min_size=1, max_size=20))
def test_a_fitted_frame_shows_all_it_can(points: list[tuple[float, float]]) -> None:
    frame = Frame.fit(points)
    assert frame.zoom == MIN_ZOOM or all(frame.shows(*point) for point in points)


def test_fitting_ignores_what_is_no_point() -> None:
    nan = float("nan")
    assert Frame.fit([(nan, nan), (37.98, 23.72), (1e9, 0)]) == Frame.fit([(37.98, 23.72)])
    assert Frame.fit([]) == Frame.fit([(nan, 0)])
    assert Frame.fit([]).zoom == MIN_ZOOM


# The coast


def test_the_outlines_are_the_unmodified_file() -> None:
    folder = files("sympolity.design").joinpath("vendor/natural-earth")
    digest = hashlib.sha256(folder.joinpath("land-10m.json").read_bytes()).hexdigest()
    assert digest in folder.joinpath("SOURCE.md").read_text()


@SETTINGS
@given(outlines)
@example([(-50, -50), (150, -50), (150, 150), (-50, 150)])
def test_clipping_keeps_the_inside_and_only_that(outline: list[tuple[int, int]]) -> None:
    box = Box(0, 0, 100, 100)
    cut = clip(outline, box)
    assert all(-1e-9 <= x <= 100 + 1e-9 and -1e-9 <= y <= 100 + 1e-9 for x, y in cut)
    for x in (3.37, 21.19, 50.53, 77.71, 96.83):
        for y in (2.29, 33.61, 49.47, 80.89, 97.93):
            # A point on an outline belongs to neither side; none of these is that near to one.
            if min(_distance(outline, x, y), _distance(cut, x, y)) > 1e-6:
                assert winding(list(outline), x, y) == winding(cut, x, y)


def _distance(points: list[tuple[int, int]] | list[tuple[float, float]], x: float, y: float) -> float:
    best = math.inf
    for (ax, ay), (bx, by) in zip(points, points[1:] + points[:1], strict=True):
        length = (bx - ax) ** 2 + (by - ay) ** 2
        share = max(0.0, min(1.0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length)) if length else 0.0
        best = min(best, math.hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay)))
    return best


def test_land_that_fills_the_box_is_the_box() -> None:
    assert set(clip([(-9, -9), (99, -9), (99, 99), (-9, 99)], Box(0, 0, 10, 10))) == {
        (0, 0),
        (10, 0),
        (10, 10),
        (0, 10),
    }
    assert clip([(20, 20), (30, 20), (30, 30)], Box(0, 0, 10, 10)) == []


@SETTINGS
@given(outlines, st.integers(1, 40))
def test_no_point_is_dropped_that_would_be_missed(outline: list[tuple[int, int]], tolerance: int) -> None:
    simple = simplify(outline, tolerance)
    assert set(simple) <= set(outline)
    assert all(_distance(simple, *point) <= tolerance + 1e-6 for point in outline)


@pytest.mark.parametrize(
    ("lat", "lon", "dry"),
    [
        (37.9838, 23.7275, True), (37.80, 23.50, False), (40.70, 22.95, True), (40.55, 22.85, False), (39.6, 22.0, True),
        (36.43, 27.37, True), (36.6, 27.0, False), (35.2, 24.9, True), (38.45, 27.6, True), (34.5, 26.0, False),
    ],
)  # fmt: skip
def test_land_is_land_at_every_zoom(lat: float, lon: float, dry: bool) -> None:
    wet_or_dry = {zoom: on_land(Frame(lat, lon, zoom), lat, lon) for zoom in range(6, MAX_ZOOM + 1)}
    assert wet_or_dry == dict.fromkeys(wet_or_dry, dry)


def test_cutting_out_a_frame_changes_no_land() -> None:
    """A point is land or sea alike in the middle of one frame and near the corner of another."""
    rng = random.Random(5)
    for _ in range(60):
        centre = Frame(rng.uniform(35, 41.5), rng.uniform(20, 29), rng.randint(8, 14))
        aside = centre.panned(150, 150)
        assert aside.shows(centre.lat, centre.lon)
        assert on_land(centre, centre.lat, centre.lon) == on_land(aside, centre.lat, centre.lon)


# Pins


@SETTINGS
@given(
    st.lists(st.tuples(st.floats(0, 360), st.floats(0, 405)), max_size=20)
    | st.tuples(st.floats(0, 360), st.floats(0, 405)).map(lambda spot: [spot] * 20)
)
def test_pins_stand_apart_and_inside(spots: list[tuple[float, float]]) -> None:
    tips = map_layout.spread(spots, [Box(160, 180, 204, 224)], Box(0, 0, 360, 405))
    for i, a in enumerate(tips):
        assert Box(0, 0, 360, 405).covers(map_layout.pin_box(a))
        for b in tips[:i]:
            assert math.dist(a, b) >= map_layout.APART
            assert map_layout.pin_box(a).apart(map_layout.pin_box(b))


def test_twenty_pins_find_room_in_the_smallest_frame() -> None:
    frame = Frame(37.98, 23.72, 12, 240, 240)
    tips = map_layout.spread([(120, 120)] * 20, [], frame.box())
    assert min(math.dist(a, b) for i, a in enumerate(tips) for b in tips[:i]) >= map_layout.APART
    assert all(frame.box().covers(map_layout.pin_box(tip)) for tip in tips)


def test_a_lone_pin_stands_on_its_place_without_a_line() -> None:
    drawing = draw(ATHENS, pins=[Pin(37.98, 23.73, 1, "Help", "#s1")])
    x, y = ATHENS.spot(37.98, 23.73)
    assert (float(drawing.pins[0].x), float(drawing.pins[0].y)) == pytest.approx((x, y), abs=0.051)
    assert drawing.leaders == drawing.dots == ""


def test_a_moved_pin_has_a_line_to_its_place() -> None:
    drawing = draw(ATHENS, pins=[Pin(37.98, 23.73, number, "Help", "#") for number in (1, 2, 3)])
    assert drawing.leaders.count("M") == drawing.dots.count("M") == 2
    assert len({(pin.x, pin.y) for pin in drawing.pins}) == 3


def test_points_are_rounded_before_they_are_drawn() -> None:
    near = Frame(37.98, 23.73, MAX_ZOOM)
    exact, rounded = (
        draw(near, pins=[Pin(lat, lon, 1, "a", "#")]) for lat, lon in ((37.980042, 23.730038), (37.98, 23.73))
    )
    assert exact == rounded
    assert near.panned(3.3, 3.3).text() == re.sub(r"(\.\d{4})\d*", r"\1", near.panned(3.3, 3.3).text())


def test_results_outside_are_counted() -> None:
    nan = float("nan")
    pins = [Pin(37.98, 23.73, 1, "a", "#"), Pin(40.6, 22.9, 2, "b", "#"), Pin(nan, nan, 3, "c", "#")]
    drawing = draw(ATHENS, pins=pins, areas=[Area(35.0, 25.0, 4, "d", "#")])
    assert [pin.number for pin in drawing.pins] == ["1"]
    assert drawing.missing == 3
    assert draw(ATHENS, pins=pins_of(ATHENS, 25)).missing == 5


def test_an_unknown_state_is_no_class() -> None:
    pins = [Pin(37.98, 23.73, 1, "a", "#", '"><script>'), Pin(37.95, 23.7, 2, "b", "#", "shut")]
    assert [pin.css for pin in draw(ATHENS, pins=pins).pins] == ["", " shut"]


# Hidden places, clusters, names, scale


def test_hidden_places_of_one_area_are_one_mark_and_never_a_pin() -> None:
    areas = [Area(37.9961, 23.7401, number, f"Shelter {number}", f"#s{number}") for number in (3, 5, 9)]
    drawing = draw(ATHENS, areas=[*areas, Area(37.95, 23.7, 11, "House", "#s11")])
    assert [(mark.count, mark.text) for mark in drawing.areas] == [("3", "×3"), ("1", "11")]
    assert drawing.areas[0].label == "3. Shelter 3 · 5. Shelter 5 · 9. Shelter 9"
    assert drawing.pins == ()
    assert drawing.dots == ""


def test_clusters_count_every_point_in_the_frame_once() -> None:
    rng = random.Random(3)
    points = [(rng.gauss(37.98, 0.03), rng.gauss(23.73, 0.05)) for _ in range(390)]
    inside = sum(ATHENS.shows(*point) for point in points)
    clusters = gather(ATHENS, points, lambda frame: f"?map={frame.text()}")
    drawing = draw(ATHENS, pins=pins_of(ATHENS), clusters=clusters)
    assert sum(cluster.count for cluster in clusters) == inside
    assert sum(int(mark.count) for mark in drawing.clusters) == inside
    assert all(Frame.parse(cluster.href.removeprefix("?map=")) for cluster in clusters)


def test_clusters_cover_no_pin() -> None:
    pins = pins_of(ATHENS)
    drawing = draw(ATHENS, pins=pins, clusters=[Cluster(37.975, 23.72, 12, "#a"), Cluster(37.98, 23.72, 7, "#b")])
    for mark in drawing.clusters:
        x, y, r = float(mark.x), float(mark.y), float(mark.radius)
        circle = Box(x - r + 0.1, y - r + 0.1, x + r - 0.1, y + r - 0.1)
        assert all(circle.apart(map_layout.pin_box((float(pin.x), float(pin.y)))) for pin in drawing.pins)


def test_no_name_covers_a_pin_or_another_name() -> None:
    same = [City(37.98, 23.72, f"Name {number}", "en") for number in range(9)]
    words = draw(ATHENS, cities=same).words
    assert [word.name for word in words] == ["Name 0"]
    assert draw(ATHENS, cities=[City(37.98, 23.72, "x" * 5000, "en"), City(0, 0, "far", "en")]).words == ()


@pytest.mark.parametrize(
    ("frame", "bar"),
    [
        (Frame(38, 24, 5), ("200", "km")),
        (ATHENS, ("2", "km")),
        (Frame(38, 24, 14), ("500", "m")),
        (Frame(38, 24, 16), ("100", "m")),
    ],
)
def test_the_scale_is_a_round_distance(frame: Frame, bar: tuple[str, str]) -> None:
    scale = draw(frame).scale
    assert (scale.amount, scale.unit) == bar
    length = float(re.search(r"h([\d.]+)", scale.path)[1])  # type: ignore[index]
    metres = int(bar[0]) * (1000 if bar[1] == "km" else 1)
    east = frame.point(frame.width / 2 + length, frame.height / 2)[1] - frame.lon
    assert math.radians(east) * 6_378_137 * math.cos(math.radians(frame.lat)) == pytest.approx(metres, rel=0.01)


# The fragment


def full_map(frame: Frame) -> str:
    rng = random.Random(8)
    points = [frame.point(rng.uniform(0, 360), rng.uniform(0, 405)) for _ in range(200)]
    clusters = gather(frame, points, lambda near: f"?q=asylum+lawyer&need=legal&map={near.text()}#map")
    moves = {name: f"?q=asylum+lawyer&need=legal&map={near.text()}#map" for name, near in frame.moves().items()}
    drawing = draw(frame, pins=pins_of(frame), clusters=clusters, cities=CITIES)
    return rendered(drawing, moves=moves)


@pytest.mark.parametrize("frame", PLACES.values(), ids=PLACES.keys())
def test_twenty_pins_and_the_coast_weigh_little(frame: Frame) -> None:
    assert len(gzip.compress(full_map(frame).encode())) <= 4500


def test_the_same_map_is_the_same_to_the_byte() -> None:
    first = full_map(PLACES["Aegean"])
    coast._rings.cache_clear()
    coast._outlines.cache_clear()
    assert full_map(PLACES["Aegean"]) == first


def test_numbers_in_pictures_do_not_follow_the_language() -> None:
    with translation.override("el"):
        html = full_map(ATHENS)
    numbers = re.findall(r' (?:d|x|y|cx|cy|r|transform|viewBox)="([^"]*)"', html)
    assert len(numbers) > 50
    assert not [text for text in numbers if "," in text]


def test_the_fragment_escapes_and_carries_no_style() -> None:
    evil = '"><script>alert(1)</script>'
    html = rendered(draw(ATHENS, pins=[Pin(37.98, 23.73, 1, evil, "#s1")], cities=[City(37.95, 23.7, "<b>", evil)]))
    assert "<script" not in html
    assert "style=" not in html
    assert "<b>" not in html


def test_the_picture_is_a_group_of_links_or_an_image_and_never_mirrored() -> None:
    with_links = rendered(draw(ATHENS, pins=pins_of(ATHENS)))
    assert 'role="group" aria-label="Map" direction="ltr"' in with_links
    assert 'aria-label="1. Legal help with papers 1"' in with_links
    assert 'role="img"' in rendered(draw(ATHENS))


def test_a_map_is_drawn_while_nobody_notices() -> None:
    """3 ms for the coast on the reference machine; five times that here, for a busy one."""
    for frame in PLACES.values():
        land(*frame.corner(), frame.zoom, frame.width, frame.height)
    started = perf_counter()
    for frame in PLACES.values():
        land(*frame.corner(), frame.zoom, frame.width, frame.height)
    assert (perf_counter() - started) / len(PLACES) < 0.015
