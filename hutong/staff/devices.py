"""Phones: registered by whoever uses them, silent or busy, and revoked by whoever supervises the place."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from hutong.kernel import events
from hutong.kernel.clock import day
from hutong.kernel.refusals import Denied, Refusal
from hutong.kernel.scope import Scope
from hutong.policy.field import number
from hutong.staff.models import Device, User


class Revoked(Denied):
    """The phone was taken off: it gets nothing more and sends nothing more."""

    code = "revoked"

    def __init__(self) -> None:
        super().__init__("这部手机已被停用，儿童名册已收回。没有上传的记录仍封存在手机里，请带手机找督导员。")


class UnknownDevice(Refusal):
    """Not registered, or somebody else's."""

    code = "device"

    def __init__(self) -> None:
        super().__init__("这部手机还没有登记。内容都还在手机里，请重新登录一次。")


@transaction.atomic
def register(*, device: UUID, name: str, store: str, version: int, division: int, by: User, at: datetime) -> Device:
    """Note a phone under the id it chose. Twice is once; a revoked one stays revoked."""
    row = Device.objects.filter(pk=device, user=by).first()
    if row is None:
        row = _new(device, name=name, store=store, version=version, division=division, by=by, at=at)
    elif row.revoked_at is None:
        row.name, row.version, row.division = name[:80], version, division
        row.save(update_fields=["name", "version", "division"])
    return row


def _new(device: UUID, *, name: str, store: str, version: int, division: int, by: User, at: datetime) -> Device:
    try:
        with transaction.atomic():
            row = Device(
                id=device, user=by, division=division, name=name[:80], store=store, version=version, registered_at=at
            )
            row.save(force_insert=True)
    except IntegrityError as error:
        if same := Device.objects.filter(pk=device, user=by).first():
            return same  # registered by two requests at once
        raise UnknownDevice from error
    events.record(
        kind="staff.device.registered", subject=("staff.device", device), division=division, by=by.pk, at=at,
        data={"store": store},
    )  # fmt: skip
    return row


def of(device: UUID, *, by: User) -> Device:
    """The phone, if it is this user's and not revoked. Raises Revoked or UnknownDevice."""
    row = Device.objects.filter(pk=device, user=by).first()
    if row is None:
        raise UnknownDevice
    if row.revoked_at:
        raise Revoked
    return row


def synced(device: Device, *, unsent: int, clock: datetime, at: datetime) -> None:
    """Note what the phone still holds and how far its clock is off."""
    device.unsent, device.last_sync_at, device.skew_seconds = max(0, unsent), at, skew(clock, at)
    device.save(update_fields=["unsent", "last_sync_at", "skew_seconds"])


def taken_over(device: Device, number: int) -> None:
    """So many of the records it held came in by another way."""
    device.unsent = max(0, device.unsent - number)
    device.save(update_fields=["unsent"])


def skew(clock: datetime, at: datetime) -> int:
    """Seconds by which a phone's clock is ahead of ours."""
    return round((clock - at).total_seconds())


@transaction.atomic
def revoke(*, device: Device, by: User, at: datetime, op: UUID | None = None) -> Device:
    """Take a phone off: its next call tells it to wipe the children, and unsent work stays sealed on it."""
    if events.repeated(op):
        return Device.objects.get(pk=device.pk)
    row = Device.objects.select_for_update().get(pk=device.pk)
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by, row.pack = at, by, {}
        row.save(update_fields=["revoked_at", "revoked_by", "pack"])
        events.record(
            kind="staff.device.revoked", subject=("staff.device", row.pk), division=row.division, by=by.pk, at=at, op=op,
            data={"unsent": row.unsent},
        )  # fmt: skip
    return row


def silent(device: Device, at: datetime) -> bool:
    """Has the phone not been heard of for longer than policy allows?"""
    last = device.last_sync_at or device.registered_at
    return device.revoked_at is None and last < _heard_since(at)


def _heard_since(at: datetime) -> datetime:
    return at - timedelta(days=number("silent_days", day(at)))


def listed(scope: Scope) -> QuerySet[Device]:
    """The phones of the area, those with unsent work and the silent ones first."""
    rows = Device.objects.visible_to(scope).select_related("user", "revoked_by")
    return rows.order_by(F("revoked_at").asc(nulls_first=True), "-unsent", "last_sync_at", "pk")


def silent_of(rows: QuerySet[Device], at: datetime) -> QuerySet[Device]:
    """Of these phones the silent ones (see `silent`)."""
    heard = Coalesce("last_sync_at", "registered_at")
    return rows.filter(revoked_at=None).alias(heard=heard).filter(heard__lt=_heard_since(at))


def holding(rows: QuerySet[Device]) -> QuerySet[Device]:
    """Of these phones those that said they hold unsent work, revoked ones too: it is still to be taken over."""
    return rows.filter(unsent__gt=0)
