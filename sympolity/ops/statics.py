"""Static files as they are served: collected, named by their content, compressed. Done again only when they changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

__all__ = ["collect"]


def _lines() -> Iterator[str]:
    """What decides how the folder looks: each file with its size and time, and who packs them."""
    yield f"{version('django')} {version('whitenoise')} {settings.STORAGES['staticfiles']['BACKEND']}"
    for finder in get_finders():
        for path, storage in finder.list([]):
            about = Path(storage.path(path)).stat()
            yield f"{getattr(storage, 'prefix', '')} {path} {about.st_size} {about.st_mtime_ns}"


def collect() -> bool:
    """Whether there was anything to do: seconds of compression, which a start after a kill has no time for.

    The mark is written last: what was interrupted is done again.
    """
    mark = hashlib.sha256("\n".join(sorted(_lines())).encode()).hexdigest()
    kept, manifest = settings.DATA / "static.collected", settings.STATIC_ROOT / "staticfiles.json"
    if manifest.exists() and kept.exists() and kept.read_text(encoding="ascii") == mark:
        return False
    kept.unlink(missing_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False)
    kept.write_text(mark, encoding="ascii")
    return True
