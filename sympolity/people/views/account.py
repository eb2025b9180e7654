"""The pages of signing in and out, on allauth's own views."""

from __future__ import annotations

import logging
from typing import Any, cast
from uuid import UUID

from allauth.account.views import ConfirmLoginCodeView, LogoutView, RequestLoginCodeView
from allauth.core import ratelimit
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from sympolity.kit.actor import Actor, Role
from sympolity.languages.texts import bundles
from sympolity.people import acting, arriving, queries
from sympolity.people.enums import ROLE_WORDS, RequestState
from sympolity.people.forms import AddressForm, CodeForm
from sympolity.people.models import Organization, Person

__all__ = ["Account", "Code", "SignOut", "choose", "nowhere"]

logger = logging.getLogger("sympolity.sign_in")
# The library's views also take PUT as if it were a form, and answer anything once somebody has signed in.
_page_with_form = require_http_methods(["GET", "HEAD", "POST"])


@method_decorator([_page_with_form, never_cache], name="dispatch")
class Account(RequestLoginCodeView):
    """Sign in; or who you are, when you have."""

    template_name = "people/sign_in.html"
    form_class = AddressForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return _who(request)
        return super().dispatch(request, *args, **kwargs)

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: Any) -> None:
        """Whoever comes back here mistyped the address, or waits for a mail in vain: ask again."""

    def form_valid(self, form: Form) -> HttpResponse:
        arriving.forget(self.request)
        try:
            return super().form_valid(form)
        except (OSError, ValueError) as error:
            logger.error("a sign-in mail could not be sent: %s", type(error).__name__)  # noqa: TRY400 - no address in logs
            return self._page(form, 503, unsent=True)

    def form_invalid(self, form: Form) -> HttpResponse:
        return self._page(form, 429 if form.has_error("email", "too_many_login_attempts") else 200)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(ended=self.request.GET.get("ended", ""), **kwargs)

    def _page(self, form: Form, status: int, **context: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, **context), status=status)


@method_decorator(_page_with_form, name="dispatch")
class Code(ConfirmLoginCodeView):
    """The code from the mail. An address nobody has gets the same page and never a right code."""

    template_name = "people/code.html"
    form_class = CodeForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        return response if getattr(self, "_process", True) else _again("late")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self._count(dry_run=True):
            self._process.abort()
            return _again("tries")
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: Form) -> HttpResponse:
        self._count()
        response = super().form_invalid(form)
        return _again("tries") if response.status_code == 302 else response

    def _verify_form_valid(self, form: Form) -> HttpResponse:
        if not self._arrives:
            return super()._verify_form_valid(form)
        return arriving.Arrival(self.stage).finish(self.get_next_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(address=self._address, arrives=self._arrives, **kwargs)

    @property
    def _arrives(self) -> bool:
        return bool(self._process.state.get("arriving"))

    @property
    def _address(self) -> str:
        return str(self._process.state.get("email", ""))

    def _count(self, *, dry_run: bool = False) -> bool:
        """Wrong codes for one address, whoever sends them and however many codes were asked for."""
        return ratelimit.consume(self.request, action="login_failed", key=self._address, dry_run=dry_run)


@method_decorator(_page_with_form, name="dispatch")
class SignOut(LogoutView):
    """By POST; a GET changes nothing."""

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("account_login"))


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Choose for which of one's organizations to act, until sign-out."""
    wanted = request.POST.get("organization", "")[:40]
    if request.user.is_authenticated and wanted in {str(row[0]) for row in queries.standings(request.user.pk)}:
        request.session[acting.CHOSEN] = wanted
    return HttpResponseRedirect(reverse("account_login"))


def nowhere(request: HttpRequest) -> HttpResponse:
    """Addresses that allauth knows by name and that we do not have."""
    raise Http404


def _again(ended: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('account_login')}?ended={ended}")


def _who(request: HttpRequest) -> HttpResponse:
    person = cast("Person", request.user)
    rows = queries.standings(person.pk)
    known = Organization.objects.in_bulk({row[0] for row in rows})
    said = bundles("organization", list(known.values()))
    actor = acting.actor_for(person.pk, str(request.session.get(acting.CHOSEN, "")))
    current = queries.chosen_first(str(request.session.get(acting.CHOSEN, "")), dict.fromkeys(row[0] for row in rows))
    organizations = [
        {
            "id": str(one),
            "name": said[one].said("name", getattr(request, "LANGUAGE_CODE", "en")),
            "status": known[one].status,
            "roles": _roles(rows, one),
            "current": one == current,
        }
        for one in dict.fromkeys(row[0] for row in rows)
    ]
    asked = queries.join_requests_visible_to(Actor(person=person.pk)).filter(status=RequestState.OPEN)
    context = {
        "person": person, "organizations": organizations, "lacks_factor": actor.lacks_factor,
        "asked": [row.organization.name for row in asked.select_related("organization").order_by("created_at")],
        "works": bool(actor.grants),
    }  # fmt: skip
    return render(request, "people/account.html", context)


def _roles(rows: list[queries.Standing], organization: UUID) -> list[Any]:
    names = dict.fromkeys(row.role for row in rows if row.organization == organization)
    return [ROLE_WORDS.get(Role(name), name) for name in names]
