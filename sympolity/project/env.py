"""The table of environment variables: the only place that reads them.

``sympolity settings`` prints it as docs/settings.md; a test compares the two.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

__all__ = [
    "TABLE",
    "BadSetting",
    "Variable",
    "backups",
    "choice",
    "confirm_days",
    "database",
    "mail",
    "markdown",
    "number",
    "secret",
    "value",
]


class BadSetting(SystemExit):
    """A variable holds something we cannot use; the message names it."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable: its default and what it is for."""

    name: str
    default: str
    says: str


TABLE: dict[str, Variable] = {
    row.name: row
    for row in (
        Variable("SYMPOLITY_DATA", "var", "Folder of everything that is kept: database, find index, media, secret key."),
        Variable("SYMPOLITY_URL", "http://127.0.0.1:8000", "Address under which people reach the site. https here turns on secure cookies, HSTS and the redirect of http."),
        Variable("PORT", "8000", "Port on which the server listens (address 127.0.0.1 unless HOST says otherwise)."),
        Variable("HOST", "127.0.0.1", "Address on which the server listens."),
        Variable("DATABASE_URL", "", "Empty: SQLite in the data folder. Otherwise postgresql://user:password@host:port/name."),
        Variable("SYMPOLITY_WORKERS", "2", "Number of web worker processes."),
        Variable("SYMPOLITY_DEBUG", "0", "1 shows error details and the component page /design/. Never on a public machine."),
        Variable("SYMPOLITY_OPERATOR", "", "Who runs this installation, as the pages about, privacy and accessibility name them."),
        Variable("SYMPOLITY_CONTACT", "", "Mail address for questions about privacy and accessibility, shown on those pages."),
        Variable("SYMPOLITY_EXIT_URL", "https://www.wikipedia.org/", "Where *leave this page* goes: a neutral site."),
        Variable("SYMPOLITY_MAP_TILES", "", "Streets under the interactive map. Empty: coast and borders only, from this server. Otherwise a *.pmtiles file in the data folder, or an https address: see docs/operating/map.md."),
        Variable("SYMPOLITY_MAP_CREDIT", "", "Whom the licence of SYMPOLITY_MAP_TILES asks to name, such as © OpenStreetMap contributors."),
        Variable("SYMPOLITY_MAIL_FROM", "Sympolity <no-reply@sympolity.example>", "Sender of mails."),
        Variable("SYMPOLITY_SMTP", "", "Empty: no mail goes out; mails come into the mailbox of this machine (/en/mailbox/), sign-in codes are printed on the console. Otherwise smtp://user:password@host:port or smtps://…"),
        Variable("SYMPOLITY_MAILBOX", "local", "Who reads the mailbox of a machine without SYMPOLITY_SMTP, beside its administrators. local: whoever sits at this machine, while it holds the demo and nobody real. open: everybody, mails of the demo only; for public demonstrations, where anybody may act as anybody. closed: nobody."),
        Variable("SYMPOLITY_ASK_DAILY", "200", "How many organizations are asked each day, at most, whether their services are still right. 0: none is asked, and none reminded."),
        Variable("SYMPOLITY_CONFIRM_DAYS", "contact=180,hours=60,eligibility=90,capacity=8,rest=180", "Days for which a confirmation of each group of facts holds. A change shows in lists after the next midnight."),
        Variable("SYMPOLITY_LOG", "plain", "plain: log lines for people. json: one line of JSON for each event."),
        Variable("SYMPOLITY_LOG_REQUESTS", "0", "1 logs every request (route, status, time; no address, no query). Slow and failed ones are always logged."),
        Variable("SYMPOLITY_METRICS_TOKEN", "", "Secret word, at least 20 characters, with which a monitoring system reads /metrics. Empty: there is no such page."),
        Variable("SYMPOLITY_CLOCK_FILE", "", "For tests: a file whose text moves the clock by that many seconds."),
        Variable("SYMPOLITY_DEMO", "1", "1 loads the demo network when the data folder is empty; 0 starts with an empty network."),
        Variable("SYMPOLITY_BACKUP", "nightly", "nightly: the work process makes a backup every night after 03:00. off: it makes none."),
        Variable("SYMPOLITY_BACKUPS", "", "Folder of the backups. Empty: backups in the data folder. Better another disk."),
        Variable("SYMPOLITY_BACKUP_KEEP", "7,4,6", "How many backups are kept: daily, weekly, monthly."),
    )
}  # fmt: skip


def value(name: str) -> str:
    """The value of variable ``name``, or its default."""
    return os.environ.get(name, "").strip() or TABLE[name].default


