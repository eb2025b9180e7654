"""A backup that is damaged, cut or no backup is told in words, and nothing is touched."""

from __future__ import annotations

import io
import json
import random
import sys
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from itertools import count
from pathlib import Path
from types import EllipsisType
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from sympolity.kit import clock
from sympolity.ops.backups import archive, placing
from sympolity.ops.backups.archive import Writer
from sympolity.ops.backups.failures import BackupError
from sympolity.ops.backups.manifest import MANIFEST, MANIFEST_SUM, Contents, Manifest, Member, allowed
from sympolity.ops.backups.reading import check, stored
from sympolity.ops.backups.restoring import restore
from sympolity.ops.backups.unpacking import unpack
from tests.keeping.installation import Installation

SPOILED = 150  # bytes of a real backup that are changed, one after the other


def _manifest(**other: object) -> Manifest:
    contents = Contents({"trail_entry": 0}, [("trail", "0001_initial")], (0, ""))
    plain = {"engine": connection.vendor, "version": "1", "created": clock.now(), "contents": contents, "index": ""}
    return Manifest(**{**plain, "members": {}, **other})  # type: ignore[arg-type]


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A whole backup of a few bytes."""
    path = tmp_path / "tiny.tar.gz"
    writer = Writer(path)
    writer.add("secret_key", io.BytesIO(b"key"), 3)
    writer.add("media/one.txt", io.BytesIO(b"one"), 3)
    writer.finish(_manifest())
    return path


def _told(path: Path) -> str:
    with pytest.raises(BackupError) as said:
        check(path)
    assert str(said.value).endswith((".", "…"))
    return str(said.value)


def test_a_whole_one_is_read(tiny: Path) -> None:
    assert {name: one.size for name, one in check(tiny).members.items()} == {"secret_key": 3, "media/one.txt": 3}
    with tarfile.open(tiny) as plain:  # any program can unpack it
        assert plain.getnames() == ["secret_key", "media/one.txt", MANIFEST, MANIFEST_SUM]
        assert all(one.mode == 0o600 for one in plain)


def test_every_changed_bit_is_told(tiny: Path) -> None:
    whole = tiny.read_bytes()
    chance = random.Random(7)
    for place in range(len(whole)):
        spoiled = bytearray(whole)
        spoiled[place] ^= 1 << chance.randrange(8)
        tiny.write_bytes(spoiled)
        _told(tiny)


def test_every_cut_and_everything_appended_is_told(tiny: Path) -> None:
    whole = tiny.read_bytes()
    for size in range(len(whole)):
        tiny.write_bytes(whole[:size])
        _told(tiny)
    for more in (b"\0", b"\n", whole, b"\0" * 1024):
        tiny.write_bytes(whole + more)
        _told(tiny)


def _tree(folder: Path) -> dict[str, tuple[int, int]]:
    paths = [path for path in folder.rglob("*") if path.name not in {"serve.lock", "indexer.lock"}]
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in paths if path.is_file()}


@pytest.mark.django_db
@pytest.mark.parametrize("replace", [False, True])
def test_a_restore_of_a_spoiled_one_touches_nothing(small: Path, tmp_path: Path, replace: bool) -> None:
    whole, before = small.read_bytes(), _tree(Path(settings.DATA))
    assert before
    chance, spoiled = random.Random(11), tmp_path / "spoiled.tar.gz"
    for _ in range(SPOILED):
        data = bytearray(whole)
        data[chance.randrange(len(data))] ^= chance.randrange(1, 256)
        spoiled.write_bytes(data if chance.random() < 0.7 else whole[: chance.randrange(len(whole))])
        with pytest.raises(BackupError, match="Nothing was changed"):
            restore(spoiled, replace=replace)
    assert _tree(Path(settings.DATA)) == before


@pytest.mark.django_db
def test_the_command_says_it_in_plain_words(
    small: Path, tmp_path: Path, nothing: Callable[[str], Installation]
) -> None:
    target, spoiled = nothing("target"), tmp_path / "spoiled.tar.gz"
    target.run("settings")  # the folder and its secret key are there
    before = target.tree()
    data = bytearray(small.read_bytes())
    data[len(data) // 2] ^= 0x55
    spoiled.write_bytes(data)
    assert "damaged or was not copied completely" in target.run("restore", str(spoiled), code=1)
    assert "cannot be read" in target.run("verify", "--backup", str(tmp_path / "absent.tar.gz"), code=1)
    assert target.tree() == before


@pytest.mark.parametrize("content", [b"", b"hello", b"\x1f\x8b\x08", b"PK\x03\x04" + b"\0" * 500])
def test_a_foreign_file_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.tar.gz"
    path.write_bytes(content)
    assert "not a backup of Sympolity" in _told(path)


def test_any_other_archive_and_a_folder_are_told(tmp_path: Path) -> None:
    path = tmp_path / "other.tar.gz"
    with tarfile.open(path, "w:gz") as other:
        other.addfile(tarfile.TarInfo("secret_key"))
    assert "not a backup of Sympolity" in _told(path)
    assert "cannot be read" in _told(tmp_path)


def _sealed(path: Path, body: bytes) -> Path:
    """What somebody makes who knows our marks: every outer sum is right."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    data = archive.MARK + packer.compress(body) + packer.flush()
    path.write_bytes(data + archive.end_mark(sha256(data).hexdigest()))
    return path


