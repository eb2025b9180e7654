"""The registry of nouns: whatever may point at *any* thing points through it by (noun, id).

A room registers its nouns when it is ready. The registry knows for each noun its model, its
words, its public path, the gate ``visible_to`` and the privacy class of every field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from .actor import Actor

__all__ = ["Noun", "Privacy", "UnknownNoun", "all_nouns", "noun", "register"]


class Privacy(StrEnum):
    """What a field holds, seen from the person it may be about."""

    PUBLIC = "public"  # may stand on a public page
    MEMBERS = "members"  # members of approved organizations
    STAFF = "staff"  # curators and administrators
    PERSONAL = "personal"  # about a person: exported and erased on request
    PROTECTED = "protected"  # would endanger someone: address and point of a hidden place
    INTERNAL = "internal"  # bookkeeping without meaning outside


@dataclass(frozen=True, slots=True)
class Noun:
    """One kind of thing.

    ``path`` is the public path below ``/{lang}/`` with ``{id}`` in it, or "" when the thing
    has no page. ``visible_to(actor)`` returns the query set that the actor may see.
    ``text_fields`` are the fields whose other languages stand in Text rows.
    ``privacy`` names a class for every concrete field of the model (checked by a test).
    """

    name: str
    model: Any
    privacy: Mapping[str, Privacy] = field(hash=False)
    path: str = ""
    visible_to: Callable[[Actor], Any] | None = None
    text_fields: tuple[str, ...] = ()

    def url(self, lang: str, id: UUID) -> str:
        """The path of the page of thing ``id`` in ``lang``, or "" when it has none."""
        return f"/{lang}/{self.path.format(id=id)}" if self.path else ""


class UnknownNoun(KeyError):
    """No room registered this name."""


_nouns: dict[str, Noun] = {}


def register(new: Noun) -> Noun:
    """Add a noun; the same name twice is a mistake of ours, unless it is the same model."""
    known = _nouns.get(new.name)
    if known is not None and known.model is not new.model:
        msg = f"noun {new.name!r} is registered twice"
        raise ValueError(msg)
    _nouns[new.name] = new
    return new


def noun(name: str) -> Noun:
    """The noun called ``name``; :class:`UnknownNoun` when there is none."""
    try:
        return _nouns[name]
    except KeyError:
        raise UnknownNoun(name) from None


def all_nouns() -> tuple[Noun, ...]:
    """All nouns, by name."""
    return tuple(_nouns[name] for name in sorted(_nouns))
