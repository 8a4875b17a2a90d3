"""Urgent reports: taken with a receipt number, told to supervisor and county at once, acknowledged by one of them.

What follows (triage, a case) is not here yet.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from hutong.casework.models import Report
from hutong.kernel import ciphers, events, reactions
from hutong.kernel.clock import day
from hutong.kernel.ids import uuid7
from hutong.kernel.refusals import Refusal
from hutong.people.models import File
from hutong.places.codes import county, town
from hutong.policy import codes
from hutong.staff.models import Notice, Post, User
from hutong.staff.queries import held_on

TOLD = "紧急报告：有孩子可能正处在危险中，请立即打开“紧急报告”查看并接报；有危险先报110。"


class ReportClosed(Refusal):
    """Somebody acknowledged it before."""

    code = "report_acknowledged"


@dataclass(frozen=True, slots=True)
class Told:
    """What the reporter says. `situations`: policy codes, list `situation`."""

    facts: str
    situations: tuple[str, ...]
    child_words: str = ""
    place_words: str = ""
    reporter: tuple[str, str] | None = None
    occurred_at: datetime | None = None


@transaction.atomic
def report(
    *,
    told: Told,
    file: File | None,
    division: int,
    reported_at: datetime,
    by: User,
    at: datetime,
    op: UUID | None = None,
) -> Report:
    """Take a report. `division`: of whoever reports, when no file is known. Raises Refusal for unknown codes or no facts.

    The reporter need not be able to read it again: the returned row is the one written.
    """
    _check(told, file)
    row = Report(
        id=uuid7(), file=file, division=file.division if file else division, child_words=told.child_words[:200],
        place_words=told.place_words[:200], situations=list(told.situations), facts=told.facts, occurred_at=told.occurred_at,
        reporter_sealed=ciphers.seal(json.dumps(told.reporter, ensure_ascii=False), "reporter") if told.reporter else None,
        reported_at=reported_at, entered_at=at, by=by, synthetic=by.synthetic,
    )  # fmt: skip
    row.receipt = _receipt(row, at)
    row.save(force_insert=True)
    events.record(
        kind="casework.report.received", subject=("casework.report", row.pk), division=row.division, domain="case",
        by=by.pk, at=at, op=op, happened=reported_at, about=file.pk if file else None, data={"receipt": row.receipt},
    )  # fmt: skip
    Notice.objects.bulk_create(
        Notice(
            user_id=user, kind="report.received", text=TOLD, subject_kind="casework.report", subject_id=row.pk,
            division=row.division, urgent=True, created_at=at,
        )
        for user in watchers(row.division, at)
    )  # fmt: skip
    reactions.react("casework.report", row.pk, by=by, at=at)
    return row


def _check(told: Told, file: File | None) -> None:
    if not told.facts.strip() and not told.situations:
        raise Refusal("请写一句发生了什么，或选一项情况。内容还在手机里。", field="facts")
    if strange := set(told.situations) - set(codes.codes("situation")):
        raise Refusal(
            "有%(n)s项情况系统不认识，没有收下。请改选后再报；紧急的请先打电话。",
            values={"n": len(strange)},
            field="situations",
        )
    if file is None and not told.child_words.strip():
        raise Refusal("请写明是哪个孩子（姓名、大概年龄、谁家的孩子）。内容还在手机里。", field="child_words")


def _receipt(row: Report, at: datetime) -> str:
    """County, day and eight digits of the id: short enough to read out, unique without asking a counter."""
    return f"JB{county(row.division) // 1_000_000}{day(at):%y%m%d}{row.pk.int % 10**8:08d}"


def watchers(division: int, at: datetime) -> list[UUID]:
    """The supervisors of the town and the officers of the county."""
    place = Q(role="supervisor", division=town(division)) | Q(role="county_officer", division=county(division))
    posts = Post.objects.filter(place, held_on(day(at)), user__is_active=True)
    return list(posts.order_by("user_id").values_list("user_id", flat=True).distinct())


@transaction.atomic
def acknowledge(*, report: Report, by: User, at: datetime, op: UUID | None = None) -> Report:
    """Somebody of supervisor or county has it now. Once."""
    if events.repeated(op):
        return Report.objects.get(pk=report.pk)
    row = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if row.state != Report.State.RECEIVED:
        raise ReportClosed("这条紧急报告刚刚已由别人接报，没有再改。请刷新后查看。")
    row.state, row.acknowledged_at, row.acknowledged_by = Report.State.ACKNOWLEDGED, at, by
    row.save(update_fields=["state", "acknowledged_at", "acknowledged_by"])
    events.record(
        kind="casework.report.acknowledged", subject=("casework.report", row.pk), division=row.division, domain="case",
        by=by.pk, at=at, op=op, about=row.file_id, data={"receipt": row.receipt},
    )  # fmt: skip
    reactions.react("casework.report", row.pk, by=by, at=at)
    return row


def words(situations: Iterable[str]) -> list[str]:
    """The situations in words."""
    return [codes.label("situation", code) for code in situations]


def reporter(row: Report) -> tuple[str, str] | None:
    """Name and phone of the reporter, for who may read the report."""
    if not row.reporter_sealed:
        return None
    name, phone = json.loads(ciphers.unseal(row.reporter_sealed, "reporter"))
    return name, phone
