"""Who comes in: for everybody else there is no such page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from sympolity.kit.actor import Actor, Role

__all__ = ["actor_of", "only"]

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def actor_of(request: HttpRequest) -> Actor:
    """Who acts in this request."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # made once per request by the middleware
    return actor


def only(*roles: Role) -> Callable[[View[P]], View[P]]:
    """A page for holders of one of ``roles``; it is never kept."""

    def guarded(view: View[P]) -> View[P]:
        @wraps(view)
        def inner(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            actor = actor_of(request)
            if actor.lacks_factor:  # says what to do instead of hiding what would be theirs
                return HttpResponseRedirect(f"{reverse('mfa_index')}?{urlencode({'next': request.path})}")
            if not actor.has(*roles):
                raise Http404
            response = view(request, *args, **kwargs)
            response.headers["Cache-Control"] = "private, no-store"
            return response

        return inner

    return guarded
