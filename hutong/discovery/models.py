"""Leads and what people decided of them. A lead is a question to a person, never a finding about a child."""

from __future__ import annotations

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from hutong.kernel.ids import uuid7
from hutong.kernel.models import Visible
from hutong.people.models import File
from hutong.staff.models import User


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), obj_field=None, context_field=None, append_only=True)
class Lead(models.Model):
    """What a rule found about somebody in the registers. The same finding of a later run is the same row."""

    class State(models.TextChoices):
        """What people made of it."""

        OPEN = "open", _("待核实")
        UNSURE = "unsure", _("要入户核实")
        TRUE = "true", _("属实")
        FALSE = "false", _("不属实")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=32, unique=True, help_text="digest of rule, person and evidence key")
    rule = models.CharField(max_length=60)
    division = models.BigIntegerField()
    domain = models.CharField(max_length=20, help_text="data domain of the evidence")
    restricted = models.BooleanField(default=False)
    name = models.CharField(max_length=60)
    sex = models.CharField(max_length=1)
    birth_date = models.DateField(null=True)
    id_sealed = models.BinaryField(null=True)
    disabled = models.BooleanField(
        null=True, help_text="in the register of disabled persons; only for the table of fairness"
    )
    certainty = models.CharField(max_length=6)
    weight = models.IntegerField(help_text="severity × certainty × age: only an order of looking")
    evidence = models.JSONField(default=list)
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    file = models.ForeignKey(File, models.PROTECT, null=True, related_name="leads", db_constraint=False)
    first_found_on = models.DateField()
    last_found_on = models.DateField()
    taken_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    objects = Visible.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["state", "-weight", "id"], name="lead_order"),
            models.Index(fields=["division", "state"], name="lead_division"),
        ]

    def __str__(self) -> str:
        return self.key


class LeadDecision(models.Model):
    """One decision of one person, with its reason. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lead = models.ForeignKey(Lead, models.PROTECT, related_name="decisions")
    division = models.BigIntegerField()
    domain = models.CharField(max_length=20)
    restricted = models.BooleanField(default=False)
    verdict = models.CharField(max_length=6, choices=Lead.State.choices)
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    objects = Visible.as_manager()

    def __str__(self) -> str:
        return self.verdict


class RuleSwitch(models.Model):
    """A county's officers put a rule aside or take it up again. The latest row of rule and county is in force."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rule = models.CharField(max_length=60)
    division = models.BigIntegerField(help_text="the county")
    off = models.BooleanField()
    because = models.CharField(max_length=200)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    objects = Visible.as_manager()

    class Meta:
        indexes = [models.Index(fields=["division", "rule", "-at"], name="ruleswitch_latest")]

    def __str__(self) -> str:
        return f"{self.rule} {'off' if self.off else 'on'}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), obj_field=None, context_field=None, append_only=True)
class HomeCheck(models.Model):
    """A look at home that an officer asked for because a lead was unsure.

    Says whom to see and what to ask, not what registers say.
    """

    class Found(models.TextChoices):
        """What the director found."""

        TRUE = "true", _("情况属实")
        FALSE = "false", _("情况不属实")
        UNSURE = "unsure", _("见到了，说不准")
        NOBODY = "nobody", _("没有见到人")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lead = models.ForeignKey(Lead, models.PROTECT, related_name="checks", db_constraint=False)
    division = models.BigIntegerField()
    name = models.CharField(max_length=60)
    sex = models.CharField(max_length=1)
    birth_date = models.DateField(null=True)
    ask = models.CharField(max_length=200)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    found = models.CharField(max_length=6, choices=Found.choices, blank=True)
    words = models.CharField(max_length=500, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    answered_at = models.DateTimeField(null=True)
    lapsed_at = models.DateTimeField(null=True, help_text="the lead was decided before anybody looked")
    file = models.ForeignKey(
        File,
        models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        help_text="closes with a restricted file",
    )

    objects = Visible.as_manager()

    class Meta:
        indexes = [models.Index(fields=["division", "answered_at"], name="homecheck_division")]
        constraints = [
            models.UniqueConstraint(
                name="homecheck_one_open", fields=["lead"], condition=models.Q(answered_at=None, lapsed_at=None)
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Run(models.Model):
    """One search through the registers of a county, asked for by an officer: how far it is, and what it found."""

    class State(models.TextChoices):
        """Where it stands."""

        ASKED = "asked", _("排队中")
        RUNNING = "running", _("正在查找")
        DONE = "done", _("已完成")
        FAILED = "failed", _("没有完成")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    division = models.BigIntegerField(help_text="the county")
    on = models.DateField(help_text="the day ages and delays are counted to")
    state = models.CharField(max_length=7, choices=State.choices, default=State.ASKED)
    step = models.IntegerField(default=0)
    steps = models.IntegerField(default=0)
    doing = models.CharField(max_length=60, blank=True, help_text="the register or rule at work")
    used = models.JSONField(default=dict, help_text="register → delivery, its rows and day")
    outcome = models.JSONField(default=dict)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True)

    objects = Visible.as_manager()

    class Meta:
        indexes = [models.Index(fields=["division", "-asked_at"], name="run_division")]
        constraints = [
            models.UniqueConstraint(
                name="run_one_at_a_time", fields=["division"], condition=models.Q(state__in=("asked", "running"))
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
