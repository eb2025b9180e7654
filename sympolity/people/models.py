"""Organizations, the persons who act for them, their affiliations and statements. No newcomer stands here."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from sympolity.kit import clock
from sympolity.kit.actor import Role
from sympolity.people.enums import InvitationState, OrganizationKind, OrganizationState, RequestState, StatementState


class PersonManager(BaseUserManager["Person"]):
    """Persons are found by their address, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:  # noqa: ARG002 - its signature
        """A person without a password: sign-in is by code. allauth calls this by name."""
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_unusable_password()
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Somebody who works with newcomers and signs in by a code sent to their address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=8, default="en")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = PersonManager()

    def __str__(self) -> str:
        return self.name or self.email


class Organization(models.Model):
    """Who offers, decides or supports. May be anonymous in public: counted, never listed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=30, choices=OrganizationKind)
    status = models.CharField(max_length=10, choices=OrganizationState, default=OrganizationState.PENDING)
    lang = models.CharField(max_length=8, default="el")
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    url = models.URLField(blank=True)
    anonymous = models.BooleanField(default=False)
    example = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=OrganizationKind.values), name="organization_kind"),
            models.CheckConstraint(condition=Q(status__in=OrganizationState.values), name="organization_status"),
        ]

    def __str__(self) -> str:
        return self.name


class Affiliation(models.Model):
    """A person acts for an organization in a role, from a day until a day (both in).

    The role reaches ``areas`` and what lies in them; all areas only where ``everywhere`` says so.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="affiliations")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="affiliations")
    role = models.CharField(max_length=20)
    areas = models.ManyToManyField("places.Area", blank=True, related_name="+")
    everywhere = models.BooleanField(default=False)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=[role.value for role in Role]), name="affiliation_role"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")), name="affiliation_span"
            ),
            models.UniqueConstraint(fields=["person", "organization", "role"], name="affiliation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} of {self.organization_id}"


class Statement(models.Model):
    """A quotation of an organization. ``said_by`` tells in what role ("an editor"), never a name.

    ``consent_on``: the day on which the organization agreed that these words are shown.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="statements")
    status = models.CharField(max_length=10, choices=StatementState, default=StatementState.DRAFT)
    lang = models.CharField(max_length=8, default="el")
    body = models.TextField()
    said_by = models.CharField(max_length=120, blank=True)
    consent_on = models.DateField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    example = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=StatementState.values), name="statement_status"),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(consent_on__isnull=False), name="statement_published_with_consent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id}: {self.body[:40]}"


class Application(models.Model):
    """What was said when an organization asked to take part, and what became of it: one for each organization.

    ``vouched_by``: who was the first of the two persons that some organizations need.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.OneToOneField(Organization, on_delete=models.CASCADE, related_name="application")
    applicant = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    offers_housing = models.BooleanField(default=False)
    offers_work = models.BooleanField(default=False)
    words = models.TextField(blank=True)
    question = models.TextField(blank=True)
    asked_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    vouched_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    vouched_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"application of {self.organization_id}"


class JoinRequest(models.Model):
    """A person asks to act for an organization that is known."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="join_requests")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="join_requests")
    status = models.CharField(max_length=10, choices=RequestState, default=RequestState.OPEN)
    words = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=RequestState.values), name="join_request_status"),
            models.UniqueConstraint(
                fields=["organization", "person"], condition=Q(status="open"), name="join_request_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} asks to join {self.organization_id}"


class Invitation(models.Model):
    """A role offered by mail. ``digest``: SHA-256 of the word in the link, which stands nowhere else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=20)
    language = models.CharField(max_length=8, default="en")
    status = models.CharField(max_length=10, choices=InvitationState, default=InvitationState.OPEN)
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    invited_for = models.UUIDField(null=True)  # whom the inviter acted for
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=[role.value for role in Role]), name="invitation_role"),
            models.CheckConstraint(condition=Q(status__in=InvitationState.values), name="invitation_status"),
        ]

    def __str__(self) -> str:
        return f"invitation to {self.organization_id}"


class SignIn(models.Model):
    """One sign-in, so that a person sees where they are signed in, and ends it. Kept for 30 days.

    ``network``: the address shortened to its network; ``device``: browser and system in two words.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, db_index=True)
    network = models.CharField(max_length=45, blank=True)
    device = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.person_id} at {self.at:%Y-%m-%d}"
