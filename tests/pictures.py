"""``make pictures``: contact sheets of every page type, in three languages, at two widths.

    python -m tests.pictures FOLDER

Starts the site on a data folder of its own with the demo network, photographs it with Chromium,
and lays the pictures of each page type side by side in FOLDER/<type>.png.
"""

from __future__ import annotations

import html
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

LANGUAGES = ("en", "el", "ar")
WIDTHS = (390, 1280)  # CSS pixels: a telephone and a desk
START = 180  # seconds until the first answer: the demo network is loaded before

# page type -> its path; "@" marks the first link of a page that begins with what follows.
PAGES: dict[str, str] = {
    "choose": "/",
    "home": "/{lang}/",
    "find": "/{lang}/find/",
    "find-words": "/{lang}/find/?q=legal",
    "find-nothing": "/{lang}/find/?q=qxqxqx",
    "service": "/{lang}/find/@/{lang}/service",
    "sign-in": "/{lang}/account/",
    "no-page": "/{lang}/nothing-here/",
}


def chromium() -> str:
    """The browser of this machine; SystemExit when there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        msg = "No Chromium here. On Debian: apt-get install chromium"
        raise SystemExit(msg)
    return found


@contextmanager
def site() -> Iterator[str]:
    """A running site with the demo network; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="sympolity-pictures-") as data:
        environment = {
            **os.environ,
            "SYMPOLITY_DATA": data,
            "PORT": str(port),
            "DATABASE_URL": "",
            "SYMPOLITY_DEMO": "1",
        }
        server = subprocess.Popen([sys.executable, "-P", "-m", "sympolity", "serve"], env=environment)
        try:
            yield _answering(f"http://127.0.0.1:{port}", server)
        finally:
            server.send_signal(signal.SIGINT)
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()


def _answering(address: str, server: subprocess.Popen[bytes]) -> str:
    for _ in range(START * 5):
        if server.poll() is not None:
            break
        try:
            with urlopen(f"{address}/", timeout=5):
                return address
        except (URLError, OSError):
            time.sleep(0.2)
    msg = f"the site did not answer at {address}"
    raise SystemExit(msg)


def photograph(browser: Browser, address: str, path: str, width: int, file: Path) -> None:
    """One page, from top to bottom; a path with "@" goes on to the first such link."""
    page = browser.new_page(viewport={"width": width, "height": 844}, reduced_motion="reduce")
    first, _, prefix = path.partition("@")
    page.goto(address + first)
    if prefix:
        link = page.locator(f'a[href^="{prefix}"]').first
        page.goto(address + (link.get_attribute("href") or ""))
    page.screenshot(path=file, full_page=True)
    page.close()


def sheet(browser: Browser, title: str, pictures: list[Path], file: Path) -> None:
    """Lay pictures side by side under their names."""
    cells = "".join(
        f"<figure><figcaption>{html.escape(each.stem)}</figcaption><img src={each.as_uri()!r}></figure>"
        for each in pictures
    )
    source = file.resolve().with_suffix(".html")
    source.write_text(
        f"<!doctype html><meta charset=utf-8><style>body{{display:flex;gap:12px;font:14px sans-serif}}img{{width:330px}}"
        f"figure{{margin:0}}</style><title>{html.escape(title)}</title>{cells}",
        encoding="utf-8",
    )
    page = browser.new_page(viewport={"width": 342 * len(pictures) + 20, "height": 600})
    page.goto(source.as_uri())
    page.screenshot(path=file, full_page=True)
    page.close()
    source.unlink()


def main(folder: Path) -> int:
    """Make all sheets; the number of page types that could not be photographed is the exit code."""
    singles = folder.resolve() / "pages"
    singles.mkdir(parents=True, exist_ok=True)
    failed = 0
    with site() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for name, path in PAGES.items():
            shots = {(lang, width): singles / f"{name}-{lang}-{width}.png" for lang in LANGUAGES for width in WIDTHS}
            try:
                for (lang, width), file in shots.items():
                    photograph(browser, address, path.format(lang=lang), width, file)
            except Exception as error:  # noqa: BLE001 - the other page types are photographed all the same
                sys.stderr.write(f"{name}: {str(error).splitlines()[0]}\n")
                failed += 1
                continue
            sheet(browser, name, list(shots.values()), folder / f"{name}.png")
        browser.close()
    sys.stdout.write(f"{len(PAGES) - failed} sheets in {folder}\n")
    return failed


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "pictures")))
