"""People who come by themselves, or by an invitation: what they came for waits in their session until they are in.

They prove their address by a code, whether anybody knows it or not: the page, the mail and the way are the same, so
that nobody learns who has an account. Whoever is known and has a second factor shows that too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from sympolity.kit.actor import Actor
from sympolity.kit.refusals import Refusal
from sympolity.people import acting, actions
from sympolity.people.models import Invitation, Person

__all__ = ["FOUND", "INVITED", "JOIN", "Arrival", "begin", "finished", "forget", "inviter_of"]

_KEY = "arriving"
FOUND, JOIN, INVITED = "found", "join", "invited"


class Arrival(LoginCodeVerificationProcess):
    """The code for an address, also one that nobody has yet."""

    def send_by_email(self, email: str, skip_enumeration_mails: bool = False) -> None:  # noqa: ARG002 - its signature
        context = {"request": self.request, "code": self.generate_code()}
        get_adapter().send_mail("account/email/login_code", email, context)

    def finish(self, redirect_url: str | None) -> HttpResponse:
        if self.user is None:
            came = self.request.session.get(_KEY) or {}
            # Somebody shut out in the meantime is not let in by another door.
            self._user = actions.admit(
                email=self.state["email"], name=str(came.get("name", "")), language=str(came.get("language", "en"))
            )
        response: HttpResponse = super().finish(redirect_url)
        return response


def begin(request: HttpRequest, email: str, came: Mapping[str, Any]) -> bool:
    """Send a code to ``email`` and keep what they came for; False when there were too many tries for it.

    Raises OSError when the mail cannot go out.
    """
    if not ratelimit.consume(request, action="request_login_code", key=email):
        return False
    users = filter_users_by_email(email, prefer_verified=True, for_login=True)
    user = users[0] if users else None
    request.session[_KEY] = dict(came)
    login = Login(user=user, email=email)
    login.state["stages"] = {"current": LoginByCodeStage.key}
    stage = LoginByCodeStage(LoginStageController(request, login), request, login)
    stage.state.update(Arrival.initial_state(user=user, email=email) | {"initiated_by_user": True, "arriving": True})
    process = Arrival(stage)
    process.send()
    process.persist()
    return True


def forget(request: HttpRequest) -> None:
    """Whoever only wants to sign in did not come for what they once began."""
    request.session.pop(_KEY, None)


def finished(request: HttpRequest, person: Person) -> HttpResponse | None:
    """Do what they came for, now that they are in; the page that says how it went. None: they only signed in."""
    came = request.session.pop(_KEY, None)
    if not isinstance(came, dict):
        return None
    actor = Actor(person=person.pk)
    try:
        outcome = _DONE[came["what"]](actor, came)
    except Refusal as refusal:
        outcome = refusal.reason
    request.session["arrived"] = outcome
    return HttpResponseRedirect(reverse("account_arrived"))


def _found(actor: Actor, came: Mapping[str, Any]) -> str:
    said = came["organization"]
    organization = actions.OrganizationItem(**said | {"area": UUID(said["area"])})
    item = actions.FoundingItem(
        organization=organization, offers_housing=came["offers_housing"], offers_work=came["offers_work"],
        words=came["words"],
    )  # fmt: skip
    actions.found_organizations(actor=actor, items=[item])
    return "founded"


def _join(actor: Actor, came: Mapping[str, Any]) -> str:
    state = actions.ask_to_join(actor=actor, organization=UUID(came["organization"]), words=came["words"])
    return f"join_{state}"


def _invited(actor: Actor, came: Mapping[str, Any]) -> str:
    row = Invitation.objects.filter(id=came["invitation"]).first()
    actions.accept_invitation(actor=actor, id=UUID(came["invitation"]), inviter=inviter_of(row))
    return "invited"


def inviter_of(row: Invitation | None) -> Actor:
    """Who invited, as they are today."""
    if row is None or row.invited_by_id is None:
        return Actor()
    return acting.actor_for(row.invited_by_id, str(row.invited_for or ""))


_DONE = {FOUND: _found, JOIN: _join, INVITED: _invited}
