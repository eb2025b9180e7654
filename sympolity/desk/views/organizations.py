"""My organization: what it says of itself, how it stands, and what a curator asks before approving it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from sympolity.desk.gate import actor_of, only
from sympolity.kit.actor import Actor, Role
from sympolity.kit.refusals import Refusal
from sympolity.people import actions, queries, rules
from sympolity.people.forms import OrganizationForm
from sympolity.people.models import Application, Organization
from sympolity.people.words import refusal

__all__ = ["organization"]

_SAID = ("name", "lang", "kind", "description", "phone", "email", "url")


@require_http_methods(["GET", "HEAD", "POST"])
@only(*(role for role in Role if role != Role.SYSTEM))
def organization(request: HttpRequest) -> HttpResponse:
    """Facts, state, and for editors the form to change them or to answer."""
    actor = actor_of(request)
    one = queries.acted_for(actor)
    if one is None:
        raise Http404
    application = queries.applications_visible_to(actor).filter(organization=one).first()
    form, errors = _form(request, one), []
    if request.method == "POST":
        try:
            if _done(request, actor, one, form):
                return HttpResponseRedirect(reverse("desk_organization"))
        except Refusal as refused:
            errors.append({"id": "answer" if "answer" in request.POST else "", "text": refusal(refused.reason)})
    context = {
        "one": one, "form": form, "errors": [*errors, *_errors(form)], "application": application,
        "may_change": bool(rules.may_change_organization(actor, queries.facts(one), frozenset({"name"}))),
        "may_answer": bool(_asked(application) and rules.FLOW.may(actor, one.status, "answer", queries.facts(one))),
        "answer": request.POST.get("answer", ""),
    }  # fmt: skip
    return render(request, "desk/organization.html", context)


def _form(request: HttpRequest, one: Organization) -> OrganizationForm:
    initial = {name: getattr(one, name) for name in _SAID} | {"area": str(one.area_id or "")}
    sent = request.POST if request.method == "POST" and "answer" not in request.POST else None
    form = OrganizationForm(sent, initial=initial, lang=getattr(request, "LANGUAGE_CODE", "en"))
    # What it is was approved with it, and where it lies says who oversees it: a curator changes both.
    for name in ("kind", "area"):
        del form.fields[name]
    return form


def _done(request: HttpRequest, actor: Actor, one: Organization, form: OrganizationForm) -> bool:
    if "answer" in request.POST:
        actions.answer_curator(actor=actor, organization=one.id, answer=request.POST["answer"][:10_000])
        return True
    if not form.is_valid():
        return False
    said: dict[str, Any] = {name: form.cleaned_data[name] for name in _SAID if name != "kind"}
    known = {field.name for field in fields(actions.OrganizationItem)} - {"texts", "provenance", "keep", "id", "area"}
    rest = {name: getattr(one, name) for name in known - set(said)}
    area: UUID | None = one.area_id
    item = actions.OrganizationItem(id=one.id, area=area, **{**rest, **said})
    actions.register_organizations(actor=actor, items=[item])
    return True


def _asked(application: Application | None) -> bool:
    return bool(application and application.question and application.answered_at is None)


def _errors(form: OrganizationForm) -> list[dict[str, str]]:
    return [{"id": form[name].id_for_label, "text": str(text)} for name, texts in form.errors.items() for text in texts]
