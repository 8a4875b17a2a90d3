"""Operations on facts about people: circumstances, kin and carers. Dated, sourced, never overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from hutong.kernel import events, reactions
from hutong.kernel.refusals import Refusal
from hutong.people import files
from hutong.people.models import Circumstance, File, Kinship, Person
from hutong.policy import circumstances
from hutong.staff.models import User


class BadFact(Refusal):
    """A fact that does not fit its kind, or ends before it begins."""

    code = "bad_fact"


@transaction.atomic
def record(
    *,
    person: Person,
    kind: str,
    value: Mapping[str, Any] | None = None,
    start: date | None = None,
    end: date | None = None,
    source: str,
    source_id: UUID | None = None,
    by: User,
    at: datetime,
    op: UUID | None = None,
) -> Circumstance:
    """Record a fact of policy/circumstances.yaml about a person, in force in `[start, end)`. Files concerned react."""
    if done := events.repeated(op):
        return Circumstance.objects.get(pk=done.subject_id)
    if problems := circumstances.problems(kind, value or {}):
        raise BadFact("%(what)s没有保存。", values={"what": problems[0]}, field=kind)
    _period(start, end)
    row = Circumstance.objects.create(
        person=person, division=person.division, domain=circumstances.domain_of(kind), kind=kind, value=dict(value or {}),
        start=start, end=end, source=source, source_id=source_id, recorded_at=at, recorded_by=by.pk,
    )  # fmt: skip
    _tell("people.circumstance.recorded", row, by=by, at=at, op=op, on=start)
    return row


@transaction.atomic
def end(*, circumstance: Circumstance, on: date, by: User, at: datetime, op: UUID | None = None) -> Circumstance:
    """A fact holds no longer from a day on: released, returned, recovered. The row stays."""
    if events.repeated(op):
        return Circumstance.objects.get(pk=circumstance.pk)
    row = Circumstance.objects.select_for_update().get(pk=circumstance.pk)
    _period(row.start, on)
    row.end = on
    row.save(update_fields=["end"])
    _tell("people.circumstance.ended", row, by=by, at=at, op=op, on=on)
    return row


@transaction.atomic
def withdraw(
    *, circumstance: Circumstance, because: str, by: User, at: datetime, op: UUID | None = None
) -> Circumstance:
    """A fact was entered by mistake: it counts no longer, and stays to be seen."""
    if events.repeated(op):
        return Circumstance.objects.get(pk=circumstance.pk)
    row = Circumstance.objects.select_for_update().get(pk=circumstance.pk)
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    _tell("people.circumstance.withdrawn", row, by=by, at=at, op=op, on=None, because=because[:200])
    return row


@transaction.atomic
def add_kin(
    *,
    child: Person,
    relative: Person,
    relation: str,
    guardian: bool = False,
    carer: bool = False,
    start: date | None = None,
    source: str,
    by: User,
    at: datetime,
    op: UUID | None = None,
) -> Kinship:
    """What an adult is to a child (GB/T 4761). A new carer ends the former one's care on the same day."""
    if done := events.repeated(op):
        return Kinship.objects.get(pk=done.subject_id)
    if carer:
        running = Kinship.objects.filter(Q(end=None), child=child, carer=True)
        for old in running.select_for_update().order_by("pk"):
            old.carer, old.end = (False, old.end) if old.guardian else (True, _not_before(old.start, start))
            old.save(update_fields=["carer", "end"])
    row = Kinship.objects.create(
        child=child, relative=relative, division=child.division, relation=relation,
        guardian=guardian, carer=carer, start=start, source=source,
    )  # fmt: skip
    concerned = _files([child.pk])
    events.record(
        kind="people.kinship.carer_set" if carer else "people.kinship.added",
        subject=("people.kinship", row.pk),
        about=concerned[0].pk if concerned else None,
        division=child.division,
        domain="care",
        by=by.pk,
        at=at,
        op=op,
        data={"relation": relation},
    )
    _react(concerned, by=by, at=at, on=start)
    return row


def _not_before(start: date | None, end: date | None) -> date | None:
    """The end of a care: told late, the new care may begin before the former one did; then that one never was."""
    return max(start, end) if start and end else end


def _period(start: date | None, until: date | None) -> None:
    if start and until and until < start:
        raise BadFact("结束日期早于开始日期。没有保存，请核对两个日期。", field="end")


def _tell(
    kind: str, row: Circumstance, *, by: User, at: datetime, op: UUID | None, on: date | None, because: str = ""
) -> None:
    children = Kinship.objects.filter(relative=row.person_id).values_list("child_id", flat=True)
    concerned = _files([row.person_id, *children])
    events.record(
        kind=kind,
        subject=("people.circumstance", row.pk),
        about=concerned[0].pk if concerned else None,
        division=row.division,
        domain=row.domain,
        by=by.pk,
        at=at,
        op=op,
        data={"fact": row.kind, "person": str(row.person_id), "because": because},
    )
    _react(concerned, by=by, at=at, on=on)


def _files(children: list[UUID]) -> list[File]:
    return list(File.objects.filter(child__in=children, closed_on=None).order_by("pk"))


def _react(concerned: list[File], *, by: User, at: datetime, on: date | None) -> None:
    """Files of the children concerned note the change and let the rooms above derive again."""
    for file in concerned:
        if on:
            files.touch(file, on=on)
        reactions.react("people.file", file.pk, by=by, at=at)
