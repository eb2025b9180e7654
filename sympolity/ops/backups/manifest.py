"""What a backup says of itself: ``manifest.json``, the last member but one."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, ItemsView
from dataclasses import asdict, dataclass, field
from datetime import datetime

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

_DEPTH = 16  # folders of a name; ours have three
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
        parts = name.split("/")
        return len(parts) <= _DEPTH and all(part not in {"", ".", ".."} for part in parts)
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
        """What :meth:`to_json` wrote; BackupError when it is something else, or of a newer program.

        A backup may come from anybody: every field has the shape that we write, or nothing is read.
        """
        try:
            data = _fields(json.loads(text), ("product", "format"), more=True)
            if data["product"] != "sympolity":
                raise ValueError
            if _number(data["format"]) != FORMAT:
                raise BackupError(
                    f"This backup has format {data['format']}; this version of Sympolity reads format {FORMAT}. "
                    "Restore it with the version that made it, or with a newer one. Nothing was changed."
                )
            _fields(data, ("product", *cls.__slots__))
            return cls(
                engine=_word(data["engine"], _ENGINE),
                version=_word(data["version"], _VERSION),
                created=_moment(data["created"]),
                contents=_contents(data["contents"]),
                index=_word(data["index"], _GENERATION),
                members={_member_name(name): _member(one) for name, one in _table(data["members"])},
            )
        except (ValueError, RecursionError) as error:
            raise BackupError(
                "The manifest of this backup cannot be understood: it was not made by Sympolity. Nothing was changed."
            ) from error


# --- shapes: each function gives back what it was given, or raises ValueError ---------------------

_ENGINE = re.compile(r"sqlite|postgresql")
_VERSION = re.compile(r"[0-9][0-9A-Za-z.+-]{0,39}")
_GENERATION = re.compile(r"[0-9A-Za-z]{0,40}")  # as search.store names them
_SHA256 = re.compile(r"[0-9a-f]{64}")
_NOTHING_OR_SHA256 = re.compile(r"|[0-9a-f]{64}")
_NAMED = re.compile(r"\w{1,63}", re.ASCII)  # a table, column or sequence: as long as PostgreSQL takes them
_MIGRATION = re.compile(r"\w{1,255}", re.ASCII)
_MOST = (1 << 63) - 1  # bytes, rows, positions
_MOST_MIGRATIONS = 10_000


def _word(given: object, shape: re.Pattern[str]) -> str:
    if not isinstance(given, str) or not shape.fullmatch(given):
        raise ValueError
    return given


def _number(given: object) -> int:
    """A count; ``True`` and 1.0 are none."""
    if type(given) is not int or not 0 <= given <= _MOST:
        raise ValueError
    return given


def _table(given: object) -> ItemsView[str, object]:
    if not isinstance(given, dict):
        raise ValueError  # noqa: TRY004 - bad data, not a mistake of a caller
    return given.items()


def _list(given: object) -> list[object]:
    if not isinstance(given, list):
        raise ValueError  # noqa: TRY004 - bad data, not a mistake of a caller
    return given


def _pair(given: object) -> tuple[object, object]:
    first, second = _list(given)
    return first, second


def _fields(given: object, names: Collection[str], *, more: bool = False) -> dict[str, object]:
    """An object with these fields and no others; with ``more``, there may be others."""
    found = dict(_table(given))
    if not (found.keys() >= set(names) if more else found.keys() == set(names)):
        raise ValueError
    return found


def _moment(given: object) -> datetime:
    if not isinstance(given, str) or len(given) > 40:
        raise ValueError
    found = datetime.fromisoformat(given)
    if found.tzinfo is None or found.isoformat() != given:
        raise ValueError
    return found


def _member_name(given: str) -> str:
    if not allowed(given):
        raise ValueError
    return given


def _member(given: object) -> Member:
    data = _fields(given, ("size", "sha256"))
    return Member(_number(data["size"]), _word(data["sha256"], _SHA256))


def _counts(given: object) -> dict[str, int]:
    return {_word(name, _NAMED): _number(count) for name, count in _table(given)}


def _columns(given: object) -> list[str]:
    found = [_word(name, _NAMED) for name in _list(given)]
    if not found or len(set(found)) < len(found):
        raise ValueError
    return found


def _migrations(given: object) -> list[tuple[str, str]]:
    rows = _list(given)
    if len(rows) > _MOST_MIGRATIONS:
        raise ValueError
    found = [(_word(app, _NAMED), _word(name, _MIGRATION)) for app, name in map(_pair, rows)]
    if len(set(found)) < len(found):
        raise ValueError
    return found


def _trail(given: object) -> tuple[int, str]:
    """Position and hash of the head; of an empty trail 0 and nothing."""
    position, digest = _pair(given)
    found = _number(position), _word(digest, _NOTHING_OR_SHA256)
    if bool(found[0]) != bool(found[1]):
        raise ValueError
    return found


def _contents(given: object) -> Contents:
    data = _fields(given, Contents.__slots__)
    return Contents(
        rows=_counts(data["rows"]),
        migrations=_migrations(data["migrations"]),
        trail=_trail(data["trail"]),
        columns={_word(table, _NAMED): _columns(names) for table, names in _table(data["columns"])},
        sequences=_counts(data["sequences"]),
    )
