"""Entrusted care (委托照护; Law on the Protection of Minors art. 22–23): drafted, signed, told, in force, ended.

The four bars of art. 22(3) must each be answered "no" before it can be signed. Remarks (age, load) never block.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from hutong.kernel import events, reactions
from hutong.kernel.refusals import Refusal
from hutong.kernel.states import check as check_step
from hutong.people import files
from hutong.people.models import File, Person
from hutong.policy import codes
from hutong.policy.categories.facts import Child
from hutong.policy.visits import number
from hutong.staff.models import User
from hutong.wellbeing import days
from hutong.wellbeing.models import Agreement
from hutong.wellbeing.states import AGREEMENT, RUNNING

PARENTS = frozenset({"50", "51", "52"})


class Barred(Refusal):
    """The law does not allow this person to be chosen, or the declaration is not complete."""

    code = "barred"


class RunsAlready(Refusal):
    """The child has an agreement in force."""

    code = "runs_already"


@transaction.atomic
def draft(
    *,
    file: File,
    carer: Person,
    relation: str,
    start: date,
    reason: str,
    bars: Mapping[str, bool | None],
    by: User,
    at: datetime,
    op: UUID | None = None,
    end: date | None = None,
    child_opinion: str = "",
) -> Agreement:
    """Write down who is to care for the child, from when, why, what the child says, and the carer's declaration."""
    if done := events.repeated(op):
        return Agreement.objects.get(pk=done.subject_id)
    files.check_open(file)
    _check_carer(carer, relation, start)
    if end and end < start:
        raise Refusal("结束日期早于开始日期。没有保存，填写的内容还在，请核对。", field="end")
    if not reason.strip():
        raise Refusal("请写明父母为什么要委托别人照护。没有保存。", field="reason")
    agreement = Agreement(
        file=file, division=file.division, carer=carer, relation=relation, start=start, end=end,
        reason=reason.strip()[:200], child_opinion=child_opinion.strip()[:200], created_by=by, created_at=at,
        bars={code: bars.get(code) for code in codes.codes("carer_bar")}, synthetic=file.synthetic,
    )  # fmt: skip
    agreement.save(force_insert=True)
    _tell("wellbeing.agreement.drafted", agreement, by=by, at=at, op=op)
    return agreement


def _check_carer(carer: Person, relation: str, on: date) -> None:
    if relation in PARENTS or relation not in codes.codes("relation"):
        raise Refusal("委托照护是父母委托别人照看，请选父母以外的照护人和关系。没有保存。", field="relation")
    least = number("carer_age_at_least", on)
    if carer.birth_date and Child(carer.birth_date, carer.birth_precision).under(least, on):
        raise Barred(
            "照护人未满%(least)s周岁，不能受委托。没有保存，请另选照护人。", values={"least": least}, field="carer"
        )


def remarks(agreement: Agreement, on: date) -> list[str]:
    """What an officer should weigh, in Chinese sentences. None of it blocks."""
    said = []
    old, many = number("carer_old_at", on), number("carer_children_at_most", on)
    born = agreement.carer.birth_date
    if born and not Child(born, agreement.carer.birth_precision).under(old, on):
        said.append(f"照护人已满{old}周岁，请留意照护能力。")
    if Agreement.objects.filter(carer=agreement.carer, state__in=RUNNING).exclude(pk=agreement.pk).count() >= many:
        said.append(f"照护人已受托照护{many}名以上儿童，请留意照护能力。")
    if not agreement.child_opinion:
        said.append("没有记录孩子本人的意见（孩子能表达的，应当听取）。")
    return said


def barred_by(agreement: Agreement, language: str = "zh") -> list[str]:
    """The bars that were declared present, in words: such a draft can never be signed."""
    return [codes.label("carer_bar", code, language) for code, present in agreement.bars.items() if present]


@transaction.atomic
def sign(*, agreement: Agreement, on: date, by: User, at: datetime, op: UUID | None = None) -> Agreement:
    """Signed by parents and carer on a day. Raises Barred unless all four bars were declared absent."""
    row = _step(agreement, "signed", op)
    if row is None:
        return Agreement.objects.get(pk=agreement.pk)
    days.check(row.file, on, at=at, field="signed_on")
    _check_bars(row)
    row.signed_on = on
    return _save(row, "signed", by=by, at=at, op=op)


