"""Areas: the tree of places with their official codes, the names people give them, and their boundaries."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q


class AreaKind(models.TextChoices):
    COUNTRY = "country"
    REGION = "region"
    REGIONAL_UNIT = "regional_unit"  # between region and municipality; only where a register was imported
    MUNICIPALITY = "municipality"
    NEIGHBOURHOOD = "neighbourhood"
    OUTSIDE = "outside"  # the root of what lies outside the tree: locality is text there


class NameKind(models.TextChoices):
    OFFICIAL = "official"  # as in the register: Δήμος Αθηναίων
    COMMON = "common"  # as people say it, used in headings: Αθήνα
    SEAT = "seat"  # official name of the seat: Αθήναι
    OTHER = "other"  # genitive, other spelling, other language


class Area(models.Model):
    """A written fact with its source. ``lat``/``lon``: WGS 84 degrees of the seat or centre."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=14, choices=AreaKind)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    population = models.PositiveIntegerField(null=True, blank=True)
    population_year = models.PositiveSmallIntegerField(null=True, blank=True)
    ypes_code = models.CharField(max_length=8, blank=True)
    elstat_code = models.CharField(max_length=8, blank=True)
    lau_code = models.CharField(max_length=12, blank=True)
    nuts_code = models.CharField(max_length=8, blank=True)
    p_code = models.CharField(max_length=12, blank=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=AreaKind.values), name="area_kind"),
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True)
                | Q(lat__gte=-90, lat__lte=90, lon__gte=-180, lon__lte=180),
                name="area_point",
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class AreaName(models.Model):
    """One name of an area in one language. Place names are data, not texts to be translated."""

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="names")
    language = models.CharField(max_length=8)
    kind = models.CharField(max_length=10, choices=NameKind)
    name = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area", "language", "kind", "name"], name="area_name_once"),
            models.CheckConstraint(condition=Q(kind__in=NameKind.values), name="area_name_kind"),
        ]

    def __str__(self) -> str:
        return self.name


class Boundary(models.Model):
    """Where an area ends. ``rings`` and ``outline`` are texts of :mod:`sympolity.kit.rings`.

    ``rings``: as the source has them, to say what lies inside. ``outline``: simplified, to be drawn.
    ``south`` … ``east``: the box around them in degrees. ``as_of``: the day for which they hold.
    """

    area = models.OneToOneField(Area, on_delete=models.CASCADE, related_name="boundary")
    rings = models.TextField()
    outline = models.TextField()
    points = models.PositiveIntegerField()
    south = models.FloatField()
    west = models.FloatField()
    north = models.FloatField()
    east = models.FloatField()
    source = models.CharField(max_length=300)
    licence = models.CharField(max_length=120, blank=True)
    as_of = models.DateField(null=True, blank=True)
    digest = models.CharField(max_length=64)  # SHA-256 of rings and outline: the trail names it instead of them

    class Meta:
        verbose_name_plural = "boundaries"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(south__gte=-90, north__lte=90, west__gte=-180, east__lte=180, points__gte=3),
                name="boundary_box",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} ({self.points} points)"
