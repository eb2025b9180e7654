"""Nouns of the directory, named as in HSDS 3. States that time alone changes are never stored."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from sympolity.directory import asking_models, enums  # noqa: F401 - its tables are of this room too
from sympolity.kit import clock


def _id() -> models.UUIDField[uuid.UUID, uuid.UUID]:
    return models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)


def _one_of(field: str, choices: type[models.TextChoices], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__in": choices.values}), name=name)


def _codes() -> models.JSONField[Any, Any]:
    return models.JSONField(default=list, blank=True)


class Category(models.Model):
    """A need, worded as a person says it (``name``) and as a heading (``label``); two levels."""

    id = _id()
    slug = models.SlugField(max_length=40, unique=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    position = models.PositiveSmallIntegerField()
    icon = models.CharField(max_length=40)
    emergency = models.BooleanField(default=False)
    fallback = models.BooleanField(default=False)
    lang = models.CharField(max_length=8, default="en")
    name = models.CharField(max_length=120)
    label = models.CharField(max_length=120)
    door = models.CharField(max_length=200, blank=True)
    open_eligibility = models.CharField(max_length=80, blank=True)
    unhcr_sector = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return self.slug


class CategoryWord(models.Model):
    """A word or phrase by which people look for a need, in one language (curated)."""

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="words")
    language = models.CharField(max_length=8)
    word = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["category", "language", "word"], name="category_word_once")
        ]

    def __str__(self) -> str:
        return self.word


class Location(models.Model):
    """Where a service is given. ``address`` and the point of a hidden place are protected data."""

    id = _id()
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="locations")
    kind = models.CharField(max_length=10, choices=enums.LocationKind, default=enums.LocationKind.PHYSICAL)
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, related_name="+")
    lang = models.CharField(max_length=8, default="el")
    name = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=300, blank=True)
    locality = models.CharField(max_length=120, blank=True)
    postal_code = models.CharField(max_length=12, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    visibility = models.CharField(max_length=10, choices=enums.AddressVisibility, default=enums.AddressVisibility.FULL)
    nearest_stop = models.CharField(max_length=200, blank=True)
    step_free = models.BooleanField(null=True, blank=True)
    lift = models.BooleanField(null=True, blank=True)
    toilet = models.BooleanField(null=True, blank=True)
    women_only = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            _one_of("kind", enums.LocationKind, "location_kind"),
            _one_of("visibility", enums.AddressVisibility, "location_visibility"),
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True)
                | Q(lat__gte=-90, lat__lte=90, lon__gte=-180, lon__lte=180),
                name="location_point",
            ),
        ]

    def __str__(self) -> str:
        return f"location {self.id}"


class Service(models.Model):
    """What an organization offers. Text fields are source texts; Text rows hold the other languages."""

    id = _id()
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="services")
    locations: models.ManyToManyField[Location, ServiceAtLocation] = models.ManyToManyField(
        Location, through="ServiceAtLocation", related_name="services"
    )
    categories = models.ManyToManyField(Category, related_name="services")
    status = models.CharField(max_length=20, choices=enums.ServiceStatus, default=enums.ServiceStatus.ACTIVE)
    audience = models.CharField(max_length=10, choices=enums.Audience, default=enums.Audience.PUBLIC)
    example = models.BooleanField(default=False)
    origin = models.CharField(max_length=80, blank=True)
    code = models.CharField(max_length=9, blank=True)  # told by phone, printed on paper: see kit.codes
    lang = models.CharField(max_length=8, default="el")
    # what it is
    name = models.CharField(max_length=200)
    summary = models.CharField(max_length=300, blank=True)
    description = models.TextField(blank=True)
    # for whom
    eligibility = models.TextField(blank=True)
    for_whom = _codes()
    legal_status = _codes()
    min_age = models.PositiveSmallIntegerField(null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(null=True, blank=True)
    nationality = models.CharField(max_length=200, blank=True)
    residence_area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # how
    how = models.TextField(blank=True)
    access = _codes()
    cost = models.CharField(max_length=14, choices=enums.Cost, default=enums.Cost.UNKNOWN)
    cost_note = models.CharField(max_length=300, blank=True)
    languages = _codes()
    interpretation = _codes()
    # contact
    phone = models.CharField(max_length=40, blank=True)
    whatsapp = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    url = models.URLField(max_length=400, blank=True)
    # capacity expires by itself
    capacity = models.CharField(max_length=14, choices=enums.CapacityState, blank=True)
    capacity_until = models.DateField(null=True, blank=True)
    capacity_note = models.CharField(max_length=200, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    # for members of approved organizations
    referral = models.TextField(blank=True)
    direct_line = models.CharField(max_length=40, blank=True)
    response_delay = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            _one_of("status", enums.ServiceStatus, "service_status"),
            _one_of("audience", enums.Audience, "service_audience"),
            _one_of("cost", enums.Cost, "service_cost"),
            models.CheckConstraint(
                condition=Q(capacity="") | Q(capacity__in=enums.CapacityState.values), name="service_capacity"
            ),
            models.CheckConstraint(
                condition=Q(min_age__isnull=True) | Q(max_age__isnull=True) | Q(max_age__gte=models.F("min_age")),
                name="service_ages",
            ),
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="service_code"),
        ]

    def __str__(self) -> str:
        return self.name


class ServiceAtLocation(models.Model):
    """HSDS 3 ``service_at_location``: one service given at one place."""

    id = _id()
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="at_locations")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="at_services")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["service", "location"], name="service_once_at_location")
        ]

    def __str__(self) -> str:
        return f"{self.service_id} at {self.location_id}"


class RequiredDocument(models.Model):
    """What to take along."""

    id = _id()
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="documents")
    position = models.PositiveSmallIntegerField()
    icon = models.CharField(max_length=40, default="file-text")
    lang = models.CharField(max_length=8, default="el")
    name = models.CharField(max_length=200)
    note = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.name


class Schedule(models.Model):
    """An OSM ``opening_hours`` string of a service, a location, or their link; "" = unknown."""

    id = _id()
    service = models.ForeignKey(Service, on_delete=models.CASCADE, null=True, blank=True, related_name="schedules")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, null=True, blank=True, related_name="schedules")
    at_location = models.ForeignKey(
        ServiceAtLocation, on_delete=models.CASCADE, null=True, blank=True, related_name="schedules"
    )
    opening_hours = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(service__isnull=False, location__isnull=True, at_location__isnull=True)
                | Q(service__isnull=True, location__isnull=False, at_location__isnull=True)
                | Q(service__isnull=True, location__isnull=True, at_location__isnull=False),
                name="schedule_of_one",
            )
        ]

    def __str__(self) -> str:
        return self.opening_hours


class ScheduleException(models.Model):
    """Days on which other hours hold: holidays, August, Ramadan, a temporary change with an end."""

    id = _id()
    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="exceptions")
    first = models.DateField()
    last = models.DateField()
    hours = models.CharField(max_length=120, default="off")
    lang = models.CharField(max_length=8, default="el")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(last__gte=models.F("first")), name="exception_span")
        ]

    def __str__(self) -> str:
        return f"{self.first}–{self.last} {self.hours}"


class Confirmation(models.Model):
    """Somebody says that a group of fields is true, at a moment. Never overwritten."""

    id = _id()
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="confirmations")
    group = models.CharField(max_length=12, choices=enums.FieldGroup)
    at = models.DateTimeField()
    how = models.CharField(max_length=10, choices=enums.ConfirmedHow)
    by_person = models.UUIDField(null=True, blank=True)
    by_organization = models.ForeignKey(
        "people.Organization", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes: ClassVar = [models.Index(fields=["service", "group", "at"], name="confirmation_latest")]
        constraints: ClassVar = [
            _one_of("group", enums.FieldGroup, "confirmation_group"),
            _one_of("how", enums.ConfirmedHow, "confirmation_how"),
        ]

    def __str__(self) -> str:
        return f"{self.group} of {self.service_id}"


class Report(models.Model):
    """Something is wrong, said without an account. Conduct goes to safeguarding only, never to the organization.

    ``organization`` and ``area``: whose service it was, and where, when the report was sent; moving the service takes
    no report along. ``sender``: tells two networks apart for a day, see ``design.anonymous``; then it is emptied.
    Read them through ``reports.reports_visible_to`` and nothing else: no relation leads here from a service.
    """

    id = _id()
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=20, choices=enums.ReportKind)
    conduct = models.BooleanField(default=False)
    state = models.CharField(max_length=14, choices=enums.ReportState, default=enums.ReportState.RECEIVED)
    words = models.TextField(blank=True)
    lang = models.CharField(max_length=8, default="en")
    code = models.CharField(max_length=12, unique=True)
    sender = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=12, choices=enums.ReportOutcome, blank=True)
    answer = models.TextField(blank=True)
    answer_lang = models.CharField(max_length=8, blank=True)
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["service", "conduct", "state"], name="report_of_service"),
            models.Index(fields=["created_at"], condition=~Q(sender=""), name="report_with_sender"),
        ]
        constraints: ClassVar = [
            _one_of("kind", enums.ReportKind, "report_kind"),
            _one_of("state", enums.ReportState, "report_state"),
            models.CheckConstraint(
                condition=Q(conduct=True, kind__in=enums.CONDUCT) | Q(conduct=False, kind__in=enums.FACTS),
                name="report_conduct",
            ),
            models.CheckConstraint(
                condition=Q(state="answered", outcome__in=enums.ReportOutcome.values)
                | (~Q(state="answered") & Q(outcome="")),
                name="report_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"report {self.id}"


class MissingService(models.Model):
    """Somebody says that something is missing here: words and a place, nothing about who says it."""

    id = _id()
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=enums.MissingState, default=enums.MissingState.OPEN)
    lang = models.CharField(max_length=8)
    words = models.CharField(max_length=200)
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "created_at"], name="missing_board")]
        constraints: ClassVar = [_one_of("state", enums.MissingState, "missing_state")]

    def __str__(self) -> str:
        return self.words


class Notice(models.Model):
    """A warning or news for an area. Over when its date has passed: that is computed."""

    id = _id()
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, related_name="+")
    severity = models.CharField(max_length=8, choices=enums.Severity)
    state = models.CharField(max_length=10, choices=enums.NoticeState, default=enums.NoticeState.DRAFT)
    lang = models.CharField(max_length=8)
    title = models.CharField(max_length=140)
    body = models.TextField(blank=True)
    source = models.CharField(max_length=200, blank=True)
    starts_at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            _one_of("severity", enums.Severity, "notice_severity"),
            _one_of("state", enums.NoticeState, "notice_state"),
            models.CheckConstraint(condition=Q(until__gt=models.F("starts_at")), name="notice_span"),
        ]

    def __str__(self) -> str:
        return self.title


class Helpline(models.Model):
    """An official number: a fact with its source and the day it was checked."""

    id = _id()
    number = models.CharField(max_length=20, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    lang = models.CharField(max_length=8, default="en")
    name = models.CharField(max_length=140)
    description = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=300)
    checked_on = models.DateField(null=True, blank=True)  # None: nobody has opened the source yet

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class ReferralSlip(models.Model):
    """One to five services, a code, a reason. No personal data."""

    id = _id()
    code = models.CharField(max_length=12, unique=True)
    services = models.ManyToManyField(Service, related_name="+")
    by_organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    answer = models.CharField(max_length=16, choices=enums.SlipAnswer, blank=True)
    created_at = models.DateTimeField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"slip {self.code}"
