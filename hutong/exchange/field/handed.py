"""A file of unsent records that a director took out of the phone and gave the supervisor: taken in like any sending.

What is inside is sealed to the server, so neither the way nor the supervisor's hands can read it. Only sealed records are taken.
The same records coming from the phone itself later are duplicates.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from hutong.exchange.field import intake
from hutong.kernel import events
from hutong.kernel.clock import day
from hutong.kernel.refusals import Refusal
from hutong.kernel.scope import Scope, acting
from hutong.policy.field import number
from hutong.staff.models import Device, User


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
    items, name = _read(content, at)
    device = Device.objects.visible_to(scope).select_related("user").filter(pk=name).first()
    if device is None:
        raise BadFile("这个文件来自的手机不在您负责的地区。没有收入任何记录。", field="file")
    results = intake.take(
        items, device=device, clock=at, by=device.user, at=at, scope=replace(scope, user=device.user_id)
    )  # fmt: skip
    with acting(scope):
        events.record(
            kind="exchange.field.handed", subject=("staff.device", device.pk), division=device.division, domain="care", by=by.pk,
            at=at, data={"records": len(results)},
        )  # fmt: skip
    return Taken(device, results)


def _read(content: bytes, at: datetime) -> tuple[list[dict[str, Any]], UUID]:
    if len(content) > number("handed_bytes_at_most", day(at)):
        raise BadFile("文件太大，没有收入任何记录。请核对是不是从手机存出的文件。", field="file")
    try:
        told = json.loads(content)
        items, name = told["operations"], UUID(told["device"])
        sealed = all(isinstance(item, dict) and item.get("kind") == intake.SEALED for item in items)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadFile("这不是从手机存出的文件。没有收入任何记录，请重新选。", field="file") from error
    if not sealed or len(items) > number("handed_at_once", day(at)):
        raise BadFile(
            "文件里有不是手机加密存出的内容。没有收入任何记录，请让儿童主任在手机上重新存一次。", field="file"
        )
    return items, name
