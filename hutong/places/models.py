"""Divisions over time, their other names, functional units, and organisations. No personal data; every role reads all of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hutong.kernel.ids import uuid7
from hutong.kernel.models import Visible


class Divisions(Visible):
    """Divisions are their own place."""

    division_field = "code"


class Division(models.Model):
    """An administrative division from province to village, for the time it existed under this code."""

    class Level(models.IntegerChoices):
        """The five levels."""

        PROVINCE = 1
        CITY = 2
        COUNTY = 3
        TOWN = 4
        VILLAGE = 5

    code = models.BigIntegerField(primary_key=True)
    parent = models.BigIntegerField(null=True)
    level = models.SmallIntegerField(choices=Level.choices)
    name = models.CharField(max_length=60)
    short_name = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    initials = models.CharField(max_length=60)
    pinyin = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=200)

    objects = Divisions.as_manager()

    class Meta:
        indexes = [models.Index(fields=["parent", "code"], name="division_parent")]
        constraints = [
            models.CheckConstraint(name="division_period", condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")))
        ]

    def __str__(self) -> str:
        return self.name


class Succession(models.Model):
    """A village merged into or split from another: history stays with the old code, reports can be recast by share."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    old = models.ForeignKey(Division, models.PROTECT, related_name="successors")
    new = models.ForeignKey(Division, models.PROTECT, related_name="predecessors")
    on = models.DateField()
    share = models.DecimalField(max_digits=5, decimal_places=4, default=1)
    document = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="succession_once", fields=["old", "new", "on"])]

    def __str__(self) -> str:
        return f"{self.old_id} → {self.new_id}"


class Alias(models.Model):
    """Another name under which a division is written in papers."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    division = models.ForeignKey(Division, models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=60)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="alias_once", fields=["division", "name"])]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A functional area made of divisions, without a statutory code: 鲁西新区."""

    key = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=60)
    divisions = models.ManyToManyField(Division, related_name="units")

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """A department, committee, school, station or institution, with the division it answers for."""

    class Kind(models.TextChoices):
        """What an organisation is."""

        DEPARTMENT = "department", _("部门")
        COMMITTEE = "committee", _("村（居）民委员会")
        TOWN = "town", _("镇（街）")
        SCHOOL = "school", _("学校")
        KINDERGARTEN = "kindergarten", _("幼儿园")
        STATION = "station", _("未成年人保护工作站")
        CENTRE = "centre", _("未成年人救助保护中心")
        INSTITUTION = "institution", _("儿童福利机构")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(max_length=100)
    division = models.BigIntegerField()
    department = models.CharField(max_length=40, blank=True, help_text="the plan's canonical department name")
    synthetic = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = Visible.as_manager()

    class Meta:
        indexes = [models.Index(fields=["division", "kind"], name="organisation_division")]
        constraints = [
            models.UniqueConstraint(name="organisation_once", fields=["kind", "name", "division", "valid_from"])
        ]

    def __str__(self) -> str:
        return self.name
