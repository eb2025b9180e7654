"""What visitors see."""

from __future__ import annotations

from django.urls import path

from sympolity.portal.views import finding, things

urlpatterns = [
    path("", finding.choose, name="choose"),
    path("<lang:lang>/", finding.home, name="home"),
    path("<lang:lang>/find/", finding.find, name="find"),
    path("<lang:lang>/find.json", finding.find_json, name="find_json"),
    path("<lang:lang>/service/<uuid:id>/", things.service, name="service"),
    path("<lang:lang>/organization/<uuid:id>/", things.organization, name="organization"),
]
