"""All addresses of the site."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path, register_converter

from sympolity.languages import registry


class InterfaceLanguage:
    """``/{lang}/``: a language that has a catalogue of the interface."""

    regex = "|".join(row.code for row in registry.INTERFACE)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(InterfaceLanguage, "lang")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("sympolity.portal.urls")),
    *i18n_patterns(path("account/", include("sympolity.people.urls"))),
]
handler400 = "sympolity.project.errors.bad_request"
handler403 = "sympolity.project.errors.forbidden"
handler404 = "sympolity.project.errors.not_found"
handler500 = "sympolity.project.errors.server_error"
