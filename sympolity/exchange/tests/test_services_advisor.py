"""Services Advisor: two files in two languages are one list; facts are those that are certain."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sympolity.exchange.formats import services_advisor
from sympolity.exchange.formats.services_advisor.homes import home_of
from sympolity.exchange.formats.services_advisor.joining import language_of, read
from sympolity.exchange.formats.services_advisor.mapping import map_record
from sympolity.exchange.formats.shape import Options, Page, Record, Unreadable, Wrong
from sympolity.exchange.tests.features import ARABIC, FLAGS, a_feature, in_arabic, written
from sympolity.kit.hours import check


def mapped(english: dict[str, Any], arabic: dict[str, Any] | None = None) -> dict[str, Any]:
    raw = {"en": a_feature(1, **english)} | ({"ar": in_arabic(1, **arabic)} if arabic is not None else {})
    return map_record(raw, None).data


def wrong(feature: Any) -> str:
    with pytest.raises(Wrong) as caught:
        map_record({"en": feature}, None)
    return str(caught.value)


def test_a_record_in_two_languages() -> None:
    one = map_record({"en": a_feature(1, **FLAGS), "ar": in_arabic(1, **ARABIC)}, None)
    service = one.data["service"]
    assert (service["name"], service["texts"]["name"]) == (
        "Education opportunities: Tutoring",
        {"ar": "فرص التعليم: دروس تقوية"},
    )
    assert (service["categories"], service["status"], one.fallback, one.held) == (["school"], "active", "", "")
    columns = service["columns"]
    assert columns["ends_on"] == "2014-12-31"
    assert columns["eligibility"].splitlines() == ["Nationality: No restriction", "Who is accepted: Woman at risk"]
    assert service["texts"]["eligibility"]["ar"].splitlines() == ["الجنسية: كل الجنسيات", "من يُقبل: امرأة في خطر"]
    assert (columns["for_whom"], columns["access"], service["opening_hours"]) == (
        ["women"],
        ["walk_in"],
        "Su-Th 08:30-16:00",
    )
    assert [(row["name"], row["texts"]["name"]) for row in service["documents"]] == [
        ("Asylum seeker certificate of UNHCR (ASC)", {"ar": "شهادة طالب لجوء من المفوضية"})
    ]
    assert one.data["organization"] == {"key": "aid-1", "name": "Aid 1", "lang": "en", "texts": {}}
    place = one.data["locations"][0]
    assert (place["locality"], place["lat"], place["lon"]) == ("Town 1", 32.0, 35.71)
    assert place["texts"]["locality"] == {"ar": "بلدة 1"}
    assert one.points == [(32.0, 35.71)]


def test_every_key_has_a_column_or_a_reason() -> None:
    one = {"en": a_feature(1, **FLAGS), "ar": in_arabic(1, **ARABIC)}
    for lang, feature in one.items():
        for name in ("type", "id", "geometry", "geometry.type", "geometry.coordinates", "properties"):
            assert home_of(f"{lang}.{name}"), name
        for name in feature["properties"]:
            assert home_of(f"{lang}.properties.{name}"), name
    assert home_of("en.properties.Hotline") == home_of("en.properties.phone")
    assert home_of("en.properties.14. A new question") is None
    assert home_of("xx.type") is None
    person = home_of("en.properties.Contact person")
    assert person
    assert "names a person" in person.reason


def test_english_words_decide_where_the_arabic_list_says_something_else() -> None:
    """The Arabic list was made by replacing words: "open to all" became "serious medical condition"."""
    service = mapped(
        {"3. Intake Criteria": {"Open to all": True}}, {"3. معايير القبول": {"حالة صحية خطيرة": True}}
    )["service"]  # fmt: skip
    assert service["columns"]["eligibility"] == "Who is accepted: Open to all"
    assert service["texts"]["eligibility"] == {"ar": "من يُقبل: للجميع"}


def test_arabic_alone_leaves_out_words_that_stand_for_two_things() -> None:
    raw = {"ar": in_arabic(1, **{"3. معايير القبول": {"حالة صحية خطيرة": True, "إعاقة": True}})}
    one = map_record(raw, None)
    assert one.data["service"]["lang"] == "ar"
    assert one.data["service"]["columns"]["eligibility"] == "من يُقبل: ذوو الإعاقة"
    assert "for_whom" not in one.data["service"]["columns"]  # one of the two criteria is not known
    assert any("stands for two things" in note for note in one.notes)
    assert "ar.properties.3. معايير القبول" not in one.used


@pytest.mark.parametrize(
    ("flags", "hours"),
    [
        ({}, "Su-Th 08:30-16:00"),
        ({"8. Office Open at": {"8:30am": True, "13:00pm": True}}, ""),  # two openings, one closing
        ({"8. Office Open at": {"12:00am": True}}, ""),  # midnight: rather noon
        ({"8. Office Open at": {"17:00pm": True}}, ""),  # after closing
        ({"6. Availability": {"Once a month": True}}, ""),
        ({"6. Availability": {}}, ""),
        ({"6. Availability": {"Once a week": True}}, ""),
        ({"6. Availability": {"Once a week": True}, "7. Availability Day": {"Mondays only": True}}, "Mo 08:30-16:00"),
        ({"7. Availability Day": {"Mon-Thurs  and Sat": True}}, "Mo-Th,Sa 08:30-16:00"),
        ({"7. Availability Day": {"Mondays only": True, "Tuesdays only": True}}, ""),
        ({"7. Availability Day": {"When there is somebody": True}}, ""),
        ({"9. Office close at": {"Close at 99:00pm": True}}, ""),
        ({"8. Office Open at": {"Always open": True}, "9. Office close at": {"Never closed": True}}, "24/7"),
        ({"8. Office Open at": {"Always open": True}, "9. Office close at": {}}, ""),
    ],
)
def test_hours_are_facts_only_when_they_are_certain(flags: dict[str, Any], hours: str) -> None:
    service = mapped(FLAGS | flags)["service"]
    assert service["opening_hours"] == hours
    assert check(hours) == hours
    said = "Opens at:" in service["columns"].get("how", "") or not flags.get(
        "8. Office Open at", FLAGS["8. Office Open at"]
    )
    assert said == (not hours)


def test_walk_in_and_a_required_referral_contradict_each_other() -> None:
    one = map_record({"en": a_feature(1, **FLAGS | {"Referral required": "Yes"})}, None)
    assert "access" not in one.data["service"]["columns"]
    assert "How to reach it: Walk-in\nReferral required: yes" in one.data["service"]["columns"]["how"]
    assert any("side by side" in note for note in one.notes)
    only = mapped({"4. Accessibility": {"Outreach": True}, "Referral required": "Yes"})["service"]["columns"]
    assert only["access"] == ["referral_only"]
    free = {"10. Referral Method": {"Referral is not required": True}, "Referral required": "Yes"}
    assert "access" not in mapped(free)["service"]["columns"]


def test_unknown_words_stand_as_they_are_and_are_told() -> None:
    one = map_record({"en": a_feature(1, **{"5. Coverage": {"Three villages": True}, "activityName": "Juggling", "activityCategory": "CIRCUS"})}, None)  # fmt: skip
    assert one.data["service"]["columns"]["eligibility"] == "For people in: Three villages"
    assert one.data["service"]["categories"] == ["other-help"]
    assert one.fallback == "unknown activity and sector"
    assert len(one.notes) == 2


def test_comments_numbers_and_pages_have_columns() -> None:
    more = {
        "comments": "<p>Bring <b>books</b></p>",
        "hotline": "+962 6 000 0000",
        "website": "https://aid.example/x",
        "email": "none",
    }
    one = map_record({"en": a_feature(1, **more)}, None)
    columns = one.data["service"]["columns"]
    assert columns["description"] == "Tutoring\nBring books"
    assert (columns["phone"], columns["url"]) == ("+962 6 000 0000", "https://aid.example/x")
    assert "email" not in columns
    assert one.notes == ["email: it is no email, and was left out"]


def test_what_begins_later_waits() -> None:
    one = map_record({"en": a_feature(1, startDate="2999-01-01", endDate="2999-12-31")}, None)
    assert one.held == "startDate: it begins only on 2999-01-01"


@pytest.mark.parametrize(
    ("feature", "says"),
    [
        ({"type": "Feature", "properties": {}}, "id: it is missing"),
        (a_feature(1) | {"id": True}, "id: it is missing"),
        (a_feature(1) | {"type": "Topology"}, "en.type"),
        (a_feature(1) | {"properties": []}, "en.properties: an object"),
        (a_feature(1, activityName=" "), "activityName: it is empty"),
        (a_feature(1, partnerName=""), "partnerName: who gives"),
        (a_feature(1, partnerName=7), "en.properties.partnerName: a text"),
        (a_feature(1, endDate="2014-13-45"), "endDate: '2014-13-45' is no date"),
        (a_feature(1, endDate=20141231), "endDate: '20141231' is no date"),
        (a_feature(1) | {"geometry": {"type": "Polygon", "coordinates": []}}, "geometry: a Point"),
        (a_feature(1) | {"geometry": {"type": "Point", "coordinates": ["a", 1]}}, "geometry.coordinates: two numbers"),
        (
            a_feature(1) | {"geometry": {"type": "Point", "coordinates": [0, 0]}},
            "geometry.coordinates: the point is 0, 0",
        ),
    ],
)
def test_a_wrong_record_names_its_key(feature: dict[str, Any], says: str) -> None:
    assert wrong(feature).startswith(says)


def both(folder: Path, english: list[Any], arabic: list[Any], *, turned: bool = False) -> list[Record]:
    paths = [written(folder, english, "one.json"), written(folder, arabic, "two.json")]
    return list(read(paths[::-1] if turned else paths, Page()))


def test_two_files_are_joined_by_id_in_either_order(tmp_path: Path) -> None:
    english, arabic = [a_feature(1), a_feature(2), a_feature(3)], [in_arabic(3), in_arabic(1), in_arabic(4)]
    rows = both(tmp_path, english, arabic)
    assert [(list(row.value), row.place) for row in rows] == [
        (["en", "ar"], "record 1 (line 1)"),
        (["en"], "record 2 (line 1)"),
        (["en", "ar"], "record 3 (line 1)"),
        (["ar"], "two.json, record 3 (line 1)"),
    ]
    assert rows[0].value == {"en": english[0], "ar": arabic[1]}
    assert both(tmp_path, english, arabic, turned=True) == rows


def test_repeated_ids_are_joined_in_their_order(tmp_path: Path) -> None:
    english = [a_feature(1, locationName="first"), a_feature(1, locationName="second")]
    arabic = [in_arabic(1, locationName="الأولى"), in_arabic(1, locationName="الثانية")]
    rows = both(tmp_path, english, arabic)
    assert [[row.value[lang]["properties"]["locationName"] for lang in ("en", "ar")] for row in rows] == [
        ["first", "الأولى"],
        ["second", "الثانية"],
    ]


def test_the_language_is_that_of_the_letters_not_of_the_file_name(tmp_path: Path) -> None:
    assert language_of(written(tmp_path, [in_arabic(1)], "services_en.json")) == "ar"
    assert language_of(written(tmp_path, [a_feature(1)], "services_ar.json")) == "en"
    greek = {
        "locationName": "Αθήνα",
        "activityName": "Μαθήματα ελληνικών",
        "activityCategory": "Εκπαίδευση",
        "indicators": {},
    }
    assert language_of(written(tmp_path, [a_feature(1, **greek)], "x.json")) == "el"
    persian = {"locationName": "پارک گل", "activityName": "کلاس زبان", "activityCategory": "چاپ", "indicators": {}}
    assert language_of(written(tmp_path, [a_feature(1, **persian)], "x.json")) == "fa"
    with pytest.raises(Unreadable, match="same language"):
        both(tmp_path, [a_feature(1)], [a_feature(2)])


def test_a_collection_is_read_as_well_and_says_when_it_is_a_part(tmp_path: Path) -> None:
    form, page = services_advisor.made(Options()), Page()
    whole = {"type": "FeatureCollection", "features": [a_feature(1)], "numberMatched": 3}
    assert [row.value["en"]["id"] for row in form.read([written(tmp_path, whole, "c.json")], page)] == [1]
    assert form.not_whole(page, 1) == "numberMatched says 3, the file has 1"
    assert form.not_whole(Page(), 1) == ""
    given = services_advisor.made(Options(language="fr"))
    assert [list(row.value) for row in given.read([written(tmp_path, [a_feature(1)], "f.json")], Page())] == [["fr"]]
    with pytest.raises(Unreadable, match="--language"):
        list(services_advisor.made(Options(language="klingon")).read([tmp_path / "f.json"], Page()))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("7", "a list of GeoJSON features is expected"),
        ('{"type": "Topology"}', 'no "features"'),
        ('[{"type": "Feature"}', "it was cut"),
        ("[] []", "something stands after the end"),
    ],
)
def test_a_file_of_another_shape_is_refused(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(Unreadable, match=says):
        list(read([path], Page()))


def test_a_member_that_is_no_feature_is_that_members_fault(tmp_path: Path) -> None:
    rows = both(tmp_path, [a_feature(1), None, "text", {"properties": 1}], [in_arabic(1), {"id": 1}])
    assert [bool(row.fault) for row in rows] == [False, True, True, False, False]
