"""Sign-in and out, below ``/{lang}/account/``. Names are those that allauth reverses.

They are reversed without arguments: the language in front comes from ``i18n_patterns``.
"""

from __future__ import annotations

from django.urls import path

from sympolity.people import views

urlpatterns = [
    path("", views.Account.as_view(), name="account_login"),
    path("", views.Account.as_view(), name="account_request_login_code"),
    path("code/", views.Code.as_view(), name="account_confirm_login_code"),
    path("acting/", views.choose, name="account_acting"),
    path("out/", views.SignOut.as_view(), name="account_logout"),
    path("new/", views.nowhere, name="account_signup"),
    path("again/", views.nowhere, name="account_reauthenticate"),
    path("inactive/", views.nowhere, name="account_inactive"),
]
