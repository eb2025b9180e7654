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
_APPLICATION = {
    "id": Privacy.INTERNAL,
    "organization": Privacy.STAFF,
    "applicant": Privacy.PERSONAL,
    "offers_housing": Privacy.STAFF,
    "offers_work": Privacy.STAFF,
    "words": Privacy.PERSONAL,
    "question": Privacy.STAFF,
    "asked_at": Privacy.STAFF,
    "answer": Privacy.PERSONAL,
    "answered_at": Privacy.STAFF,
    "vouched_by": Privacy.PERSONAL,
    "vouched_at": Privacy.STAFF,
    "reason": Privacy.STAFF,
    "created_at": Privacy.STAFF,
}
_JOIN_REQUEST = dict.fromkeys(
    ("id", "organization", "person", "status", "words", "created_at", "decided_at"), Privacy.PERSONAL
)
_INVITATION = {
    **dict.fromkeys(
        ("id", "organization", "email", "role", "language", "status", "invited_by", "invited_for", "created_at",
         "expires_at", "accepted_by", "accepted_at"),
        Privacy.PERSONAL,
    ),
    "digest": Privacy.INTERNAL,  # of a random word: tells nothing
}  # fmt: skip
_SIGN_IN = {
    **dict.fromkeys(("id", "person", "network", "device", "at"), Privacy.PERSONAL),
    "session_key": Privacy.INTERNAL,
}


def register_all() -> None:
    """Register organizations, persons, and what stands between them."""
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
    register(Noun("application", models.Application, _APPLICATION, visible_to=queries.applications_visible_to))
    register(Noun("join_request", models.JoinRequest, _JOIN_REQUEST, visible_to=queries.join_requests_visible_to))
    register(Noun("invitation", models.Invitation, _INVITATION, visible_to=queries.invitations_visible_to))
    register(Noun("sign_in", models.SignIn, _SIGN_IN, visible_to=queries.sign_ins_visible_to))
