"""Verbs of the room. All take lists, all write the trail in their own transaction."""

from sympolity.people.actions.approving import (
    approve_organizations,
    ask_organizations,
    decline_organizations,
)
from sympolity.people.actions.factors import (
    add_passkey,
    equip_examples,
    forget_factors,
    new_recovery_codes,
    prove,
    remove_factor,
    set_up_app,
)
from sympolity.people.actions.founding import (
    FoundingItem,
    admit,
    answer_curator,
    ask_to_join,
    decide_requests,
    found_organizations,
)
from sympolity.people.actions.inviting import accept_invitation, invite, withdraw_invitations
from sympolity.people.actions.organizations import (
    OrganizationItem,
    close_organizations,
    register_organizations,
    suspend_organizations,
)
from sympolity.people.actions.persons import (
    AffiliationItem,
    PersonItem,
    enrol_persons,
    revoke_affiliations,
)
from sympolity.people.actions.sessions import (
    end_other_sign_ins,
    end_sign_ins,
    forget_old_sign_ins,
    note_sign_in,
)
from sympolity.people.actions.statements import (
    StatementItem,
    publish_statements,
    record_statements,
    withdraw_statements,
)

__all__ = [
    "AffiliationItem",
    "FoundingItem",
    "OrganizationItem",
    "PersonItem",
    "StatementItem",
    "accept_invitation",
    "add_passkey",
    "admit",
    "answer_curator",
    "approve_organizations",
    "ask_organizations",
    "ask_to_join",
    "close_organizations",
    "decide_requests",
    "decline_organizations",
    "end_other_sign_ins",
    "end_sign_ins",
    "enrol_persons",
    "equip_examples",
    "forget_factors",
    "forget_old_sign_ins",
    "found_organizations",
    "invite",
    "new_recovery_codes",
    "note_sign_in",
    "prove",
    "publish_statements",
    "record_statements",
    "register_organizations",
    "remove_factor",
    "revoke_affiliations",
    "set_up_app",
    "suspend_organizations",
    "withdraw_invitations",
    "withdraw_statements",
]
