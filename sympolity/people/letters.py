"""Letters of this room to people who work with us, and the one door through which they leave.

Codes for signing in are none of them: they go at once (``sign_in.Adapter``).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, pgettext

from sympolity.post import actions as post
from sympolity.post import kinds
from sympolity.post.letters import Button, Letter
from sympolity.trail.journal import Journal

__all__ = ["register_all", "send"]

Facts = Mapping[str, Any]


def send(
    t: Journal, *, kind: str, to: str, language: str, facts: Facts, noun: str = "", noun_id: UUID | None = None
) -> None:
    """Write a letter of one of the kinds below, inside an action: it leaves when the action was written."""
    outgoing = post.Outgoing(kind=f"people_{kind}", to=to, lang=language, facts=facts, noun=noun, noun_id=noun_id)
    post.send(t, [outgoing])


def _account(label: str) -> Button:
    return Button(label, f"/{get_language()}/account/")


def _approved(facts: Facts) -> Letter:
    return Letter(
        pgettext("mail to an organization", "Your organization was approved"),
        (
            pgettext("mail to an organization", "Your organization now takes part:"),
            str(facts["organization"]),
            pgettext("mail to an organization", "What you write about your services can now become public."),
            _account(pgettext("mail to an organization", "Go to your account")),
        ),
    )


def _asked(facts: Facts) -> Letter:
    return Letter(
        pgettext("mail to an organization", "A question before your organization can take part"),
        (
            str(facts["organization"]),
            pgettext("mail to an organization", "A coordination centre asks:"),
            str(facts["question"]),
            _account(pgettext("mail to an organization", "Sign in and answer")),
        ),
    )


def _declined(facts: Facts) -> Letter:
    return Letter(
        pgettext("mail to an organization", "Your organization was not approved"),
        (
            str(facts["organization"]),
            pgettext("mail to an organization", "A coordination centre has decided so, for this reason:"),
            str(facts["reason"]),
        ),
    )


def _invitation(facts: Facts) -> Letter:
    return Letter(
        pgettext("mail with an invitation", "An invitation to work together"),
        (
            pgettext("mail with an invitation", "You were invited to act on this site for:"),
            str(facts["organization"]),
            pgettext("mail with an invitation", "The invitation counts for seven days and once. If you do not know why you get it, do nothing."),
            Button(pgettext("mail with an invitation", "Look at the invitation"), str(facts["path"])),
        ),
    )  # fmt: skip


def _wants_to_join(facts: Facts) -> Letter:
    return Letter(
        pgettext("mail to an organization", "Somebody wants to act for your organization"),
        (
            str(facts["organization"]),
            pgettext("mail to an organization", "Let in only people you know. Who asks, and from which address, stands on the page of your team."),
            Button(pgettext("mail to an organization", "Go to your team"), f"/{get_language()}/desk/team/"),
        ),
    )  # fmt: skip


def _let_in(facts: Facts) -> Letter:
    return Letter(
        pgettext("mail to a person", "You can now act for an organization"),
        (str(facts["organization"]), _account(pgettext("mail to an organization", "Go to your account"))),
    )


def _not_let_in(facts: Facts) -> Letter:
    return Letter(
        pgettext("mail to a person", "An organization did not let you in"),
        (str(facts["organization"]), pgettext("mail to a person", "If that is a mistake, ask the people you know there.")),
    )  # fmt: skip


def _factor(what: str, _: Facts) -> Letter:
    words = {
        "added": pgettext("mail about safety", "A second factor was added to your account"),
        "removed": pgettext("mail about safety", "A second factor was taken from your account"),
        "codes": pgettext("mail about safety", "New recovery codes were made for your account"),
        "forgotten": pgettext("mail about safety", "An administrator took the second factors from your account"),
    }
    return Letter(
        words[what],
        (
            pgettext("mail about safety", "If it was you, or you asked for it, do nothing."),
            pgettext(
                "mail about safety", "If not: sign in, end all other sign-ins, and tell your coordination centre."
            ),
            _account(pgettext("mail to an organization", "Go to your account")),
        ),
    )


def register_all() -> None:
    """Register the kinds of this room."""
    asking = {"asked": _asked, "invitation": _invitation, "wants_to_join": _wants_to_join}
    telling = {"approved": _approved, "declined": _declined, "let_in": _let_in, "not_let_in": _not_let_in}
    telling |= {f"factor_{one}": partial(_factor, one) for one in ("added", "removed", "codes", "forgotten")}
    for name, compose in asking.items():
        kinds.register(kinds.Kind(f"people_{name}", compose, asks=True))
    for name, compose in telling.items():
        kinds.register(kinds.Kind(f"people_{name}", compose))
