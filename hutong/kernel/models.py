"""Tables every room writes: events, accesses, attachments. Append-only; no foreign keys, so that they outlive their subjects."""

from __future__ import annotations

from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models import Q

from hutong.kernel.ids import uuid7
from hutong.kernel.scope import Scope


class Visible(models.QuerySet[Any]):
    """List queries state `visible_to(scope)`: the same rule as the row-security policy, in operators an index can serve."""

    division_field = "division"

    def visible_to(self, scope: Scope) -> Self:
        """Rows inside the scope's division ranges, as plain `>=` and `<`."""
        name = self.division_field
        inside = Q()
        for low, high in scope.ranges:
            inside |= Q(**{f"{name}__gte": low, f"{name}__lt": high})
        return self.filter(inside) if inside else self.none()


class Event(models.Model):
    """One operation that happened. Never changed, never deleted by the application."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    about = models.UUIDField(null=True, help_text="the child's file it concerns: a timeline reads one table")
    division = models.BigIntegerField()
    domain = models.CharField(max_length=20, default="identity")
    user_id = models.UUIDField(null=True)
    happened_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    written_at = models.DateTimeField()
    op = models.UUIDField(null=True, unique=True)
    data = models.JSONField(default=dict)

    objects = Visible.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["about", "-entered_at"], name="event_about", condition=models.Q(about__isnull=False)),
            models.Index(fields=["division", "-entered_at"], name="event_division"),
        ]
        triggers = [pgtrigger.Protect(name="event_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"


class Access(models.Model):
    """One look at personal data: who, what, when, why."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    what = models.CharField(max_length=20)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.UUIDField(null=True)
    division = models.BigIntegerField()
    user_id = models.UUIDField()
    at = models.DateTimeField()
    purpose = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict)

    objects = Visible.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject_id", "-at"], name="access_subject"),
            models.Index(fields=["user_id", "-at"], name="access_user"),
            models.Index(fields=["division", "-at"], name="access_division"),
        ]
        triggers = [pgtrigger.Protect(name="access_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.what} {self.subject_id}"


class Attachment(models.Model):
    """A file kept outside public folders, by its content: photo, workbook, paper."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=255)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.UUIDField(null=True)
    division = models.BigIntegerField()
    domain = models.CharField(max_length=20, default="identity")
    user_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    objects = Visible.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject_id"], name="attachment_subject"),
            models.Index(fields=["division"], name="attachment_division"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Seal(models.Model):
    """One closed day of events or accesses: a digest for each row, chained to the day before."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=10, help_text="event or access")
    day = models.DateField()
    count = models.IntegerField()
    digests = models.BinaryField(help_text="32 bytes a row, ordered by the row's id")
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="seal_once", fields=["kind", "day"])]
        triggers = [pgtrigger.Protect(name="seal_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"