def _tar(*members: tarfile.TarInfo, manifest: Manifest | str | None = None, form: int = tarfile.GNU_FORMAT) -> bytes:
    """A tar with empty members, and a manifest that names them all."""
    told = manifest if isinstance(manifest, str) else (manifest or _manifest()).to_json()
    data = json.loads(told) if told.startswith("{") else None
    if data is not None and data.get("members") == {}:
        data["members"] = {
            one.name: {"size": one.size, "sha256": sha256(b"\0" * one.size).hexdigest()} for one in members
        }
        told = json.dumps(data)
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as made:
        for one in members:
            made.addfile(one, io.BytesIO(b"\0" * one.size))
        for name, text in ((MANIFEST, told), (MANIFEST_SUM, f"{sha256(told.encode()).hexdigest()}  {MANIFEST}\n")):
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            made.addfile(info, io.BytesIO(text.encode()))
    out.seek(0)
    size = next(at for at in range(len(out.getvalue()), 0, -1) if out.getvalue()[at - 1])
    return out.getvalue()[: -(-size // 512) * 512] + b"\0" * 1024


def _one(name: str, kind: bytes = tarfile.REGTYPE, size: int = 0) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.size, info.linkname = kind, size, "/etc/passwd"
    return info


def test_a_made_up_one_that_is_right_is_read(tmp_path: Path) -> None:
    assert "secret_key" in check(_sealed(tmp_path / "a", _tar(_one("secret_key")))).members


@pytest.mark.parametrize(
    "name",
    ["../x", "/etc/cron.d/x", "media/../../x", "media//x", "media/./x", "media/", "index/..", "index/a/b", "x",
     "database/../x.copy", "secret_key/x", "marks/other", "media\\x", "media/a\\..\\x", "Media/x", "database.sqlite3-wal",
     "media/" + "d/" * 16 + "x"],
)  # fmt: skip
def test_names_that_lead_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    assert not allowed(name)
    assert "which no backup of Sympolity does" in _told(_sealed(tmp_path / "a", _tar(_one(name))))


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE, tarfile.CONTTYPE]
)
def test_only_plain_files_are_read(tmp_path: Path, kind: bytes) -> None:
    _told(_sealed(tmp_path / "a", _tar(_one("media/x", kind))))


