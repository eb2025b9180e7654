"""Which backups are kept: the newest of the last days, weeks and months that have one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from sympolity.kit import clock
from sympolity.ops.backups.failures import BackupError
from sympolity.ops.backups.manifest import NAME
from sympolity.ops.backups.reading import check

__all__ = ["Keep", "kept", "made_at", "prune"]

Keep = tuple[int, int, int]  # daily, weekly, monthly


def made_at(path: Path) -> datetime | None:
    """The moment in the name of a backup; None for any other file."""
    found = NAME.fullmatch(path.name)
    try:
        return datetime.strptime(found[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if found else None
    except ValueError:
        return None


def _periods(at: datetime) -> tuple[str, str, str]:
    """Day, week and month where the services are."""
    local = at.astimezone(clock.ATHENS)
    year, week, _ = local.isocalendar()
    return f"{local:%Y-%m-%d}", f"{year}-{week}", f"{local:%Y-%m}"


def kept(paths: Iterable[Path], keep: Keep) -> set[Path]:
    """Those that stay, of files with the name of a backup."""
    newest_first = sorted(((at, path) for path in paths if (at := made_at(path))), reverse=True)
    stay: set[Path] = set()
    for kind, count in enumerate(keep):
        seen: set[str] = set()
        for at, path in newest_first:
            period = _periods(at)[kind]
            if period not in seen and len(seen) < count:
                seen.add(period)
                stay.add(path)
    return stay


def _newest_sound(paths: Iterable[Path]) -> Path | None:
    for path in sorted(paths, key=lambda path: path.name, reverse=True):
        try:
            check(path)
        except BackupError:
            continue
        return path
    return None


def prune(folder: Path, keep: Keep) -> list[Path]:
    """Remove from ``folder`` what need not be kept; what was removed.

    The newest sound backup stays in any case; without a sound one nothing is removed.
    """
    there = [path for path in folder.iterdir() if made_at(path) and path.is_file() and not path.is_symlink()]
    leave = set(there) - kept(there, keep)
    if not leave:
        return []
    sound = _newest_sound(there)
    if sound is None:
        return []
    removed = sorted(leave - {sound})
    for path in removed:
        path.unlink(missing_ok=True)
    return removed
