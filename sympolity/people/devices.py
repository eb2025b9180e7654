"""Where somebody signed in, in few words: enough to know one's own telephone, too little to find anybody."""

from __future__ import annotations

import ipaddress

__all__ = ["device", "network"]

# The first that matches: browsers claim to be each other.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device(agent: str) -> str:
    """Browser and system: "Firefox, Android". "" when neither is known."""
    agent = agent[:500]
    found = (next((name for mark, name in table if mark in agent), "") for table in (_BROWSERS, _SYSTEMS))
    return ", ".join(name for name in found if name)


def network(address: str | None) -> str:
    """The network an address lies in: its first three numbers (IPv4 /24), its first three groups (IPv6 /48)."""
    try:
        one = ipaddress.ip_address((address or "").split("%")[0])
    except ValueError:
        return ""
    if isinstance(one, ipaddress.IPv6Address) and one.ipv4_mapped:
        one = one.ipv4_mapped
    return str(ipaddress.ip_network((one, 24 if one.version == 4 else 48), strict=False))
