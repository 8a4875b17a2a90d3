"""A file of unsent records that a director took out of the phone and gave the supervisor: taken in like any sending.

What is inside is sealed to the server, so neither the way nor the supervisor's hands can read it. Only sealed records are taken.
The same records coming from the phone itself later are duplicates. Nothing is lost: the file is kept as it came, and a record
that can't be written waits before the supervisor, since the phone may be gone. A letter does not prove who wrote it (anybody
can seal to a public key); therefore a person hands it in, and it is written down who did.
"""

from __future__ import annotations

import base64
import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hutong.exchange.field import blobs, intake
from hutong.exchange.models import Conflict, FieldOperation
from hutong.kernel import attachments, events
from hutong.kernel.clock import day
from hutong.kernel.refusals import Refusal
from hutong.kernel.scope import Scope, acting
from hutong.policy.field import number
from hutong.staff import devices
from hutong.staff.models import Device, User

Status = FieldOperation.Status


class BadFile(Refusal):
    """Not a file of ours, or of a phone that is not supervised from here."""

    code = "bad_file"


@dataclass(frozen=True)
class Taken:
    """Whose phone it was, and the answers in order (see intake)."""

    device: Device
    results: list[dict[str, Any]]

    def count(self, *statuses: str) -> int:
        """How many got one of these answers."""
        return sum(one["status"] in statuses for one in self.results)


def take_file(content: bytes, *, by: User, at: datetime, scope: Scope) -> Taken:
    """Take in the records of a file, in the name of the phone's user; written down with who brought it.

    Raises BadFile when it is none of ours; then nothing was taken.
    """
    items, pictures, name = _read(content, at)
    device = Device.objects.visible_to(scope).select_related("user").filter(pk=name).first()
    if device is None:
        raise BadFile("这个文件来自的手机不在您负责的地区。没有收入任何记录。", field="file")
    clock = at + timedelta(seconds=device.skew_seconds or 0)
    results = intake.take(
        items, device=device, clock=clock, by=device.user, at=at, scope=replace(scope, user=device.user_id)
    )
    taken = Taken(device, results)
    for one in pictures:
        _picture(one, device, replace(scope, user=device.user_id), at)
    with acting(scope):
        _note(taken, content, by=by, at=at)
    return taken


def _picture(told: Any, device: Device, scope: Scope, at: datetime) -> None:
    """Take a picture in, piece by piece as from the phone. One that is refused stays in the kept file; its visit is not held up."""
    try:
        identifier, raw = UUID(told["id"]), base64.b64decode(told["data"], validate=True)
    except (ValueError, KeyError, TypeError, AttributeError):
        return
    size, digest = number("chunk_bytes_at_most", day(at)), hashlib.sha256(raw).hexdigest()
    with suppress(Refusal), acting(scope):
        for offset in range(0, len(raw), size):
            chunk = blobs.Chunk(offset, len(raw), digest, raw[offset : offset + size])
            blobs.put(identifier, chunk, device=device, by=device.user, at=at)


def _note(taken: Taken, content: bytes, *, by: User, at: datetime) -> None:
    device = taken.device
    kept = attachments.keep(
        content, kind="unsent", name="unsent.json", media_type="application/json", subject=("staff.device", device.pk),
        division=device.division, domain="care", by=by.pk, at=at,
    )  # fmt: skip
    waiting = sum(_put(one["op"], device, at) for one in taken.results if one["status"] == Status.REJECTED)
    devices.taken_over(device, taken.count("applied", "duplicate", "needs_review") + waiting)
    events.record(
        kind="exchange.field.handed", subject=("staff.device", device.pk), division=device.division, domain="care", by=by.pk,
        at=at, data={"records": len(taken.results), "waiting": waiting, "for": str(device.user_id), "file": str(kept.pk)},
    )  # fmt: skip


def _put(op: str | None, device: Device, at: datetime) -> bool:
    """Put a record that was kept but not written before the supervisor, once. False for one that is not even kept."""
    try:
        kept = FieldOperation.objects.filter(user=device.user_id, op=UUID(op or ""), status=Status.REJECTED)
    except ValueError:
        return False
    row = kept.order_by("-reused", "-entered_at").first()
    if row:
        Conflict.objects.get_or_create(
            operation=row, kind=Conflict.Kind.REFUSED, state=Conflict.State.OPEN,
            defaults={"division": row.division, "file_id": row.file_id, "made_at": at},
        )  # fmt: skip
    return row is not None


def _read(content: bytes, at: datetime) -> tuple[list[dict[str, Any]], list[Any], UUID]:
    """The records, the pictures, and the device of a file."""
    if len(content) > number("handed_bytes_at_most", day(at)):
        raise BadFile("文件太大，没有收入任何记录。请核对是不是从手机存出的文件。", field="file")
    try:
        told = json.loads(content)
        items, pictures, name = told["operations"], told.get("pictures", []), UUID(told["device"])
        sealed = all(isinstance(item, dict) and item.get("kind") == intake.SEALED for item in items)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadFile("这不是从手机存出的文件。没有收入任何记录，请重新选。", field="file") from error
    if not sealed or not isinstance(pictures, list) or len(items) + len(pictures) > number("handed_at_once", day(at)):
        raise BadFile(
            "文件里有不是手机加密存出的内容。没有收入任何记录，请让儿童主任在手机上重新存一次。", field="file"
        )
    return items, pictures, name
