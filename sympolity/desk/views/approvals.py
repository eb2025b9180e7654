"""Organizations that ask to take part, and people who ask to act for one that has nobody: looked at and decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from sympolity.desk.gate import actor_of, only
from sympolity.desk.paging import part_of
from sympolity.kit.actor import Actor, Role
from sympolity.kit.refusals import Refusal
from sympolity.languages.models import Text
from sympolity.people import actions, queries, rules
from sympolity.people.domains import PUBLIC, domain_of
from sympolity.people.enums import OrganizationKind, OrganizationState, RequestState
from sympolity.people.lookalike import look_alikes
from sympolity.people.models import Application, JoinRequest, Organization
from sympolity.people.words import refusal

__all__ = ["approval", "approvals", "requests_waiting", "waiting"]

_SIZE = 20
_SHOWN = 10  # look-alikes


def waiting(actor: Actor) -> QuerySet[Organization]:
    """Organizations that wait for the actor's decision: pending ones in their areas."""
    rows = queries.organizations_visible_to(actor).filter(status=OrganizationState.PENDING)
    areas = actor.areas_of(Role.CURATOR)
    if actor.has(Role.ADMINISTRATOR) or areas is None:
        return rows
    return rows.filter(_inside(areas, ""))


def requests_waiting(actor: Actor) -> QuerySet[JoinRequest]:
    """People who ask to act for an organization in the actor's areas that nobody acts for yet."""
    rows = queries.join_requests_visible_to(actor).filter(
        status=RequestState.OPEN, organization__status=OrganizationState.APPROVED
    )
    areas = actor.areas_of(Role.CURATOR)
    if not actor.has(Role.ADMINISTRATOR) and areas is not None:
        rows = rows.filter(_inside(areas, "organization__"))
    owned = queries.in_force().filter(role=Role.EDITOR).values("organization_id")
    rows = rows.exclude(organization_id__in=owned)
    return rows.exclude(person_id=actor.person) if actor.person else rows


def _inside(areas: frozenset[UUID], before: str) -> Q:
    """In one of ``areas``, or in what lies in it: as ``queries.AROUND`` reaches."""
    found = Q()
    path = f"{before}area"
    for _ in range(4):
        found |= Q(**{f"{path}_id__in": areas})
        path += "__parent"
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@only(Role.CURATOR, Role.ADMINISTRATOR)
def approvals(request: HttpRequest) -> HttpResponse:
    """Who waits. By POST a request to join is decided."""
    actor, errors = actor_of(request), []
    if request.method == "POST":
        try:
            _decide(actor, request)
            return HttpResponseRedirect(reverse("desk_approvals"))
        except Refusal as refused:
            errors.append({"id": "requests", "text": refusal(refused.reason)})
    rows = waiting(actor).select_related("application").order_by("created_at", "id")
    requests = requests_waiting(actor).select_related("person", "organization").order_by("created_at", "id")
    part = part_of(request, rows, _SIZE)
    names = _area_names(request)
    context = {
        "part": part, "rows": [(one, names.get(str(one.area_id), "")) for one in part.rows], "requests": requests[:_SIZE], "errors": errors,
    }  # fmt: skip
    return render(request, "desk/approvals.html", context)


def _area_names(request: HttpRequest) -> dict[str, str]:
    """What municipalities are called, in the language of the page."""
    return dict(queries.area_choices(getattr(request, "LANGUAGE_CODE", "en")))


def _decide(actor: Actor, request: HttpRequest) -> None:
    verb, one = request.POST.get("verb", ""), _uuid(request.POST.get("id", ""))
    if one and verb in {"accept", "decline"} and requests_waiting(actor).filter(id=one).exists():
        actions.decide_requests(actor=actor, ids=[one], accept=verb == "accept")


def _uuid(said: str) -> UUID | None:
    try:
        return UUID(said[:40])
    except ValueError:
        return None


_VERBS: Mapping[str, Callable[..., int]] = {
    "vouch": lambda actor, ids, words: actions.approve_organizations(actor=actor, ids=ids, note=words),
    "approve": lambda actor, ids, words: actions.approve_organizations(actor=actor, ids=ids, note=words),
    "ask": lambda actor, ids, words: actions.ask_organizations(actor=actor, ids=ids, question=words),
    "decline": lambda actor, ids, words: actions.decline_organizations(actor=actor, ids=ids, reason=words),
}


@require_http_methods(["GET", "HEAD", "POST"])
@only(Role.CURATOR, Role.ADMINISTRATOR)
def approval(request: HttpRequest, id: UUID) -> HttpResponse:
    """One of them: what it says of itself, what looks odd, and the buttons that the actor may press."""
    actor, errors = actor_of(request), []
    organization = waiting(actor).select_related(queries.AROUND).filter(id=id).first()
    if organization is None:
        raise Http404
    verb, words = request.POST.get("verb", ""), request.POST.get("words", "")[:4000]
    if request.method == "POST" and verb in _VERBS:
        try:
            _VERBS[verb](actor=actor, ids=[id], words=words)
        except Refusal as refused:
            errors.append({"id": "words", "text": refusal(refused.reason)})
        else:
            return HttpResponseRedirect(reverse("desk_approvals"))
    application = Application.objects.select_related("applicant", "vouched_by").filter(organization_id=id).first()
    facts = queries.facts(organization, application)
    context = {
        "one": organization, "area": _area_names(request).get(str(organization.area_id), ""), "application": application, "second": facts.second, "errors": errors, "words": words,
        "kind": dict(OrganizationKind.choices)[organization.kind], "verbs": rules.FLOW.verbs(actor, organization.status, facts),
        "alike": _alike(organization), "free_mail": _free_mail(application), "mine": facts.vouched_by == actor.person,
    }  # fmt: skip
    return render(request, "desk/approval.html", context)


def _alike(organization: Organization) -> list[Organization]:
    """Known organizations that could be taken for this one, or the other way round."""
    texts = list(Text.objects.filter(noun="organization", field="name").values_list("noun_id", "body"))
    names = [organization.name, *(body for one, body in texts if one == organization.id)]
    others = Organization.objects.exclude(id=organization.id)
    known = [*others.values_list("id", "name"), *(row for row in texts if row[0] != organization.id)]
    found = look_alikes(names, known)[:_SHOWN]
    rows = others.in_bulk(found)
    return [rows[one] for one in found if one in rows]


def _free_mail(application: Application | None) -> bool:
    """Whether the applicant's address is one that anybody can have."""
    return bool(application and application.applicant and domain_of(application.applicant.email) in PUBLIC)
