"""What people send with a request, taken in before the request has its turn: a slow line must not hold up the others.

The server below gives a body as it comes and has no deadline for it. So a body is read whole in one of a few places
of its own, within seconds; what a form never holds is not read at all. Files for an import are the exception: they
are written to the disk as they come, by the page itself, for somebody who has signed in.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any, BinaryIO

from django.conf import settings

__all__ = ["READING", "UPLOADS", "Bodies", "Unread"]

READING = 16  # bodies that are read at once in a worker
UPLOADS = 2  # imports that are sent at once to a worker
MOST = 1_000_000  # bytes of a form; the example files for web servers say the same
SECONDS = 10.0  # for all of it
PIECE = 4096  # bytes after which the clock is looked at: the server waits until it has them
_IMPORTS = re.compile(r"/[a-z-]+/desk/imports/new/", re.ASCII)

Environ = dict[str, Any]


class Unread(Exception):
    """A body that is not taken. ``status``: 408 too slow or cut, 413 too large, 503 too many at once."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Bodies:
    """The places of one worker."""

    def __init__(self, *, reading: int = READING, uploads: int = UPLOADS, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._reading, self._uploads = threading.Semaphore(reading), threading.Semaphore(uploads)

    @contextmanager
    def taken(self, environ: Environ) -> Iterator[bool]:
        """The body stands in memory; or, with True, it is read by the page and has its place until the page is done.

        Raises :class:`Unread`.
        """
        length = _length(environ)
        is_import = _IMPORTS.fullmatch(environ.get("PATH_INFO", "")) is not None
        if length and is_import and _has_session(environ):
            with _place(self._uploads):
                yield True
            return
        if length > MOST and not is_import:
            raise Unread(413)
        content = b""
        if 0 < length <= MOST:
            with _place(self._reading):
                content = _read(environ["wsgi.input"], length, self.seconds)
        # An import of a stranger is not read: the page tells from the length alone that it is not for them.
        environ["wsgi.input"] = BytesIO(content)
        yield False


@contextmanager
def _place(places: threading.Semaphore) -> Iterator[None]:
    if not places.acquire(blocking=False):
        raise Unread(503)
    try:
        yield
    finally:
        places.release()


def _length(environ: Environ) -> int:
    """Bytes that a form says it has; 0 for all that is no form. Without a length Django reads nothing either."""
    said = environ.get("CONTENT_LENGTH") or ""
    if environ.get("REQUEST_METHOD") != "POST" or not (said.isascii() and said.isdecimal()):
        return 0
    return int(said[:15])


def _has_session(environ: Environ) -> bool:
    """Whether it could be somebody who has signed in: the page looks at the session itself before it reads."""
    return f"{settings.SESSION_COOKIE_NAME}=" in environ.get("HTTP_COOKIE", "")


def _read(source: BinaryIO, length: int, seconds: float) -> bytes:
    """All of a body. Raises :class:`Unread` when it is cut or does not come in time: half a form is never used."""
    end, parts, left = time.monotonic() + seconds, [], length
    while left:
        part = source.read(min(PIECE, left))
        if not part or time.monotonic() > end:
            raise Unread(408)
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