def test_files_twice_or_of_other_sizes_are_refused(tmp_path: Path) -> None:
    _told(_sealed(tmp_path / "a", _tar(_one("media/x"), _one("media/x"))))
    header = _one("media/x")
    header.size = 1 << 50  # more than there is
    _told(_sealed(tmp_path / "b", header.tobuf(tarfile.GNU_FORMAT)))
    _told(_sealed(tmp_path / "c", _tar(_one("media/" + "x" * 5000))))
    pax = _tar(_one("media/ü" * 60), form=tarfile.PAX_FORMAT)
    _told(_sealed(tmp_path / "d", pax))


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = _sealed(tmp_path / "a", _tar(_one("media/x", size=100 << 20)))
    assert path.stat().st_size < 200_000
    assert "which no backup of Sympolity does" in _told(path)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "null", "\ufeff{}", "[" * 50_000, '{"product": "other"}', '{"product": "sympolity", "format": 1}'],
)
def test_a_manifest_of_somebody_else_is_told(tmp_path: Path, text: str) -> None:
    assert "made by Sympolity" in _told(_sealed(tmp_path / "a", _tar(_one("secret_key"), manifest=text)))


def test_a_newer_format_is_told(tmp_path: Path) -> None:
    assert "format 2" in _told(_sealed(tmp_path / "a", _tar(manifest=_manifest(format=2))))


def test_what_is_not_in_the_manifest_is_told(tmp_path: Path) -> None:
    other = Contents({}, [], (0, ""))
    told = json.loads(_manifest(contents=other).to_json())
    told["members"] = {"media/y": {"size": 0, "sha256": sha256(b"").hexdigest()}}
    path = _sealed(tmp_path / "a", _tar(_one("media/x"), manifest=json.dumps(told)))
    assert "media/x, media/y" in _told(path)


@pytest.mark.parametrize("cut", [512, 1024, 1536, 2000, 2560])
def test_a_tar_that_ends_early_is_told(tmp_path: Path, cut: int) -> None:
    body = _tar(_one("secret_key"))
    _told(_sealed(tmp_path / "a", body[: len(body) - cut]))
    _told(_sealed(tmp_path / "b", body + b"\0" * 512))


@pytest.mark.django_db
def test_of_another_database_or_a_newer_program_it_is_told(tmp_path: Path) -> None:
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]
    path = _sealed(tmp_path / "a", _tar(_one("secret_key"), manifest=_manifest(engine=other)))
    with pytest.raises(BackupError, match="cannot be restored here"):
        restore(path)
    contents = Contents({}, [("trail", "0001_initial"), ("trail", "9999_later")], (0, ""))
    members = [_one("secret_key")] + ([_one("database.sqlite3")] if connection.vendor == "sqlite" else [])
    path = _sealed(tmp_path / "b", _tar(*members, manifest=_manifest(contents=contents)))
    with pytest.raises(BackupError, match=r"newer version of Sympolity: trail\.9999_later"):
        restore(path)
    path = _sealed(tmp_path / "c", _tar(_one("secret_key"), manifest=_manifest()))
    with pytest.raises(BackupError, match="lacks its database"):
        restore(path)
    contents = Contents({}, [("trail", "0001_initial")], (0, ""))
    path = _sealed(tmp_path / "d", _tar(*members, manifest=_manifest(contents=contents)))
    with pytest.raises(BackupError, match="too short to be one"):
        restore(path)


def test_a_folder_that_leads_to_another_disk_is_told_before_anything_moves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)
    placing.refuse_links()
    (tmp_path / "media").symlink_to(tmp_path / "disk")
    with pytest.raises(BackupError, match="Remove the link"):
        placing.refuse_links()


def test_a_key_that_was_cut_is_told(nothing: Callable[[str], Installation]) -> None:
    one = nothing("data")
    one.data.mkdir(exist_ok=True)
    key = one.data / "secret_key"
    for words in ("", "short"):
        key.write_text(words)
        assert "holds no key of 32 characters" in one.run("check", code=1)
        assert key.read_text() == words
    key.unlink()
    one.run("check")
    assert len(key.read_text()) > 32
    assert key.stat().st_mode & 0o777 == 0o600
    assert list(one.data.glob(".secret_key*")) == []


# --- whole, every sum right, and made to do harm ---------------------------------------------------

