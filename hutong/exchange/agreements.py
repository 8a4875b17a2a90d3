"""Sharing agreements: the paper without which nothing of a department's feed is taken, and only the fields it names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from hutong.exchange.models import SharingAgreement
from hutong.kernel import events
from hutong.kernel.refusals import Denied, Refusal
from hutong.kernel.scope import acting
from hutong.places.codes import county, level, subtree
from hutong.places.models import Division
from hutong.policy.feeds import Feed, feeds
from hutong.staff.access import check_can, scope_of
from hutong.staff.models import Post, User
from hutong.staff.rights import OUTSIDE, inside


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
    paper = _paper(contract, number, purpose, legal_basis, fields, retention_days)
    if running(feed, place, start):
        raise Refusal("这类数据已有一份生效的协议。没有保存。如有新协议，请先终止原来的。", field="number")
    return _recorded(contract, place, paper | {"start": start}, by, at, op)


@transaction.atomic
def agree_for_city(
    *,
    feed: str,
    city: int,
    number: str,
    purpose: str,
    legal_basis: str,
    fields: Iterable[str],
    retention_days: int,
    start: date,
    by: User,
    at: datetime,
    op: UUID | None = None,
) -> list[SharingAgreement]:
    """Record one paper of the city for each of its counties that has none in force; each county sees it, and can end it for itself."""
    contract = feed_named(feed)
    _check_city(by, city)
    paper = _paper(contract, number, purpose, legal_basis, fields, retention_days) | {"start": start}
    with acting(replace(scope_of(by), **_whole(city, contract))):
        if events.repeated(op):
            return list(SharingAgreement.objects.filter(feed=feed, number=paper["number"], by=by, start=start))
        without = [code for code in counties(city) if not running(feed, code, start)]
        if not without:
            raise Refusal("各县（区）都已有这类数据的生效协议。没有保存。如有新协议，请先终止原来的。", field="number")
        first, *rest = without
        return [
            _recorded(contract, first, paper, by, at, op),
            *(_recorded(contract, c, paper, by, at, None) for c in rest),
        ]


@transaction.atomic
def end_for_city(
    *, feed: str, city: int, number: str, on: date, because: str, by: User, at: datetime, op: UUID | None = None
) -> int:
    """End one paper of the city in all counties where it is still in force. Returns in how many."""
    contract = feed_named(feed)
    _check_city(by, city)
    with acting(replace(scope_of(by), **_whole(city, contract))):
        if events.repeated(op):
            return 0
        ended = list(of_city(feed, city).filter(number=number).select_for_update(of=("self",)).order_by("division"))
        if not ended:
            raise Refusal("没有找到这个文号的生效协议，没有改动。请刷新后查看。")
        for nth, row in enumerate(ended):
            _ended(row, on, because, by, at, None if nth else op)
    return len(ended)


def counties(city: int) -> dict[int, str]:
    """The counties of a city by code."""
    rows = Division.objects.filter(parent=city, level=Division.Level.COUNTY, valid_to=None).order_by("code")
    return dict(rows.values_list("code", "name"))


def of_city(feed: str, city: int) -> QuerySet[SharingAgreement]:
    """What the city recorded for its counties and is not ended, as far as the scope in force opens it; a county's own paper is the county's."""
    then = Q(end=None) | Q(end__gt=OuterRef("at__date"))
    at_the_city = Post.objects.filter(then, division=city, user=OuterRef("by"), start__lte=OuterRef("at__date"))
    rows = SharingAgreement.objects.filter(feed=feed, division__in=counties(city), end=None)
    return rows.filter(Exists(at_the_city))


def _check_city(by: User, city: int) -> None:
    scope = scope_of(by)
    check_can(scope, "share_city")
    if level(city) != Division.Level.CITY or not inside(scope, city):
        raise Denied(OUTSIDE)


def _whole(city: int, contract: Feed) -> dict[str, Any]:
    """What the database is told for this one act: the city, and the feed's domain alone."""
    domain = frozenset({contract.domain})
    return {"ranges": (subtree(city),), "reads": domain, "writes": domain}


def _paper(
    contract: Feed, number: str, purpose: str, legal_basis: str, fields: Iterable[str], retention_days: int
) -> dict[str, Any]:
    """What the paper says, checked. Raises Refusal."""
    chosen = _fields(contract, fields)
    if not number.strip() or not purpose.strip() or not legal_basis.strip():
        raise Refusal("协议文号、用途和依据都要写。没有保存，填写的内容还在。", field="number")
    if not 0 < retention_days <= contract.numbers.retention_days:
        raise Refusal(
            "保存期限要在1到%(days)s天之间。没有保存，填写的内容还在。",
            values={"days": contract.numbers.retention_days}, field="retention_days",
        )  # fmt: skip
    return {
        "number": number.strip()[:80], "purpose": purpose.strip()[:300], "legal_basis": legal_basis.strip()[:300],
        "fields": chosen, "retention_days": retention_days,
    }  # fmt: skip


def _recorded(
    contract: Feed, place: int, paper: dict[str, Any], by: User, at: datetime, op: UUID | None
) -> SharingAgreement:
    row = SharingAgreement.objects.create(
        feed=contract.id, division=place, domain=contract.domain, by=by, at=at, **paper
    )
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
    return _ended(SharingAgreement.objects.select_for_update().get(pk=agreement.pk), on, because, by, at, op)


def _ended(row: SharingAgreement, on: date, because: str, by: User, at: datetime, op: UUID | None) -> SharingAgreement:
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
