"""The file of a backup: a tar.gz that any machine can unpack, with marks that tell damage.

    mark      an empty gzip member whose comment says what this is
    body      one gzip member: the tar; its last two members are manifest.json and manifest.sha256
    end mark  an empty gzip member whose comment is the SHA-256 of everything before it

gzip itself would not notice a changed byte of its header, nor tar one of its padding: the end
mark does.
"""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
import zlib
from pathlib import Path
from typing import BinaryIO

from sympolity.kit import clock
from sympolity.ops.backups.failures import BackupError
from sympolity.ops.backups.manifest import MANIFEST, MANIFEST_SUM, Manifest, Member

__all__ = ["BLOCK", "CHUNK", "END_SIZE", "MARK", "Writer", "end_mark"]

CHUNK = 1 << 18
BLOCK = 512


def empty(comment: str) -> bytes:
    """A gzip member without content; programs that unpack pass over it."""
    return b"\x1f\x8b\x08\x10\0\0\0\0\0\xff" + comment.encode("ascii") + b"\0\x03\0" + b"\0" * 8


def end_mark(digest: str) -> bytes:
    """The last bytes of a file whose other bytes have this SHA-256 (hex)."""
    return empty(f"sha256 {digest}")


MARK = empty("sympolity backup")
END_SIZE = len(end_mark("0" * 64))


class Writer:
    """Writes the file at ``path``, which must not exist; :meth:`finish` makes it whole."""

    def __init__(self, path: Path) -> None:
        self._at = int(clock.now().timestamp())
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._sum = hashlib.sha256()
        self._zip = zlib.compressobj(6, zlib.DEFLATED, 31)
        self.members: dict[str, Member] = {}
        self._raw(MARK)

    def _raw(self, data: bytes) -> None:
        self._sum.update(data)
        self._file.write(data)

    def _pack(self, data: bytes) -> None:
        self._raw(self._zip.compress(data))

    def add(self, name: str, source: BinaryIO, size: int) -> Member:
        """Add the next ``size`` bytes of ``source``; BackupError when there are fewer."""
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = size, 0o600, self._at
        self._pack(info.tobuf(tarfile.GNU_FORMAT, "utf-8", "strict"))
        digest, left = hashlib.sha256(), size
        while left:
            block = source.read(min(CHUNK, left))
            if not block:
                raise BackupError(f"{name} became shorter while it was read. Try again.")
            digest.update(block)
            self._pack(block)
            left -= len(block)
        self._pack(b"\0" * (-size % BLOCK))
        self.members[name] = Member(size, digest.hexdigest())
        return self.members[name]

    def add_file(self, name: str, path: Path) -> Member:
        """Add a file as long as it is now."""
        with path.open("rb") as source:
            return self.add(name, source, os.fstat(source.fileno()).st_size)

    def _add_text(self, name: str, text: str) -> Member:
        data = text.encode()
        return self.add(name, io.BytesIO(data), len(data))

    def finish(self, manifest: Manifest) -> None:
        """Add the manifest and its sum, then the end mark; everything is on the disk afterwards."""
        manifest.members = dict(self.members)
        member = self._add_text(MANIFEST, manifest.to_json())
        self._add_text(MANIFEST_SUM, f"{member.sha256}  {MANIFEST}\n")
        self._pack(b"\0" * (2 * BLOCK))
        self._raw(self._zip.flush())
        self._file.write(end_mark(self._sum.hexdigest()))
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def close(self) -> None:
        """Leave an unfinished file."""
        self._file.close()
