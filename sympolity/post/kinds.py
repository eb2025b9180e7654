"""Kinds of messages. Rooms above register theirs when they are ready; each composes its letters in the active language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import pgettext

from sympolity.post.letters import Letter

__all__ = ["DIGEST_TOPIC", "TRIAL", "Compose", "Kind", "UnknownKind", "all_kinds", "kind", "register"]

DIGEST_TOPIC = "digest"  # whoever ends this gets nothing that is gathered
Compose = Callable[[Mapping[str, Any]], Letter]


@dataclass(frozen=True, slots=True)
class Kind:
    """``compose(facts)`` is called with the recipient's language active.

    ``asks``: the recipient has something to do; its subject begins with "[Action needed]". ``topic``: what can be
    unsubscribed, "" for what an organization must get. ``digest``: gathered and sent once a day.
    """

    name: str
    compose: Compose
    asks: bool = False
    topic: str = ""
    digest: bool = False

    def __post_init__(self) -> None:
        if self.digest and (self.asks or not self.topic):
            msg = f"{self.name}: what is gathered in a digest can be unsubscribed, and asks for nothing"
            raise ValueError(msg)


class UnknownKind(KeyError):
    """No room registered this kind."""


_kinds: dict[str, Kind] = {}


def register(new: Kind) -> Kind:
    """Add a kind; the same name twice is a mistake of ours."""
    if _kinds.get(new.name, new) is not new:
        msg = f"kind {new.name!r} is registered twice"
        raise ValueError(msg)
    _kinds[new.name] = new
    return new


def kind(name: str) -> Kind:
    """The kind called ``name``; :class:`UnknownKind` when there is none."""
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownKind(name) from None


def all_kinds() -> tuple[Kind, ...]:
    return tuple(_kinds[name] for name in sorted(_kinds))


def _trial(_: Mapping[str, Any]) -> Letter:
    return Letter(
        pgettext("trial mail", "Mail from this site arrives"),
        (
            pgettext("trial mail", "Somebody who runs this site wanted to know whether its mail arrives. It does."),
            pgettext("trial mail", "You need not do anything."),
        ),
    )


TRIAL = Kind("trial", _trial)
