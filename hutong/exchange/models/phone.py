"""What phones send: operations word for word, what a person must decide, and pictures on their way up."""

from __future__ import annotations

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from hutong.kernel.ids import uuid7
from hutong.kernel.models import Visible
from hutong.staff.models import Device, User


class FieldOperation(models.Model):
    """What a phone sent, word for word and sealed, and what became of it. The same id with other content is a second row."""

    class Status(models.TextChoices):
        """The answer the phone got."""

        TAKEN = "taken", _("已收到")
        APPLIED = "applied", _("已写入")
        NEEDS_REVIEW = "needs_review", _("待督导员处理")
        REJECTED = "rejected", _("退回修改")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    op = models.UUIDField(help_text="chosen by the phone")
    digest = models.CharField(max_length=64, help_text="keyed, over kind, event time, base and body")
    reused = models.BooleanField(default=False, help_text="the id had come before with other content")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    device = models.ForeignKey(Device, models.PROTECT, related_name="operations")
    division = models.BigIntegerField(help_text="the post's place, from which it is supervised")
    seq = models.BigIntegerField(help_text="order on the phone")
    kind = models.CharField(max_length=20)
    happened_at = models.DateTimeField(help_text="by the phone's clock")
    entered_at = models.DateTimeField(help_text="by ours")
    skew_seconds = models.BigIntegerField(help_text="phone's clock minus ours when it was sent")
    base = models.IntegerField(null=True, help_text="version of the file the phone knew")
    body_sealed = models.BinaryField()
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.TAKEN)
    code = models.CharField(max_length=40, blank=True)
    message = models.CharField(max_length=300, blank=True)
    version = models.IntegerField(null=True)
    receipt = models.CharField(max_length=30, blank=True)
    file_id = models.UUIDField(null=True, help_text="the child it was for, as the phone said, or the file it opened")
    made_kind = models.CharField(max_length=40, blank=True)
    made_id = models.UUIDField(null=True)

    objects = Visible.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["division", "status", "-entered_at"], name="field_operation_division"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="field_operation_once", fields=["user", "op"], condition=models.Q(reused=False)
            ),
            models.UniqueConstraint(name="field_operation_content", fields=["user", "op", "digest"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.op}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), obj_field=None, context_field=None, append_only=True)
class Conflict(models.Model):
    """Something from a phone that a supervisor must decide: two values for one field, or a record for a child no longer there."""

    class Kind(models.TextChoices):
        """Why it needs a person."""

        FIELD = "field", _("两处填得不同")
        CLOSED = "closed", _("档案已退出")
        ELSEWHERE = "elsewhere", _("孩子不在本村（居）名册")
        REFUSED = "refused", _("写不进去")

    class State(models.TextChoices):
        """What was decided."""

        OPEN = "open", _("待处理")
        KEPT = "kept", _("保留系统里的")
        TAKEN = "taken", _("采用手机上的")
        NOTED = "noted", _("已阅处")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    operation = models.ForeignKey(FieldOperation, models.PROTECT, related_name="conflicts")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    division = models.BigIntegerField()
    file_id = models.UUIDField(null=True)
    field = models.CharField(max_length=40, blank=True)
    was = models.JSONField(null=True, help_text="what the phone had seen")
    ours = models.JSONField(null=True, help_text="what stood here when it came, and stays until decided")
    theirs = models.JSONField(null=True, help_text="what the phone says")
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    made_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)

    objects = Visible.as_manager()

    class Meta:
        indexes = [models.Index(fields=["division", "state", "-made_at"], name="conflict_division")]
        constraints = [
            models.CheckConstraint(
                name="conflict_decided_by_somebody",
                condition=models.Q(state="open", decided_by=None)
                | ~models.Q(state="open") & models.Q(decided_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Blob(models.Model):
    """A photo or signature on its way up, piece by piece; it joins its visit when both have arrived."""

    id = models.UUIDField(primary_key=True, editable=False, help_text="chosen by the phone")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="+")
    division = models.BigIntegerField()
    total = models.IntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    received = models.IntegerField(default=0)
    whole_at = models.DateTimeField(null=True)
    visit_id = models.UUIDField(null=True, help_text="set when the visit that names it has come")
    role = models.CharField(max_length=10, blank=True, help_text="photo or signature")
    joined_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()

    objects = Visible.as_manager()

    class Meta:
        indexes = [models.Index(fields=["visit_id"], name="blob_visit")]

    def __str__(self) -> str:
        return str(self.id)


class BlobPart(models.Model):
    """One piece of a blob, sealed; gone once the picture was drawn anew."""

    blob = models.ForeignKey(Blob, models.PROTECT, related_name="parts")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    start = models.IntegerField()
    data_sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(name="blob_part_once", fields=["blob", "start"])]

    def __str__(self) -> str:
        return f"{self.blob_id} {self.start}"
