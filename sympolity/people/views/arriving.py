"""The pages for people who come for the first time: register an organization, ask to join one, an invitation."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, cast

from allauth.core import ratelimit
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from sympolity.kit import clock
from sympolity.kit.actor import Actor, Role
from sympolity.kit.bidi import clean_line
from sympolity.people import arriving, queries, rules
from sympolity.people.actions.inviting import digest_of
from sympolity.people.enums import ROLE_WORDS, InvitationState
from sympolity.people.forms import FoundForm, JoinForm, PersonForm
from sympolity.people.models import Invitation, Person
from sympolity.people.words import ARRIVED

__all__ = ["arrived", "begin", "found", "invitation", "join"]

logger = logging.getLogger("sympolity.sign_in")
_page_with_form = require_http_methods(["GET", "HEAD", "POST"])
_LISTED = 20


@require_safe
@never_cache
def begin(request: HttpRequest) -> HttpResponse:
    """The two ways to come in."""
    return render(request, "people/begin.html")


@_page_with_form
@never_cache
def found(request: HttpRequest) -> HttpResponse:
    """Register an organization, with oneself as its first editor."""
    form = FoundForm(request.POST or None, lang=_lang(request))
    return _came(request, form, "people/found.html", arriving.FOUND)


@_page_with_form
@never_cache
def join(request: HttpRequest) -> HttpResponse:
    """Look an organization up, and ask to act for it."""
    wanted = clean_line(request.GET.get("q", ""), 100)
    found = queries.found_by_name(wanted, _LISTED) if wanted else []
    form = JoinForm(request.POST or None, initial={"organization": request.GET.get("organization", "")[:40]})
    chosen = queries.joinable().filter(id__in=_ids(form)).first()
    context = {"wanted": wanted, "found": found, "most": _LISTED, "chosen": chosen}
    return _came(request, form, "people/join.html", arriving.JOIN, context)


def _ids(form: JoinForm) -> list[Any]:
    said = form.data.get("organization", "") if form.is_bound else form.initial.get("organization", "")
    try:
        return [form.fields["organization"].clean(str(said))]
    except Exception:  # noqa: BLE001 - whatever is no id names nothing
        return []


def _came(request: HttpRequest, form: Any, template: str, what: str, context: Mapping[str, Any] | None = None) -> HttpResponse:  # fmt: skip
    """The page of ``form``; sent and right, the code page, or the outcome for whoever is in already."""
    known = request.user.is_authenticated
    person = PersonForm(request.POST or None)
    status, unsent = 200, False
    if request.method == "POST":
        right = form.is_valid() & (known or person.is_valid())
        if right and known:
            request.session["arriving"] = form.came() | {"what": what}
            return arriving.finished(request, cast("Person", request.user)) or HttpResponseRedirect(_home())
        if right:
            came = form.came() | {"what": what, "name": person.cleaned_data["name"], "language": _lang(request)}
            sent = _sent(request, person.cleaned_data["email"], came)
            if sent is True:
                return HttpResponseRedirect(reverse("account_confirm_login_code"))
            status, unsent = (503, True) if sent is None else (429, False)
            if sent is False:
                person.add_error("email", pgettext("sign-in", "Too many tries for this address. Wait a few minutes."))
    shown = {"form": form, "person": None if known else person, "unsent": unsent, "errors": _errors(form, person)}
    return render(request, template, {**shown, **(context or {})}, status=status)


def _sent(request: HttpRequest, email: str, came: Mapping[str, Any]) -> bool | None:
    """True: a code is on its way. False: too often. None: the mail could not go out."""
    if not ratelimit.consume(request, action="signup"):
        return False
    try:
        return arriving.begin(request, email, came)
    except (OSError, ValueError) as error:
        logger.error("a sign-in mail could not be sent: %s", type(error).__name__)  # noqa: TRY400 - no address in logs
        arriving.forget(request)
        return None


def _errors(*forms: Any) -> list[dict[str, str]]:
    return [
        {"id": form[name].id_for_label if name in form.fields else "", "text": str(text)}
        for form in forms
        if form.is_bound
        for name, texts in form.errors.items()
        for text in texts
    ]


@require_safe
@never_cache
def arrived(request: HttpRequest) -> HttpResponse:
    """How it went, after the code."""
    if not request.user.is_authenticated:
        return HttpResponseRedirect(_home())
    said = ARRIVED.get(request.session.get("arrived", ""))
    if said is None:
        return HttpResponseRedirect(_home())
    return render(request, "people/arrived.html", {"said": said, "lacks_factor": request.actor.lacks_factor})  # type: ignore[attr-defined]


@_page_with_form
@never_cache
def invitation(request: HttpRequest, word: str) -> HttpResponse:
    """What is offered. Opening it changes nothing: readers of mail open links by themselves."""
    row = Invitation.objects.filter(digest=digest_of(word)).select_related(f"organization__{queries.AROUND}").first()
    if row is None:
        raise Http404
    open_ = row.status == InvitationState.OPEN and row.expires_at > clock.now() and _may_still(row)
    known = request.user.is_authenticated
    other = known and cast("Person", request.user).email.lower() != row.email
    person = PersonForm(_with_address(request, row) if request.method == "POST" else None)
    unsent = late = False
    if request.method == "POST" and open_ and not other:
        came = {"what": arriving.INVITED, "invitation": str(row.id)}
        if known:
            request.session["arriving"] = came
            return arriving.finished(request, cast("Person", request.user)) or HttpResponseRedirect(_home())
        if person.is_valid():
            sent = _sent(request, row.email, came | {"name": person.cleaned_data["name"], "language": _lang(request)})
            if sent is True:
                return HttpResponseRedirect(reverse("account_confirm_login_code"))
            unsent, late = sent is None, sent is False
    context = {
        "row": row, "open": open_, "other": other, "person": None if known else person, "unsent": unsent, "late": late,
        "role": ROLE_WORDS.get(Role(row.role), row.role), "errors": _errors(person),
    }  # fmt: skip
    return render(request, "people/invitation.html", context, status=503 if unsent else 429 if late else 200)


def _with_address(request: HttpRequest, row: Invitation) -> dict[str, str]:
    """The form as it was sent, with the address that was invited: nobody takes it for another one."""
    return {"name": request.POST.get("name", ""), "email": row.email}


def _may_still(row: Invitation) -> bool:
    inviter: Actor = arriving.inviter_of(row)
    return bool(rules.may_invite(inviter, Role(row.role), queries.facts(row.organization)))


def _lang(request: HttpRequest) -> str:
    return str(getattr(request, "LANGUAGE_CODE", "en"))


def _home() -> str:
    return reverse("account_login")