_SUM = "a" * 64
# way to a field of the manifest -> what it may not be; ... = it is not there
WRONG: dict[str, tuple[Any, ...]] = {
    "product": (..., None, 7, "", "Sympolity", ["sympolity"]),
    "format": (..., None, "1", 1.0, True, 0, 2, -1, [1], 10**400),
    "engine": (..., None, 7, "", "mysql", "sqlite\0", "/sqlite", "../sqlite", ["sqlite"], "x" * 1_000_000),
    "version": (..., None, 3, "", "1\n2", "\x1b[2J", "../1", "/1", "1\0", ["1"], "1" * 41, "1" * 1_000_000),
    "created": (..., None, 5, "", "yesterday", "2026-01-02", "2026-01-02T03:04:05", "2026-02-30T03:04:05+00:00",
                "2026-01-02T03:04:05+00:00\0", "2" * 100_000),
    "index": (..., None, 7, True, ["g1"], {"g1": 1}, "..", ".", "../../../planted", "a/../../../../planted", "/planted", "a/b",
              "a\\b", "a\0b", "g1\n", " g1", "Ω1", "٣", "x" * 41, "x" * 1_000_000),
    "contents": (..., None, 7, "x", [], {}),
    "contents rows": (..., None, [], "x", {"a": -1}, {"a": "1"}, {"a": 1.5}, {"a": True}, {"a": None}, {"a": 1 << 63}, {"a": 10**400},
                      {"": 1}, {"../a": 1}, {"/a": 1}, {"a\0": 1}, {'a"; DROP TABLE b; --': 1}, {"a" * 64: 1}),
    "contents migrations": (..., None, {}, "x", ["trail.0001"], [["trail"]], [["trail", "0001_a", "b"]], [["trail", 1]], [[None, "0001_a"]],
                            [["../trail", "0001_a"]], [["trail", "/0001_a"]], [["trail", "a\0"]], [["trail", "x" * 256]], [[]],
                            [["trail", "0001_a"]] * 2, [["trail", f"{n}_a"] for n in range(20_000)]),
    "contents trail": (..., None, {}, [], "1", [1], [1, _SUM, 1], [-1, ""], ["1", _SUM], [True, _SUM], [1.0, _SUM], [0, _SUM], [1, ""], [1, None],
                       [1, "z" * 64], [1, "A" * 64], [1, "a" * 63], [1, _SUM + "\n"], [1 << 63, _SUM]),
    "contents columns": (..., None, [], "x", {"a": "b"}, {"a": []}, {"a": [1]}, {"a": ["b\0"]}, {"a": ["b", "b"]}, {"a": None}, {"../a": ["b"]},
                         {"a": ['b") FROM STDIN; --']}, {"a": ["b" * 64]}),
    "contents sequences": (..., None, [], "x", {"a": "1"}, {"a": -1}, {"a": True}, {"a": 1 << 63}, {"../a": 1}, {"a\0": 1}, {"a'; --": 1}),
    "contents more": (1,),
    "members": (..., None, [], "x", {}, {"secret_key": None}, {"secret_key": []}, {"secret_key": {}}),
    "members secret_key": (..., None, [3, _SUM], {"size": 3}, {"sha256": _SUM}, {"size": 3, "sha256": _SUM, "more": 1}),
    "members secret_key size": (..., None, "3", 3.0, True, -1, 0, 1 << 63, 10**400),
    "members secret_key sha256": (..., None, 7, "", _SUM, "A" * 64, "z" * 64, "a" * 63, _SUM + "\n", "/etc/passwd", "a" * 1_000_000),
    "members /etc/planted": ({"size": 0, "sha256": sha256(b"").hexdigest()},),
    "members index/../planted": ({"size": 0, "sha256": sha256(b"").hexdigest()},),
    "members media/a\0b": ({"size": 0, "sha256": sha256(b"").hexdigest()},),
    "more": (1, None, "x"),
}  # fmt: skip


class _Crafted:
    """A manifest for :class:`Writer` that is true but for one field."""

    members: dict[str, Member] = {}

    def __init__(self, told: Manifest, field: str, value: object) -> None:
        self.told, self.field, self.value = told, field, value

    def to_json(self) -> str:
        self.told.members = self.members
        data = json.loads(self.told.to_json())
        part: Any = data
        *way, last = self.field.split(" ")
        for name in way:
            part = part[name]
        if isinstance(self.value, EllipsisType):
            del part[last]
        else:
            part[last] = self.value
        with _long_numbers():
            return json.dumps(data)


