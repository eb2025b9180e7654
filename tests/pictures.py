"""``make pictures``: contact sheets of every page type, in three languages, at two widths, by day and by night.

    python -m tests.pictures FOLDER

Starts the site on a data folder of its own with the demo network, photographs the golden list with
Chromium, and lays the pictures of each page type side by side in FOLDER/<type>-<light or dark>.png.
The single pictures stand in FOLDER/pages/.
"""

from __future__ import annotations

import html
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Browser, Error, sync_playwright

from tests.browser.golden import PAGES, PageType
from tests.browser.site import BROWSER_FLAGS, NO_BROWSER, chromium, site

if TYPE_CHECKING:
    from tests.browser.reading import Readers

WIDTHS = (390, 1280)  # CSS pixels: a telephone and a desk
SCHEMES = ("light", "dark")
SHOWN = {390: 330, 1280: 720}  # CSS pixels: how wide a picture of this width stands on its sheet
TALL = 1400  # CSS pixels: what a sheet shows of a long page


def photograph(readers: Readers, kind: PageType, scheme: str, folder: Path) -> list[Path]:
    """A page type in its languages and all widths, each from top to bottom."""
    files = []
    for lang in kind.languages:
        for width in WIDTHS:
            page = readers.open(kind, lang, width=width, scheme=scheme)
            files.append(folder / f"{kind.name}-{scheme}-{lang}-{width}.png")
            page.screenshot(path=files[-1], full_page=True)
    return files


def sheet(browser: Browser, title: str, pictures: list[Path], file: Path) -> None:
    """Lay pictures side by side under their names."""
    wide = [SHOWN[int(each.stem.rsplit("-", 1)[1])] for each in pictures]
    cells = "".join(
        f"<figure><figcaption>{html.escape(each.stem)}</figcaption><div><img width={width} src='{each.as_uri()}'></div></figure>"
        for each, width in zip(pictures, wide, strict=True)
    )
    source = file.resolve().with_suffix(".html")
    source.write_text(
        f"<!doctype html><meta charset=utf-8><title>{html.escape(title)}</title><style>"
        "body{display:flex;gap:12px;margin:8px;font:14px sans-serif;background:#888}figure{margin:0}"
        f"div{{max-height:{TALL}px;overflow:hidden}}img{{display:block}}</style>{cells}",
        encoding="utf-8",
    )
    page = browser.new_page(viewport={"width": sum(wide) + 12 * len(wide) + 16, "height": 600})
    page.goto(source.as_uri())
    page.screenshot(path=file, full_page=True)
    page.close()
    source.unlink()


def _load_django(data: str) -> None:
    """For the pages that are rendered in this process: static files by their plain names, no manifest."""
    os.environ |= {"SYMPOLITY_DATA": data, "DJANGO_SETTINGS_MODULE": "sympolity.project.settings"}
    import django
    from django.conf import settings

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    django.setup()


def main(folder: Path) -> int:
    """Make all sheets; the number of those that could not be made is the exit code."""
    program = chromium()
    if program is None:
        raise SystemExit(NO_BROWSER)
    singles = folder.resolve() / "pages"
    singles.mkdir(parents=True, exist_ok=True)
    failed = 0
    with (
        tempfile.TemporaryDirectory(prefix="sympolity-pictures-") as data,
        site() as running,
        sync_playwright() as playwright,
    ):
        _load_django(data)
        from tests.browser.reading import Readers

        browser = playwright.chromium.launch(executable_path=program, args=BROWSER_FLAGS)
        readers = Readers(browser, running)
        for kind in PAGES:
            for scheme in SCHEMES:
                try:
                    pictures = photograph(readers, kind, scheme, singles)
                    sheet(browser, kind.name, pictures, folder / f"{kind.name}-{scheme}.png")
                except (AssertionError, Error) as error:  # the other page types are photographed all the same
                    sys.stderr.write(f"{kind.name}, {scheme}: {str(error).splitlines()[0]}\n")
                    failed += 1
        readers.close()
        browser.close()
    sys.stdout.write(f"{len(PAGES) * len(SCHEMES) - failed} sheets in {folder}\n")
    return failed


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "pictures")))
