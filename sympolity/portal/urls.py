"""What visitors see."""

from __future__ import annotations

from django.urls import path

from sympolity.portal import views

urlpatterns = [
    path("", views.choose, name="choose"),
    path("<lang:lang>/", views.home, name="home"),
    path("<lang:lang>/find/", views.find, name="find"),
    path("<lang:lang>/find.json", views.find_json, name="find_json"),
    path("<lang:lang>/service/<uuid:id>/", views.service, name="service"),
    path("<lang:lang>/organization/<uuid:id>/", views.organization, name="organization"),
]
