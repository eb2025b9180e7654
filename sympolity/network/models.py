"""Networks, the agreements they stand on, who is party to them, and who acceded when."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from sympolity.kit import clock
from sympolity.network.enums import (
    AccessionState,
    AgreementKind,
    AgreementState,
    ExchangeState,
    PartyRole,
    Precision,
)

__all__ = ["Accession", "Agreement", "Network", "Party", "Suspension"]

_DATED = Q(precision="unknown", since__isnull=True) | (~Q(precision="unknown") & Q(since__isnull=False))


class Network(models.Model):
    """Cities that work together. Who is a member stands in no column: see :class:`Accession`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    lang = models.CharField(max_length=8, default="el")
    name = models.CharField(max_length=200)
    short = models.CharField(max_length=20, blank=True)
    description = models.TextField(blank=True)
    url = models.URLField(blank=True)
    example = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.slug


class Agreement(models.Model):
    """What organizations agreed on. ``flows_out``: what goes from the first side to the others,
    ``flows_in``: what comes back, in words. The first side is the network where parties support
    one, else the first party.

    ``since``: the day; with another precision the last day it may have been; none when unknown.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    network = models.ForeignKey(Network, on_delete=models.PROTECT, null=True, blank=True, related_name="agreements")
    kind = models.CharField(max_length=12, choices=AgreementKind)
    status = models.CharField(max_length=20, choices=AgreementState, default=AgreementState.DRAFT)
    lang = models.CharField(max_length=8, default="el")
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    flows_out = models.TextField(blank=True)
    flows_in = models.TextField(blank=True)
    since = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=14, choices=Precision, default=Precision.UNKNOWN)
    until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)
    exchange = models.CharField(max_length=8, choices=ExchangeState, default=ExchangeState.NONE)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=AgreementKind.values), name="agreement_kind"),
            models.CheckConstraint(condition=Q(status__in=AgreementState.values), name="agreement_status"),
            models.CheckConstraint(condition=Q(precision__in=Precision.values), name="agreement_precision"),
            models.CheckConstraint(condition=Q(exchange__in=ExchangeState.values), name="agreement_exchange"),
            models.CheckConstraint(condition=_DATED, name="agreement_dated_or_unknown"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=F("since")),
                name="agreement_span",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Party(models.Model):
    """An organization in an agreement, in one role; in the order in which the agreement names them."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="parties")
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=PartyRole)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=PartyRole.values), name="party_role"),
            models.UniqueConstraint(fields=["agreement", "organization"], name="party_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.role} of {self.agreement_id}"


class Accession(models.Model):
    """An organization joins an agreement, step by step. Membership is what ``rules`` make of it for a day.

    ``since``: see :class:`Agreement`. ``noted_on``: the day on which it was written down; a
    membership without a documented beginning counts from it. ``until``: the last day in force.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="accessions")
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="accessions")
    status = models.CharField(max_length=10, choices=AccessionState, default=AccessionState.REQUESTED)
    since = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=14, choices=Precision, default=Precision.UNKNOWN)
    until = models.DateField(null=True, blank=True)
    noted_on = models.DateField(default=clock.local_today)
    source = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=AccessionState.values), name="accession_status"),
            models.CheckConstraint(condition=Q(precision__in=Precision.values), name="accession_precision"),
            models.CheckConstraint(condition=_DATED, name="accession_dated_or_unknown"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=F("since")),
                name="accession_span",
            ),
            # Whoever left may come back: then a new accession begins.
            models.UniqueConstraint(
                fields=["agreement", "organization"], condition=~Q(status="ended"), name="accession_one_goes_on"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.status}"


class Suspension(models.Model):
    """Days in which an accession did not count, both in; ``until`` empty while it goes on."""

    accession = models.ForeignKey(Accession, on_delete=models.CASCADE, related_name="suspensions")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.accession_id} from {self.since}"
