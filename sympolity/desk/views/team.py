"""My team: who acts for my organization, since when and as what; who is invited; who asks to come in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from sympolity.desk.gate import actor_of, only
from sympolity.kit import clock
from sympolity.kit.actor import Actor, Role
from sympolity.kit.refusals import Refusal
from sympolity.people import actions, queries, rules
from sympolity.people.enums import ROLE_WORDS, InvitationState, RequestState
from sympolity.people.forms import InviteForm
from sympolity.people.models import Affiliation, Organization
from sympolity.people.words import refusal

__all__ = ["team"]

_SIZE = 200


@require_http_methods(["GET", "HEAD", "POST"])
@only(*(role for role in Role if role != Role.SYSTEM))
def team(request: HttpRequest) -> HttpResponse:
    """The list, with what the reader may do to it; a deed by POST."""
    actor = actor_of(request)
    one = queries.acted_for(actor)
    if one is None:
        raise Http404
    facts = queries.facts(one)
    roles = [role for role in Role if rules.may_invite(actor, role, facts)]
    inviting = request.method == "POST" and request.POST.get("verb") == "invite"
    form = InviteForm(
        request.POST if inviting else None, roles=roles, initial={"language": getattr(request, "LANGUAGE_CODE", "en")}
    )
    errors = []
    if request.method == "POST":
        try:
            if _done(request, actor, one, form):
                return HttpResponseRedirect(_next(request, actor))
        except Refusal as refused:
            errors.append({"id": form["email"].id_for_label if inviting else "", "text": refusal(refused.reason)})
    context = {
        "one": one, "form": form, "may_invite": bool(roles),
        "errors": [*errors, *_errors(form)],
        "members": _members(actor, one, facts), "invitations": _invitations(actor, one), "requests": _requests(actor, one),
    }  # fmt: skip
    return render(request, "desk/team.html", context)


def _done(request: HttpRequest, actor: Actor, one: Organization, form: InviteForm) -> bool:
    verb, wanted = request.POST.get("verb", ""), _uuid(request.POST.get("id", ""))
    if verb == "invite":
        if not form.is_valid():
            return False
        said = form.cleaned_data
        actions.invite(
            actor=actor, organization=one.id, emails=[said["email"]], role=said["role"], language=said["language"]
        )
    elif (
        wanted and verb == "end" and queries.affiliations_visible_to(actor).filter(id=wanted, organization=one).exists()
    ):
        actions.revoke_affiliations(actor=actor, ids=[wanted])
    elif wanted and verb == "withdraw":
        actions.withdraw_invitations(actor=actor, ids=[wanted])
    elif wanted and verb in {"accept", "decline"} and _requests(actor, one).filter(id=wanted).exists():
        actions.decide_requests(actor=actor, ids=[wanted], accept=verb == "accept")
    return True


def _next(request: HttpRequest, actor: Actor) -> str:
    """Whoever has ended their own last role has no team any more."""
    stays = queries.stands_in(actor.person, actor.acting_for)
    return reverse("desk_team" if stays else "account_login")


def _members(actor: Actor, one: Organization, facts: rules.OrganizationFacts) -> list[dict[str, Any]]:
    rows = queries.affiliations_visible_to(actor).filter(organization=one).select_related("person")
    found = list(rows.order_by("since", "id")[:_SIZE])
    today = clock.local_today()
    return [
        {
            "row": row,
            "role": ROLE_WORDS.get(Role(row.role), row.role),
            "over": row.until is not None and row.until < today,
            "me": row.person_id == actor.person,
            "may_end": (row.until is None or row.until >= today) and _may_end(actor, row, facts),
        }
        for row in found
    ]


def _may_end(actor: Actor, row: Affiliation, facts: rules.OrganizationFacts) -> bool:
    return bool(rules.may_end(actor, row.person_id, Role(row.role), facts, everywhere=row.everywhere))


def _invitations(actor: Actor, one: Organization) -> list[dict[str, Any]]:
    rows = queries.invitations_visible_to(actor).filter(
        organization=one, status=InvitationState.OPEN, expires_at__gt=clock.now()
    )
    found = rows.order_by("created_at", "id")[:_SIZE]
    return [{"row": row, "role": ROLE_WORDS.get(Role(row.role), row.role)} for row in found]


def _requests(actor: Actor, one: Organization) -> Any:
    rows = queries.join_requests_visible_to(actor).filter(organization=one, status=RequestState.OPEN)
    if actor.person:
        rows = rows.exclude(person_id=actor.person)
    return rows.select_related("person").order_by("created_at", "id")


def _uuid(said: str) -> UUID | None:
    try:
        return UUID(said[:40])
    except ValueError:
        return None


def _errors(form: InviteForm) -> list[dict[str, str]]:
    return [{"id": form[name].id_for_label, "text": str(text)} for name, texts in form.errors.items() for text in texts]
