"""Sharing agreements: the paper without which nothing of a department's feed is taken, and only the fields it names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from hutong.exchange.models import SharingAgreement
from hutong.kernel import events
from hutong.kernel.refusals import Refusal
from hutong.places.codes import county
from hutong.policy.feeds import Feed, feeds
from hutong.staff.access import check_can, scope_of
from hutong.staff.models import User


def feed_named(name: str) -> Feed:
    """The contract of this id. Raises Refusal."""
    if found := feeds().get(name):
        return found
    raise Refusal(
        "没有“%(name)s”这一类部门数据，没有保存。可用的有：%(known)s。",
        values={"name": name, "known": "、".join(feeds())},
    )


@transaction.atomic
def agree(
    *,
    feed: str,
    division: int,
    number: str,
    purpose: str,
    legal_basis: str,
    fields: Iterable[str],
    retention_days: int,
    start: date,
    by: User,
    at: datetime,
    op: UUID | None = None,
) -> SharingAgreement:
    """Record an agreement that runs until it is ended. It may ask for fewer fields and a shorter time than the contract allows, never more."""
    contract, place = feed_named(feed), county(division)
    check_can(scope_of(by), "share", domain=contract.domain, division=place)
    if done := events.repeated(op):
        return SharingAgreement.objects.get(pk=done.subject_id)
    chosen = _fields(contract, fields)
    if not number.strip() or not purpose.strip() or not legal_basis.strip():
        raise Refusal("协议文号、用途和依据都要写。没有保存，填写的内容还在。", field="number")
    if not 0 < retention_days <= contract.numbers.retention_days:
        raise Refusal(
            "保存期限要在1到%(days)s天之间。没有保存，填写的内容还在。",
            values={"days": contract.numbers.retention_days}, field="retention_days",
        )  # fmt: skip
    if running(feed, place, start):
        raise Refusal("这类数据已有一份生效的协议。没有保存。如有新协议，请先终止原来的。", field="number")
    row = SharingAgreement.objects.create(
        feed=feed, division=place, domain=contract.domain, number=number.strip()[:80], purpose=purpose.strip()[:300],
        legal_basis=legal_basis.strip()[:300], fields=chosen, retention_days=retention_days, start=start, by=by, at=at,
    )  # fmt: skip
    _note("exchange.sharing.agreed", row, by, at, op)
    return row


@transaction.atomic
def end(
    *, agreement: SharingAgreement, on: date, because: str, by: User, at: datetime, op: UUID | None = None
) -> SharingAgreement:
    """From `on` on nothing more is taken under it. What was delivered is destroyed when its time is over."""
    check_can(scope_of(by), "share", domain=agreement.domain, division=agreement.division)
    if events.repeated(op):
        return SharingAgreement.objects.get(pk=agreement.pk)
    row = SharingAgreement.objects.select_for_update().get(pk=agreement.pk)
    if row.end is not None:
        raise Refusal("这份协议已经终止，没有再改。请刷新后查看。")
    if len(because.strip()) < 4:
        raise Refusal("请写明终止理由，至少4个字。没有改动。", field="because")
    row.end, row.ended_because = max(on, row.start), because.strip()[:200]
    row.save(update_fields=["end", "ended_because"])
    _note("exchange.sharing.ended", row, by, at, op)
    return row


def running(feed: str, division: int, on: date) -> SharingAgreement | None:
    """The agreement in force for a feed in the county of `division`."""
    rows = SharingAgreement.objects.filter(feed=feed, division=county(division))
    return rows.filter(Q(end=None) | Q(end__gt=on), start__lte=on).order_by("-start").first()


def kept_until(agreement: SharingAgreement, received: date) -> date:
    """The day a delivery is destroyed."""
    return received + timedelta(days=agreement.retention_days)


def _fields(contract: Feed, fields: Iterable[str]) -> list[str]:
    chosen = set(fields)
    names = [field.name for field in contract.fields]
    if strange := chosen - set(names):
        raise Refusal(
            "合同里没有这些字段：%(names)s。没有保存。", values={"names": "、".join(sorted(strange))}, field="fields"
        )
    needed = {field.name for field in contract.fields if field.required}
    if lacking := needed - chosen:
        titles = "、".join(contract.field(name).title for name in names if name in lacking)
        raise Refusal("少了必需的字段：%(names)s。没有保存，填写的内容还在。", values={"names": titles}, field="fields")
    return [name for name in names if name in chosen]


def _note(kind: str, row: SharingAgreement, by: User, at: datetime, op: UUID | None) -> None:
    events.record(
        kind=kind, subject=("exchange.sharing", row.pk), division=row.division, domain=row.domain, by=by.pk, at=at, op=op,
        data={"feed": row.feed},
    )  # fmt: skip
