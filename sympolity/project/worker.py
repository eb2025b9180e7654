"""What web workers run: the application, and a watch on their parent.

The process above the workers imports this module once, before it parts into them: after a kill
the site waits for one start and not for three. So nothing here may open a file of the
installation, a connection or a thread before :func:`begin`, which each worker calls for itself.
"""

import contextlib
import multiprocessing
import os
import socket
import sys
import threading
import time
from pathlib import Path

from django.http import QueryDict
from django.template.loader import get_template
from django.urls import get_resolver

from sympolity.kit.actor import PUBLIC
from sympolity.ops.supervisor import end_with_parent
from sympolity.project.gate import Gate
from sympolity.project.wsgi import application
from sympolity.search.store import IndexAway

# The application must be made before rooms with models are imported.
from sympolity.portal import finding, mapping, site  # isort: skip

__all__ = ["begin"]

ROOMS = Path(__file__).parent.parent
SILENT = 60  # seconds


def _prepare() -> None:
    """Read addresses, views, templates and the coast: the same for all workers."""
    get_resolver().reverse_dict  # noqa: B018 reading it fills it
    for room in ("design", "portal"):
        folder = ROOMS / room / "templates"
        for file in folder.rglob("*.html"):
            get_template(str(file.relative_to(folder)))
    mapping.warm_up()


def begin() -> Gate:
    """The application, in a worker. After kill -9 of the main process granian's workers would live on and hold the port."""
    above = multiprocessing.parent_process()
    end_with_parent(above.pid if above else None)
    if sys.platform == "linux":
        threading.Thread(target=_end_dead_lines, daemon=True).start()
    _open_index()
    return Gate(application)


def _end_dead_lines() -> None:
    """Ask the system to end lines whose other end has gone without a word, or takes nothing of an answer for a minute.

    The server has no setting for it, and opens its socket after :func:`begin`. What is set on the socket that
    listens holds for all that it accepts (Linux).
    """
    for _ in range(100):
        time.sleep(0.1)
        if _is_set():
            return


def _is_set() -> bool:
    found = False
    for entry in list(Path("/proc/self/fd").iterdir()):
        with contextlib.suppress(OSError):  # closed since
            if not entry.is_socket():
                continue
            with socket.socket(fileno=os.dup(int(entry.name))) as line:
                if line.family in {socket.AF_INET, socket.AF_INET6} and _listens(line):
                    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
                    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, SILENT)
                    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SILENT * 1000)
                    found = True
    return found


def _listens(line: socket.socket) -> bool:
    return bool(line.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))


def _open_index() -> None:
    """Read places and words once, and of each new state, so that no visitor waits for them."""
    with contextlib.suppress(IndexAway):
        _find()
    site.READER.keep_warm(_find)


def _find() -> None:
    finding.find(QueryDict("q=a&near=Athens"), actor=PUBLIC, lang="en")


_prepare()
