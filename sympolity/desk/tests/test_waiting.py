"""Records before a person: accepted ones stand, declined ones are not asked again, each in its own right."""

from __future__ import annotations

from sympolity.desk import waiting
from sympolity.desk.tests.people import HEAD, Desk
from sympolity.directory.models import Service
from sympolity.exchange.models import ImportRun
from sympolity.people.acting import actor_for
from sympolity.sharing.models import Proposal
from sympolity.trail.models import Entry
from tests.reader import Reader

HELD = (
    "1;Συσσίτιο;Φορέας;food;Οδός 1;37.98;23.73;+30 210 0000001;Γράψτε στη a@office.example;\n"
    "2;مطبخ الحي;Φορέας;food;Οδός 2;40.64;22.94;+30 210 0000002;اكتب إلى b@office.example;\n"
    "3;;Φορέας;food;Οδός 3;40.64;22.94;+30 210 0000003;Χωρίς όνομα;\n"
)


def _brought(desk: Desk, rows: str = HELD) -> ImportRun:
    run = desk.previewed(HEAD + rows)
    desk.say(run, "apply")
    desk.work()
    run.refresh_from_db()
    return run


def _ids(*source_ids: str) -> list[str]:
    found = Proposal.objects.filter(source_id__in=source_ids, state__in=["review", "invalid"])
    return [str(row.id) for row in found]


def _states() -> dict[str, str]:
    return dict(Proposal.objects.values_list("source_id", "state"))


def test_each_record_tells_why_it_waits_and_what_it_would_be(desk: Desk) -> None:
    _brought(desk)
    page = desk.page("waiting/")
    for words in ("Συσσίτιο", "مطبخ الحي", "Somebody has to look", "Cannot be used as it is", "row 2", "As it came"):
        assert words in page.text
    marked = [tag for tag in page.document.tags if tag.get("lang") == "ar" and tag.name == "b"]
    assert [tag.get("dir") for tag in marked] == ["rtl"]
    assert "3 records wait for a look" in desk.page("").text


def test_accepted_ones_stand_and_declined_ones_are_not_asked_again(desk: Desk) -> None:
    _brought(desk)
    yes = desk.admin.post("/en/desk/waiting/", {"verb": "accept", "id": _ids("1")})
    assert "1 record accepted" in Reader(desk.admin, signed_in=True).read(yes).text
    desk.admin.post("/en/desk/waiting/", {"verb": "decline", "id": _ids("2", "3")})
    assert set(_states().values()) == {"accepted", "declined"}
    assert list(Service.objects.values_list("name", flat=True)) == ["Συσσίτιο"]
    entry = Entry.objects.filter(noun="proposal", verb="accepted").get()
    assert entry.actor_id == desk.persons["admin"].id
    assert "Nothing waits" in desk.page("waiting/").text
    again = desk.previewed(HEAD + HELD)
    assert (again.report["results"]["unchanged"], again.report["results"]["declined"]) == (1, 2)


def test_one_that_cannot_be_accepted_names_itself_and_leaves_the_others_done(desk: Desk) -> None:
    _brought(desk)
    response = desk.admin.post("/en/desk/waiting/", {"verb": "accept", "id": _ids("1", "2", "3")})
    page = Reader(desk.admin, signed_in=True).read(response)
    assert "2 records accepted" in page.text
    assert "wait on" in page.text
    assert Service.objects.count() == 2
    late = str(Proposal.objects.get(source_id="1").id)
    again = desk.admin.post("/en/desk/waiting/", {"verb": "accept", "id": [late]})
    assert "waited no more" in again.content.decode()


def test_a_change_is_shown_beside_what_stands(desk: Desk) -> None:
    _brought(desk)
    desk.admin.post("/en/desk/waiting/", {"verb": "accept", "id": _ids("1")})
    _brought(desk, HELD.replace("Οδός 1", "Οδός 11"))
    page = desk.page("waiting/").text
    assert "What would change" in page
    assert "Οδός 11" in page


def test_a_curator_decides_in_her_areas_and_nowhere_else(desk: Desk) -> None:
    """Without boundaries a place is known by the service that stands; a new one is for those who reach everywhere."""
    _brought(desk)
    curator = actor_for(desk.persons["curator"].id)
    assert list(waiting.waiting(curator)) == []
    assert "Nothing waits" in desk.page("waiting/", desk.curator).text
    response = desk.curator.post("/en/desk/waiting/", {"verb": "accept", "id": _ids("1", "2")})
    assert "waited no more" in response.content.decode()
    assert Service.objects.count() == 0


def test_a_curator_sees_what_lies_in_her_city(desk: Desk, monkeypatch: object) -> None:
    from sympolity.places import queries as places
    from sympolity.places.facts import area_id

    monkeypatch.setattr(  # type: ignore[attr-defined]
        places, "area_at_points", lambda points: [area_id("athens") if lat < 39 else None for lat, _ in points]
    )
    _brought(desk)
    page = desk.page("waiting/", desk.curator).text
    assert "Συσσίτιο" in page
    assert "مطبخ" not in page
    desk.curator.post("/en/desk/waiting/", {"verb": "accept", "id": _ids("1", "2")})
    assert _states() == {"1": "accepted", "2": "review"} | {key: "invalid" for key in _states() if key not in "12"}


def test_nonsense_is_told_and_changes_nothing(desk: Desk) -> None:
    _brought(desk)
    before = _states()
    for said in (
        {},
        {"verb": "accept"},
        {"verb": "delete", "id": _ids("1")},
        {"verb": "accept", "id": ["x", "\0", "9" * 99]},
    ):
        response = desk.admin.post("/en/desk/waiting/", said)
        assert "Choose at least one record" in Reader(desk.admin, signed_in=True).read(response).text
    for page in ("-1", "99999999999", "\0", "٣"):
        desk.page(f"waiting/?page={page}&source=%00")
    assert _states() == before
