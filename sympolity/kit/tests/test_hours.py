"""Opening hours: what a person reads ("open", "opens at nine") is what the rules say."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import opening_hours as osm
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sympolity.kit import clock
from sympolity.kit.hours import BadHours, DatedException, Hours, State, check
from sympolity.kit.intervals import Span, merged

ATHENS = ZoneInfo("Europe/Athens")
MINUTE = timedelta(minutes=1)
SPECS = [
    "24/7",
    "Mo-Fr 09:00-17:00",
    "Mo-Fr 09:00-17:00; PH off",
    "Mo-Fr 08:00-15:00; Sa 09:00-13:00; PH off",
    "Mo-Fr 10:00-14:00,17:00-20:00; Su,PH off",
    "Mo-Sa 09:00-14:00; We[1] off",
    "We[1] 10:00-12:00",
    "We[-1] 10:00-12:00",
    "Tu[1,3] 16:00-18:00; PH off",
    "Mo,We,Fr 17:30-20:30",
    "Fr-Sa 22:00-02:00",
    "Mo-Su 22:00-06:00",
    "Sa 20:00-30:00",
    "Apr-Oct Mo-Fr 09:00-21:00; Nov-Mar Mo-Fr 09:00-17:00",
    "Apr-Oct: 10:00-20:00; Nov-Mar: 10:00-16:00",
    "Mo-Fr 09:00-17:00; Aug off",
    "Sep 01-Jun 15 Mo-Fr 08:00-14:00",
    "week 1-53/2 Tu 10:00-12:00",
    "Mo-Th 09:00-16:00; Fr 09:00-13:00; Dec 24-Jan 06 off",
    "Mo-Su,PH 00:00-24:00",
    "PH 10:00-12:00",
    "Mo-Fr 09:00-12:00, We 15:00-18:00",
    "2026 Dec 01-2027 Feb 28 Mo-Su 18:00-08:00",
    "Mo-Fr 10:00-12:00 unknown \"by appointment\"; Sa 10:00-12:00",
    "Mo-Fr 09:00-17:00 || \"by appointment\"",
    "Su 02:30-03:30",
    "Su 03:30-05:00",
    "Sa 23:00-03:00; Su 23:15-04:00",
    "Mo 09:05-09:10,09:12-10:52",
    "off",
]  # fmt: skip
# The nights of both changes of the clock, the holidays that move, the ends of the year.
SPECIAL_DAYS = [
    date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31), date(2026, 2, 23),
    date(2026, 4, 10), date(2026, 4, 13), date(2026, 6, 1), date(2027, 3, 15), date(2027, 5, 3),
    date(2027, 6, 21), date(2026, 10, 28), date(2026, 12, 25), date(2026, 12, 31), date(2027, 1, 1),
]  # fmt: skip


def at(text: str) -> datetime:
    """A moment by the clock of Athens."""
    return datetime.fromisoformat(text).replace(tzinfo=ATHENS)


def local(spans: list[Span]) -> list[tuple[str, str]]:
    def text(moment: datetime) -> str:
        return moment.astimezone(ATHENS).strftime("%d %H:%M")

    return [(text(span.start), text(span.end)) for span in spans]


def library(spec: str) -> osm.OpeningHours:
    return osm.OpeningHours(check(spec), timezone=ATHENS, country="GR")


def instants(seed: str, count: int = 50) -> list[datetime]:
    chance = random.Random(seed)
    days = [chance.choice(SPECIAL_DAYS) for _ in range(count // 2)]
    days += [date(2026, 1, 2) + timedelta(days=chance.randrange(728)) for _ in range(count - len(days))]
    return [
        datetime(day.year, day.month, day.day, tzinfo=ATHENS).astimezone(UTC) + MINUTE * chance.randrange(1440)
        for day in days
    ]


def comes_twice(moment: datetime) -> bool:
    wall = moment.astimezone(ATHENS)
    return wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()


@pytest.mark.parametrize("spec", SPECS)
def test_open_at_a_moment_as_the_rules_say(spec: str) -> None:
    hours, judge = Hours(check(spec)), library(spec)
    for moment in instants(spec):
        if comes_twice(moment):  # the library compares the clock face alone; see the next test
            continue
        state = str(judge.state(moment.astimezone(ATHENS))[0])
        assert bool(hours.spans(moment, moment + MINUTE)) == (state == "open"), (spec, moment)
        assert hours.state(moment).kind == state, (spec, moment)


@pytest.mark.parametrize("spec", SPECS)
@pytest.mark.parametrize("day", SPECIAL_DAYS)
def test_spans_are_the_intervals_of_the_library_when_the_clock_changes_and_on_holidays(spec: str, day: date) -> None:
    start = datetime(day.year, day.month, day.day, tzinfo=ATHENS) - timedelta(days=2)
    end = start + timedelta(days=5)
    theirs = merged(
        Span(since.astimezone(UTC), (cast("datetime | None", until) or midnight + timedelta(days=1)).astimezone(UTC))
        for midnight in (start + timedelta(days=number) for number in range(5))
        for since, until, state, _ in library(spec).intervals(midnight, midnight + timedelta(days=1))
        if state == osm.State.OPEN
    )
    assert Hours(spec).spans(start, end) == theirs


@pytest.mark.parametrize("spec", SPECS)
@pytest.mark.parametrize("exceptions", [(), (DatedException(date(2026, 10, 25), date(2026, 10, 26), "01:07-02:53"),)])
def test_quarters_are_what_counting_minutes_gives(spec: str, exceptions: tuple[DatedException, ...]) -> None:
    hours, start = Hours(spec, exceptions), at("2026-10-24T17:38")
    first = int(start.timestamp()) // 900
    minutes: dict[int, int] = {}
    for span in hours.spans(start - timedelta(hours=1), start + timedelta(days=4)):
        for minute in range(int(span.start.timestamp()) // 60, int(span.end.timestamp()) // 60):
            minutes[minute // 15] = minutes.get(minute // 15, 0) + 1
    wanted = {quarter: open_ for quarter, open_ in minutes.items() if first <= quarter < first + 3 * 96}
    assert hours.quarters(start, days=3) == (
        sorted(quarter for quarter, open_ in wanted.items() if open_ == 15),
        sorted(quarter for quarter, open_ in wanted.items() if open_ < 15),
    )


def test_around_the_clock_fills_all_768_quarters() -> None:
    start = at("2026-11-22T10:07")
    first = int(start.timestamp()) // 900
    assert Hours("24/7").quarters(start) == (list(range(first, first + 768)), [])
    assert Hours("").quarters(start) == ([], [])


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2026, {"01-01", "01-06", "02-23", "03-25", "04-10", "04-12", "04-13", "05-01", "05-31", "06-01", "08-15",
                "10-28", "12-25", "12-26"}),
        (2027, {"01-01", "01-06", "03-15", "03-25", "04-30", "05-01", "05-02", "05-03", "06-20", "06-21", "08-15",
                "10-28", "12-25", "12-26"}),
    ],
)  # fmt: skip
def test_greek_public_holidays_follow_the_orthodox_easter(year: int, days: set[str]) -> None:
    """Easter is 12 April 2026 and 2 May 2027; the others count from it: Clean Monday −48, Whit Monday +50."""
    hours = Hours("Mo-Su 09:00-17:00; PH off")
    monday = date(year, 1, 1) - timedelta(days=date(year, 1, 1).weekday())
    found = [d for n in range(54) for d in hours.week(monday + timedelta(weeks=n)) if d.date.year == year]
    assert {f"{d.date:%m-%d}" for d in found if d.is_holiday} == days
    assert {f"{d.date:%m-%d}" for d in found if not d.spans} == days


def test_holidays_are_those_of_the_country_of_the_zone() -> None:
    week = Hours("Mo-Fr 09:00-17:00; PH off", zone="Europe/Berlin").week(date(2026, 10, 26))
    assert [bool(day.spans) for day in week] == [True] * 5 + [False] * 2  # 28 October is a day like others


def test_a_fallback_rule_does_not_swallow_the_days_after_it() -> None:
    hours = Hours("Mo-Fr 09:00-17:00 || 24/7 unknown")
    assert [bool(day.spans) for day in hours.week(date(2026, 11, 23))] == [True] * 5 + [False] * 2
    assert hours.state(at("2026-11-28T12:00")) == State("unknown", opens=at("2026-11-30T09:00"))


# -- past midnight ---------------------------------------------------------------------------


def test_past_midnight_is_one_opening_of_the_day_on_which_it_starts() -> None:
    hours = Hours("Fr-Sa 22:00-02:00")
    assert local(hours.spans(at("2026-11-20T00:00"), at("2026-11-23T00:00"))) == [
        ("20 22:00", "21 02:00"),
        ("21 22:00", "22 02:00"),
    ]
    night = ((1320, 1560),)
    assert [day.spans for day in hours.week(date(2026, 11, 16))] == [(), (), (), (), night, night, ()]
    assert hours.state(at("2026-11-21T01:00")) == State("open", until=at("2026-11-21T02:00"))


def test_around_the_clock_is_cut_at_midnight_for_the_table_and_whole_for_the_state() -> None:
    hours = Hours("24/7")
    assert [day.spans for day in hours.week(date(2026, 11, 16))] == [((0, 1440),)] * 7
    assert len(hours.spans(at("2026-11-16T00:00"), at("2026-11-20T00:00"))) == 1
    assert hours.state(at("2026-11-16T00:00")) == State("open", until=None)


# -- state -----------------------------------------------------------------------------------


def test_state_names_the_end_or_the_next_opening() -> None:
    hours = Hours("Mo-Fr 09:00-17:00; PH off")
    assert hours.state(at("2026-11-20T16:59")) == State("open", until=at("2026-11-20T17:00"))
    assert hours.state(at("2026-11-20T17:00")) == State("closed", opens=at("2026-11-23T09:00"))
    assert hours.state(at("2026-12-24T18:00")) == State("closed", opens=at("2026-12-28T09:00"))


def test_next_opening_is_sought_for_60_days() -> None:
    hours = Hours("We[1] 10:00-12:00; Dec off")
    assert hours.state(at("2026-11-22T12:00")).opens == at("2027-01-06T10:00")
    assert Hours("Jun Mo 10:00-12:00").state(at("2026-11-22T12:00")) == State("closed")


@pytest.mark.parametrize("spec", ["", "  ", "garbage", "easter off", "x" * 100_000, "\ud800"])
def test_what_cannot_be_read_is_unknown_never_closed(spec: str) -> None:
    hours = Hours(spec)
    assert not hours.known
    assert hours.state(at("2026-11-22T12:00")) == State("unknown")
    assert hours.spans(at("2026-11-22T12:00"), at("2026-11-29T12:00")) == []
    assert hours.regular() == [[]] * 7


def test_by_appointment_is_unknown_not_open_all_day() -> None:
    assert check('Mo-Fr "by appointment"') == 'Mo-Fr unknown "by appointment"'
    assert check('Mo-Fr open "ring; twice"') == 'Mo-Fr open "ring; twice"'
    hours = Hours('Mo-Fr "by appointment"')
    assert hours.state(at("2026-11-23T12:00")).kind == "unknown"
    assert hours.state(at("2026-11-22T12:00")).kind == "closed"
    assert [day.maybe for day in hours.week(date(2026, 11, 16))] == [((0, 1440),)] * 5 + [()] * 2


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        Hours("24/7").state(datetime(2026, 11, 22))


# -- exceptions ------------------------------------------------------------------------------


def test_a_closed_day_loses_its_openings_and_keeps_the_tail_of_the_night_before() -> None:
    off = DatedException(date(2026, 11, 21), date(2026, 11, 21), "off", "Painting")
    hours = Hours("Mo-Su 22:00-02:00", (off,))
    assert local(hours.spans(at("2026-11-20T12:00"), at("2026-11-23T12:00"))) == [
        ("20 22:00", "21 02:00"),
        ("22 22:00", "23 02:00"),
    ]
    saturday = hours.week(date(2026, 11, 16))[5]
    assert (saturday.spans, saturday.note, saturday.is_exception) == ((), "Painting", True)


def test_around_the_clock_closes_at_the_midnight_before_an_exception() -> None:
    hours = Hours("24/7", (DatedException(date(2026, 11, 24), date(2026, 11, 25), "off"),))
    assert hours.state(at("2026-11-22T12:00")) == State("open", until=at("2026-11-24T00:00"))
    assert hours.state(at("2026-11-24T12:00")) == State("closed", opens=at("2026-11-26T00:00"))


def test_changed_times_replace_the_day_and_run_past_midnight() -> None:
    ramadan = DatedException(date(2027, 2, 8), date(2027, 3, 9), "21:00-01:00, 10:00-12:00")
    hours = Hours("Mo-Fr 09:00-17:00", (ramadan,))
    assert local(hours.spans(at("2027-03-08T02:00"), at("2027-03-11T00:00"))) == [
        ("08 10:00", "08 12:00"),
        ("08 21:00", "09 01:00"),
        ("09 10:00", "09 12:00"),
        ("09 21:00", "10 01:00"),
        ("10 09:00", "10 17:00"),
    ]


def test_the_shortest_exception_rules_a_day_whatever_the_order() -> None:
    august = DatedException(date(2026, 8, 1), date(2026, 8, 31), "09:00-12:00")
    feast = DatedException(date(2026, 8, 12), date(2026, 8, 12), "off")
    for order in ((august, feast), (feast, august)):
        week = Hours("Mo-Fr 09:00-17:00", order).week(date(2026, 8, 10))
        assert [day.spans for day in week] == [((540, 720),)] * 2 + [()] + [((540, 720),)] * 4


def test_an_exception_also_speaks_where_the_ordinary_hours_are_unknown() -> None:
    hours = Hours("", (DatedException(date(2026, 11, 24), date(2026, 11, 24), "10:00-12:00"),))
    assert hours.state(at("2026-11-23T11:00")) == State("unknown", opens=at("2026-11-24T10:00"))
    assert hours.state(at("2026-11-24T11:00")) == State("open", until=at("2026-11-24T12:00"))
    assert hours.state(at("2026-11-24T13:00")) == State("closed")


@pytest.mark.parametrize("text", ["", "always", "10:00", "25:00-26:00", "10:60-12:00",
                                  "10:00-12:00,11:00-13:00", "10:00-49:00", "10:00-36:00", "1" * 10_000, "10:00-12:00;",
                                  "٠٩:٠٠-١٠:٠٠"])  # fmt: skip
def test_bad_exception_hours_are_refused(text: str) -> None:
    with pytest.raises(BadHours, match="exception_hours"):
        DatedException(date(2026, 1, 1), date(2026, 1, 1), text)


def test_an_exception_does_not_end_before_it_begins() -> None:
    with pytest.raises(BadHours, match="exception_days"):
        DatedException(date(2026, 1, 2), date(2026, 1, 1), "off")


# -- the ordinary week -----------------------------------------------------------------------


def test_the_ordinary_week_knows_no_holidays_and_no_exceptions() -> None:
    closed = DatedException(date(2020, 1, 1), date(2030, 1, 1), "off")
    hours = Hours("Mo-Fr 09:00-13:00,17:00-20:00; Sa 22:00-02:00; PH off", (closed,))
    assert hours.is_weekly
    assert hours.regular() == [[(540, 780), (1020, 1200)]] * 5 + [[(1320, 1560)], []]


@pytest.mark.parametrize("spec", ["We[1] 10:00-12:00", "Aug Mo 10:00-12:00", "week 1-53/2 Mo 10:00-12:00",
                                  "2026 Mo 10:00-12:00", "PH -1 day 10:00-12:00", "", "garbage"])  # fmt: skip
def test_what_changes_from_week_to_week_is_not_weekly(spec: str) -> None:
    assert not Hours(spec).is_weekly


@pytest.mark.parametrize("spec", ["24/7", "Mo-Fr 10:00-12:00", 'Mo 10:00-12:00 "until May 2026"', "off", "PH off"])
def test_weekly(spec: str) -> None:
    assert Hours(spec).is_weekly


def test_where_weeks_differ_the_ordinary_week_is_the_current_one() -> None:
    with clock.moved(to=at("2026-12-02T12:00")):
        assert Hours("We[1] 10:00-12:00").regular() == [[], [], [(600, 720)], [], [], [], []]
    with clock.moved(to=at("2026-12-09T12:00")):
        assert Hours("We[1] 10:00-12:00").regular() == [[]] * 7


# -- checking --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ("easter off", "easter"), ("Mo 10:00-12:00; EASTER -2 days off", "easter"), ("sunrise-sunset", "sun"),
        ("10:00-(sunset-01:00)", "sun"), ("dawn-dusk", "sun"), ("Mo 10:00-12:00; SH off", "school_holidays"),
        ("Mo 10:00-12:00" + ";" * 500, "too_long"), ("9" * 10_000_000, "too_long"), ("Mo\x0010:00", "characters"),
        ("\ud800", "characters"), ("Mo \u202e10:00", "characters"), ("Δευ 10:00-12:00", "syntax"), (";;", "syntax"),
        ("'; DROP TABLE", "syntax"), ("<script>", "syntax"), ("10:00", "syntax"), ('"', "syntax"),
        ("[" * 500, "syntax"),
        ("(" * 500, "syntax"), ("Mo 10:00-99:00", "syntax"), ("9" * 400, "syntax"), ("٢٤/٧", "syntax"),
    ],
)  # fmt: skip
def test_refused_with_a_reason(spec: str, reason: str) -> None:
    with pytest.raises(BadHours) as caught:
        check(spec)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("spec", "normal"),
    [
        ("", ""), ("  ", ""), ("mo-fr 9:00-17:00", "Mo-Fr 09:00-17:00"),
        ("Mo\u2013Fr 9.00 \u2013 17.00;", "Mo-Fr 09:00-17:00"),
        ("Mo-Fr 10:00-12:00 , 14:00-17:00", "Mo-Fr 10:00-12:00,14:00-17:00"), ("Su off", "Su closed"),
        ("Mo-Fr: 10:00-12:00", "Mo-Fr 10:00-12:00"), ("Mo\u00a010:00-12:00", "Mo 10:00-12:00"),
        ('Mo 10:00-12:00 "at sunrise , easter"', 'Mo 10:00-12:00 "at sunrise , easter"'),
    ],
)  # fmt: skip
def test_normal_form(spec: str, normal: str) -> None:
    assert check(spec) == normal


TOKENS = [
    "Mo", "Tu-Su", "We[1]", "We[-1,2]", "PH", "SH", "easter", "off", "open", "unknown", "||", ";", ",", "-", "+", "/",
    ":", "24/7", "10:00-12:00", "22:00-02:00", "10:00-48:00", "12:00+", "10:00-16:00/01:30", "10:00-12:00/00:00",
    "week", "1-53/2", "53-1/0", "Jan", "Dec-Jan", "Feb", "29", "30", "2026-2030/2", "1900-9999", "9999", "+1",
    "-99999999999", "days", '"hi"', '"', "(", ")", "(sunrise+01:00)", "99:99", "99999999999999999999", "é", "😀",
    "\ud800", "\x00",
]  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=600) | st.lists(st.sampled_from(TOKENS), max_size=80).map(" ".join))
def test_no_string_does_harm(spec: str) -> None:
    hours = Hours(spec, (DatedException(date(2026, 11, 22), date(2026, 11, 22), "off"),))
    for now in (at("2026-11-22T12:00"), datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=ATHENS)):
        hours.state(now)
        hours.quarters(now)
    for monday in (date.min, date(2026, 11, 16), date.max):
        hours.week(monday)
    hours.regular()
    try:
        normal = check(spec)
    except BadHours:
        assert not hours.known
    else:
        assert check(normal) == normal
        assert hours.week(date(2026, 11, 16)) == Hours(normal, hours.exceptions).week(date(2026, 11, 16))


# -- cards -----------------------------------------------------------------------------------


def test_cards_give_back_what_they_took() -> None:
    off = DatedException(date(2026, 8, 1), date(2026, 8, 15), "off", "Αύγουστος")
    changed = DatedException(date(2026, 9, 1), date(2026, 9, 2), "10:00-11:00")
    for hours in (Hours(""), Hours("24/7"), Hours("24/7", (off, changed), "Asia/Nicosia")):
        assert Hours.from_json(hours.to_json()) == hours
        assert Hours.from_json(json.dumps(hours.to_json())) == hours
    assert Hours("24/7").to_json() == {"s": "24/7"}


@pytest.mark.parametrize(
    "card",
    [
        None, 1, "", "[]", "{", "[" * 100_000, {"s": 1}, {"x": 1}, {"x": [1]}, {"x": {"a": 1}},
        {"x": [["a", "b", "off"]]}, {"x": [["2026-01-01", "2026-01-01", 5]]}, {"z": "../etc"}, {"z": "Europe"},
        {"z": ""}, {"z": "\x00"}, {"z": 3}, {"z": "\ud800"}, {"z": "A" * 10_000},
    ],
)  # fmt: skip
def test_bad_cards_are_refused(card: object) -> None:
    with pytest.raises(BadHours):
        Hours.from_json(card)
