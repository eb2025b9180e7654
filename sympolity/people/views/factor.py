"""The second factor: setting it up, showing it at sign-in, recovery codes, taking it away. Passkeys need script."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import record_authentication
from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sympolity.kit.actor import Actor
from sympolity.kit.refusals import Refusal
from sympolity.people import actions, factors
from sympolity.people.forms import latin_digits
from sympolity.people.models import Person
from sympolity.people.words import refusal

__all__ = ["add_app", "add_passkey", "codes", "index", "proof", "remove"]

_page_with_form = require_http_methods(["GET", "HEAD", "POST"])
_SALT = "sympolity.people.factor"
_SECRET_LASTS = 3600  # seconds between the picture and the first code
View = Callable[..., HttpResponse]


def _signed_in(view: View) -> View:
    """For whoever is signed in; others come back after signing in. Never kept by anybody."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': request.path})}")
        return view(request, *args, **kwargs)

    return never_cache(inner)


@require_safe
@_signed_in
def index(request: HttpRequest) -> HttpResponse:
    """What there is, and what to do."""
    return _index(request)


def _index(request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
    rows = list(Authenticator.objects.filter(user=_person(request)).order_by("created_at"))
    context = {
        "app": next((row for row in rows if row.type == Authenticator.Type.TOTP), None),
        "passkeys": [(row, row.wrap().name) for row in rows if row.type == Authenticator.Type.WEBAUTHN],
        "left": next((_left(row) for row in rows if row.type == Authenticator.Type.RECOVERY_CODES), 0),
        "lacks_factor": request.actor.lacks_factor,  # type: ignore[attr-defined]
        "next": _safe_next(request),
        **more,
    }
    return render(request, "people/factor.html", context, status=status)


def _left(row: Authenticator) -> int:
    return 10 - int(row.data.get("used_mask", 0)).bit_count()


@_page_with_form
@_signed_in
def add_app(request: HttpRequest) -> HttpResponse:
    """An app that shows a code every half minute. The secret travels in the form, signed for this person."""
    person = _person(request)
    if Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists():
        return _to_index(request)
    secret, errors = _carried(request, person), []
    if request.method == "POST" and secret:
        try:
            fresh = actions.set_up_app(actor=Actor(person=person.pk), secret=secret, code=_code(request))
        except Refusal as refused:
            errors.append({"id": "code", "text": refusal(refused.reason)})
        else:
            return _added(request, fresh)
    secret = secret or factors.new_secret()
    carried = signing.dumps([str(person.pk), secret], salt=_SALT)
    context = {
        "carried": carried, "spelled": factors.spelled(secret), "picture": factors.picture(person, secret),
        "errors": errors, "next": _safe_next(request),
    }  # fmt: skip
    return render(request, "people/factor_app.html", context)


def _carried(request: HttpRequest, person: Person) -> str:
    """The secret of the form, if it was made for this person within the hour; else ""."""
    try:
        owner, secret = signing.loads(request.POST.get("carried", "")[:400], salt=_SALT, max_age=_SECRET_LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(secret) if owner == str(person.pk) else ""


def _added(request: HttpRequest, fresh: list[str]) -> HttpResponse:
    """After a first factor whoever else is signed in as this person has to come in anew, with it."""
    key = request.session.session_key or ""
    actions.end_other_sign_ins(actor=Actor(person=_person(request).pk), session_key=key)
    if not fresh:
        return _to_index(request)
    return _shown(request, fresh)


def _shown(request: HttpRequest, fresh: list[str]) -> HttpResponse:
    return render(request, "people/recovery_codes.html", {"codes": fresh, "next": _safe_next(request)})


@_page_with_form
@_signed_in
def add_passkey(request: HttpRequest) -> HttpResponse:
    """A passkey: made by the browser, so script has to run. Whoever has a factor already shows it first."""
    person = _person(request)
    has = _has_factor(person)
    errors = []
    if request.method == "POST":
        form = AddWebAuthnForm(user=person, data={"name": request.POST.get("name", "")[:60], "credential": request.POST.get("credential", "")[:20_000]})  # fmt: skip
        if has and not _proved(request, person):
            errors.append({"id": "code", "text": _wrong_code(request, person)})
        elif _well(form):
            actor = Actor(person=person.pk)
            try:
                return _added(
                    request,
                    actions.add_passkey(
                        actor=actor, name=form.cleaned_data["name"], credential=form.cleaned_data["credential"]
                    ),
                )
            except Refusal as refused:
                errors.append({"id": "name", "text": refusal(refused.reason)})
        else:
            errors.append({"id": "name", "text": pgettext("second factor", "The browser made no passkey. Try again.")})
    context = {
        "options": json.dumps(webauthn.begin_registration(person, False), default=dict),
        "has": has, "errors": errors, "next": _safe_next(request),
    }  # fmt: skip
    return render(request, "people/factor_passkey.html", context)


@_page_with_form
@_signed_in
def codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, for whoever shows a factor now. They are shown once."""
    person = _person(request)
    if request.method != "POST" or not _has_factor(person):
        return _to_index(request)
    if not _proved(request, person):
        return _index(request, errors=[{"id": "code", "text": _wrong_code(request, person)}])
    return _shown(request, actions.new_recovery_codes(actor=Actor(person=person.pk)))


@require_POST
@_signed_in
def remove(request: HttpRequest) -> HttpResponse:
    """Take an app or a passkey away, for whoever shows a factor now."""
    person = _person(request)
    if not _proved(request, person):
        return _index(request, errors=[{"id": "code", "text": _wrong_code(request, person)}])
    number = request.POST.get("factor", "")
    try:
        if number.isascii() and number.isdigit() and len(number) < 10:
            actions.remove_factor(actor=Actor(person=person.pk), id=int(number))
    except Refusal:
        pass  # sent twice: it is gone already
    return _to_index(request)


@_page_with_form
@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")  # type: ignore[untyped-decorator]
def proof(request: HttpRequest) -> HttpResponse:
    """The second step of signing in: a code of the app, a recovery code, or a passkey."""
    stage = request._login_stage  # type: ignore[attr-defined]  # noqa: SLF001 - where the library keeps it
    person: Person = stage.login.user
    passkeys = Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN).exists()
    errors = []
    if request.method == "POST":
        if "credential" in request.POST:
            form = AuthenticateWebAuthnForm(user=person, data={"credential": request.POST["credential"][:20_000]})
            if _well(form):
                form.save()
                return cast("HttpResponse", stage.exit())
            errors.append({"id": "code", "text": _wrong_passkey(request, person)})
        elif _proved(request, person):
            return cast("HttpResponse", stage.exit())
        else:
            errors.append({"id": "code", "text": _wrong_code(request, person)})
    options = json.dumps(webauthn.begin_authentication(person), default=dict) if passkeys else ""
    return render(request, "people/proof.html", {"errors": errors, "options": options, "passkeys": passkeys})


def _well(form: Any) -> bool:
    """Whether the browser's answer is right. The library takes for granted that it has all its parts."""
    try:
        return bool(form.is_valid())
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, struct.error):
        return False


def _wrong_passkey(request: HttpRequest, person: Person) -> str:
    if not _count(request, person, dry_run=True):
        return str(get_adapter().error_messages["too_many_login_attempts"])
    return pgettext("second factor", "The passkey did not work. Try again, or use a code.")


def _proved(request: HttpRequest, person: Person) -> bool:
    """Whether the code of the form is one of theirs. Wrong ones are counted, whoever sends them."""
    if not _count(request, person, dry_run=True):
        return False
    row = actions.prove(person=person.pk, code=_code(request))
    if row is None:
        _count(request, person)
        return False
    record_authentication(request, person, "mfa", id=row.pk, type=row.type)
    return True


def _count(request: HttpRequest, person: Person, *, dry_run: bool = False) -> bool:
    """Ten wrong codes in a quarter of an hour, together with wrong passkeys (ACCOUNT_RATE_LIMITS, login_failed)."""
    key = f"mfa-auth-user-{person.pk}"
    return bool(ratelimit.consume(request, action="login_failed", key=key, dry_run=dry_run))


def _wrong_code(request: HttpRequest, person: Person) -> str:
    if not _count(request, person, dry_run=True):
        return str(get_adapter().error_messages["too_many_login_attempts"])
    return pgettext("second factor", "This is not the code of now, or it was used already.")


def _has_factor(person: Person) -> bool:
    return Authenticator.objects.filter(user=person).exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


def _code(request: HttpRequest) -> str:
    return "".join(latin_digits(request.POST.get("code", "")[:40]).split()).replace("-", "")


def _person(request: HttpRequest) -> Person:
    return cast("Person", request.user)


def _safe_next(request: HttpRequest) -> str:
    """Where they wanted to go: a path of ours, or ""."""
    wanted = request.POST.get("next", request.GET.get("next", ""))
    return wanted if get_adapter().is_safe_url(wanted) else ""


def _to_index(request: HttpRequest) -> HttpResponse:
    wanted = _safe_next(request)
    return HttpResponseRedirect(reverse("mfa_index") + (f"?{urlencode({'next': wanted})}" if wanted else ""))