def _check_bars(agreement: Agreement) -> None:
    for code in codes.codes("carer_bar"):
        words = codes.label("carer_bar", code)
        if agreement.bars.get(code):
            raise Barred(
                "照护人%(words)s，依法不得受委托照护。协议没有生效，请父母另选照护人。",
                values={"words": words},
                field="bars",
            )
        if agreement.bars.get(code) is None:
            raise Barred(
                "照护人还没有声明有无这种情形：%(words)s。没有保存，请逐项选“无”或“有”。",
                values={"words": words},
                field="bars",
            )


@transaction.atomic
def notify(
    *,
    agreement: Agreement,
    village_on: date,
    school_on: date | None,
    by: User,
    at: datetime,
    op: UUID | None = None,
) -> Agreement:
    """Village committee and school were told in writing (art. 23); a child not at school has no school to tell."""
    row = _step(agreement, "notified", op)
    if row is None:
        return Agreement.objects.get(pk=agreement.pk)
    for on in filter(None, (village_on, school_on)):
        days.check(row.file, on, at=at, field="village_told_on")
    row.village_told_on, row.school_told_on = village_on, school_on
    return _save(row, "notified", by=by, at=at, op=op)


@transaction.atomic
def activate(*, agreement: Agreement, by: User, at: datetime, op: UUID | None = None) -> Agreement:
    """In force: signed, village told, and none of the bars."""
    row = _step(agreement, "active", op)
    if row is None:
        return Agreement.objects.get(pk=agreement.pk)
    _check_bars(row)
    return _save(row, "active", by=by, at=at, op=op)


@transaction.atomic
def alert(*, agreement: Agreement, because: str, by: User, at: datetime, op: UUID | None = None) -> Agreement:
    """The carer was found unfit; parents are told and choose again, or are helped (art. 43)."""
    row = _step(agreement, "alert", op)
    if row is None:
        return Agreement.objects.get(pk=agreement.pk)
    if not because.strip():
        raise Refusal("请写明发现了什么情况。没有保存。", field="because")
    return _save(row, "alert", by=by, at=at, op=op, because=because)


@transaction.atomic
def end(*, agreement: Agreement, on: date, because: str, by: User, at: datetime, op: UUID | None = None) -> Agreement:
    """The care ends on a day, for a reason."""
    row = _step(agreement, "ended", op)
    if row is None:
        return Agreement.objects.get(pk=agreement.pk)
    if on < row.start:
        raise Refusal("结束日期早于协议开始日期。没有保存，请核对。", field="on")
    row.end, row.end_reason = on, because.strip()[:200]
    return _save(row, "ended", by=by, at=at, op=op)


def _step(agreement: Agreement, new: str, op: UUID | None) -> Agreement | None:
    """The agreement, locked and ready for its next step; None when this very operation was done before."""
    if events.repeated(op):
        return None
    row = Agreement.objects.select_for_update(of=("self",)).select_related("file__child").get(pk=agreement.pk)
    check_step(AGREEMENT, row.state, new)
    return row


def _save(row: Agreement, state: str, *, by: User, at: datetime, op: UUID | None, because: str = "") -> Agreement:
    row.state = state
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise RunsAlready("这个孩子已有一份有效的委托照护协议。没有保存，请先结束原协议。") from error
    _tell(f"wellbeing.agreement.{state}", row, by=by, at=at, op=op, because=because)
    return row


def _tell(kind: str, row: Agreement, *, by: User, at: datetime, op: UUID | None, because: str = "") -> None:
    events.record(
        kind=kind, subject=("wellbeing.agreement", row.pk), division=row.division, domain="care", by=by.pk, at=at, op=op,
        about=row.file_id, data={"file": str(row.file_id), "because": because.strip()[:200]},
    )  # fmt: skip
    reactions.react("people.file", row.file_id, by=by, at=at)
