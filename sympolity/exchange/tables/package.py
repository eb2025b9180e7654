"""The ZIP package of a workbook: its directory is looked at by hand before anything is opened.

Runs in the fenced child (``kit.limited``). Sizes: APPNOTE.TXT 6.3 (PKWARE), sections 4.3.12 and
4.3.16; packages: ECMA-376 part 2.
"""

from __future__ import annotations

import encodings.cp437  # zipfile asks for it when nothing can be opened any more
import posixpath
import struct
import zipfile
from collections.abc import Callable, Iterator
from typing import BinaryIO
from xml.parsers import expat

from sympolity.kit.limited import Limited

__all__ = ["Package", "feed", "local"]

_CODEC = encodings.cp437
_ENTRIES = 2_000
_DIRECTORY = 1_000_000  # bytes of the directory of the package
_UNPACKED = 200_000_000  # bytes of all entries
_RATIO = 400  # of an entry of more than a megabyte: sheets of many alike rows reach 100
_SMALL = 1_000_000
_END = struct.Struct("<4s4H2LH")
_CHUNK = 65_536
_TOKEN = 1_000_000  # bytes of one tag or comment: expat looks through it again with each piece
_NAMES = 2_000  # different names of elements and attributes; a sheet has some dozens
_NO_MEMORY = 1  # XML_ERROR_NO_MEMORY
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = (b"<html", b"<!doc", b"<?xml", b"<tabl", b"<meta")
_XLSX = "Save it as an Excel workbook (.xlsx) and try again."


class Package:
    """An opened package whose sizes are bounded."""

    def __init__(self, source: BinaryIO) -> None:
        _check_first_bytes(source)
        _check_directory(source)
        try:
            self._zip = zipfile.ZipFile(source)
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            raise Limited("The file is a damaged ZIP package: it was cut or changed. Fetch or save it again.") from None
        self._check_entries()

    def _check_entries(self) -> None:
        rows = self._zip.infolist()
        if sum(row.file_size for row in rows) > _UNPACKED:
            raise Limited(
                f"Unpacked the file would have more than {_UNPACKED // 10**6} MB. Keep the table alone in it."
            )
        for row in rows:
            if row.flag_bits & 1:
                raise Limited(f"The file is protected by a password. {_XLSX}")
            if row.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                raise Limited(f"The file is packed in an unusual way. {_XLSX}")
            if row.file_size > _SMALL and row.file_size > _RATIO * max(row.compress_size, 1):
                raise Limited(
                    f"A part of the file grows to more than {_RATIO} times its size when it is unpacked: such a file is "
                    "not opened. Copy the table into a new workbook."
                )
        names = [row.filename for row in rows]
        if len(set(names)) != len(names):
            raise Limited(f"Two parts of the file have the same name. {_XLSX}")
        self._names = {name.lower(): name for name in names}
        self._check_kind()

    def _check_kind(self) -> None:
        if "mimetype" in self._names and "content.xml" in self._names:
            raise Limited(f"The file is an OpenDocument table (.ods). {_XLSX}")
        if any(name.endswith("vbaproject.bin") for name in self._names):
            raise Limited("The file holds macros (.xlsm). Save it as a workbook without macros (.xlsx) and try again.")
        if "xl/workbook.bin" in self._names:
            raise Limited(f"The file is a binary workbook (.xlsb). {_XLSX}")
        if "[content_types].xml" not in self._names:
            raise Limited(f"The file is a ZIP archive, but no workbook. {_XLSX}")

    def names(self) -> list[str]:
        """The parts, in small letters."""
        return list(self._names)

    def has(self, name: str) -> bool:
        return name.lower() in self._names

    def chunks(self, name: str, most: int) -> Iterator[bytes]:
        """The content of a part in pieces; refused above ``most`` bytes."""
        try:
            info = self._zip.getinfo(self._names[name.lower()])
            if info.file_size > most:
                raise Limited(
                    f"The part {posixpath.basename(name)} of the file has {info.file_size / 1e6:,.0f} MB, at most "
                    f"{most // 10**6} MB are read. Keep the table alone in the file, or save it as CSV UTF-8."
                )
            with self._zip.open(info) as handle:
                while chunk := handle.read(_CHUNK):
                    yield chunk
        except (zipfile.BadZipFile, zipfile.zlib.error, EOFError, NotImplementedError, OSError):  # type: ignore[attr-defined]
            raise Limited("The file is damaged: a part of it cannot be unpacked. Fetch or save it again.") from None


def _check_first_bytes(source: BinaryIO) -> None:
    first = source.read(512)
    if first.startswith(_OLE):
        raise Limited(f"The file is an old workbook (.xls) or protected by a password. {_XLSX}")
    if first.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        raise Limited(
            f"The file is a web page or XML, whatever its name says. Open it in a spreadsheet program. {_XLSX}"
        )
    if not first.startswith(b"PK"):
        raise Limited(f"The file is no workbook (.xlsx), whatever its name says. {_XLSX}")


def _check_directory(source: BinaryIO) -> None:
    """The number of entries and the size of the directory, before it is read."""
    size = source.seek(0, 2)
    tail = min(size, 65_557)
    source.seek(size - tail)
    end = source.read(tail)
    at = end.rfind(b"PK\x05\x06")
    if at < 0 or at + _END.size > len(end):
        raise Limited("The file ends in the middle: it was cut. Fetch or save it again.")
    _, _, _, _, entries, length, start, _ = _END.unpack_from(end, at)
    if b"PK\x06\x07" in end or 0xFFFFFFFF in {length, start} or entries == 0xFFFF:
        raise Limited(f"The file is packed for more than 4 GB (ZIP64). {_XLSX}")
    if entries > _ENTRIES or length > _DIRECTORY:
        raise Limited(f"The file holds more than {_ENTRIES:,} parts; a workbook has a few dozen. {_XLSX}")
    source.seek(0)


def local(name: str) -> str:
    """The name of an element without its prefix."""
    return name.rpartition(":")[2] if ":" in name else name


Start = Callable[[str, dict[str, str]], None]


def feed(
    chunks: Iterator[bytes], *, start: Start, end: Callable[[str], None], text: Callable[[str], None]
) -> Iterator[None]:
    """Let the handlers see an XML part; after each piece control comes back. Names come with their prefix.

    A document type is refused: entities grow (billion laughs) or read other files (XXE).
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _no_type
    fed = 0
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            fed += len(chunk)
            if fed - parser.CurrentByteIndex > _TOKEN:
                raise Limited(f"A mark of the file goes on for more than {_TOKEN // 10**6} MB. It is not read.")
            if len(parser.intern) > _NAMES:
                raise Limited("The file holds marks that no workbook has. It is not read.")
            yield
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        if error.code == _NO_MEMORY:
            raise MemoryError from None
        raise Limited(f"A part of the file is no XML ({expat.ErrorString(error.code)}). Save it again.") from None
    yield


def _no_type(*_: object) -> None:
    raise Limited("The file declares a document type or entities, which no workbook does. It is not read.")
