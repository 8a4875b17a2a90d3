"""An urgent report is owed an acknowledgement. The one duty whose subject is not a child's file: the child may be unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hutong.casework.models import Report
from hutong.duties.models import Duty
from hutong.duties.operations import CLERK
from hutong.kernel.clock import day
from hutong.kernel.scope import acting
from hutong.places.codes import town
from hutong.policy.obligations import OBLIGATIONS, VERSION
from hutong.staff.models import Post
from hutong.staff.queries import held_on

KEY = "report.acknowledge"


def follow(identifier: UUID, *, by: Any, at: datetime) -> None:
    """Reaction to a report: laid out when it comes, settled when somebody has it."""
    with acting(replace(CLERK, user=by.pk)):
        report = Report.objects.get(pk=identifier)
        duty = Duty.objects.filter(subject_id=report.pk, obligation=KEY).first() or _lay_out(report, at)
        if report.acknowledged_at and duty.state in {Duty.State.DUE, Duty.State.MISSED}:
            duty.settle(day(report.acknowledged_at))


def _lay_out(report: Report, at: datetime) -> Duty:
    rule, on = OBLIGATIONS[KEY], day(at)
    post = (
        Post.objects.filter(held_on(on), role=rule.bearer, division=town(report.division))
        .order_by("start", "pk")
        .first()
    )
    due = on + timedelta(days=rule.days)
    return Duty.objects.create(
        obligation=KEY, obligation_version=VERSION, subject_kind="casework.report", subject_id=report.pk, file_id=report.file_id,
        division=report.division, period_key=report.receipt, bearer=rule.bearer, owner_id=post.user_id if post else None, rank=3,
        opens_on=on, due_on=due, final_on=due + timedelta(days=rule.grace), created_at=at,
    )  # fmt: skip
