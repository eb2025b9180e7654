"""The desk, below ``/{lang}/desk/``. The language in front comes from ``i18n_patterns``."""

from __future__ import annotations

from django.urls import path

from sympolity.desk.views import columns, home, imports, waiting

urlpatterns = [
    path("", home.desk, name="desk"),
    path("imports/", imports.listed, name="desk_imports"),
    path("imports/new/", imports.new, name="desk_import_new"),
    path("imports/<uuid:id>/", imports.run, name="desk_import"),
    path("imports/<uuid:id>/columns/", columns.columns, name="desk_columns"),
    path("imports/<uuid:id>/say/", imports.say, name="desk_import_say"),
    path("waiting/", waiting.waiting, name="desk_waiting"),
]
