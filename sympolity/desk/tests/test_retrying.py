"""Records that could not be used, at the desk: how many, and one button; and every reason in the reader's language."""

from __future__ import annotations

import string

import pytest
from django.utils.translation import override

from sympolity.desk import reasons
from sympolity.desk.tests.people import HEAD, Desk
from sympolity.directory.models import Service
from sympolity.exchange.models import ImportRun
from sympolity.exchange.reasons import FILES, SENTENCES
from sympolity.sharing.models import Proposal
from tests.reader import Reader

GOOD = "1;Συσσίτιο;Φορέας;food;Οδός 1;37.98;23.73;+30 210 0000001;Κάθε μέρα;\n"
BAD = (
    "2;Νομική;Φορέας;legal;Οδός 2;north;23.73;+30 210 0000002;Κάθε μέρα;\n"
    "3;Ιατρείο;Φορέας;health;Οδός 3;south;23.73;+30 210 0000003;Κάθε μέρα;\n"
)


def _brought(desk: Desk, rows: str) -> ImportRun:
    run = desk.previewed(HEAD + rows)
    desk.say(run, "apply")
    desk.work()
    run.refresh_from_db()
    assert run.state == "done"
    return run


def _again(desk: Desk, source: str = "list") -> str:
    response = desk.admin.post(f"/en/desk/waiting/?source={source}", {"verb": "again"})
    return Reader(desk.admin, signed_in=True).read(response).text


def test_they_are_counted_and_tried_again_with_the_mended_columns(desk: Desk) -> None:
    _brought(desk, GOOD + BAD)
    page = desk.page("waiting/").text
    assert "2 records cannot be used as they are" in page
    assert "Try all of them again" in page
    text = _again(desk)
    assert "0 records can be used now" in text
    assert "These still cannot be used" in text
    assert Service.objects.count() == 1
    # The columns are placed anew, without the point, when the next file of the source comes.
    run = desk.bring(HEAD + GOOD)
    desk.work()
    run.refresh_from_db()
    desk.map(run, **{"to-5": "", "to-6": ""})
    desk.work()
    run.refresh_from_db()
    assert run.state == "preview"
    assert "2 records can be used now" in _again(desk)
    assert set(Service.objects.values_list("name", flat=True)) == {"Συσσίτιο", "Νομική", "Ιατρείο"}
    assert "cannot be used as they are" not in desk.page("waiting/").text
    assert "0 records can be used now" in _again(desk)


def test_of_another_source_nothing_is_tried(desk: Desk) -> None:
    _brought(desk, GOOD + BAD)
    before = list(Proposal.objects.order_by("id").values_list("id", "state"))
    for source in ("other", "%00", "list%27"):
        assert "0 records can be used now" in _again(desk, source)
    assert list(Proposal.objects.order_by("id").values_list("id", "state")) == before


def test_nobody_without_a_right_tries_again(desk: Desk) -> None:
    _brought(desk, GOOD + BAD)
    assert desk.editor.post("/en/desk/waiting/", {"verb": "again"}).status_code == 404
    assert "0 records can be used now" in desk.curator.post("/en/desk/waiting/", {"verb": "again"}).content.decode()
    assert Service.objects.count() == 1


def test_every_reason_has_words_that_take_its_facts() -> None:
    assert set(reasons.REASONS) == set(SENTENCES)
    assert set(reasons.FILES) == set(FILES)
    for code, sentences in SENTENCES.items():
        wanted = {name for _, name, _, _ in string.Formatter().parse(str(reasons.REASONS[code])) if name}
        for sentence in sentences:
            told = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
            assert wanted <= told, code


def test_what_a_file_says_is_no_markup_and_keeps_its_direction() -> None:
    said = reasons.reason('column C (<b>x</b>): "<script>" is no phone number')
    assert said == (
        "column <bdi>C</bdi> <bdi>(&lt;b&gt;x&lt;/b&gt;)</bdi>: <bdi>&quot;&lt;script&gt;&quot;</bdi> is no phone number."
    )
    assert reasons.reason("{0} {x} odd <i>") == '<span lang="en" dir="ltr">{0} {x} odd &lt;i&gt;</span>'
    assert reasons.place("<i>.csv, line 3") == "<bdi>&lt;i&gt;.csv</bdi> · line 3"


def test_why_a_file_is_not_used_is_told_with_its_place(desk: Desk) -> None:
    run = desk.bring('{"results": [\n{"id": nothing}]}', format="signpost", source="")
    desk.work()
    page = desk.page(f"imports/{run.id}/").text
    assert "The file is no valid JSON. · line 2 · character 8" in page


@pytest.mark.parametrize("lang", ["el", "ar"])
def test_the_pages_name_reasons_and_places_through_the_catalogue(desk: Desk, lang: str) -> None:
    """No English sentence of a reader of files stands on the page beside the translated ones."""
    _brought(desk, GOOD + BAD)
    with override(lang):
        expected = [str(reasons.reason(row.reason)) for row in Proposal.objects.filter(state="invalid")]
    page = desk.admin.get(f"/{lang}/desk/waiting/").content.decode()
    assert expected
    for words in expected:
        assert words in page
    assert "Write a number such as" not in page.replace(expected[0], "").replace(expected[1], "")
