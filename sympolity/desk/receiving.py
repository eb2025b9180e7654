"""Files on their way in: written to the folder of uploads as they come, bounded, removed unless they are wanted."""

from __future__ import annotations

import contextlib
import errno
from pathlib import Path
from typing import Any, BinaryIO

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from sympolity.exchange import uploads

__all__ = ["FIELD", "Arrived", "Nothing", "Receiver", "too_long"]

FIELD = "files"
_FORM = 1_000_000  # bytes of a body beside its files


def too_long(request: HttpRequest, *, files: bool) -> bool:
    """Whether a body says of itself that it is larger than anything we take; then none of it is read.

    ``files``: whether the reader may bring in files at all.
    """
    said = request.META.get("CONTENT_LENGTH") or "0"
    return said.isdigit() and (len(said) > 12 or int(said) > files * uploads.MAX_BYTES + _FORM)


class Arrived(UploadedFile):
    """A file that has arrived whole. When the request ends it is gone, unless somebody has moved it away."""

    def __init__(self, name: str, path: Path, size: int) -> None:
        super().__init__(file=None, name="file", size=size)
        self.received = uploads.Received(uploads.name_of(name), path, size)

    def close(self) -> None:
        self.received.path.unlink(missing_ok=True)


class Receiver(FileUploadHandler):
    """Writes files of the one field to the disk. ``fault``: why a file was left out ("", too_large, too_many, full)."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.fault = ""
        self._total = self._count = self._size = 0
        self._path: Path | None = None
        self._handle: BinaryIO | None = None
        self.file = self  # Django closes the file of a handler when the request is cut

    def close(self) -> None:
        self._leave()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._leave()
        if self.field_name != FIELD or self.fault:
            raise SkipFile
        self._count += 1
        if self._count > uploads.MAX_FILES:
            self._refuse("too_many")
        try:
            self._path = uploads.fresh()
            self._handle = self._path.open("xb")
        except OSError as error:
            self._fall(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002 - a hook of Django
        self._total += len(raw_data)
        self._size += len(raw_data)
        if self._total > uploads.MAX_BYTES:
            self._refuse("too_large")
        try:
            if self._handle is not None:
                self._handle.write(raw_data)
        except OSError as error:
            self._fall(error)

    def file_complete(self, file_size: int) -> Arrived | None:  # noqa: ARG002 - we have counted ourselves
        if self._handle is None or self._path is None:
            return None
        path, size = self._path, self._size
        try:
            self._handle.close()
        except OSError as error:
            with contextlib.suppress(SkipFile):
                self._fall(error)
            return None
        self._path = self._handle = None
        return Arrived(self.file_name or "", path, size)

    def upload_interrupted(self) -> None:
        self._leave()

    def _fall(self, error: OSError) -> None:
        self._refuse("full" if error.errno in {errno.ENOSPC, errno.EDQUOT} else "unwritten")

    def _refuse(self, fault: str) -> None:
        self.fault = fault
        self._leave()
        raise SkipFile

    def _leave(self) -> None:
        """Give up a file that has not arrived whole."""
        if self._handle is not None:
            with contextlib.suppress(OSError):
                self._handle.close()
        if self._path is not None:
            self._path.unlink(missing_ok=True)
        self._path = self._handle = None
        self._size = 0


class Nothing(FileUploadHandler):
    """For people who may not bring in files: none is read."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002 - a hook of Django
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002 - a hook of Django
        return None

    def file_complete(self, file_size: int) -> None:  # noqa: ARG002 - a hook of Django
        return None
