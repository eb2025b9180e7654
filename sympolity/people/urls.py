"""Sign-in and out, and coming in, below ``/{lang}/account/``. Names of the library are those that allauth reverses.

They are reversed without arguments: the language in front comes from ``i18n_patterns``.
"""

from __future__ import annotations

from django.urls import path

from sympolity.people.views import account, arriving, factor, sessions

urlpatterns = [
    path("", account.Account.as_view(), name="account_login"),
    path("", account.Account.as_view(), name="account_request_login_code"),
    path("code/", account.Code.as_view(), name="account_confirm_login_code"),
    path("proof/", factor.proof, name="mfa_authenticate"),
    path("acting/", account.choose, name="account_acting"),
    path("out/", account.SignOut.as_view(), name="account_logout"),
    path("sessions/", sessions.sessions, name="account_sessions"),
    path("factor/", factor.index, name="mfa_index"),
    path("factor/app/", factor.add_app, name="mfa_activate_totp"),
    path("factor/passkey/", factor.add_passkey, name="mfa_add_webauthn"),
    path("factor/codes/", factor.codes, name="mfa_generate_recovery_codes"),
    path("factor/remove/", factor.remove, name="mfa_remove"),
    path("new/", arriving.begin, name="account_signup"),
    path("new/organization/", arriving.found, name="account_found"),
    path("new/join/", arriving.join, name="account_join"),
    path("new/done/", arriving.arrived, name="account_arrived"),
    path("invitation/<slug:word>/", arriving.invitation, name="account_invitation"),
    path("again/", account.nowhere, name="account_reauthenticate"),
    path("inactive/", account.nowhere, name="account_inactive"),
]
