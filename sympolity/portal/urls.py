"""What visitors see."""

from __future__ import annotations

from django.urls import path

from sympolity.portal.views import about, finding, things

urlpatterns = [
    path("", finding.choose, name="choose"),
    path("<lang:lang>/", finding.home, name="home"),
    path("<lang:lang>/find/", finding.find, name="find"),
    path("<lang:lang>/find.json", finding.find_json, name="find_json"),
    path("<lang:lang>/service/<uuid:id>/", things.service, name="service"),
    path("<lang:lang>/organization/<uuid:id>/", things.organization, name="organization"),
    path("<lang:lang>/needs/", about.needs, name="needs"),
    path("<lang:lang>/about/", about.about, name="about"),
    path("<lang:lang>/privacy/", about.privacy, name="privacy"),
    path("<lang:lang>/accessibility/", about.accessibility, name="accessibility"),
    path("<lang:lang>/sources/", about.data_sources, name="sources"),
    path("<lang:lang>/languages/", about.languages, name="languages"),
    path("<lang:lang>/languages/<slug:code>/", about.language, name="language"),
]