def number(name: str, least: int, most: int) -> int:
    """The value of variable ``name`` as a whole number between two limits."""
    text = value(name)
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        msg = f"{name}={text}: use a number between {least} and {most}"
        raise BadSetting(msg)
    return int(text)


def database(url: str, data: Path) -> dict[str, Any]:
    """Django's description of the database; SQLite in ``data`` when ``url`` is empty."""
    if not url:
        return _sqlite(data / "sympolity.sqlite3")
    parts = urlsplit(url)
    if parts.scheme in {"sqlite", "sqlite3"}:
        return _sqlite(Path(unquote(parts.path[1:] if parts.path.startswith("//") else parts.path)))
    if parts.scheme not in {"postgres", "postgresql"}:
        msg = f"DATABASE_URL begins with {parts.scheme!r}; use postgresql:// or leave it empty for SQLite"
        raise BadSetting(msg)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "sympolity",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 3, **dict(parse_qsl(parts.query))},
    }


def _sqlite(path: Path) -> dict[str, Any]:
    # FULL: NORMAL can lose acknowledged writes when the power goes. IMMEDIATE: a writer waits
    # at its first statement instead of failing at its last. recursive_triggers: without it
    # INSERT OR REPLACE slips past the trail's DELETE trigger.
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA recursive_triggers=ON;",
        },
    }


def mail(url: str) -> dict[str, Any]:
    """Django's mail settings from an smtp:// address; the mailbox of this machine when empty."""
    if not url:
        return {"EMAIL_BACKEND": "sympolity.post.backend.LocalMailbox"}
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        msg = "SYMPOLITY_SMTP must look like smtp://user:password@host:587 or smtps://user:password@host:465"
        raise BadSetting(msg)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and parts.port != 25,
        "EMAIL_TIMEOUT": 10,
    }


def choice(name: str, *known: str) -> str:
    """The value of variable ``name``, which must be one of ``known``."""
    text = value(name)
    if text not in known:
        msg = f"{name}={text}: use {' or '.join(known)}"
        raise BadSetting(msg)
    return text


def secret(name: str, least: int) -> str:
    """A secret word of ``least`` characters or more, or "". The word is never told."""
    text = value(name)
    if text and (len(text) < least or not text.isascii() or any(char.isspace() for char in text)):
        msg = f"{name}: use at least {least} letters, digits or signs of ASCII, without spaces"
        raise BadSetting(msg)
    return text


def confirm_days() -> dict[str, int]:
    """Days for which a confirmation holds, by group of facts; groups that are not named keep their default."""
    name = "SYMPOLITY_CONFIRM_DAYS"
    found = _days(TABLE[name].default, {})
    return found | _days(value(name), found)


def _days(text: str, known: Mapping[str, int]) -> dict[str, int]:
    out: dict[str, int] = {}
    for part in text.split(","):
        group, _, days = part.strip().partition("=")
        if not (days.isascii() and days.isdigit() and 1 <= int(days[:5]) <= 730 and (not known or group in known)):
            msg = f"SYMPOLITY_CONFIRM_DAYS={text}: use {','.join(known) or group}, each with = and 1 to 730 days"
            raise BadSetting(msg)
        out[group] = int(days)
    return out


def backups(data: Path) -> tuple[str, Path, tuple[int, int, int]]:
    """How backups are made: nightly or off, their folder, how many are kept (daily, weekly, monthly)."""
    mode, keep = value("SYMPOLITY_BACKUP"), value("SYMPOLITY_BACKUP_KEEP")
    if mode not in {"nightly", "off"}:
        msg = f"SYMPOLITY_BACKUP={mode}: use nightly or off"
        raise BadSetting(msg)
    counts = [part.strip() for part in keep.split(",")]
    if len(counts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 5 for part in counts):
        msg = f"SYMPOLITY_BACKUP_KEEP={keep}: use three numbers, daily, weekly, monthly: 7,4,6"
        raise BadSetting(msg)
    daily, weekly, monthly = map(int, counts)
    folder = value("SYMPOLITY_BACKUPS")
    return mode, Path(folder).resolve() if folder else data / "backups", (daily, weekly, monthly)


def markdown() -> str:
    """The table as the text of docs/settings.md."""
    rows = "\n".join(
        f"| `{v.name}` | {f'`{v.default}`' if v.default else 'empty'} | {v.says} |" for v in TABLE.values()
    )
    return f"# Settings\n\nEnvironment variables, all optional. This page is printed by `sympolity settings`.\n\n| variable | default | what it does |\n|---|---|---|\n{rows}\n"
