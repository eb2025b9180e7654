"""What visitors see."""

from __future__ import annotations

from django.urls import path

from sympolity.portal import views

urlpatterns = [
    path("", views.choose, name="choose"),
    path("<lang:lang>/", views.home, name="home"),
]
