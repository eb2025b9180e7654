"""Ids of the things of the demo, the same on every installation."""

from __future__ import annotations

from uuid import NAMESPACE_URL, UUID, uuid5

__all__ = ["demo_id"]


def demo_id(kind: str, key: str) -> UUID:
    """The id of a thing of the demo."""
    return uuid5(NAMESPACE_URL, f"https://sympolity.org/demo/{kind}/{key}")
