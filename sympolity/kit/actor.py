"""Who is acting: made once per request by the provider that ``people`` registers.

Rules and ``visible_to`` take an Actor and nothing else, so that a button, a view, a feed
and a search index decide by the same facts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

__all__ = ["PUBLIC", "SYSTEM", "Actor", "Grant", "Role", "actor_of", "register_provider"]


class Role(StrEnum):
    """The roles of the domain that exist so far (domain.md, "Roles")."""

    EDITOR = "editor"
    CURATOR = "curator"
    SAFEGUARDING = "safeguarding"
    OFFICER = "officer"
    SECRETARIAT = "secretariat"
    SUPPORTER = "supporter"
    TRANSLATOR = "translator"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role with its scope: ids of areas. Without areas it reaches nothing, unless ``everywhere``."""

    role: Role
    areas: frozenset[UUID] = frozenset()
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """A person acting for an organization, or the public, or the system itself.

    ``approved`` tells that the organization acted for is approved: professional facts and
    things for members are shown to approved organizations only. ``lacks_factor``: they have roles which
    do not count before they have set up a second factor.
    """

    person: UUID | None = None
    acting_for: UUID | None = None
    grants: frozenset[Grant] = frozenset()
    approved: bool = False
    lacks_factor: bool = False

    @property
    def is_public(self) -> bool:
        return self.person is None and not self.grants

    def has(self, *roles: Role) -> bool:
        """True if the actor holds one of ``roles``, whatever its scope."""
        return any(grant.role in roles for grant in self.grants)

    def areas_of(self, role: Role) -> frozenset[UUID] | None:
        """Areas in which ``role`` is held; None = everywhere; empty = nowhere."""
        found = [grant for grant in self.grants if grant.role == role]
        if any(grant.everywhere for grant in found):
            return None
        return frozenset().union(*(grant.areas for grant in found))


PUBLIC = Actor()
SYSTEM = Actor(grants=frozenset({Grant(Role.SYSTEM, everywhere=True)}))

# A provider looks at a request and returns the actor, or None when it does not know them.
Provider = Callable[[Any], Actor | None]
_providers: list[Provider] = []


def register_provider(provider: Provider) -> None:
    """Register a provider once (rooms do this when they are ready)."""
    if provider not in _providers:
        _providers.append(provider)


def actor_of(request: Any, providers: Iterable[Provider] | None = None) -> Actor:
    """The actor of a request: the first provider that knows them, else the public."""
    for provider in _providers if providers is None else providers:
        actor = provider(request)
        if actor is not None:
            return actor
    return PUBLIC
