"""The nouns of the room as the registry knows them, with the privacy class of every field."""

from __future__ import annotations

from sympolity.kit.nouns import Noun, Privacy, register
from sympolity.people import models, queries

__all__ = ["register_all"]

_ORGANIZATION = {
    "id": Privacy.PUBLIC,
    "kind": Privacy.PUBLIC,
    "status": Privacy.MEMBERS,
    "lang": Privacy.PUBLIC,
    "name": Privacy.PUBLIC,
    "description": Privacy.PUBLIC,
    "area": Privacy.PUBLIC,
    "phone": Privacy.PUBLIC,
    "email": Privacy.PUBLIC,
    "url": Privacy.PUBLIC,
    "anonymous": Privacy.STAFF,
    "example": Privacy.PUBLIC,
    "created_at": Privacy.PUBLIC,
    "updated_at": Privacy.PUBLIC,
}
_PERSON = {
    "id": Privacy.PERSONAL,
    "email": Privacy.PERSONAL,
    "name": Privacy.PERSONAL,
    "language": Privacy.PERSONAL,
    "is_active": Privacy.STAFF,
    "created_at": Privacy.PERSONAL,
    "last_login": Privacy.PERSONAL,
    "password": Privacy.INTERNAL,  # always the mark of "none": sign-in is by code
}
_AFFILIATION = {
    "id": Privacy.PERSONAL,
    "person": Privacy.PERSONAL,
    "organization": Privacy.PERSONAL,
    "role": Privacy.PERSONAL,
    "since": Privacy.PERSONAL,
    "until": Privacy.PERSONAL,
    "areas": Privacy.PERSONAL,
    "everywhere": Privacy.PERSONAL,
}
_STATEMENT = {
    "id": Privacy.PUBLIC,
    "organization": Privacy.PUBLIC,
    "status": Privacy.MEMBERS,
    "lang": Privacy.PUBLIC,
    "body": Privacy.PUBLIC,
    "said_by": Privacy.PUBLIC,  # a role, never a name
    "consent_on": Privacy.STAFF,
    "position": Privacy.PUBLIC,
    "example": Privacy.PUBLIC,
    "created_at": Privacy.PUBLIC,
    "updated_at": Privacy.PUBLIC,
}


def register_all() -> None:
    """Register organization, person, affiliation and statement."""
    register(
        Noun(
            "organization", models.Organization, _ORGANIZATION, "organization/{id}/",
            queries.organizations_visible_to, ("name", "description"),
        )
    )  # fmt: skip
    register(Noun("person", models.Person, _PERSON, visible_to=queries.persons_visible_to))
    register(Noun("affiliation", models.Affiliation, _AFFILIATION, visible_to=queries.affiliations_visible_to))
    register(
        Noun(
            "statement", models.Statement, _STATEMENT,
            visible_to=queries.statements_visible_to, text_fields=("body", "said_by"),
        )
    )  # fmt: skip
