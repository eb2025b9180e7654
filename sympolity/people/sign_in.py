"""Sign-in by e-mail code, also of people who come for the first time (``arriving``)."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account import signals
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_out
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import pgettext_lazy

from sympolity.people import acting, actions, arriving, devices, factors
from sympolity.people.models import Person

__all__ = ["Adapter", "follow_signals", "home"]

logger = logging.getLogger("sympolity.sign_in")

# Reserved for examples (RFC 2606): nobody can receive a mail there, so the operator reads the code.
EXAMPLE = ".example"


def home(request: HttpRequest) -> str:
    """The first page in the reader's language."""
    return f"/{getattr(request, 'LANGUAGE_CODE', 'en')}/"


class Adapter(DefaultAccountAdapter):
    """What allauth asks of us."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": pgettext_lazy("sign-in", "This is not the code we sent. Look at the newest mail."),
        "too_many_login_attempts": pgettext_lazy("sign-in", "Too many tries for this address. Wait a few minutes."),
        "rate_limited": pgettext_lazy("sign-in", "Too many tries for this address. Wait a few minutes."),
    }

    def is_reauthentication_required(self, app: str) -> bool:
        """Our own forms ask for a code of now wherever something of the account's safety changes."""
        return False

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def save_user(self, *args: Any, **kwargs: Any) -> Any:
        raise PermissionDenied("people come in by a code: arriving.py")

    def is_ajax(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Pages say what happened; a message would wait in a cookie, with the address in it."""

    def is_safe_url(self, url: str) -> bool:
        """Paths of ours only, never another host."""
        short = len(url) <= 500 and url.startswith("/")
        return short and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """What somebody came for, an organization or an invitation, is done as soon as they are in."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return arriving.finished(request, user) or response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return home(request)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return home(request)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("account_login"))

    def generate_login_code(self) -> str:
        """Six digits: easy to read aloud and to type on any keyboard."""
        return get_random_string(6, "0123456789")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send one of our mails, in the language of the page. Raises OSError when it cannot go out."""
        example = email.endswith(EXAMPLE)
        if example and "code" in context:
            context = context | {"second": _second_code(email)}
            second = f", second code: {context['second']}" if context["second"] else ""
            logger.info("Sign-in code for %s: %s%s", email, context["code"], second)
        try:
            super().send_mail(template_prefix.replace("account/email/", "people/mail/"), email, context)
        except OSError:
            if not example:
                raise


def _second_code(email: str) -> str:
    """What somebody of the demo writes as their second factor; "" for whoever has an app of their own."""
    row = Authenticator.objects.filter(user__email=email, type=Authenticator.Type.TOTP).first()
    return factors.current_code(row) if row is not None and row.data.get("example") else ""


def follow_signals() -> None:
    """The one adapter that turns signals, allauth's and Django's, into trail entries."""
    signals.user_logged_in.connect(_signed_in, dispatch_uid="people.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="people.signed_out")


def _signed_in(user: Person, request: HttpRequest, **_: Any) -> None:
    actions.note_sign_in(
        actor=acting.actor_for(user.pk), verb="signed_in", session_key=request.session.session_key or "",
        network=devices.network(get_client_ip(request)), device=devices.device(request.headers.get("User-Agent", "")),
    )  # fmt: skip


def _signed_out(user: Person | None, request: HttpRequest, **_: Any) -> None:
    if user is not None:
        key = request.session.session_key or ""
        actions.note_sign_in(actor=acting.actor_for(user.pk), verb="signed_out", session_key=key)