@contextmanager
def _long_numbers() -> Iterator[None]:
    before = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        yield
    finally:
        sys.set_int_max_str_digits(before)


def _crafted(real: Path, to: Path, field: str, value: object, **more: bytes) -> Path:
    """``real`` again, with ``more`` members, and one field of its manifest another."""
    manifest, writer = check(real), Writer(to)
    for member in stored(real):
        data = b"".join(member.blocks())
        writer.add(member.name, io.BytesIO(data), len(data))
    for name, data in more.items():
        writer.add(name, io.BytesIO(data), len(data))
    writer.finish(_Crafted(manifest, field, value))  # type: ignore[arg-type]
    return to


def _everything(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b""
        for path in folder.rglob("*")
        if path.name not in {"serve.lock", "indexer.lock"}
    }


@pytest.fixture
def deep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder far below ``tmp_path``: what leads out of it is seen there."""
    data = tmp_path / "a" / "b" / "c" / "data"
    data.mkdir(parents=True)
    for name, path in (("DATA", data), ("INDEX_ROOT", data / "index"), ("MEDIA_ROOT", data / "media")):
        monkeypatch.setattr(settings, name, path)
    return data


@pytest.mark.django_db
@pytest.mark.parametrize("field", WRONG)
def test_a_manifest_with_one_wrong_field_writes_nothing_anywhere(
    small: Path, tmp_path: Path, deep: Path, field: str
) -> None:
    for number, value in enumerate(WRONG[field]):
        path = tmp_path / f"{number}.tar.gz"
        _crafted(small, path, field, value, **{"index/planted.conf": b"planted"})
        before = _everything(tmp_path)
        for replace in (False, True):
            with pytest.raises(CommandError) as told:
                call_command("restore", str(path), replace=replace)
            said = str(told.value)
            assert told.value.returncode == 1
            assert "Nothing was changed" in said, (value, said)
            assert len(said) < 400, "the nonsense itself is not repeated"
            assert said.isprintable()
        assert _everything(tmp_path) == before, value
        path.unlink()


@pytest.mark.django_db
def test_a_true_manifest_is_read(small: Path, tmp_path: Path) -> None:
    """What the table changes is right without the change."""
    told = check(small)
    assert check(_crafted(small, tmp_path / "same.tar.gz", "engine", told.engine)).contents == told.contents


@pytest.mark.django_db
def test_no_place_outside_is_written_by_the_command(
    small: Path, tmp_path: Path, nothing: Callable[[str], Installation]
) -> None:
    """Also not what fails only when it is written: a name that is too long for the disk, a file that is a folder too."""
    target, numbers = nothing("a/b/c/target"), count()
    target.run("settings")  # the folder and its secret key are there
    index = check(small).index
    outside = tmp_path / "planted"
    cases: tuple[tuple[str, dict[str, bytes]], ...] = (
        ("../../../planted", {"index/planted.conf": b"planted"}),
        (str(outside), {"index/planted.conf": b"planted"}),
        (index, {f"media/{'x' * 300}": b"long"}),
        (index, {"media/x": b"file", "media/x/y": b"in a file"}),
    )
    for value, members in cases:
        path = _crafted(small, tmp_path / f"{next(numbers)}.tar.gz", "index", value, **members)
        before = _everything(tmp_path)
        assert "Nothing was changed" in target.run("restore", str(path), code=1)
        assert _everything(tmp_path) == before


@pytest.mark.django_db
def test_the_unpacker_itself_writes_into_its_folder_only(small: Path, tmp_path: Path) -> None:
    path = _crafted(small, tmp_path / "a.tar.gz", "version", "1", **{"index/planted.conf": b"planted"})
    for number, name in enumerate(("../../planted", "../..", "a/../../../..")):
        stage = tmp_path / "deep" / f"stage{number}"
        stage.mkdir(parents=True)
        manifest = check(path)
        manifest.index = name
        with pytest.raises(BackupError, match="Nothing was changed"):
            list(unpack(path, manifest, stage))
        assert list(tmp_path.rglob("planted*")) == [], name
