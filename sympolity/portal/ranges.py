"""One file answered in pieces (RFC 9110, section 14): what a map asks of its archive of tiles.

The file comes from a setting, never from an address. It is read in blocks, so that a large archive costs no memory.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date

__all__ = ["answer"]

BLOCK = 65_536
AGE = 3600  # seconds
MOST = 16 * 1024 * 1024  # bytes of one answer; a map asks for some kilobytes
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


@dataclass(slots=True)
class _Pieces:
    """The next ``left`` bytes, in blocks. Not a generator: Django closes it also when nothing of it was read."""

    handle: BinaryIO
    left: int

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        block = self.handle.read(min(BLOCK, self.left)) if self.left else b""
        if not block:
            raise StopIteration
        self.left -= len(block)
        return block

    def close(self) -> None:
        self.handle.close()


def answer(request: HttpRequest, path: Path, kind: str) -> HttpResponseBase:
    """The file, or the piece that the header Range asks for: 200, 206, 304 or 416; 404 when it has gone.

    A file larger than ``MOST`` is given in pieces only: 403 says so. Whole it would hold a place for hours.
    """
    try:
        handle = path.open("rb")
    except OSError:
        return HttpResponse("There is no such file now.\n", status=404, content_type="text/plain; charset=utf-8")
    facts = os.fstat(handle.fileno())
    tag = f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"'
    response = _answer(request, handle, facts.st_size, tag, http_date(facts.st_mtime))
    response.headers["ETag"] = tag
    response.headers["Last-Modified"] = http_date(facts.st_mtime)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = f"public, max-age={AGE}"
    if response.status_code in {200, 206}:
        response.headers["Content-Type"] = kind
    return response


def _answer(request: HttpRequest, handle: BinaryIO, size: int, tag: str, changed: str) -> HttpResponseBase:
    known = request.headers.get("If-None-Match", "")
    if known == "*" or tag in [one.strip().removeprefix("W/") for one in known.split(",")[:20]]:
        handle.close()
        return HttpResponseNotModified()
    asked = request.headers.get("Range", "")
    state = request.headers.get("If-Range", "")
    if not asked or (state and state not in {tag, changed}):
        return _whole(request, handle, size)
    found = (size, size) if "," in asked else _bounds(asked, size)  # several pieces at once: refused
    if found is None:  # another unit, or not understood: it is as if nothing had been asked
        return _whole(request, handle, size)
    first, end = found
    if first >= end:
        handle.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"}, content_type="text/plain")
    response = _piece(request, handle, first, end, status=206)
    response.headers["Content-Range"] = f"bytes {first}-{end - 1}/{size}"
    return response


def _whole(request: HttpRequest, handle: BinaryIO, size: int) -> HttpResponseBase:
    if size > MOST and request.method != "HEAD":
        handle.close()
        words = f"This file is given in pieces of at most {MOST} bytes: ask with the header Range (bytes=0-65535).\n"
        return HttpResponse(words, status=403, content_type="text/plain; charset=utf-8")
    return _piece(request, handle, 0, size, status=200)


def _bounds(asked: str, size: int) -> tuple[int, int] | None:
    """First byte and the one after the last; an empty span cannot be answered; None is not understood."""
    found = _RANGE.fullmatch(asked.strip()) if len(asked) <= 60 else None
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        return (max(0, size - int(last)), size) if int(last) else (size, size)
    if last and int(last) < int(first):
        return None
    end = min(size, int(last) + 1 if last else size)
    return int(first), min(end, int(first) + MOST)


def _piece(request: HttpRequest, handle: BinaryIO, first: int, end: int, *, status: int) -> HttpResponseBase:
    if request.method == "HEAD":
        handle.close()
        response: HttpResponseBase = HttpResponse(status=status)
    else:
        handle.seek(first)
        response = StreamingHttpResponse(_Pieces(handle, end - first), status=status)
    response.headers["Content-Length"] = str(end - first)
    return response
