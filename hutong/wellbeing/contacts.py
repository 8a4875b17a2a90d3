"""The ledger of weekly contact: parent with child, parent with carer (菏民〔2024〕6号 L187-L191). The parents' duty.

Append-only: what was told last for a week and direction counts. Both directions are needed for a week to be kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from hutong.kernel import events, reactions
from hutong.kernel.clock import day, week
from hutong.kernel.refusals import Refusal
from hutong.people import observations
from hutong.people.models import File
from hutong.policy import codes
from hutong.staff.models import User
from hutong.wellbeing import days
from hutong.wellbeing.models import Contact

PARENTS = (Contact.Direction.PARENT_CHILD, Contact.Direction.PARENT_CARER)


class BadWeek(Refusal):
    """No such week, or one that has not begun."""

    code = "bad_week"


@dataclass(frozen=True, slots=True)
class Week:
    """What is known of one week, by direction."""

    key: str
    child: str = Contact.State.UNKNOWN.value
    carer: str = Contact.State.UNKNOWN.value

    @property
    def kept(self) -> bool:
        """Both the child and the carer were contacted."""
        return self.child == self.carer == Contact.State.DONE


@transaction.atomic
def record_contact(
    *,
    file: File,
    direction: str,
    week_key: str,
    state: str,
    by: User,
    at: datetime,
    op: UUID | None = None,
    occurred_on: date | None = None,
    channel: str = "",
    told_by: str = "",
    note: str = "",
) -> Contact:
    """Record what is known of one week (ISO, 2026-W48) in one direction. `occurred_on` must lie in that week."""
    if done := events.repeated(op):
        return Contact.objects.get(pk=done.subject_id)
    row = File.objects.select_related("child").get(pk=file.pk)
    _check(row, direction, week_key, state, channel, occurred_on, at=at)
    contact = Contact.objects.create(
        file=row, division=row.division, direction=direction, week=week_key, state=state, occurred_on=occurred_on,
        channel=channel, told_by=told_by[:20], note=note.strip()[:200], entered_at=at, by=by, synthetic=row.synthetic,
    )  # fmt: skip
    _date_the_child(row, contact, by=by, at=at)
    events.record(
        kind="wellbeing.contact.recorded", subject=("wellbeing.contact", contact.pk), division=row.division,
        domain="care", by=by.pk, at=at, op=op, happened=days.moment(occurred_on, at) if occurred_on else at,
        about=row.pk,
        data={"file": str(row.pk), "direction": direction, "week": week_key, "state": state},
    )  # fmt: skip
    reactions.react("people.file", row.pk, by=by, at=at)
    return contact


def _check(
    file: File, direction: str, week_key: str, state: str, channel: str, on: date | None, *, at: datetime
) -> None:
    first = first_day(week_key)
    days.check(file, on or day(at), at=at)
    if first > day(at):
        raise BadWeek(
            "%(week_key)s 这一周还没有开始。没有保存，请选已经过去或正在过的一周。",
            values={"week_key": week_key},
            field="week_key",
        )
    if direction not in Contact.Direction.values or state not in Contact.State.values:
        raise Refusal("请从列出的选项里选。没有保存。", field="state")
    if channel and channel not in codes.codes("contact_channel"):
        raise Refusal("请从列出的联系方式里选。没有保存。", field="channel")
    if on and week(on) != week_key:
        raise BadWeek(
            "联系日期 %(on)s 不在所选的那一周。没有保存，请核对日期或改选那一周。",
            values={"on": on},
            field="occurred_on",
        )


def first_day(week_key: str) -> date:
    """Monday of an ISO week. Raises BadWeek for what is none."""
    found = re.fullmatch(r"(\d{4})-W(\d{2})", week_key)
    try:
        return date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else _no_week()
    except ValueError:
        return _no_week()


def _no_week() -> date:
    raise BadWeek("看不出是哪一周。没有保存，请重新选择。", field="week_key")


def _date_the_child(file: File, contact: Contact, *, by: User, at: datetime) -> None:
    """The last contact with a parent is a fact that the rules read (four weeks without: priority attention)."""
    if contact.direction != Contact.Direction.PARENT_CHILD or contact.state != Contact.State.DONE:
        return
    on = contact.occurred_on or first_day(contact.week)
    seen = observations.Seen("child", "last_parent_contact", {"on": on.isoformat()})
    observations.observe(file=file, seen=[seen], on=on, source="contact", source_id=contact.pk, by=by, at=at)


def weeks(file: File, keys: list[str]) -> list[Week]:
    """What is known of each week: what was entered last for it counts."""
    rows = Contact.objects.filter(file=file, week__in=keys, direction__in=PARENTS).order_by("entered_at", "pk")
    last = {(row.week, row.direction): row.state for row in rows}
    unknown = Contact.State.UNKNOWN.value
    child, carer = PARENTS
    return [Week(key, last.get((key, child), unknown), last.get((key, carer), unknown)) for key in keys]
