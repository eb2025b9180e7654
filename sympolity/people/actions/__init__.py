"""Verbs of the room. All take lists, all write the trail in their own transaction."""

from sympolity.people.actions.organizations import (
    OrganizationItem,
    approve_organizations,
    close_organizations,
    register_organizations,
    suspend_organizations,
)
from sympolity.people.actions.persons import (
    AffiliationItem,
    PersonItem,
    enrol_persons,
    note_sign_in,
    revoke_affiliations,
)
from sympolity.people.actions.statements import (
    StatementItem,
    publish_statements,
    record_statements,
    withdraw_statements,
)

__all__ = [
    "AffiliationItem",
    "OrganizationItem",
    "PersonItem",
    "StatementItem",
    "approve_organizations",
    "close_organizations",
    "enrol_persons",
    "note_sign_in",
    "publish_statements",
    "record_statements",
    "register_organizations",
    "revoke_affiliations",
    "suspend_organizations",
    "withdraw_statements",
]
