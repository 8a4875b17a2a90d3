"""A child's life as people recorded it: visits and their answers by data domain, attempts, contacts, flags, agreements, photos.

Append-only facts: a correction is a new row that names the one it corrects.
"""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hutong.kernel.ids import uuid7
from hutong.kernel.models import Attachment, Visible
from hutong.people.models import File, Person
from hutong.staff.models import User


class Visit(models.Model):
    """A home visit at which somebody of the home was seen. A failed attempt or a phone call is not one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.ForeignKey(File, models.PROTECT, related_name="visits", db_constraint=False)
    division = models.BigIntegerField()
    occurred_on = models.DateField()
    occurred_at = models.DateTimeField(null=True)
    entered_at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    questionnaire = models.CharField(max_length=40)
    questionnaire_version = models.SmallIntegerField()
    child_seen = models.BooleanField(default=True)
    attention = models.CharField(max_length=6, blank=True, help_text="level proposed by the answers")
    next_on = models.DateField(null=True)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")
    synthetic = models.BooleanField(default=False)

    objects = Visible.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["file", "-occurred_on", "-entered_at"], name="visit_file"),
            models.Index(fields=["division", "occurred_on"], name="visit_division"),
        ]

    def __str__(self) -> str:
        return f"{self.occurred_on}"


class Answer(models.Model):
    """The answers of one visit in one data domain: row security cannot split a row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="answers")
    file = models.ForeignKey(File, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    division = models.BigIntegerField()
    domain = models.CharField(max_length=20)
    answers = models.JSONField(default=dict)

    objects = Visible.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(name="answer_once", fields=["visit", "domain"])]

    def __str__(self) -> str:
        return self.domain


class Attempt(models.Model):
    """Went there and met nobody."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.ForeignKey(File, models.PROTECT, related_name="attempts", db_constraint=False)
    division = models.BigIntegerField()
    occurred_on = models.DateField()
    entered_at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(max_length=200)
    synthetic = models.BooleanField(default=False)

    objects = Visible.as_manager()

    class Meta:
        indexes = [models.Index(fields=["file", "-occurred_on"], name="attempt_file")]

    def __str__(self) -> str:
        return f"{self.occurred_on}"


class Contact(models.Model):
    """One week's contact in one direction, or a phone call: a ledger of whether parents kept in touch."""

    class Direction(models.TextChoices):
        """Who spoke to whom."""

        PARENT_CHILD = "parent_child", _("父母与孩子")
        PARENT_CARER = "parent_carer", _("父母与照护人")
        DIRECTOR_PARENT = "director_parent", _("儿童主任与父母")
        DIRECTOR_HOME = "director_home", _("儿童主任打电话到家")

    class State(models.TextChoices):
        """What is known of the week."""

        DONE = "done", _("联系了")
        MISSED = "missed", _("没有联系")
        UNKNOWN = "unknown", _("不清楚")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.ForeignKey(File, models.PROTECT, related_name="contacts", db_constraint=False)
    division = models.BigIntegerField()
    direction = models.CharField(max_length=20, choices=Direction.choices)
    week = models.CharField(max_length=8, help_text="ISO week, 2026-W48")
    state = models.CharField(max_length=8, choices=State.choices)
    occurred_on = models.DateField(null=True)
    channel = models.CharField(max_length=20, blank=True)
    told_by = models.CharField(max_length=20, blank=True, help_text="parent, carer, child, school, visit")
    note = models.CharField(max_length=200, blank=True)
    entered_at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    synthetic = models.BooleanField(default=False)

    objects = Visible.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["file", "week", "direction"], name="contact_file"),
            models.Index(fields=["division", "week"], name="contact_division"),
        ]

    def __str__(self) -> str:
        return f"{self.week} {self.direction}"


class Flag(models.Model):
    """A sign that somebody must look, with its severity and its end."""

    class Severity(models.TextChoices):
        """Red pages people at once; amber waits for the supervisor."""

        AMBER = "amber", _("关注")
        RED = "red", _("紧急")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.ForeignKey(File, models.PROTECT, related_name="flags", db_constraint=False)
    division = models.BigIntegerField()
    domain = models.CharField(max_length=20)
    kind = models.CharField(max_length=40)
    severity = models.CharField(max_length=5, choices=Severity.choices)
    text = models.CharField(max_length=200)
    source_kind = models.CharField(max_length=40)
    source_id = models.UUIDField(null=True)
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    outcome = models.CharField(max_length=200, blank=True)

    objects = Visible.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["file", "closed_at"], name="flag_file"),
            models.Index(fields=["division", "closed_at"], name="flag_division"),
        ]
        constraints = [
            models.CheckConstraint(
                name="flag_closed_by_somebody",
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.kind


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), obj_field=None, context_field=None, append_only=True)
class Agreement(models.Model):
    """Entrusted care (委托照护, Law on the Protection of Minors art. 22–23): who cares for the child while the parents are away."""

    class State(models.TextChoices):
        """From draft to end."""

        DRAFT = "draft", _("起草")
        SIGNED = "signed", _("已签")
        NOTIFIED = "notified", _("已告知学校和村（居）")
        ACTIVE = "active", _("有效")
        ALERT = "alert", _("照护人不适合，处理中")
        ENDED = "ended", _("已结束")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.ForeignKey(File, models.PROTECT, related_name="agreements", db_constraint=False)
    division = models.BigIntegerField()
    carer = models.ForeignKey(Person, models.PROTECT, related_name="+")
    relation = models.CharField(max_length=2, help_text="GB/T 4761")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    start = models.DateField()
    end = models.DateField(null=True)
    reason = models.CharField(max_length=200)
    child_opinion = models.CharField(max_length=200, blank=True)
    bars = models.JSONField(default=dict, help_text="the four bars of art. 22(3): a, b, c, d → declared true or false")
    signed_on = models.DateField(null=True)
    school_told_on = models.DateField(null=True)
    village_told_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    created_at = models.DateTimeField()
    synthetic = models.BooleanField(default=False)

    objects = Visible.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["file", "state"], name="agreement_file"),
            models.Index(fields=["division", "state"], name="agreement_division"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="agreement_one_running",
                fields=["file"],
                condition=Q(state__in=["signed", "notified", "active", "alert"]),
            ),
            models.CheckConstraint(name="agreement_period", condition=Q(end=None) | Q(end__gte=F("start"))),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Photo(models.Model):
    """A re-encoded picture of a visit; the file itself is an attachment outside public folders."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="photos")
    file = models.ForeignKey(File, models.PROTECT, related_name="+", db_constraint=False)
    division = models.BigIntegerField()
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    caption = models.CharField(max_length=100, blank=True)

    objects = Visible.as_manager()

    def __str__(self) -> str:
        return str(self.id)
