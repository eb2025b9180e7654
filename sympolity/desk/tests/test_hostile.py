"""What somebody may send: bombs, tricks in names, too much, too little, the wrong thing, at the wrong time."""

from __future__ import annotations

import errno
import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from sympolity.desk.tests.people import HEAD, ROWS, Desk
from sympolity.directory.models import Service
from sympolity.exchange import carrying, uploads
from sympolity.exchange.models import ImportRun
from sympolity.kit import clock
from sympolity.people.models import Affiliation
from tests.reader import HOST, Reader

TABLE = HEAD + "".join(ROWS)
NEW = "/en/desk/imports/new/"


def _file(name: str = "list.csv", body: bytes = TABLE.encode()) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body)


def _post(desk: Desk, *files: SimpleUploadedFile, **said: str) -> tuple[int, str]:
    body = {"id": str(uuid4()), "format": "csv", "source": "list", **said, "files": list(files)}
    response = desk.admin.post(NEW, body)
    if response.status_code != 302:
        Reader(desk.admin, signed_in=True).read(response, status=response.status_code)
    return response.status_code, response.content.decode()


def _left() -> list[Path]:
    return list(uploads.root().iterdir())


@pytest.mark.parametrize(
    ("files", "said", "words"),
    [
        ([], {}, "Choose a file."),
        ([b""], {}, "A file is empty."),
        ([b"a", b"b"], {}, "another number of files"),
        ([b"a"] * 41, {"format": "hsds"}, "at most 40"),
        ([b"a"], {"format": "../../etc"}, "Choose the format"),
        ([b"a"], {"format": ""}, "Choose the format"),
        ([b"a"], {"source": "../x"}, "small Latin letters"),
        ([b"a"], {"source": "Ω\u202e"}, "small Latin letters"),
    ],
)
def test_what_cannot_be_taken_is_told_and_nothing_is_kept(
    desk: Desk, files: list[bytes], said: dict[str, str], words: str
) -> None:
    status, page = _post(desk, *(_file(body=body) for body in files), **said)
    assert status in {413, 422}
    assert words in page
    assert (ImportRun.objects.count(), _left()) == (0, [])


def test_too_much_is_refused_while_it_comes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_BYTES", 100_000)
    status, page = _post(desk, _file(body=b"x" * 60_000), _file(body=b"y" * 60_000), format="hsds")
    assert status == 413
    assert "too large" in page
    assert _left() == []


def test_a_body_that_says_it_is_endless_is_not_read(desk: Desk) -> None:
    for said in ("101000001", "9" * 30):
        response = desk.admin.post(NEW, b"x", content_type="multipart/form-data; boundary=b", CONTENT_LENGTH=said)
        assert response.status_code == 413
    assert _left() == []


def test_nobody_else_can_make_us_read_a_large_body(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("django.http.request.HttpRequest._load_post_and_files", read)
    for client in (Client(HTTP_HOST=HOST), desk.curator):
        kind = "multipart/form-data; boundary=b"
        assert client.post(NEW, b"x", content_type=kind, CONTENT_LENGTH="50000000").status_code == 404


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EIO])
def test_a_full_disk_is_said_in_words(desk: Desk, monkeypatch: pytest.MonkeyPatch, fault: int) -> None:
    def full() -> Path:
        raise OSError(fault, "no")

    monkeypatch.setattr(uploads, "fresh", full)
    status, page = _post(desk, _file())
    assert status == 503
    assert "disk of the server is full" in page
    assert ImportRun.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\list.csv", "list.csv"),
        ("\u202eexe.csv", "exe.csv"),
        ("<svg onload=alert(1)>.csv", "<svg onload=alert(1)>.csv"),
        ("λ" * 300 + ".csv", None),
    ],
)
def test_a_name_is_words_and_never_a_path(desk: Desk, name: str, shown: str | None) -> None:
    run = desk.bring(TABLE, names=(name,))
    if shown:
        assert run.names == [shown]
    assert len(run.names[0]) <= 120
    (path,) = uploads.paths(run.files)
    assert path.is_relative_to(uploads.root())
    assert path.read_bytes() == TABLE.encode()
    assert path.stat().st_mode & 0o077 == 0
    assert "<svg onload" not in desk.admin.get(f"/en/desk/imports/{run.id}/").content.decode()
    desk.page("imports/")


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 200_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("body", "format"),
    [
        (_bomb, "xlsx"),
        (lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600, "xlsx"),
        (lambda: b"\0" * 5000, "csv"),
        (lambda: b"PK\x03\x04" + b"\0" * 600, "csv"),
        (lambda: b'{"results": [', "signpost"),
        (TABLE.encode, "hsds"),
        (lambda: b"[" * 100_000, "services_advisor"),
    ],
)
def test_what_is_no_such_file_fails_in_the_work_process_with_its_reason(desk: Desk, body: object, format: str) -> None:
    run = desk.bring(body(), format=format)  # type: ignore[operator]
    assert run.state == "previewing"  # the page itself has not looked into it
    desk.work()
    run.refresh_from_db()
    assert (run.state, run.fault) == ("failed", "unreadable")
    assert run.reason
    assert str(uploads.root()) not in run.reason
    page = desk.page(f"imports/{run.id}/")
    assert "Nothing was written" in page.text
    assert desk.say(run, "again") == 302
    desk.work()
    run.refresh_from_db()
    assert run.state == "failed"
    assert Service.objects.count() == 0


