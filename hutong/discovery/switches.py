"""Putting a rule aside in a county, with a reason, and taking it up again. Leads already there stay, and so do decisions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from hutong.discovery.models import RuleSwitch
from hutong.discovery.pipelines.rules import by_id
from hutong.kernel import events
from hutong.kernel.refusals import Refusal
from hutong.kernel.scope import Scope
from hutong.places.codes import county
from hutong.staff.access import check_can, scope_of
from hutong.staff.models import User


@transaction.atomic
def switch(
    *, rule: str, division: int, off: bool, because: str, by: User, at: datetime, op: UUID | None = None
) -> None:
    """From the next run on, leads of the rule are (not) taken in for the county of `division`."""
    check_can(scope_of(by), "confirm", domain="category", division=division)
    if events.repeated(op):
        return
    if by_id(rule) is None:
        raise Refusal("没有这条规则，可能已经撤下。没有改动，请刷新后查看。")
    if len(because.strip()) < 4:
        raise Refusal("请写明理由，至少4个字。没有改动。", field="because")
    place = county(division)
    if (rule in aside(place)) == off:
        raise Refusal("这条规则刚刚已由别人改过，没有再改。请刷新后查看。")
    row = RuleSwitch.objects.create(rule=rule, division=place, off=off, because=because.strip()[:200], by=by, at=at)
    events.record(
        kind="discovery.rule.switched", subject=("discovery.rule", row.pk), division=place, domain="category",
        by=by.pk, at=at, op=op, data={"rule": rule, "off": off},
    )  # fmt: skip


def latest(*counties: int) -> dict[tuple[str, int], RuleSwitch]:
    """The row in force of each rule and county that was ever switched; of all counties when none is named."""
    rows = RuleSwitch.objects.filter(division__in=counties) if counties else RuleSwitch.objects.all()
    rows = rows.select_related("by").order_by("rule", "division", "-at", "-pk").distinct("rule", "division")
    return {(row.rule, row.division): row for row in rows}


def aside(division: int) -> set[str]:
    """The rules put aside in a county."""
    return {rule for (rule, _place), row in latest(division).items() if row.off}


def home(scope: Scope) -> int | None:
    """The county whose rules the asker may switch: the one the post is in."""
    return county(scope.ranges[0][0]) if scope.ranges else None
