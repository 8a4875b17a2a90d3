"""Looking at home when a lead is unsure: the officer asks, a duty of the director is laid out, the answer settles it.

What registers say of parents (prison, treatment) is not told to the village: a check bears a name, an address and a question.
Restricted leads and leads about villages are not looked at by a director; they stay with the officer who has them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from hutong.discovery.models import HomeCheck, Lead
from hutong.discovery.pipelines import rules
from hutong.duties.models import Duty
from hutong.duties.operations import CLERK
from hutong.kernel import events
from hutong.kernel.clock import day
from hutong.kernel.refusals import Refusal
from hutong.kernel.scope import acting
from hutong.policy.obligations import OBLIGATIONS, VERSION
from hutong.staff.models import Notice, Post, User
from hutong.staff.queries import held_on

KEY = "lead.check"
ASKED = "请入户核实一个孩子的情况，点开看是谁、要看什么。"
ANSWERED = "您请人入户核实的线索有了结果。"


def ask(*, lead: Lead, question: str, by: User, at: datetime) -> HomeCheck | None:
    """Ask the village's director to look, once at a time; None where a director must not be asked."""
    if not possible(lead):
        return None
    found = HomeCheck.objects.filter(lead=lead, answered_at=None, lapsed_at=None).first()
    if found:
        return found
    check = HomeCheck.objects.create(
        lead=lead, division=lead.division, name=lead.name, sex=lead.sex, birth_date=lead.birth_date, ask=question, asked_by=by, asked_at=at,
    )  # fmt: skip
    with acting(replace(CLERK, user=by.pk)):
        duty = _lay_out(check, at)
        if duty.owner_id:
            _tell(duty.owner_id, check, ASKED, at)
    return check


def possible(lead: Lead) -> bool:
    """Is there a home to look at, and may the village be asked?"""
    rule = rules.by_id(lead.rule)
    return not lead.restricted and (rule is None or rule.head.about == "child")


def _lay_out(check: HomeCheck, at: datetime) -> Duty:
    rule, on = OBLIGATIONS[KEY], day(at)
    post = Post.objects.filter(held_on(on), role=rule.bearer, division=check.division).order_by("start", "pk").first()
    due = on + timedelta(days=rule.days)
    return Duty.objects.create(
        obligation=KEY, obligation_version=VERSION, subject_kind="discovery.check", subject_id=check.pk, division=check.division,
        period_key=on.isoformat(), bearer=rule.bearer, owner_id=post.user_id if post else None, rank=2, opens_on=on, due_on=due,
        final_on=due + timedelta(days=rule.grace), created_at=at,
    )  # fmt: skip


def _tell(user: UUID, check: HomeCheck, text: str, at: datetime) -> None:
    Notice.objects.create(
        user_id=user,
        kind=KEY,
        text=text,
        subject_kind="discovery.check",
        subject_id=check.pk,
        division=check.division,
        created_at=at,
    )


@transaction.atomic
def answer(*, check: HomeCheck, found: str, words: str, by: User, at: datetime, op: UUID | None = None) -> HomeCheck:
    """What was found at home. Settles the duty; the lead is still the officer's to decide."""
    if events.repeated(op):
        return HomeCheck.objects.get(pk=check.pk)
    row = HomeCheck.objects.select_for_update().get(pk=check.pk)
    if row.answered_at or row.lapsed_at:
        raise Refusal("这次核实已有结果，或线索已经办完，没有再记。请刷新后查看。")
    if found not in HomeCheck.Found.values:
        raise Refusal("请选择核实结果。没有保存，填写的内容还在。", field="found")
    if not words.strip():
        raise Refusal("请写一两句看到的情况。没有保存，填写的内容还在。", field="words")
    row.found, row.words, row.answered_by, row.answered_at = HomeCheck.Found(found), words.strip()[:500], by, at
    row.save(update_fields=["found", "words", "answered_by", "answered_at"])
    events.record(
        kind="discovery.check.answered", subject=("discovery.check", row.pk), division=row.division, domain="care", by=by.pk, at=at,
        op=op, data={"found": found},
    )  # fmt: skip
    with acting(replace(CLERK, user=by.pk)):
        duty = Duty.objects.get(subject_id=row.pk, obligation=KEY)
        if duty.state in (Duty.State.DUE, Duty.State.MISSED):
            duty.settle(day(at))
        _tell(row.asked_by_id, row, ANSWERED, at)
    return row


def lapse(*, lead: Lead, by: User, at: datetime) -> None:
    """The lead was decided: nobody need look any more, and what was found belongs to the child's file."""
    if lead.file_id:
        HomeCheck.objects.filter(lead=lead).update(file=lead.file_id)
    row = HomeCheck.objects.filter(lead=lead, answered_at=None, lapsed_at=None).first()
    if row is None:
        return
    row.lapsed_at = at
    row.save(update_fields=["lapsed_at"])
    with acting(replace(CLERK, user=by.pk)):
        Duty.objects.filter(subject_id=row.pk, obligation=KEY, state=Duty.State.DUE).update(
            state=Duty.State.NOT_APPLICABLE, reason="线索已经办完"
        )
