"""Reading a backup and telling whether it is whole; see ``archive`` for how it is laid out.

Not by ``tarfile``: only plain files with names that we write are read, sizes are looked at before
anything else, and memory stays flat whatever a file claims.
"""

from __future__ import annotations

import hashlib
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from sympolity.ops.backups.archive import BLOCK, CHUNK, END_SIZE, MARK, end_mark
from sympolity.ops.backups.failures import BackupError
from sympolity.ops.backups.manifest import MANIFEST, MANIFEST_SUM, Manifest, Member, allowed

__all__ = ["Stored", "check", "stored"]

# Larger than anything we write: a database of text and an index are packed 3 to 20 times.
MOST_RATIO, ALLOWANCE = 200, 64 << 20
MOST_MANIFEST = 256 << 20
_DAMAGED = "is damaged or was not copied completely: its check sum is wrong. Nothing was changed. Take another backup."
_FOREIGN = "is not a backup of Sympolity. Nothing was changed."


class _Body:
    """The bytes of the tar, unpacked as they are asked for."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self._left = file, size
        self._unzip = zlib.decompressobj(31)
        self._room = size * MOST_RATIO + ALLOWANCE

    def read(self, size: int) -> bytes:
        """Exactly ``size`` bytes, at most :data:`CHUNK`; BackupError at the end or beyond what is plausible."""
        self._room -= size
        if self._room < 0:
            raise BackupError("This file unpacks to far more than a backup would: it was not made by Sympolity.")
        parts: list[bytes] = []
        while size:
            part = self._unzip.decompress(self._input(), size)
            if not part and self._unzip.eof:
                raise BackupError("This backup ends too early.")
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _input(self) -> bytes:
        if self._unzip.unconsumed_tail or self._unzip.eof:
            return self._unzip.unconsumed_tail
        block = self._file.read(min(CHUNK, self._left))
        self._left -= len(block)
        if not block:
            raise BackupError("This backup ends too early.")
        return block

    def could_hold(self, size: int) -> bool:
        return 0 <= size <= self._room

    def end(self) -> None:
        """BackupError unless everything has been read."""
        while not self._unzip.eof:
            if self._unzip.decompress(self._input(), 1):
                raise BackupError("There is something behind the end of this backup.")
        if self._unzip.unused_data or self._left:
            raise BackupError("There is something behind the end of this backup.")


class Stored:
    """A member that is being read: its name, size, and its bytes once."""

    def __init__(self, name: str, size: int, body: _Body) -> None:
        self.name, self.size = name, size
        self._body, self._left, self._sum = body, size, hashlib.sha256()
        self._whole: Member | None = None

    def blocks(self) -> Iterator[bytes]:
        """The bytes, in blocks."""
        while self._left:
            block = self._body.read(min(CHUNK, self._left))
            self._left -= len(block)
            self._sum.update(block)
            yield block

    def text(self) -> str:
        """A small member as text."""
        if self.size > MOST_MANIFEST:
            raise BackupError("The manifest of this backup is far too large: it was not made by Sympolity.")
        try:
            return b"".join(self.blocks()).decode()
        except UnicodeDecodeError as error:
            raise BackupError("The manifest of this backup is no text: it was not made by Sympolity.") from error

    def done(self) -> Member:
        """Read what nobody read; size and sum of the whole."""
        if self._whole is not None:
            return self._whole
        for _ in self.blocks():
            pass
        if any(self._body.read(-self.size % BLOCK)):
            raise BackupError("This backup is not laid out as Sympolity does it.")
        self._whole = Member(self.size, self._sum.hexdigest())
        return self._whole


def _members(body: _Body) -> Iterator[Stored]:
    long_name = ""
    while any(block := body.read(BLOCK)):
        try:
            info = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
        except (tarfile.TarError, ValueError) as error:
            raise BackupError("This backup is not laid out as Sympolity does it.") from error
        if info.type not in {tarfile.REGTYPE, tarfile.GNUTYPE_LONGNAME} or not body.could_hold(info.size):
            raise BackupError(
                f"This backup holds {info.name!r}, which no backup of Sympolity does. Nothing was changed."
            )
        member = Stored(long_name or info.name, info.size, body)
        if info.type == tarfile.GNUTYPE_LONGNAME:
            if long_name or info.size > 4096:
                raise BackupError("This backup is not laid out as Sympolity does it.")
            long_name = member.text().rstrip("\0")
            member.done()
            continue
        long_name = ""
        yield member
    if any(body.read(BLOCK)):
        raise BackupError("This backup is not laid out as Sympolity does it.")


@contextmanager
def _opened(path: Path) -> Iterator[tuple[BinaryIO, int]]:
    """The file at the beginning of its body, and the size of that; BackupError with a sentence."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size - len(MARK) - END_SIZE
            if file.read(len(MARK)) != MARK:
                raise BackupError(f"{path} {_FOREIGN}")
            if size <= 0:
                raise BackupError(f"{path} {_DAMAGED}")
            yield file, size
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}.") from error
    except zlib.error as error:
        raise BackupError(f"{path} {_DAMAGED}") from error


def stored(path: Path) -> Iterator[Stored]:
    """The members of a file that :func:`check` has found whole, but for the manifest; each is to be read at once."""
    with _opened(path) as (file, size):
        for member in _members(_Body(file, size)):
            if member.name not in {MANIFEST, MANIFEST_SUM}:
                yield member
            member.done()


def _sum_of_file(path: Path, step: Callable[[], None]) -> None:
    with _opened(path) as (file, size):
        digest, left = hashlib.sha256(MARK), size
        while left:
            block = file.read(min(CHUNK, left))
            if not block:
                raise BackupError(f"{path} {_DAMAGED}")
            digest.update(block)
            left -= len(block)
            step()
        if file.read() != end_mark(digest.hexdigest()):
            raise BackupError(f"{path} {_DAMAGED}")


def check(path: Path, step: Callable[[], None] = lambda: None) -> Manifest:
    """Read the whole file and compare every sum. BackupError says what is wrong; nothing is written.

    ``step`` is called again and again meanwhile.
    """
    _sum_of_file(path, step)
    found: dict[str, Member] = {}
    manifest: Manifest | None = None
    with _opened(path) as (file, size):
        body = _Body(file, size)
        for member in _members(body):
            step()
            if manifest is not None:
                if member.name != MANIFEST_SUM or member.text() != f"{found[MANIFEST].sha256}  {MANIFEST}\n":
                    raise BackupError(f"The manifest of {path} is not the one that was written.")
                found[MANIFEST_SUM] = member.done()
                break
            if member.name == MANIFEST:
                manifest = Manifest.from_json(member.text())
            elif not allowed(member.name) or member.name in found:
                raise BackupError(
                    f"{path} holds {member.name!r}, which no backup of Sympolity does. Nothing was changed."
                )
            found[member.name] = member.done()
        if manifest is None or MANIFEST_SUM not in found:
            raise BackupError(f"{path} has no manifest. Nothing was changed.")
        if any(body.read(2 * BLOCK)):
            raise BackupError("There is something behind the end of this backup.")
        body.end()
    inside = {name: one for name, one in found.items() if name not in {MANIFEST, MANIFEST_SUM}}
    if inside != manifest.members:
        odd = sorted(name for name in inside | manifest.members if inside.get(name) != manifest.members.get(name))
        raise BackupError(f"{path} does not hold what its manifest names: {', '.join(odd[:5])}. Nothing was changed.")
    return manifest
