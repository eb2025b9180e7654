"""What is known of the last backup: ``backups/last.json`` in the data folder, read by the health page."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from sympolity.kit import clock

__all__ = ["Last", "failed", "last", "succeeded"]


@dataclass(frozen=True, slots=True)
class Last:
    """The last backup into the folder of the settings.

    ``at``: when the last success began, None = never. ``size`` in bytes, ``seconds`` it took.
    ``error``: why the last try failed, "" = it did not; ``tried``: when that try began.
    """

    at: datetime | None = None
    file: str = ""
    size: int = 0
    seconds: float = 0.0
    tried: datetime | None = None
    error: str = ""


def _path() -> Path:
    return Path(settings.DATA) / "backups" / "last.json"


def last() -> Last:
    """What the file says; an empty :class:`Last` when there is none or it cannot be read."""
    try:
        data: Any = json.loads(_path().read_text(encoding="utf-8"))
        moments = {key: _moment(data[key]) for key in ("at", "tried")}
        known = {"file": str(data["file"]), "error": str(data["error"])}
        return Last(**moments, **known, size=int(data["size"]), seconds=float(data["seconds"]))  # type: ignore[arg-type]
    except (OSError, ValueError, KeyError, TypeError):
        return Last()


def _moment(text: str | None) -> datetime | None:
    found = datetime.fromisoformat(text) if text else None
    if found is not None and found.tzinfo is None:
        raise ValueError
    return found


def _write(known: Last) -> None:
    data = {key: part.isoformat() if isinstance(part, datetime) else part for key, part in asdict(known).items()}
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name("last.json.new")
    temporary.write_text(json.dumps(data, indent=1, ensure_ascii=False), encoding="utf-8")
    temporary.replace(path)


def succeeded(*, at: datetime, file: Path, size: int, seconds: float) -> None:
    """Note a backup that was made."""
    _write(Last(at, str(file), size, round(seconds, 1), at, ""))


def failed(error: str) -> None:
    """Note that one could not be made; the last success stays known. A full disk keeps no note either."""
    with suppress(OSError):
        _write(replace(last(), tried=clock.now(), error=error))
