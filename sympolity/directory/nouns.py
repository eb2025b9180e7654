"""The nouns of the directory: their pages, gates, texts and what each field holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympolity.directory import asking_models, models, queries
from sympolity.directory.reports import queries as reports
from sympolity.kit.nouns import Noun, Privacy, register

__all__ = ["register_all"]

PUBLIC, MEMBERS, STAFF, INTERNAL, PROTECTED = (
    Privacy.PUBLIC, Privacy.MEMBERS, Privacy.STAFF, Privacy.INTERNAL, Privacy.PROTECTED,
)  # fmt: skip


def _privacy(model: Any, others: Mapping[str, Privacy]) -> dict[str, Privacy]:
    """Every concrete field must be named or be one of the plain public ones: none is forgotten."""
    return dict(others) | {name: PUBLIC for name in _PLAIN if any(f.name == name for f in model._meta.concrete_fields)}


_PLAIN = ("id", "lang", "name", "area", "kind", "position")


def register_all() -> None:
    """Register the nouns of this room (called when Django is ready)."""
    service = dict.fromkeys(
        ("organization", "status", "example", "origin", "code", "summary", "description", "eligibility", "for_whom", "legal_status",
         "min_age", "max_age", "nationality", "residence_area", "how", "access", "cost", "cost_note", "languages",
         "interpretation", "phone", "whatsapp", "email", "url", "capacity", "capacity_until", "capacity_note", "ends_on",
         "created_at", "updated_at", "locations", "categories"),
        PUBLIC,
    ) | {"audience": STAFF, "referral": MEMBERS, "direct_line": MEMBERS, "response_delay": MEMBERS}  # fmt: skip
    register(
        Noun(
            "service", models.Service, _privacy(models.Service, service), "service/{id}/", queries.visible_to,
            ("name", "summary", "description", "eligibility", "how", "cost_note", "capacity_note", "nationality", "referral",
             "response_delay"),
        )
    )  # fmt: skip
    location = dict.fromkeys(
        ("organization", "visibility", "step_free", "lift", "toilet", "women_only"), PUBLIC
    ) | dict.fromkeys(("address", "postal_code", "locality", "lat", "lon", "nearest_stop"), PROTECTED)
    register(
        Noun(
            "location", models.Location, _privacy(models.Location, location),
            text_fields=("name", "address", "locality", "nearest_stop"),
        )
    )  # fmt: skip
    _register_parts()
    _register_voices()


def _register_parts() -> None:
    category = dict.fromkeys(
        ("slug", "parent", "icon", "emergency", "fallback", "label", "door", "open_eligibility", "unhcr_sector"), PUBLIC
    )
    register(
        Noun("category", models.Category, _privacy(models.Category, category), text_fields=("name", "label", "door"))
    )
    document = dict.fromkeys(("service", "icon", "note"), PUBLIC)
    register(
        Noun(
            "required_document",
            models.RequiredDocument,
            _privacy(models.RequiredDocument, document),
            text_fields=("name", "note"),
        )
    )
    exception = dict.fromkeys(("schedule", "first", "last", "hours", "note"), PUBLIC)
    register(
        Noun(
            "schedule_exception",
            models.ScheduleException,
            _privacy(models.ScheduleException, exception),
            text_fields=("note",),
        )
    )
    schedule = dict.fromkeys(("service", "location", "at_location", "opening_hours"), PUBLIC)
    register(Noun("schedule", models.Schedule, _privacy(models.Schedule, schedule)))
    link = dict.fromkeys(("service", "location"), PUBLIC)
    register(Noun("service_at_location", models.ServiceAtLocation, _privacy(models.ServiceAtLocation, link)))
    asking = dict.fromkeys(("organization", "state", "began_at", "step_at", "ended_at"), STAFF)
    register(Noun("asking", asking_models.Asking, _privacy(asking_models.Asking, asking)))
    reply = dict.fromkeys(("asking", "service", "said", "how", "held", "proposal", "by_person", "at"), STAFF)
    register(Noun("reply", asking_models.Reply, _privacy(asking_models.Reply, reply)))
    confirmation = dict.fromkeys(("service", "group", "at", "how", "by_organization"), PUBLIC) | {"by_person": STAFF}
    register(Noun("confirmation", models.Confirmation, _privacy(models.Confirmation, confirmation)))


def _register_voices() -> None:
    # All of a report is staff's, also what is public of other things: that there is one may not be told.
    report = dict.fromkeys(
        ("id", "service", "organization", "area", "kind", "conduct", "state", "words", "lang", "outcome", "answer",
         "answer_lang", "created_at", "answered_at"),
        STAFF,
    ) | {"code": INTERNAL, "sender": INTERNAL}  # fmt: skip
    register(Noun("report", models.Report, report, visible_to=reports.reports_visible_to))
    missing = dict.fromkeys(("category", "state", "words", "created_at"), STAFF)
    register(
        Noun(
            "missing_service",
            models.MissingService,
            _privacy(models.MissingService, missing),
            visible_to=reports.missing_visible_to,
        )
    )
    notice = dict.fromkeys(("severity", "state", "title", "body", "source", "starts_at", "until"), PUBLIC)
    register(Noun("notice", models.Notice, _privacy(models.Notice, notice), text_fields=("title", "body")))
    helpline = dict.fromkeys(("number", "description", "source", "checked_on"), PUBLIC)
    register(
        Noun("helpline", models.Helpline, _privacy(models.Helpline, helpline), text_fields=("name", "description"))
    )
    slip = dict.fromkeys(("services", "code", "by_organization", "reason", "answer", "created_at", "until"), STAFF)
    register(Noun("referral_slip", models.ReferralSlip, _privacy(models.ReferralSlip, slip)))
