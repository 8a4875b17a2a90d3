"""Restricted leads: seen by nobody until one officer of the county takes each over, with a reason, in his own name.

What waits is a duty of the county that says only that something waits: no child, no village, no rule. Whoever takes it
over is named to the lead (a grant), and may name a colleague in turn. No village is asked to look at such a lead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from hutong.discovery.models import Lead
from hutong.duties.models import Duty
from hutong.duties.operations import CLERK
from hutong.kernel import events
from hutong.kernel.clock import day
from hutong.kernel.refusals import Refusal
from hutong.kernel.scope import Scope, acting
from hutong.places.codes import county
from hutong.policy import access
from hutong.policy.obligations import OBLIGATIONS, VERSION
from hutong.staff.access import check_can, scope_of
from hutong.staff.models import Grant, Notice, Post, User
from hutong.staff.queries import held_on

KEY = "lead.restricted"
WAITS = "有限制线索等人接办，请尽快打开“发现线索”接办。"
NAMED = "您被指定办理一条限制线索，请打开“发现线索”查看。"


def lay_out(leads: Iterable[Lead], at: datetime) -> None:
    """A duty of the county for each new restricted lead, and one notice to each of its officers."""
    rule, on = OBLIGATIONS[KEY], day(at)
    due, found = on + timedelta(days=rule.days), list(leads)
    Duty.objects.bulk_create(
        Duty(
            obligation=KEY, obligation_version=VERSION, subject_kind="discovery.lead", subject_id=lead.pk,
            division=county(lead.division), period_key=on.isoformat(), bearer=rule.bearer, rank=3, opens_on=on, due_on=due,
            final_on=due + timedelta(days=rule.grace), created_at=at,
        )
        for lead in found
    )  # fmt: skip
    for place in Counter(county(lead.division) for lead in found):
        for user in officers(place, at):
            _tell(user, WAITS, None, place, at)


def waiting(scope: Scope) -> QuerySet[Duty]:
    """What nobody in the asker's area has taken over."""
    rows = Duty.objects.visible_to(scope).filter(obligation=KEY, state__in=(Duty.State.DUE, Duty.State.MISSED))
    return rows.filter(late_done_on=None).order_by("due_on", "pk")


def officers(division: int, at: datetime) -> QuerySet[User]:
    """Who may take restricted leads of a county over."""
    roles = [name for name, role in access.ROLES.items() if role.cases and "restrict" in role.verbs]
    posts = Post.objects.filter(held_on(day(at)), division=county(division), role__in=roles, user__is_active=True)
    return User.objects.filter(pk__in=posts.values("user_id")).order_by("name", "pk")


@transaction.atomic
def take_over(*, duty: Duty, because: str, by: User, at: datetime, op: UUID | None = None) -> UUID:
    """Be named to the lead; its duty is done. Returns the lead's id. Raises Refusal when a colleague was first."""
    check_can(scope_of(by), "restrict", division=duty.division)
    if events.repeated(op):
        return duty.subject_id
    reason = _reason(because)
    with acting(replace(CLERK, user=by.pk)):
        row = Duty.objects.select_for_update().get(pk=duty.pk, obligation=KEY)
        if row.state not in (Duty.State.DUE, Duty.State.MISSED) or row.late_done_on:
            raise Refusal("这条限制线索刚刚已由别人接办，没有再办。请刷新后查看。")
        row.owner = by
        row.save(update_fields=["owner"])
        row.settle(day(at))
    _name(by, row.subject_id, row.division, reason, by, at)
    _note("discovery.lead.taken_over", row.subject_id, row.division, by, at, op)
    return row.subject_id


@transaction.atomic
def give(*, lead: Lead, reader: User, because: str, by: User, at: datetime, op: UUID | None = None) -> None:
    """Name a colleague of the county to a restricted lead one has taken over."""
    place = county(lead.division)
    check_can(scope_of(by), "restrict", division=place)
    if events.repeated(op):
        return
    if not lead.restricted or not holders(lead, at).filter(user=by).exists():
        raise Refusal("只有接办了这条限制线索的同志可以再指定别人。没有改动。")
    if not officers(place, at).filter(pk=reader.pk).exists():
        raise Refusal("只能指定本县（区）负责的同志。没有改动，请重新选择。", field="reader")
    if holders(lead, at).filter(user=reader).exists():
        raise Refusal("这位同志已经可以查看这条线索，没有再改。", field="reader")
    _name(reader, lead.pk, place, _reason(because), by, at)
    _tell(reader, NAMED, lead.pk, place, at)
    _note("discovery.lead.named", lead.pk, place, by, at, op)


def holders(lead: Lead, at: datetime) -> QuerySet[Grant]:
    """Who is named to the lead."""
    running = Q(end=None) | Q(end__gt=at)
    return Grant.objects.filter(running, subject_id=lead.pk, kind=Grant.Kind.NAMED).order_by("start", "pk")


def _reason(because: str) -> str:
    if len(because.strip()) < 4:
        raise Refusal("请写明理由，至少4个字。没有改动。", field="because")
    return because.strip()[:200]


def _name(user: User, lead: UUID, place: int, because: str, by: User, at: datetime) -> None:
    Grant.objects.create(user=user, subject_id=lead, division=place, start=at, because=because, given_by=by)


def _tell(user: User, text: str, lead: UUID | None, place: int, at: datetime) -> None:
    Notice.objects.create(
        user=user, kind=KEY, text=text, subject_kind="discovery.lead", subject_id=lead, division=place, urgent=True, created_at=at
    )  # fmt: skip


def _note(kind: str, lead: UUID, place: int, by: User, at: datetime, op: UUID | None) -> None:
    events.record(
        kind=kind, subject=("discovery.lead", lead), division=place, domain="category", by=by.pk, at=at, op=op, data={}
    )
