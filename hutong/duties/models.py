"""Duties: an obligation applied to a child, a post or an organisation for a period. Rows that stay."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hutong.kernel.ids import uuid7
from hutong.kernel.models import Visible
from hutong.kernel.scope import Scope
from hutong.people.models import File
from hutong.places.codes import whole_county
from hutong.staff.models import User


class Duties(Visible):
    """A whole county is asked for by equality, so that one index gives both the rows and their order."""

    def visible_to(self, scope: Scope) -> Self:
        """Rows inside the scope's area."""
        county = whole_county(*scope.ranges[0]) if len(scope.ranges) == 1 else None
        return self.filter(county=county) if county else super().visible_to(scope)


class Duty(models.Model):
    """Who owes what by when. `missed` is final; doing it later is noted beside, in `late_done_on`."""

    class State(models.TextChoices):
        """What became of it."""

        DUE = "due", _("待办")
        DONE = "done", _("按时完成")
        LATE_DONE = "late_done", _("宽限期内完成")
        MISSED = "missed", _("未完成")
        WAIVED = "waived", _("免除")
        NOT_APPLICABLE = "not_applicable", _("不再适用")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    obligation = models.CharField(max_length=40)
    obligation_version = models.CharField(max_length=20)
    subject_kind = models.CharField(max_length=20, default="people.file")
    subject_id = models.UUIDField()
    file = models.ForeignKey(File, models.PROTECT, null=True, related_name="duties", db_constraint=False)
    division = models.BigIntegerField()
    county = models.GeneratedField(
        expression=F("division") / 1_000_000,
        output_field=models.BigIntegerField(),
        db_persist=True,
        help_text="first six digits of the division: equality and the order by deadline share one index",
    )
    organisation = models.UUIDField(null=True)
    period_key = models.CharField(max_length=60)
    bearer = models.CharField(max_length=20, help_text="role that owes it: director, parents, supervisor…")
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="duties")
    rank = models.SmallIntegerField(default=0, help_text="attention of the file when last derived, for ordering")
    opens_on = models.DateField()
    due_on = models.DateField()
    final_on = models.DateField(
        help_text="due_on and grace: the last day on which it still counts as late and not missed"
    )
    state = models.CharField(max_length=14, choices=State.choices, default=State.DUE)
    done_on = models.DateField(null=True)
    late_done_on = models.DateField(null=True, help_text="done after it was missed")
    settled_kind = models.CharField(max_length=40, blank=True)
    settled_id = models.UUIDField(null=True)
    missed_on = models.DateField(null=True)
    reason = models.CharField(max_length=200, blank=True, help_text="why waived or not applicable")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    level = models.SmallIntegerField(default=0, help_text="step of the escalation ladder reached")
    why = models.JSONField(default=dict, help_text="the rule and the facts used")
    created_at = models.DateTimeField()

    objects = Duties.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["division", "due_on", "-rank", "id"], name="duty_open", condition=Q(state="due")),
            models.Index(fields=["due_on", "-rank", "id"], name="duty_deadline", condition=Q(state="due")),
            models.Index(fields=["county", "due_on", "-rank", "id"], name="duty_county", condition=Q(state="due")),
            models.Index(fields=["division", "-due_on"], name="duty_missed", condition=Q(state="missed")),
            models.Index(fields=["owner", "due_on"], name="duty_owner", condition=Q(state="due")),
            models.Index(fields=["file", "state"], name="duty_file"),
            models.Index(fields=["division", "obligation", "due_on"], name="duty_board"),
        ]
        constraints = [
            models.UniqueConstraint(name="duty_once", fields=["subject_id", "obligation", "period_key"]),
            models.CheckConstraint(
                name="duty_missed_with_day", condition=~Q(state="missed") | Q(missed_on__isnull=False)
            ),
            models.CheckConstraint(
                name="duty_done_with_day", condition=~Q(state__in=["done", "late_done"]) | Q(done_on__isnull=False)
            ),
            models.CheckConstraint(
                name="duty_waived_by_somebody",
                condition=~Q(state="waived") | Q(decided_by__isnull=False) & ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.obligation} {self.period_key}"

    def settle(self, on: date) -> None:
        """Write down that it was done on a day: in time, in the days of grace, or after it was missed for good."""
        if self.state == Duty.State.MISSED or on > self.final_on:
            self.late_done_on = on
            self.state, self.missed_on = Duty.State.MISSED, self.missed_on or self.final_on + timedelta(days=1)
        else:
            self.state, self.done_on = Duty.State.DONE if on <= self.due_on else Duty.State.LATE_DONE, on
        self.save(update_fields=["state", "done_on", "late_done_on", "missed_on"])
