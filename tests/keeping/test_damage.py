"""A backup that is damaged, cut or no backup is told in words, and nothing is touched."""

from __future__ import annotations

import io
import json
import random
import tarfile
import zlib
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from sympolity.kit import clock
from sympolity.ops.backups import archive
from sympolity.ops.backups.archive import Writer
from sympolity.ops.backups.failures import BackupError
from sympolity.ops.backups.manifest import MANIFEST, MANIFEST_SUM, Contents, Manifest, allowed
from sympolity.ops.backups.reading import check
from sympolity.ops.backups.restoring import restore
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
     "database/../x.copy", "secret_key/x", "marks/other", "media\\x", "media/a\\..\\x", "Media/x", "database.sqlite3-wal"],
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
