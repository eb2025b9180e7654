"""Words of the room that pages show for codes: outcomes, refusals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import pgettext_lazy

__all__ = ["ARRIVED", "REFUSALS", "Said", "refusal"]


class Said(NamedTuple):
    """How something went. ``tone``: of the note."""

    title: Any
    words: Any = ""
    tone: str = "call"


_GONE = Said(
    pgettext_lazy("arriving", "This invitation counts no more"),
    pgettext_lazy("arriving", "It was used, taken back, or is older than seven days. Ask for a new one."),
)
ARRIVED: Mapping[str, Said] = {
    "founded": Said(
        pgettext_lazy("arriving", "Your organization is registered"),
        pgettext_lazy("arriving", "A coordination centre looks at it, and you get a mail. Until then you can prepare everything; nothing of it is public."),
        "open",
    ),
    "join_open": Said(
        pgettext_lazy("arriving", "Your request was passed on"),
        pgettext_lazy("arriving", "The editors of the organization decide, or a coordination centre where it has none. You get a mail."),
        "open",
    ),
    "join_accepted": Said(
        pgettext_lazy("arriving", "You can act for this organization"),
        pgettext_lazy("arriving", "Your address is that of the organization. From now on its records are yours to keep right."),
        "open",
    ),
    "invited": Said(
        pgettext_lazy("arriving", "You have accepted the invitation"),
        pgettext_lazy("arriving", "The organization now stands in your account."),
        "open",
    ),
    "gone": _GONE,
    "another_address": Said(
        pgettext_lazy("arriving", "The invitation is for another address"),
        pgettext_lazy("arriving", "Sign out, and open the link of the mail again."),
    ),
    "too_many_wait": Said(
        pgettext_lazy("arriving", "Several requests of yours wait already"),
        pgettext_lazy("arriving", "Nothing was added. Wait until they have been decided."),
    ),
    "unknown_organization": Said(
        pgettext_lazy("arriving", "This organization cannot be joined any more"),
        pgettext_lazy("arriving", "Look it up again, or ask your coordination centre."),
    ),
    "unknown_area": Said(pgettext_lazy("arriving", "This area is no longer known"), pgettext_lazy("arriving", "Register the organization again.")),
}  # fmt: skip
REFUSALS: Mapping[str, Any] = {
    "second_person": pgettext_lazy("people, refusal", "You were the first of the two. Somebody else has to be the second."),
    "own_organization": pgettext_lazy("people, refusal", "Nobody decides about an organization they belong to."),
    "other_area": pgettext_lazy("people, refusal", "This organization lies outside your area."),
    "wrong_state": pgettext_lazy("people, refusal", "Somebody was faster. This is how it stands now."),
    "not_curator": pgettext_lazy("people, refusal", "Your role does not reach so far."),
    "reason_missing": pgettext_lazy("people, refusal", "Write a reason: whoever applied reads it."),
    "question_missing": pgettext_lazy("people, refusal", "Write what you want to know."),
    "answer_missing": pgettext_lazy("people, refusal", "Write an answer."),
    "nothing_asked": pgettext_lazy("people, refusal", "There is no open question any more."),
    "email_missing": pgettext_lazy("people, refusal", "Write the address."),
    "email_wrong": pgettext_lazy("people, refusal", "This is no e-mail address."),
    "email_too_long": pgettext_lazy("people, refusal", "This is no e-mail address."),
    "not_approved": pgettext_lazy("people, refusal", "Your organization is not approved yet. After that you can invite others."),
    "role_by_administrator": pgettext_lazy("people, refusal", "This role is given by an administrator."),
    "unknown_role": pgettext_lazy("people, refusal", "Choose a role."),
    "too_many_invitations": pgettext_lazy("people, refusal", "There are too many open invitations. Take one back first, or wait."),
    "by_its_editors": pgettext_lazy("people, refusal", "The organization has editors of its own: they decide."),
    "own_request": pgettext_lazy("people, refusal", "Nobody lets themselves in."),
    "unknown_affiliation": pgettext_lazy("people, refusal", "This role has ended already."),
    "name_missing": pgettext_lazy("people, refusal", "Write a name."),
    "wrong_code": pgettext_lazy("people, refusal", "This is not the code of now. Look at the app again."),
    "there_already": pgettext_lazy("people, refusal", "You have an app already."),
    "too_many": pgettext_lazy("people, refusal", "You have enough passkeys. Take one away first."),
}  # fmt: skip
_NOT_SO = pgettext_lazy("people, refusal", "This could not be done.")


def refusal(reason: str) -> Any:
    """The sentence for the code of a refusal."""
    return REFUSALS.get(reason, _NOT_SO)
