"""Deliveries of a census: what came in, its rows with their raw text, what was made of each, and the mappings users corrected."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hutong.kernel.ids import uuid7
from hutong.kernel.models import Attachment, Visible
from hutong.people.models import Person
from hutong.staff.models import User


class Delivery(models.Model):
    """One file on its way through receive, parse, check, match, apply; reversible as a batch."""

    class State(models.TextChoices):
        """Where it stands."""

        RECEIVED = "received", _("已收到")
        CHECKED = "checked", _("已检查")
        MATCHED = "matched", _("已比对")
        APPLYING = "applying", _("正在写入")
        APPLIED = "applied", _("已写入")
        REVERSING = "reversing", _("正在撤回")
        REVERSED = "reversed", _("已撤回")
        FAILED = "failed", _("读不了")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20, default="census")
    division = models.BigIntegerField(help_text="the county it is for")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    applied_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    applied_at = models.DateTimeField(null=True)
    mapping = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    trouble = models.CharField(max_length=300, blank=True)
    trouble_said = models.JSONField(default=dict, db_default={}, help_text="msgid and values of the trouble")

    objects = Visible.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["division", "-received_at"], name="delivery_division"),
            models.Index(fields=["sha256"], name="delivery_sha"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Row(models.Model):
    """One row of a delivery as the user sees it in the sheet: raw, parsed, judged, matched, applied, undoable."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="rows")
    division = models.BigIntegerField()
    sheet = models.CharField(max_length=100)
    number = models.IntegerField(help_text="1-based row of the sheet")
    status = models.CharField(max_length=12, help_text="ok, changed, unchanged, quarantined, not_data")
    match = models.CharField(max_length=10, blank=True, help_text="new, same, changed, unsure")
    fields_sealed = models.BinaryField(null=True, help_text="parsed fields as JSON, sealed")
    raw_sealed = models.BinaryField(help_text="cells as JSON, sealed")
    reasons = models.JSONField(default=list)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_constraint=False)
    applied_at = models.DateTimeField(null=True)
    undo = models.JSONField(null=True, help_text="what apply made or changed")

    objects = Visible.as_manager()

    class Meta:
        indexes = [models.Index(fields=["delivery", "status"], name="row_status")]
        constraints = [models.UniqueConstraint(name="row_once", fields=["delivery", "sheet", "number"])]

    def __str__(self) -> str:
        return f"{self.sheet}:{self.number}"


class Mapping(models.Model):
    """A correction of the column mapping, remembered for the county and this header."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    division = models.BigIntegerField()
    signature = models.CharField(max_length=64, help_text="hash of the header as read")
    columns = models.JSONField(default=dict)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = Visible.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(name="mapping_once", fields=["division", "signature"])]

    def __str__(self) -> str:
        return self.signature
