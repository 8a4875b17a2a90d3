"""A visit that was entered wrongly: a new row names the one it corrects; the old one stays to be seen and counts no longer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from hutong.kernel import events
from hutong.kernel.refusals import Refusal
from hutong.people import circumstances
from hutong.people.models import Circumstance, File
from hutong.staff.models import User
from hutong.wellbeing import days
from hutong.wellbeing.models import Visit
from hutong.wellbeing.operations import record_visit


class CorrectedBefore(Refusal):
    """The visit was corrected already: the correction is what may be corrected."""

    code = "corrected_before"


@transaction.atomic
def correct_visit(
    *, visit: Visit, occurred_on: date, answers: Mapping[str, Any], because: str, by: User, at: datetime,
    op: UUID | None = None,
) -> Visit:  # fmt: skip
    """Record the visit as it was. Raises what `record_visit` raises, CorrectedBefore, Refusal without a reason.

    Facts that rested on the old entry, and that the asker may see, are withdrawn first; flags stay until somebody has
    looked after them, because a sign once noted is not talked away; duties that were settled stay settled, later ones are
    laid out anew.
    """
    if done := events.repeated(op):
        return Visit.objects.get(pk=done.subject_id)
    File.objects.select_for_update().get(
        pk=visit.file_id
    )  # visits are never updated, so the file is what two would wait for
    old = Visit.objects.select_related("file").get(pk=visit.pk)
    if old.corrections.exists():
        raise CorrectedBefore("这次走访已经更正过，没有再改。要再更正，请打开更正后的那一次。")
    if not because.strip():
        raise Refusal("请写一句为什么要更正。没有保存，填写的内容还在。", field="because")
    for fact in Circumstance.objects.filter(source_id=old.pk, withdrawn_at=None):
        circumstances.withdraw(circumstance=fact, because=f"更正走访：{because.strip()}", by=by, at=at)
    new = record_visit(
        file=old.file, occurred_on=occurred_on, answers=answers, by=by, at=at, op=op, occurred_at=None,
        questionnaire=old.questionnaire, corrects=old,
    )  # fmt: skip
    _last_visit(old.file)
    events.record(
        kind="wellbeing.visit.corrected", subject=("wellbeing.visit", old.pk), division=old.division, domain="care",
        by=by.pk, at=at, happened=days.moment(occurred_on, at), about=old.file_id,
        data={"because": because.strip()[:200], "by_visit": str(new.pk)},
    )  # fmt: skip
    return new


def _last_visit(file: File) -> None:
    valid = Visit.objects.filter(file=file, corrections=None).aggregate(last=Max("occurred_on"))
    File.objects.filter(pk=file.pk).update(last_visit_on=valid["last"])
