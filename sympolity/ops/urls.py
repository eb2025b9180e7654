"""Addresses for those who run the installation, and for their machines."""

from __future__ import annotations

from django.urls import path

from sympolity.ops import views

urlpatterns = [
    path("healthz", views.alive, name="healthz"),
    path("readyz", views.ready, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
    path("<lang:lang>/operator/", views.operator, name="operator"),
    path("<lang:lang>/operator/post/", views.operator_post, name="operator_post"),
]
