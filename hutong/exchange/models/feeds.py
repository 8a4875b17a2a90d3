"""Departments' feeds: the agreement without which nothing is taken, each delivery, and the rows that could not be used."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hutong.kernel.ids import uuid7
from hutong.kernel.models import Visible
from hutong.places.models import Organisation
from hutong.staff.models import User


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), obj_field=None, context_field=None, append_only=True)
class SharingAgreement(models.Model):
    """What a department and civil affairs agreed to share: for what, on which law, which fields, for how long kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    feed = models.CharField(max_length=20)
    division = models.BigIntegerField(help_text="the county, or the city for all its counties")
    domain = models.CharField(max_length=20)
    number = models.CharField(max_length=80, help_text="of the paper both sides signed")
    purpose = models.CharField(max_length=300)
    legal_basis = models.CharField(max_length=300)
    fields = models.JSONField(default=list)
    retention_days = models.IntegerField()
    start = models.DateField()
    end = models.DateField(null=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    ended_because = models.CharField(max_length=200, blank=True)

    objects = Visible.as_manager()

    class Meta:
        indexes = [models.Index(fields=["division", "feed", "-start"], name="sharing_division")]
        constraints = [
            models.CheckConstraint(name="sharing_period", condition=Q(end=None) | Q(end__gte=F("start"))),
            models.UniqueConstraint(name="sharing_one_running", fields=["feed", "division"], condition=Q(end=None)),
        ]

    def __str__(self) -> str:
        return f"{self.feed} {self.number}"


class Channel(models.TextChoices):
    """How a file came."""

    UPLOAD = "upload", _("上传")
    FOLDER = "folder", _("交换文件夹")
    PUSH = "push", _("接口推送")
    PULL = "pull", _("数据库抽取")


class CityDelivery(models.Model):
    """One file for all counties of a city, of the office that sent it: split once, each county's part a delivery of the county."""

    class State(models.TextChoices):
        """Where it stands."""

        RECEIVED = "received", _("正在分到各县（区）")
        SPLIT = "split", _("已分到各县（区）")
        FAILED = "failed", _("读不了")
        DESTROYED = "destroyed", _("已销毁")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.BigIntegerField(unique=True)
    feed = models.CharField(max_length=20)
    division = models.BigIntegerField(help_text="the city")
    domain = models.CharField(max_length=20)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(max_length=6, choices=Channel.choices)
    file_name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=9, choices=State.choices, default=State.RECEIVED)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    received_at = models.DateTimeField()
    split_at = models.DateTimeField(null=True)
    rows = models.BigIntegerField(default=0)
    unplaced = models.BigIntegerField(default=0, help_text="rows of no county of the city")
    not_data = models.BigIntegerField(default=0)
    headings = models.JSONField(default=list)
    parts = models.JSONField(default=list, help_text="each county: its rows and what became of them")
    trouble = models.JSONField(default=dict, help_text="the sentence of a refusal and its values")
    destroyed_at = models.DateTimeField(null=True)

    objects = Visible.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "feed", "-received_at"], name="citydelivery_office"),
            models.Index(fields=["sha256"], name="citydelivery_sha"),
        ]

    def __str__(self) -> str:
        return f"{self.feed} {self.number}"


class CityRow(models.Model):
    """A row of a city's file that belongs to no county, with its cells sealed and the reasons, for the workbook that goes back."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(CityDelivery, models.PROTECT, related_name="bad_rows")
    division = models.BigIntegerField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    domain = models.CharField(max_length=20)
    number = models.BigIntegerField(help_text="1-based row as the sender sees it")
    reasons = models.JSONField(default=list)
    raw_sealed = models.BinaryField()

    objects = Visible.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(name="cityrow_once", fields=["delivery", "number"])]

    def __str__(self) -> str:
        return str(self.number)


class FeedDelivery(models.Model):
    """One file of a feed on its way: received, checked at the door, used by discovery until a later one, destroyed in time."""

    class State(models.TextChoices):
        """Where it stands."""

        RECEIVED = "received", _("正在检查")
        HELD = "held", _("待核对")
        ACCEPTED = "accepted", _("已采用")
        WITHDRAWN = "withdrawn", _("不采用")
        FAILED = "failed", _("读不了")
        DESTROYED = "destroyed", _("已销毁")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.BigIntegerField(unique=True, help_text="serial; makes row ids of different deliveries differ")
    feed = models.CharField(max_length=20)
    division = models.BigIntegerField()
    domain = models.CharField(max_length=20)
    agreement = models.ForeignKey(SharingAgreement, models.PROTECT, related_name="deliveries", db_constraint=False)
    channel = models.CharField(max_length=6, choices=Channel.choices)
    file_name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    city = models.ForeignKey(
        CityDelivery,
        models.PROTECT,
        null=True,
        related_name="pieces",
        db_constraint=False,
        help_text="of which it is a part",
    )
    whole_sha256 = models.CharField(
        max_length=64, blank=True, default="", db_default="", help_text="of the city's file"
    )
    state = models.CharField(max_length=9, choices=State.choices, default=State.RECEIVED)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    received_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    rows = models.BigIntegerField(default=0)
    good = models.BigIntegerField(default=0)
    bad = models.BigIntegerField(default=0)
    not_data = models.BigIntegerField(default=0)
    found = models.JSONField(default=dict, help_text="columns taken and left, notes by code, seconds by stage")
    remarks = models.JSONField(default=list, help_text="late, shrunken, doubled …: code and figures")
    stored = models.CharField(max_length=100, blank=True, help_text="name of the encrypted Parquet file")
    trouble = models.CharField(max_length=300, blank=True)
    trouble_said = models.JSONField(default=dict, db_default={}, help_text="msgid and values of the trouble")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    because = models.CharField(max_length=200, blank=True)
    destroyed_at = models.DateTimeField(null=True)

    objects = Visible.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["division", "feed", "-received_at"], name="feeddelivery_division"),
            models.Index(fields=["sha256"], name="feeddelivery_sha"),
        ]

    def __str__(self) -> str:
        return f"{self.feed} {self.number}"


class FeedRow(models.Model):
    """A row that could not be used, with its cells sealed and the reasons, for the workbook that goes back."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(FeedDelivery, models.PROTECT, related_name="bad_rows")
    division = models.BigIntegerField()
    domain = models.CharField(max_length=20)
    number = models.BigIntegerField(help_text="1-based row as the sender sees it")
    reasons = models.JSONField(default=list)
    raw_sealed = models.BinaryField()

    objects = Visible.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(name="feedrow_once", fields=["delivery", "number"])]

    def __str__(self) -> str:
        return str(self.number)
