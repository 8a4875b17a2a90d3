"""Reports that a child may be in danger: what was said, with a receipt number. Triage and cases come later."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hutong.kernel.ids import uuid7
from hutong.kernel.models import Visible
from hutong.people.models import File
from hutong.staff.models import User


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), obj_field=None, context_field=None, append_only=True)
class Report(models.Model):
    """An urgent report (强制报告, Law on the Protection of Minors art. 11). The child need not be registered."""

    class State(models.TextChoices):
        """Until somebody says he has it."""

        RECEIVED = "received", _("待接报")
        ACKNOWLEDGED = "acknowledged", _("已接报")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    receipt = models.CharField(max_length=30, unique=True)
    file = models.ForeignKey(File, models.PROTECT, null=True, related_name="reports", db_constraint=False)
    division = models.BigIntegerField(help_text="of the child, or of whoever reports")
    child_words = models.CharField(max_length=200, blank=True, help_text="who, when no file is known")
    place_words = models.CharField(max_length=200, blank=True)
    situations = models.JSONField(default=list, help_text="policy codes: situation")
    facts = models.TextField()
    reporter_sealed = models.BinaryField(null=True, help_text="name and phone, sealed")
    occurred_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(help_text="written on the phone")
    entered_at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    synthetic = models.BooleanField(default=False)

    objects = Visible.as_manager()

    class Meta:
        indexes = [models.Index(fields=["division", "state", "-entered_at"], name="report_division")]
        constraints = [
            models.CheckConstraint(
                name="report_acknowledged_by_somebody",
                condition=Q(state="received", acknowledged_by=None)
                | Q(state="acknowledged", acknowledged_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.receipt
