"""What a backup says of itself: ``manifest.json``, the last member but one."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sympolity.ops.backups.failures import BackupError

__all__ = [
    "FORMAT",
    "MANIFEST",
    "MANIFEST_SUM",
    "NAME",
    "SQLITE_MEMBER",
    "Contents",
    "Manifest",
    "Member",
    "allowed",
    "table_member",
]

FORMAT = 1
MANIFEST = "manifest.json"
MANIFEST_SUM = "manifest.sha256"
SQLITE_MEMBER = "database.sqlite3"
# The stamp is in UTC: names in order of time, on every machine.
NAME = re.compile(r"sympolity-(\d{8}T\d{6}Z)\.tar\.gz", re.ASCII)

_PLAIN = re.compile(
    r"database\.sqlite3|database/\w{1,63}\.copy|index/[\w.-]{1,120}|secret_key|marks/(?:facts|demo)\.loaded", re.ASCII
)


def table_member(table: str) -> str:
    """The name of the member that holds the rows of a PostgreSQL table."""
    return f"database/{table}.copy"


def allowed(name: str) -> bool:
    """Whether a member may have this name: one that we write, and that stays inside its folder."""
    if "\0" in name or "\\" in name or len(name) > 4000:
        return False
    if name.startswith("media/"):
        return all(part not in {"", ".", ".."} for part in name.split("/"))
    return _PLAIN.fullmatch(name) is not None and name.rpartition("/")[2] not in {".", ".."}


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the archive. ``size`` in bytes, ``sha256`` in hex."""

    size: int
    sha256: str


@dataclass(slots=True)
class Contents:
    """What stands in a database: by table its number of rows, and for PostgreSQL its columns in order.

    ``trail``: position and hash of the last entry of the trail. ``sequences``: their last values
    (PostgreSQL). ``migrations``: (app, name) of all that were applied.
    """

    rows: dict[str, int]
    migrations: list[tuple[str, str]]
    trail: tuple[int, str]
    columns: dict[str, list[str]] = field(default_factory=dict)
    sequences: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Manifest:
    """See the module. ``index``: name of the generation of the find index, "" when none is in it."""

    engine: str
    version: str
    created: datetime
    contents: Contents
    index: str
    members: dict[str, Member]
    format: int = FORMAT

    @property
    def unpacked(self) -> int:
        """Bytes of all members together."""
        return sum(member.size for member in self.members.values())

    def to_json(self) -> str:
        """The text of the member."""
        data = {"product": "sympolity", **asdict(self), "created": self.created.isoformat()}
        return json.dumps(data, indent=1, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """What :meth:`to_json` wrote; BackupError when it is something else, or of a newer program."""
        try:
            data: Any = json.loads(text)
            if data["product"] != "sympolity":
                raise ValueError
            if data["format"] != FORMAT:
                raise BackupError(
                    f"This backup has format {data['format']!r}; this version of Sympolity reads format {FORMAT}. "
                    "Restore it with the version that made it, or with a newer one."
                )
            return cls(
                engine=str(data["engine"]),
                version=str(data["version"]),
                created=_moment(data["created"]),
                contents=_contents(data["contents"]),
                index=str(data["index"]),
                members={str(name): _member(one) for name, one in data["members"].items()},
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise BackupError(
                "The manifest of this backup cannot be understood: it was not made by Sympolity."
            ) from error


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError
    return found


def _member(data: dict[str, Any]) -> Member:
    return Member(int(data["size"]), str(data["sha256"]))


def _contents(data: dict[str, Any]) -> Contents:
    position, digest = data["trail"]
    return Contents(
        rows={str(table): int(count) for table, count in data["rows"].items()},
        migrations=[(str(app), str(name)) for app, name in data["migrations"]],
        trail=(int(position), str(digest)),
        columns={str(table): [str(column) for column in columns] for table, columns in data["columns"].items()},
        sequences={str(name): int(value) for name, value in data["sequences"].items()},
    )
