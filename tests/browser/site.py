"""A running site with the demo network, and the browser of this machine."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

__all__ = ["BROWSER_FLAGS", "NO_BROWSER", "Site", "chromium", "site"]

START = 180  # seconds until the first answer: the demo network is loaded before
MAIL = 10  # seconds until a sign-in code stands on the console
BROWSER_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
NO_BROWSER = "NO CHROMIUM: nothing that needs a browser was tested. On Debian: apt-get install chromium"


def chromium() -> str | None:
    """Where the browser of this machine is; None when there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


_CODES = r"Sign-in code for \S+: (\d{6})(?:, second code: (\d{6}))?"


@dataclass(frozen=True, slots=True)
class Site:
    """A running site: its address and what it wrote on the console."""

    address: str
    console: Path

    def printed(self) -> str:
        return self.console.read_text(encoding="utf-8", errors="replace")

    def codes_after(self, begin: int) -> tuple[str, str]:
        """The sign-in code and the second code ("" for whoever has none of the demo's) that were printed after this
        many characters; AssertionError when none came.
        """
        limit = time.monotonic() + MAIL
        while time.monotonic() < limit:
            found = re.findall(_CODES, self.printed()[begin:])
            if found:
                first, second = found[-1]
                return str(first), str(second)
            time.sleep(0.1)
        raise AssertionError(f"no code on the console:\n{self.printed()[begin:]}")


@contextmanager
def site() -> Iterator[Site]:
    """``sympolity serve`` on a free port and an own data folder, until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="sympolity-site-") as data, Path(data, "console.txt").open("wb") as console:
        own = {"SYMPOLITY_DATA": f"{data}/data", "PORT": str(port), "DATABASE_URL": "", "SYMPOLITY_DEMO": "1"}
        environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"} | own
        server = subprocess.Popen(
            [sys.executable, "-P", "-m", "sympolity", "serve"],
            env=environment,
            stdout=console,
            stderr=subprocess.STDOUT,
        )
        running = Site(f"http://127.0.0.1:{port}", Path(data, "console.txt"))
        try:
            _wait(running, server)
            yield running
        finally:
            _stop(server)


def _wait(running: Site, server: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + START
    while time.monotonic() < limit and server.poll() is None:
        try:
            with urlopen(f"{running.address}/", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"the site did not answer at {running.address}:\n{running.printed()}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
