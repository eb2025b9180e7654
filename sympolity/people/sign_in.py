"""Sign-in by e-mail code. There is no sign-up yet: persons are invited or loaded."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):
    """What allauth asks of us."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return f"/{getattr(request, 'LANGUAGE_CODE', 'en')}/"

    def save_user(self, *args: Any, **kwargs: Any) -> Any:
        msg = "there is no sign-up"
        raise PermissionError(msg)