def test_nobody_else_learns_of_imports(desk: Desk) -> None:
    run = desk.bring(TABLE)
    nobody = Client(HTTP_HOST=HOST)
    for url in ("", "imports/", "imports/new/", f"imports/{run.id}/", f"imports/{run.id}/columns/", "waiting/"):
        assert nobody.get(f"/en/desk/{url}").status_code == 404
        assert desk.editor.get(f"/en/desk/{url}").status_code == (404 if url else 200), url
    assert "imports" not in desk.editor.get("/en/desk/").content.decode()
    for url in ("imports/", "imports/new/", f"imports/{run.id}/", f"imports/{run.id}/columns/"):
        assert desk.curator.get(f"/en/desk/{url}").status_code == 404
    for client in (nobody, desk.editor, desk.curator):
        assert client.post(NEW, {"id": uuid4(), "format": "csv", "files": [_file()]}).status_code == 404
        assert desk.say(run, "drop", client) == 404
    assert ImportRun.objects.get().state == "previewing"
    assert len(_left()) == 1


class _Unreadable:
    """A body that nobody may look at."""

    def read(self, *args: object) -> bytes:
        raise AssertionError(args)

    readline = read


def test_of_others_not_a_byte_is_read_with_the_token_of_any_page_neither(desk: Desk) -> None:
    kind, cookies = "multipart/form-data; boundary=x", {"csrftoken": "a" * 32}
    for person in ("", "editor", "curator"):
        client = Client(HTTP_HOST=HOST, enforce_csrf_checks=True)
        if person:
            client.force_login(desk.persons[person])
        client.cookies.load(cookies)
        for length in (100, 50_000_000):
            more: dict[str, Any] = {"wsgi.input": _Unreadable(), "CONTENT_LENGTH": str(length)}
            assert client.generic("POST", NEW, b"a", content_type=kind, **more).status_code == 404


def test_without_the_token_nothing_is_kept(desk: Desk) -> None:
    client = Client(HTTP_HOST=HOST, enforce_csrf_checks=True)
    client.force_login(desk.persons["admin"])
    assert client.post(NEW, {"id": uuid4(), "format": "csv", "files": [_file()]}).status_code == 403
    assert (ImportRun.objects.count(), _left()) == (0, [])


def test_a_get_never_acts(desk: Desk) -> None:
    run = desk.previewed(TABLE)
    assert desk.admin.get(f"/en/desk/imports/{run.id}/say/?verb=apply").status_code == 405
    desk.page(f"imports/{run.id}/?verb=apply")
    desk.page("waiting/?verb=accept&id=1")
    run.refresh_from_db()
    assert run.state == "preview"


def _ends(desk: Desk) -> None:
    person = desk.persons["admin"]
    Affiliation.objects.filter(person=person).update(until=clock.local_today() - timedelta(days=1))


def test_a_right_that_ended_before_apply_is_gone(desk: Desk) -> None:
    run = desk.previewed(TABLE)
    _ends(desk)
    assert desk.say(run, "apply") == 404
    run.refresh_from_db()
    assert run.state == "preview"


def test_a_right_that_ended_after_apply_stops_the_run(desk: Desk) -> None:
    run = desk.previewed(TABLE)
    desk.say(run, "apply")
    _ends(desk)
    desk.work()
    run.refresh_from_db()
    assert (run.state, run.fault, Service.objects.count()) == ("failed", "right", 0)


def test_files_that_are_gone_are_said_to_be_gone(desk: Desk) -> None:
    run = desk.previewed(TABLE)
    uploads.remove(run.files)
    desk.say(run, "apply")
    desk.work()
    run.refresh_from_db()
    assert (run.state, run.fault) == ("failed", "gone")
    desk.page(f"imports/{run.id}/")


def test_two_processes_never_work_on_one_run(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    run = desk.bring(TABLE)
    first = carrying.claim("one")
    assert first is not None
    assert carrying.claim("two") is None
    later = clock.now() + carrying.LEASE + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)  # the first was killed
    second = carrying.claim("two")
    assert second is not None
    carrying.carry_out(first, "one")  # it was not: what it found counts no more
    run.refresh_from_db()
    assert (run.state, run.holder) == ("previewing", "two")
    carrying.carry_out(second, "two")
    run.refresh_from_db()
    assert run.state == "columns"


def test_a_killed_run_is_taken_up_again_and_ends_the_same(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    run = desk.previewed(TABLE)
    desk.say(run, "apply")

    class Killed(BaseException):
        pass

    def kill(*_: object, **__: object) -> None:
        raise Killed

    held = carrying.claim("one")
    assert held is not None
    with monkeypatch.context() as patch:
        patch.setattr(carrying, "_settle", kill)
        with pytest.raises(Killed):
            carrying.carry_out(held, "one")
    later = clock.now() + carrying.LEASE + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    desk.work()
    run.refresh_from_db()
    assert run.state == "done"
    assert set(Service.objects.values_list("name", flat=True)) == {"Συσσίτιο", "مطبخ الحي"}


def test_a_file_that_ends_the_process_each_time_is_given_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    run = desk.bring(TABLE)
    for number in range(9):
        later = clock.now() + number * (carrying.LEASE + timedelta(seconds=1))
        monkeypatch.setattr(clock, "now", lambda at=later: at)
        held = carrying.claim("one")
        assert held is not None
        if held.tries > 5:
            carrying.carry_out(held, "one")
            break
    run.refresh_from_db()
    assert (run.state, run.fault) == ("failed", "broken")


def test_old_files_go_and_what_no_run_knows_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    run = desk.previewed(TABLE)
    (uploads.root() / ("a" * 32)).mkdir()
    (uploads.root() / f"{'b' * 32}.part").write_bytes(b"x")
    carrying.clean_up()
    assert len(_left()) == 3
    later = clock.now() + uploads.KEPT + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert carrying.clean_up() == 1
    run.refresh_from_db()
    assert (run.state, run.report, run.peek) == ("dropped", {}, {})
    assert _left() == []
