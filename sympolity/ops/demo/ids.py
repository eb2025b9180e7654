"""Ids of the things of the demo, the same on every installation; who stands for its translations."""

from __future__ import annotations

from uuid import NAMESPACE_URL, UUID, uuid5

from sympolity.languages.models import TextState
from sympolity.languages.texts import Provenance

__all__ = ["DRAFTED", "demo_id"]

DRAFTED = Provenance(TextState.MACHINE, "demo")  # a machine drafted the other languages; nobody has read them


def demo_id(kind: str, key: str) -> UUID:
    """The id of a thing of the demo."""
    return uuid5(NAMESPACE_URL, f"https://sympolity.org/demo/{kind}/{key}")
