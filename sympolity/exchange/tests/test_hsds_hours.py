"""Hours of HSDS become opening_hours only when nothing is in doubt: half a truth sends people to a closed door."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sympolity.exchange.formats.hsds.hours import Doubt, date_of, exception_of, last_day, opening_hours

TODAY = date(2025, 6, 1)


def _weekly(byday: str, opens: str, closes: str, **more: Any) -> dict[str, Any]:
    return {"freq": "WEEKLY", "byday": byday, "opens_at": opens, "closes_at": closes} | more


def _day(weekday: str, opens: str, closes: str) -> dict[str, Any]:
    return {"weekday": weekday, "opens_at": opens, "closes_at": closes}


@pytest.mark.parametrize(
    ("rows", "spec"),
    [
        ([], ""),
        ([_weekly("MO,TU,WE,TH,FR", "10:00:00", "18:00:00")], "Mo-Fr 10:00-18:00"),
        ([_weekly("SU,MO", "10:00+02:00", "18:00+02:00")], "Mo,Su 10:00-18:00"),
        ([_weekly("MO", "09:00", "12:00"), _weekly("MO", "14:00", "16:00")], "Mo 09:00-12:00,14:00-16:00"),
        ([_weekly("MO", "09:00", "12:00"), _weekly("MO", "11:00", "16:00")], "Mo 09:00-16:00"),
        ([_weekly("FR", "22:00", "06:00")], "Fr 22:00-06:00"),
        ([_weekly("FR", "08:00", "00:00")], "Fr 08:00-24:00"),
        ([_weekly("MO", "09:00", "12:00", freq="", interval="1")], "Mo 09:00-12:00"),
        ([_weekly("", "09:00", "12:00", dtstart="2025-06-03")], "Tu 09:00-12:00"),
        ([_weekly("MO", "09:00", "12:00", valid_from="2020-01-01")], "Mo 09:00-12:00"),
        ([_weekly("MO", "09:00", "12:00", valid_to="2025-12-31")], "2000 Jan 1-2025 Dec 31 Mo 09:00-12:00"),
        (
            [_weekly("MO", "09:00", "12:00", valid_to="2024-12-31"), _weekly("TU", "10:00", "11:00", valid_from="2025-01-01")],
            "Tu 10:00-11:00",
        ),
        ([_day("Monday", "08:00", "12:00"), _day("Monday", "14:00", "4:00 PM"), _day("Wednesday", "10:00", "3pm")],
         "Mo 08:00-12:00,14:00-16:00; We 10:00-15:00"),
        ([_day("1", "9am", "5 p.m."), _day("fri", "9am", "5pm")], "Mo,Fr 09:00-17:00"),
    ],
)  # fmt: skip
def test_certain_hours(rows: list[dict[str, Any]], spec: str) -> None:
    assert opening_hours(rows, TODAY) == spec


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (_day("Monday", "9am", "03:00"), "it closes before it opens"),
        (_day("Monday", "9", "17"), "which half of the day"),
        (_day("Someday", "09:00", "17:00"), "no day of the week"),
        (_day("Monday", "09:00", "25:00"), "no time of day"),
        (_day("Monday", "13:00 pm", "15:00"), "no time of day"),
        (_day("Monday", "", "15:00"), "no opening or closing time"),
        (_weekly("MO", "08:00Z", "16:00Z"), "UTC"),
        (_weekly("2MO", "08:00", "16:00"), "days of the week alone"),
        (_weekly("MO", "08:00", "16:00", freq="MONTHLY"), "not given every week"),
        (_weekly("MO", "08:00", "16:00", interval=2), "not given every week"),
        (_weekly("MO", "08:00", "16:00", count=3), "chosen by number"),
        (_weekly("MO", "08:00", "16:00", byweekno="41,42"), "chosen by number"),
        (_weekly("MO", "08:00", "16:00", valid_from="soon"), "no date"),
        (_weekly("MO", "08:00", "16:00", valid_from="2025-02-01", valid_to="2025-01-01"), "ends before it begins"),
        (_weekly("MO", "08:00", "16:00", valid_to="2024-01-01"), "valid until 2024-01-01"),
        (_weekly("", "08:00", "16:00"), "no days"),
        ({"description": "Mondays in the morning"}, "no days"),
    ],
)
def test_doubtful_hours_make_the_whole_week_doubtful(row: dict[str, Any], why: str) -> None:
    with pytest.raises(Doubt, match=why):
        opening_hours([_weekly("SU", "08:00", "09:00"), row] if why != "valid until 2024-01-01" else [row], TODAY)


def test_overlapping_times_of_the_year_are_a_doubt() -> None:
    rows = [_weekly("MO", "08:00", "16:00", valid_to="2025-12-31"), _weekly("MO", "08:00", "12:00")]
    with pytest.raises(Doubt, match="overlap"):
        opening_hours(rows, TODAY)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-01-31", date(2025, 1, 31)),
        ("2025-01-31T10:00:00Z", date(2025, 1, 31)),
        ("January 01, 2015", date(2015, 1, 1)),
        ("12/24/15", date(2015, 12, 24)),
        ("24/12/2015", date(2015, 12, 24)),
        ("05/05/2015", date(2015, 5, 5)),
        ("04/05/2015", None),  # April or May: nobody can tell
        ("31/31/2015", None),
        ("February 30, 2015", None),
        ("soon", None),
        (None, None),
    ],
)
def test_dates(text: str | None, day: date | None) -> None:
    assert date_of(text) == day


def test_exceptions_with_sane_dates() -> None:
    day = exception_of(
        {
            "start_date": "12/24/2015",
            "end_date": "12/24/15",
            "closed": "false",
            "opens_at": "10:00",
            "closes_at": "16:00",
        }
    )
    assert (day.first, day.last, day.hours) == (date(2015, 12, 24), date(2015, 12, 24), "10:00-16:00")
    assert exception_of({"start_date": "2025-08-01", "end_date": "2025-08-20", "closed": "true"}).hours == "off"


@pytest.mark.parametrize(
    "row",
    [
        {"start_date": "January 01, 0001", "end_date": "January 01, 0001", "closed": "true"},
        {"start_date": "2025-08-20", "end_date": "2025-08-01", "closed": "true"},
        {"start_date": "2020-01-01", "end_date": "2025-01-01", "closed": "true"},
        {"start_date": "2025-08-01", "closed": "false"},
        {},
    ],
)
def test_exceptions_in_doubt(row: dict[str, str]) -> None:
    with pytest.raises(Doubt):
        exception_of(row)


def test_a_series_is_over_when_all_its_dates_are() -> None:
    assert last_day([{"until": "2024-01-31"}, {"until": "2024-03-31"}]) == date(2024, 3, 31)
    assert last_day([{"until": "2024-01-31"}, {}]) is None
    assert last_day([]) is None
