"""Where an organization is written to: its role mailbox first, then its editors, then the addresses of its services."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sympolity.directory import models
from sympolity.kit.actor import Role
from sympolity.languages import registry
from sympolity.people.models import Organization
from sympolity.people.queries import in_force

__all__ = ["Contact", "contacts", "reachable"]

MOST = 4  # addresses of one organization
_SPOKEN = {row.code for row in registry.INTERFACE}


@dataclass(frozen=True, slots=True)
class Contact:
    """An address, and the language in which it is written to. ``person``: whose it is, for an editor."""

    address: str
    language: str
    person: UUID | None = None

    @property
    def key(self) -> str:
        """Tells two addresses apart without saying either."""
        return hashlib.blake2s(self.address.lower().encode(), digest_size=6).hexdigest()


def contacts(organizations: Iterable[Organization]) -> dict[UUID, tuple[Contact, ...]]:
    """The contacts of each organization, the first one first. Two queries, whatever their number."""
    found: dict[UUID, dict[str, Contact]] = {}
    rows = {one.id: one for one in organizations}
    for one in rows.values():
        own = found.setdefault(one.id, {})
        if one.email:
            own[one.email.lower()] = Contact(one.email, _spoken(one.lang))
    _add_editors(rows, found)
    served = models.Service.objects.filter(organization__in=rows).exclude(email="").order_by("created_at", "id")
    for organization, address in served.values_list("organization_id", "email"):
        found[organization].setdefault(address.lower(), Contact(address, _spoken(rows[organization].lang)))
    return {one: tuple(own.values())[:MOST] for one, own in found.items()}


def _add_editors(rows: Mapping[UUID, Organization], found: Mapping[UUID, dict[str, Contact]]) -> None:
    editors = in_force().filter(organization__in=rows, role=Role.EDITOR, person__is_active=True)
    columns = ("organization_id", "person_id", "person__email", "person__language")
    for organization, person, address, language in editors.order_by("since", "id").values_list(*columns):
        found[organization].setdefault(address.lower(), Contact(address, _spoken(language), person))


def reachable(known: Iterable[Contact], dead: Container[str]) -> tuple[Contact, ...]:
    """Those whose address has not refused our mail."""
    return tuple(one for one in known if one.address not in dead)


def _spoken(language: str) -> str:
    """A language of the interface: the given one, else that of the country."""
    return language if language in _SPOKEN else "el"
