"""Telling senders apart without knowing them.

An address is shortened to its network, hashed with a key of this host and this day, and forgotten. Key and counts
lie in a folder of this host's memory (tmpfs) that only we may read; they are thrown away with the day, and then no
word that was made of them leads back to a network, nor from one day to the next.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import logging
import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from sympolity.design.anonymous.keys import Day, forget, today
from sympolity.kit import clock

__all__ = ["Limit", "Network", "admitted", "forget", "network_of", "tag"]

log = logging.getLogger("sympolity.anonymous")
HOUR, DAY = 3600, 86_400  # seconds
_BITS = {4: 24, 6: 48}  # what one household, company or camp has: asked for are /24 and /48
_PORT = re.compile(r"^\[?([0-9a-fA-F:.]+?)\]?(?::\d+)?$")
_ROWS = 200_000  # counts of a day; more are no visitors
_TABLE = "CREATE TABLE IF NOT EXISTS hit (what TEXT NOT NULL, at REAL NOT NULL)"
_INDEX = "CREATE INDEX IF NOT EXISTS hit_what ON hit (what, at)"


@dataclass(frozen=True, slots=True)
class Network:
    """From where a request came: "192.0.2.0/24", or "" when nobody can tell. Never kept, never logged."""

    name: str

    def __repr__(self) -> str:
        return "Network()"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` of ``what`` in ``seconds``. ``network``: for each of them, else for all together."""

    what: str
    most: int
    seconds: int = DAY
    network: Network | None = None


def network_of(request: HttpRequest) -> Network:
    """The network that sent a request, behind as many web servers of ours as the settings know of."""
    return Network(_shortened(_address_of(request)))


def _address_of(request: HttpRequest) -> str:
    """The last word of the web server before us; what stands further left anybody may have written."""
    proxies: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    told = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if proxies and len(told) >= proxies:
        return str(told[-proxies])
    return str(request.META.get("REMOTE_ADDR", ""))


def _shortened(text: str) -> str:
    found = _PORT.match(text.split("%", maxsplit=1)[0]) if text.count(":") < 2 or text.startswith("[") else None
    try:
        address = ipaddress.ip_address(found[1] if found else text.split("%", maxsplit=1)[0])
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(ipaddress.ip_network((address, _BITS[address.version]), strict=False))


def tag(network: Network, *about: str) -> str:
    """A word for a network that is the same today, on this host, and about the same thing; "" when it is not known.

    "key.hash": words with different keys cannot be compared. Two things give two words: nobody can tell from them
    that one network spoke of both.
    """
    day = today()
    return f"{day.name}.{_hashed(day, network.name, *about)}" if network.name and day else ""


def _hashed(day: Day, *parts: str) -> str:
    return hmac.new(day.key, "\0".join(parts).encode(), hashlib.sha256).hexdigest()[:32]


def admitted(limits: Sequence[Limit]) -> bool:
    """Whether all limits leave room, and then counts one more; False counts nothing.

    Where the counts cannot be kept nobody is turned away: a report matters more than a limit.
    """
    day, now = today(), clock.now().timestamp()
    if day is None:
        return True
    rows = [(_hashed(day, limit.network.name if limit.network else "*", limit.what), limit) for limit in limits]
    try:
        with closing(day.counts()) as counts:
            return _counted(counts, rows, now)
    except sqlite3.Error as error:
        log.warning("limits of anonymous forms are not kept: %s", type(error).__name__)
        return True


def _counted(counts: sqlite3.Connection, rows: Sequence[tuple[str, Limit]], now: float) -> bool:
    counts.execute(_TABLE)
    counts.execute(_INDEX)
    counts.execute("BEGIN IMMEDIATE")
    try:
        total = counts.execute("SELECT max(rowid) FROM hit").fetchone()[0] or 0
        room = total < _ROWS and all(
            counts.execute(
                "SELECT count(*) FROM hit WHERE what = ? AND at > ?", (what, now - limit.seconds)
            ).fetchone()[0]
            < limit.most
            for what, limit in rows
        )
        if room:
            counts.executemany("INSERT INTO hit VALUES (?, ?)", [(what, now) for what, _ in rows])
    finally:
        counts.execute("COMMIT")
    return room
