"""Addresses of post, below ``/{lang}/``."""

from __future__ import annotations

from django.urls import path

from sympolity.post import views

urlpatterns = [
    path("mailbox/", views.mailbox, name="mailbox"),
    path("mailbox/<uuid:id>/", views.mail, name="mailbox_mail"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
