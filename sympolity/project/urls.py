"""All addresses of the site."""

from __future__ import annotations

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, include, path, register_converter

from sympolity.design import sheet as design
from sympolity.languages import registry


class InterfaceLanguage:
    """``/{lang}/``: a language that has a catalogue of the interface."""

    regex = "|".join(row.code for row in registry.INTERFACE)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(InterfaceLanguage, "lang")


def sheet(request: HttpRequest) -> HttpResponse:
    """Every component of the design room (debug only)."""
    return render(request, "design/components.html", design.context())


urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("sympolity.ops.urls")),
    path("", include("sympolity.portal.urls")),
    *i18n_patterns(
        path("account/", include("sympolity.people.urls")),
        path("desk/", include("sympolity.desk.urls")),
        path("", include("sympolity.post.urls")),
    ),
]
if settings.DEBUG:
    urlpatterns.append(path("design/", sheet, name="design"))

handler400 = "sympolity.project.errors.bad_request"
handler403 = "sympolity.project.errors.forbidden"
handler404 = "sympolity.project.errors.not_found"
handler500 = "sympolity.project.errors.server_error"
