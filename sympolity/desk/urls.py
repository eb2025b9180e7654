"""The desk, below ``/{lang}/desk/``. The language in front comes from ``i18n_patterns``."""

from __future__ import annotations

from django.urls import path

from sympolity.desk.views import approvals, calls, columns, home, imports, organizations, reports, team, waiting

urlpatterns = [
    path("", home.desk, name="desk"),
    path("organization/", organizations.organization, name="desk_organization"),
    path("team/", team.team, name="desk_team"),
    path("approvals/", approvals.approvals, name="desk_approvals"),
    path("approvals/<uuid:id>/", approvals.approval, name="desk_approval"),
    path("imports/", imports.listed, name="desk_imports"),
    path("imports/new/", imports.new, name="desk_import_new"),
    path("imports/<uuid:id>/", imports.run, name="desk_import"),
    path("imports/<uuid:id>/columns/", columns.columns, name="desk_columns"),
    path("imports/<uuid:id>/say/", imports.say, name="desk_import_say"),
    path("waiting/", waiting.waiting, name="desk_waiting"),
    path("calls/", calls.calls, name="desk_calls"),
    path("reports/", reports.reports, name="desk_reports"),
    path("safeguarding/", reports.safeguarding, name="desk_safeguarding"),
    path("missing/", reports.missing, name="desk_missing"),
]
